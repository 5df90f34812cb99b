"""What the pages show, in three languages, without a line of script or style inside them."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import trans_real
from tests.web.conftest import PASSWORD
from tests.web.sample import LEGAL, NAME, by_lever, findings, late_check, write_findings

from zaplecze.web.insight.services import register, remove

LANGUAGES = ("en", "pl", "uk")
SHOWN = ("findings", "process", "not_used", "downloads")


def addresses(slug: str) -> list[str]:
    """Every page of somebody who is in."""
    return [
        reverse("insight:workspaces"),
        *(reverse(f"insight:{name}", args=[slug]) for name in SHOWN),
        reverse("insight:finding", args=[slug, "late-check-rating"]),
        reverse("account"),
        reverse("account_password"),
        reverse("account_logout"),
        "/there/is/no/such/page/",
    ]


def addresses_of_a_visitor() -> list[str]:
    """Every page of somebody who is not in."""
    return [
        reverse("account_login"),
        reverse("account_inactive"),
        reverse("login_by_link", args=["no-such-token"]),
        "/there/is/no/such/page/",
    ]


def addresses_of_the_owner(slug: str) -> list[str]:
    """Every page that shows more to whoever runs the installation."""
    return [reverse("insight:workspaces"), reverse("insight:remove", args=[slug])]


def read(client: Client, address: str, language: str) -> str:
    client.cookies["zaplecze_language"] = language
    return client.get(address).content.decode()


class Inside(HTMLParser):
    """Collects what a strict content security policy would refuse, and ids."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.refused: list[str] = []
        self.ids: list[str] = []
        self.language = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        if tag == "html":
            self.language = facts.get("lang") or ""
        if tag == "style" or (tag == "script" and not facts.get("src")):
            self.refused.append(tag)
        for name, value in attrs:
            handler = name.startswith("on") or name == "style"
            if handler or (value or "").strip().lower().startswith(("javascript:", "data:")):
                self.refused.append(f"{tag} {name}={value}")
            if name == "id":
                self.ids.append(value or "")


@pytest.fixture
def untranslated(monkeypatch):
    """What the pages asked the catalogues for and they did not have, by language."""
    missed: dict[str, set[str]] = {language: set() for language in LANGUAGES}
    ask = translation._trans.gettext

    def asking(message: str) -> str:
        language = translation.get_language()
        known = trans_real.translation(language)._catalog
        if language != "en" and message and known.get(message.replace("\r\n", "\n")) is None:
            missed[language].add(message)
        return ask(message)

    monkeypatch.setattr(translation._trans, "gettext", asking)
    return missed


def test_no_page_holds_script_or_style(reader, visitor, owner, workspace):
    for client, pages in (
        (reader, addresses(workspace.slug)),
        (visitor, addresses_of_a_visitor()),
        (owner, addresses_of_the_owner(workspace.slug)),
    ):
        for page in pages:
            assert Inside(read(client, page, "en")).refused == [], page


def test_no_page_uses_an_id_twice(reader, workspace):
    for page in addresses(workspace.slug):
        ids = Inside(read(reader, page, "en")).ids
        assert sorted(set(ids)) == sorted(ids), page


def test_every_page_says_its_language(reader, visitor, workspace):
    for language in LANGUAGES:
        for client, pages in (
            (reader, addresses(workspace.slug)),
            (visitor, addresses_of_a_visitor()),
        ):
            for page in pages:
                assert Inside(read(client, page, language)).language == language, page


def test_every_word_of_every_page_is_translated(
    reader, visitor, owner, workspace, sample, untranslated
):
    remove(register(sample), now=workspace.registered_at)
    for language in LANGUAGES:
        for page in addresses_of_the_owner(workspace.slug):
            read(owner, page, language)
        for page in addresses(workspace.slug):
            read(reader, page, language)
        for page in addresses_of_a_visitor():
            read(visitor, page, language)
    assert untranslated == {"en": set(), "pl": set(), "uk": set()}


def test_forms_say_what_is_wrong_in_the_language_of_the_page(reader, visitor, alice, untranslated):
    wrong = {"username": "alice", "email": "nowhere", "language": "xx"}
    passwords = {"old_password": "guess", "new_password1": "123", "new_password2": "124"}
    for language in LANGUAGES:
        for client in (reader, visitor):
            client.cookies["zaplecze_language"] = language
        reader.post(reverse("account"), wrong)
        reader.post(reverse("account_password"), passwords)
        visitor.post(reverse("account_login"), {"login": "alice", "password": "guess"})
        visitor.post(reverse("account_login"), {})
    assert untranslated == {"en": set(), "pl": set(), "uk": set()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_finding_is_shown_in_the_language_of_the_page(reader, workspace, language):
    page = read(reader, reverse("insight:findings", args=[workspace.slug]), language)
    assert late_check().lever.label[language] in page
    assert LEGAL[language] in page
    assert NAME[language] in page


def test_numbers_have_the_separators_of_the_language(reader, workspace):
    page = reverse("insight:findings", args=[workspace.slug])
    assert "PLN\N{NO-BREAK SPACE}480,000" in read(reader, page, "en")
    assert "480\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}PLN" in read(reader, page, "pl")


def test_the_ranking_leads_to_each_lever_and_that_to_its_findings(reader, workspace):
    page = read(reader, reverse("insight:findings", args=[workspace.slug]), "en")
    ranking = page[page.index('id="levers"') :]
    levers = re.findall(r'href="#(lever-[0-9]+)"', ranking)
    assert len(levers) == len(findings().levers)
    assert set(levers) <= set(Inside(page).ids)
    links = re.findall(r'href="(/w/[^"]+/findings/[^"]+)"', ranking)
    assert len(links) == len(findings().findings)
    for link, finding in zip(links, findings().findings, strict=True):
        assert finding.lever.label["en"] in read(reader, link, "en")


def test_a_lever_that_hurts_is_shown_with_its_evidence_and_others_in_a_line(reader, workspace):
    page = read(reader, reverse("insight:findings", args=[workspace.slug]), "en")
    cards = page.split("<article")[1:]
    assert len(cards) == 1
    assert 'id="lever-1"' in cards[0]
    assert "the data cannot tell: Rating" in page
    assert "Only 12 such cases." in page


def test_names_from_the_data_are_never_taken_for_markup(reader, workspace):
    from dataclasses import replace

    from zaplecze.language import Text

    evil = Text.same("<script>alert(1)</script>")
    found = findings()
    first = found.findings[0]
    named = [replace(first, lever=replace(first.lever, label=evil), outcome_label=evil)]
    broken = replace(
        found,
        workspace=replace(found.workspace, name=evil, note=evil),
        findings=named,
        levers=by_lever(named),
    )
    write_findings(workspace.path, broken)
    for name in ("findings", "process", "not_used"):
        page = read(reader, reverse(f"insight:{name}", args=[workspace.slug]), "en")
        assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_the_map_shows_what_the_sliders_ask_for(reader, workspace):
    address = reverse("insight:process", args=[workspace.slug])
    everything = reader.get(address, {"activities": "100", "paths": "100"}).content.decode()
    little = reader.get(address, {"activities": "100", "paths": "7"}).content.decode()
    # The repeated contract check is the rarest path; the usual way always stays.
    assert [page.count('class="edge"') for page in (everything, little)] == [5, 4]
    assert 'value="7"' in little


def test_the_map_shows_waits_when_asked(reader, workspace):
    address = reverse("insight:process", args=[workspace.slug])
    assert " wait" not in _edges(reader.get(address).content.decode())
    assert " wait" in _edges(reader.get(address, {"measure": "median"}).content.decode())


@pytest.mark.parametrize("nonsense", ["abc", "-1", "101", "", "1e9"])
def test_nonsense_on_the_sliders_is_named_and_the_map_stays(reader, workspace, nonsense):
    address = reverse("insight:process", args=[workspace.slug])
    page = reader.get(address, {"activities": nonsense}).content.decode()
    assert 'role="alert"' in page
    assert 'class="node"' in page


def test_refused_rows_are_shown_with_place_value_and_reason(reader, workspace):
    page = read(reader, reverse("insight:not_used", args=[workspace.slug]), "en")
    assert "yesterday &lt;b&gt;at noon&lt;/b&gt;" in page
    assert "The value is not a date or time in the expected format." in page
    assert "The row does not say which case it belongs to." in page
    assert "days to the answer" in page


def test_a_page_number_beyond_the_last_shows_the_last(reader, workspace):
    address = reverse("insight:not_used", args=[workspace.slug])
    for page in ("99", "0", "-1", "abc"):
        assert "yesterday" in reader.get(address, {"page": page}).content.decode()


def test_without_workspaces_the_first_page_says_what_to_bring_and_offers_the_sample(reader):
    page = read(reader, reverse("insight:workspaces"), "en")
    assert "zaplecze run" in page
    assert "zaplecze demo" in page


def test_an_unknown_workspace_or_finding_is_not_found(reader, workspace):
    assert reader.get("/w/nobody/").status_code == 404
    assert reader.get(f"/w/{workspace.slug}/findings/nothing/").status_code == 404


def test_the_language_is_kept_for_the_person_on_another_device(reader, bob):
    page = reverse("account")
    answer = reader.post(reverse("language"), {"language": "uk", "next": page})
    assert answer.headers["Location"] == page
    elsewhere = Client()
    elsewhere.post(reverse("account_login"), {"login": "bob", "password": PASSWORD})
    assert Inside(elsewhere.get(page).content.decode()).language == "uk"


def test_a_visitors_language_is_kept_on_the_device(visitor):
    visitor.post(reverse("language"), {"language": "pl", "next": "/"})
    page = visitor.get(reverse("account_login")).content.decode()
    assert Inside(page).language == "pl"


def test_the_browser_decides_while_nobody_chose(visitor):
    page = visitor.get(reverse("account_login"), HTTP_ACCEPT_LANGUAGE="uk-UA,uk;q=0.9,en;q=0.8")
    assert Inside(page.content.decode()).language == "uk"


@pytest.mark.parametrize("theme", ["light", "dark", "system"])
def test_the_theme_is_kept_on_the_device(reader, theme):
    reader.post(reverse("appearance"), {"theme": theme, "next": "/"})
    assert f'data-theme="{theme}"' in read(reader, reverse("insight:workspaces"), "en")


@pytest.mark.parametrize("address", ["language", "appearance"])
def test_the_switches_lead_nowhere_else(reader, address):
    chosen = {"language": "pl", "theme": "dark", "next": "https://evil.example.com/"}
    assert reader.post(reverse(address), chosen).headers["Location"] == "/"


@pytest.mark.parametrize(
    ("address", "sent"), [("language", {"language": "xx"}), ("appearance", {"theme": "pink"})]
)
def test_an_unknown_choice_is_a_bad_request_in_words(reader, address, sent):
    answer = reader.post(reverse(address), sent)
    assert answer.status_code == 400
    assert "This request was not understood" in answer.content.decode()


def _edges(page: str) -> str:
    return " ".join(re.findall(r'class="flow[^"]*"', page))
