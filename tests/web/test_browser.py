"""The pages in a real browser: keyboard, phone, dark, languages, and no barrier that axe knows."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from tests.web.serving import Running, start

pytestmark = pytest.mark.browser

VENDOR = Path(__file__).parent / "vendor"
LANGUAGES = ("en", "pl", "uk")
PHONE, DESK = {"width": 375, "height": 800}, {"width": 1280, "height": 900}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
INSIDE = (
    "/",
    "/w/parcel-desk/",
    "/w/parcel-desk/findings/late-check-rating/",
    "/w/parcel-desk/process/",
    "/w/parcel-desk/process/?activities=101",
    "/w/parcel-desk/not-used/",
    "/w/parcel-desk/downloads/",
    "/w/parcel-desk/remove/",
    "/account/",
    "/account/password/",
    "/account/logout/",
    "/nowhere/",
)
OUTSIDE = ("/account/login/", "/account/login/used/", "/nowhere/")


@pytest.fixture(scope="module")
def server(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = shutil.copytree(sample, tmp_path_factory.mktemp("company") / "results")
    running = start(folder)
    yield running
    running.process.terminate()
    running.process.communicate()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium")
    assert path, "The browser tests need Chromium: apt-get install chromium fonts-noto-core"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def session(server: Running, chromium: Browser) -> dict[str, Any]:
    """What a browser keeps of somebody who came by the login link."""
    context = chromium.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(server.link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Workspaces")
    kept = context.storage_state()
    context.close()
    return kept


@pytest.fixture
def visit(server: Running, chromium: Browser) -> Iterator[Any]:
    """Opens browsers of a size, language and theme at the server."""
    opened: list[BrowserContext] = []

    def visiting(size: dict[str, int] = DESK, language: str = "en", **options: Any) -> Page:
        context = chromium.new_context(
            base_url=server.address, viewport=size, locale=language, **options
        )
        opened.append(context)
        return context.new_page()

    yield visiting
    for context in opened:
        context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_axe_finds_no_barrier_on_any_page(visit, session, theme, size):
    inside = visit(size, color_scheme=theme, storage_state=session)
    outside = visit(size, color_scheme=theme)
    found = {
        (address, barrier["id"], node["html"])
        for page, addresses in ((inside, INSIDE), (outside, OUTSIDE))
        for address in addresses
        for barrier in _barriers(page, address)
        for node in barrier["nodes"]
    }
    assert found == set()


def test_axe_would_find_a_barrier(visit):
    page = visit()
    page.goto("/account/login/")
    page.locator("label").first.evaluate("label => label.remove()")
    assert "label" in {barrier["id"] for barrier in _look(page)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_wider_than_a_phone(visit, session, language):
    for page, addresses in (
        (visit(PHONE, language, storage_state=session), INSIDE),
        (visit(PHONE, language), OUTSIDE),
    ):
        for address in addresses:
            page.goto(address)
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width == PHONE["width"], address


def test_no_page_breaks_the_content_security_policy(visit, session):
    page = visit(storage_state=session)
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if "Policy" in said.text else None)
    for address in INSIDE:
        page.goto(address)
    assert refused == []


def test_the_policy_would_refuse_an_inline_style(visit):
    page = visit()
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if "Policy" in said.text else None)
    page.goto("/account/login/")
    page.evaluate("document.body.innerHTML = '<p style=\"color: red\">red</p>'")
    page.wait_for_timeout(100)
    assert refused


def test_the_fonts_of_every_alphabet_arrive(visit, session):
    page = visit(language="uk", storage_state=session)
    page.goto("/w/parcel-desk/")
    # Not by waiting for a function: asking again and again is forbidden by the page's policy.
    page.evaluate("document.fonts.ready.then(() => true)")
    loaded = page.evaluate(
        "[...document.fonts].filter(f => f.status === 'loaded').map(f => f.unicodeRange)"
    )
    assert any("U+400" in letters.upper() for letters in loaded)
    assert all(
        status != "error" for status in page.evaluate("[...document.fonts].map(f => f.status)")
    )


def test_the_language_is_switched_with_a_click_and_stays(visit, session):
    page = visit(storage_state=session)
    page.goto("/w/parcel-desk/downloads/")
    for name, heading in (
        ("Polski", "Wyniki do zabrania ze sobą"),
        ("Українська", "Заберіть результати із собою"),
        ("English", "Take the results along"),
    ):
        page.get_by_role("button", name=name).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    page.get_by_role("link", name="Process", exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_dark_and_light_follow_the_device_until_chosen(visit):
    page = visit(color_scheme="dark")
    page.goto("/account/login/")
    assert _brightness(page) < 60
    page.get_by_role("button", name="Light").click()
    assert _brightness(page) > 200
    page.get_by_role("button", name="Dark").click()
    page.emulate_media(color_scheme="light")
    assert _brightness(page) < 60
    page.get_by_role("button", name="As on the device").click()
    assert _brightness(page) > 200


def test_the_skip_link_comes_first_shows_itself_and_leads_past_the_header(visit, session):
    page = visit(storage_state=session)
    page.goto("/w/parcel-desk/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("address", INSIDE)
def test_by_keyboard_everything_is_reached_in_order_and_shows_where_one_is(visit, session, address):
    page = visit(storage_state=session)
    page.goto(address)
    wanted = page.evaluate(
        """[...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, summary, [tabindex='0']")]
        .filter(e => e.checkVisibility() && !(e.type === "radio" && !e.checked)).length"""
    )
    seen = []
    for _ in range(wanted):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                """() => {
                    const e = document.activeElement, style = getComputedStyle(e)
                    const before = window.lastFocused
                    window.lastFocused = e
                    return {
                        what: e.outerHTML.slice(0, 80),
                        ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
                        forward: !before || !!(before.compareDocumentPosition(e) & 4),
                    }
                }"""
            )
        )
    assert [stop["what"] for stop in seen if not stop["ring"]] == []
    assert [stop["what"] for stop in seen if not stop["forward"]] == []


def test_the_map_is_drawn_anew_by_keyboard_alone(visit, session):
    page = visit(storage_state=session)
    page.goto("/w/parcel-desk/process/")
    paths = page.locator(".process-map .edge")
    expect(paths).to_have_count(5)
    page.get_by_role("slider", name="Paths shown").focus()
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expect(paths).to_have_count(4)
    page.get_by_role("radio", name="How often").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".process-map .wait")).not_to_have_count(0)


def test_a_file_is_downloaded_and_not_shown(visit, session):
    page = visit(storage_state=session)
    page.goto("/w/parcel-desk/downloads/")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="report.html").click()
    assert waiting.value.suggested_filename == "parcel-desk-report.html"


def test_the_error_summary_leads_to_the_field(visit, session):
    page = visit(storage_state=session)
    page.goto("/account/")
    page.get_by_label("Email address").fill("nowhere")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_label("Email address")).to_be_focused()


def test_on_paper_there_is_the_message_and_no_navigation(visit, session):
    page = visit(storage_state=session)
    page.goto("/w/parcel-desk/")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("Parcel desk").first).to_be_visible()
    for hidden in (".top", ".tabs", ".bottom"):
        expect(page.locator(hidden)).to_be_hidden()


# The last test, because it ends the session of all.
def test_logging_out_needs_one_click(server, chromium, visit, session):
    page = visit(storage_state=session)
    page.goto("/w/parcel-desk/")
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Log in")


def _barriers(page: Page, address: str) -> list[dict[str, Any]]:
    page.goto(address)
    # What is folded away is part of the page.
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
    return _look(page)


def _look(page: Page) -> list[dict[str, Any]]:
    page.evaluate((VENDOR / "axe.min.js").read_text(encoding="utf-8"))
    result = page.evaluate("tags => axe.run(document, { runOnly: tags })", WCAG)
    return result["violations"]


def _brightness(page: Page) -> float:
    colour = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    parts = [float(part) for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    return sum(parts) / 3
