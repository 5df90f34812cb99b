"""The page: whole in itself, safe, sound for screen readers, honest when there is little to say."""

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from tests.report.building import by_lever
from tests.report.conftest import PageOf
from tests.report.hostile import hostile

from zaplecze.impact.finding import Findings
from zaplecze.language import LANGUAGES, Language, Text
from zaplecze.process import ProcessGraph
from zaplecze.report import finding_card, lever_card, page

VOID = {"meta", "br", "link", "img", "hr", "input"}


class Outline(HTMLParser):
    """What matters of a page's structure."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings: list[int] = []
        self.attributes: list[tuple[str, dict[str, str | None]]] = []
        self.tables: list[list[str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes.append((tag, dict(attrs)))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "table":
            self.tables.append([])
        elif self.tables and tag in ("caption", "th"):
            self.tables[-1].append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes another element"

    def all(self, name: str) -> list[str]:
        return [str(found[name]) for _, found in self.attributes if name in found]


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Language:
    return request.param


def test_elements_close_in_order_and_ids_are_unique(
    findings: Findings,
    service: Findings,
    nothing: Findings,
    graph: ProcessGraph,
    language: Language,
) -> None:
    for source in (findings, service, nothing):
        outline = Outline(page(source, graph, language))
        assert outline.open == []
        assert len(outline.all("id")) == len(set(outline.all("id")))


def test_the_page_says_its_language_and_headings_go_down_one_at_a_time(
    findings: Findings,
    service: Findings,
    nothing: Findings,
    graph: ProcessGraph,
    language: Language,
) -> None:
    for source in (findings, service, nothing):
        outline = Outline(page(source, graph, language))
        assert ("html", {"lang": language}) in outline.attributes
        assert outline.headings[0] == 1
        assert outline.headings.count(1) == 1
        steps = zip(outline.headings, outline.headings[1:], strict=False)
        assert all(after - before <= 1 for before, after in steps)


def test_every_table_has_a_caption_and_heading_cells(page_of: PageOf) -> None:
    tables = Outline(page_of("en")).tables
    assert len(tables) > 10
    for cells in tables:
        assert cells[0] == "caption"
        assert "th" in cells


def test_every_link_inside_the_page_leads_somewhere(page_of: PageOf) -> None:
    outline = Outline(page_of("en"))
    targets = set(outline.all("id"))
    links = outline.all("href")
    assert links[0] == "#main"
    assert all(link.startswith("#") and link[1:] in targets for link in links)


def test_every_picture_has_words(page_of: PageOf) -> None:
    outline = Outline(page_of("en"))
    pictures = [found for tag, found in outline.attributes if tag == "svg"]
    assert pictures
    assert all(found.get("role") == "img" and found.get("aria-label") for found in pictures)


def test_nothing_comes_from_outside_and_nothing_runs(page_of: PageOf, language: Language) -> None:
    html = page_of(language)
    outline = Outline(html)
    assert not {"script", "link", "iframe", "object", "img"} & {
        tag for tag, _ in outline.attributes
    }
    assert "style" not in {name for _, found in outline.attributes for name in found}
    assert not any(name.startswith("on") for _, found in outline.attributes for name in found)
    addresses = re.findall(r'(?:https?:)?//[^\s"<)]+', re.sub(r"base64,[^\")]+", "", html))
    assert set(addresses) <= {"http://www.w3.org/2000/svg"}


def test_the_policy_allows_this_style_sheet_only(page_of: PageOf) -> None:
    html = page_of("en")
    styles = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    assert len(styles) == 1
    digest = base64.b64encode(hashlib.sha256(styles[0].encode()).digest()).decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)
    assert policy is not None
    allowed = policy[1].replace("&#39;", "'").replace("&#x27;", "'")
    assert f"style-src 'sha256-{digest}'" in allowed.replace("&#43;", "+")
    assert allowed.startswith("default-src 'none'")


def test_names_from_the_data_stay_text(findings: Findings, graph: ProcessGraph) -> None:
    html = page(hostile(findings), replace(graph, name=hostile(findings).workspace.name), "en")
    outline = Outline(html)
    assert "script" not in {tag for tag, _ in outline.attributes}
    assert html.count("</style>") == 1
    assert "&lt;script&gt;" in html


def test_fonts_are_embedded_as_far_as_the_letters_need(page_of: PageOf) -> None:
    english, ukrainian = page_of("en"), page_of("uk")
    assert english.count("data:font/woff2") == 2
    assert ukrainian.count("data:font/woff2") >= 4
    assert "../fonts/" not in english + ukrainian


def test_printed_pages_carry_name_period_date_and_number(page_of: PageOf) -> None:
    style = page_of("en")
    margin = re.search(r"@page \{ size: A4;.*?\n", style)
    assert margin is not None
    assert "Olist marketplace orders · 15 September 2016 – 16 August 2018" in margin[0]
    assert "counter(page)" in margin[0]
    assert "counter(pages)" in margin[0]


def test_the_first_page_names_total_range_and_what_to_do(page_of: PageOf) -> None:
    html = page_of("en")
    board = html[html.index('id="board"') : html.index('id="levers"')]
    assert "Delivery: later than promised" in board
    assert "Hand-over to the carrier" in board
    # Slow delivery is wholly inside the broken promise: there is nothing to decide twice.
    assert "#finding-2" not in board
    assert "Open the longest delays" in board


def test_ten_levers_at_most_are_shown_with_their_evidence(
    findings: Findings, graph: ProcessGraph
) -> None:
    late, harmless = findings.findings[0], findings.findings[3]
    many = [
        replace(late, id=f"{k}", lever=replace(late.lever, id=f"{k}"), counted_in=[])
        for k in range(11)
    ]
    many = [harmless, *many]
    html = page(replace(findings, findings=many, levers=by_lever(many)), graph, "en")
    cards = html.split("<article")[1:]
    assert [f'id="lever-{k}"' in card for k, card in enumerate(cards, 2)] == [True] * 10
    rest = html[html.rindex("Also examined, in short") :]
    # The one without harm and the eleventh that hurts are a line each.
    assert "“Review score” at most 0.07 lower" in rest
    assert "Review score −2.05 (−2.13 to −1.97)" in rest


def test_a_lever_has_one_row_with_every_outcome(service: Findings, graph: ProcessGraph) -> None:
    html = page(service, graph, "en")
    ranking = html[html.index('id="levers"') : html.index('id="findings"')]
    assert ranking.count('<th scope="row">') == len(service.levers) == 2
    assert "Complaint +8 pp (+6 to +11 pp)" in ranking
    assert "the data cannot tell: Spending" in ranking
    assert "cases not comparable: Complaint" in ranking


def test_money_counted_elsewhere_is_told_and_what_is_not_stays_unsaid(page_of: PageOf) -> None:
    html = page_of("en").replace("\N{NO-BREAK SPACE}", " ")
    late, slow, hand_over = html.split("<article")[1:4]
    assert "counted nowhere else" not in late
    assert "not clear of zero" in slow
    assert "with “Delivery: later than promised” held equal cannot be told from zero" in slow
    assert "BRL 2,900" in hand_over
    assert "the total counts the rest with “Delivery: later than promised”" in hand_over


def test_a_lever_shows_its_outcomes_and_the_caveats_of_all_once(
    service: Findings, graph: ProcessGraph
) -> None:
    half = Text.same("Half of the cases have no such outcome.")
    complaint = replace(service.findings[0], caveats=[*service.findings[0].caveats, half])
    found = replace(service, findings=[complaint, *service.findings[1:]])
    card = lever_card(found.levers[0], found, "en")
    assert card.count("Not an experiment") == 1
    assert "Complaint: Half of the cases have no such outcome." in card
    outcomes = card[card.index("Outcome by outcome") :]
    assert outcomes.index("Complaint") < outcomes.index("Spending")


def test_several_levers_can_hold_what_is_counted_elsewhere(
    findings: Findings, graph: ProcessGraph
) -> None:
    late, slow, hand_over, *rest = findings.levers
    both = replace(hand_over, counted_in=[late.lever.id, slow.lever.id])
    card = lever_card(both, replace(findings, levers=[late, slow, both, *rest]), "en")
    assert (
        "the total counts the rest with “Delivery: later than promised” and “Delivery: slower than "
        "the promise allows”"
    ) in card


def test_a_broken_promise_is_not_charged_to_one_department(
    page_of: PageOf, findings: Findings
) -> None:
    html = page_of("en").replace("\N{NO-BREAK SPACE}", " ")
    ranking = html[html.index('id="levers"') : html.index('id="findings"')]
    assert "Carrier 74 %, Seller 22 %, Finance 4 %" in ranking


def test_what_was_left_out_stands_on_top_in_short_and_below_with_reasons(
    page_of: PageOf, service: Findings, graph: ProcessGraph
) -> None:
    html = page_of("en")
    top, rest = html[: html.index('id="board"')], html[html.index('id="refused"') :]
    assert "1,451 rows or values, 1 variable and 1 warning" in top
    for reason in ("The step &#39;Returned&#39; never occurs", "does not say when", "answered"):
        assert reason in rest
    assert "No row and no variable was left out" in page(service, graph, "en")


def test_without_outcomes_the_page_says_what_to_bring(
    nothing: Findings, graph: ProcessGraph
) -> None:
    html = page(nothing, graph, "en")
    assert "[outcomes]" in html
    assert "zaplecze demo" in html
    assert 'id="findings"' not in html
    assert "process-map" in html


def test_without_prices_the_page_asks_for_one(service: Findings, graph: ProcessGraph) -> None:
    assert "No outcome has a price yet" in page(service, graph, "en")


def test_without_events_there_is_no_map_but_a_sentence(
    findings: Findings, graph: ProcessGraph
) -> None:
    empty = replace(graph, activities=[], edges=[], starts=[], ends=[])
    html = page(findings, empty, "en")
    assert "process-map" not in html.partition("</style>")[2]
    assert "no process to draw" in html


def test_what_was_refused_is_told_with_its_reason(page_of: PageOf) -> None:
    html = page_of("en")
    assert "days until the review was answered" in html
    assert "The row does not say when it happened." in html
    assert "1,337" in html


def test_equal_findings_give_an_equal_page(
    page_of: PageOf, findings: Findings, graph: ProcessGraph
) -> None:
    again = Findings.from_json(findings.to_json())
    assert page_of("pl") == page(again, graph, "pl")


def test_a_card_is_a_fragment_without_style(findings: Findings, language: Language) -> None:
    for finding in findings.findings:
        outline = Outline(finding_card(finding, findings, language))
        assert outline.attributes[0][0] == "article"
        assert outline.headings[0] == 3
        assert "style" not in {name for _, found in outline.attributes for name in found}
        assert "style" not in {tag for tag, _ in outline.attributes}


def test_the_card_of_a_broken_promise_shows_whose_delays_broke_it(findings: Findings) -> None:
    first, second = (finding_card(f, findings, "en") for f in findings.findings[:2])
    assert "late cases, whether its outcome is known or not, is divided among" in first
    assert "is divided among" not in second


def test_a_broken_promise_stands_whole_with_its_lever_and_nowhere_else(
    page_of: PageOf, findings: Findings
) -> None:
    html = page_of("en")
    card = html.split("<article")[1]
    assert card.count("<figure") == 3
    assert (
        html.count("whether its outcome is known or not, is divided")
        == card.count("whether its outcome is known or not, is divided")
        == 1
    )
    assert 'id="promise"' not in html


def test_whose_delays_are_shown_also_where_the_promise_is_no_lever_with_evidence(
    findings: Findings, graph: ProcessGraph
) -> None:
    late, *others = findings.findings
    unsure = [replace(late, verdict="cannot tell", own=None, money=None), *others]
    html = page(replace(findings, findings=unsure, levers=by_lever(unsure)), graph, "en")
    rest = html[html.index('id="promise"') :]
    assert (
        html.count("whether its outcome is known or not, is divided")
        == rest.count("whether its outcome is known or not, is divided")
        == 1
    )
