"""The map: what it shows, what it says, and that every reader of SVG and XML can take it."""

import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.process.conftest import naive_graph

from zaplecze.language import LANGUAGES, Text, duration
from zaplecze.process import (
    Activity,
    ProcessGraph,
    Terminal,
    map_svg,
    sensible_shares,
    shapes,
    simplified,
)
from zaplecze.process.simplify import end_node, select, start_node, usual_path
from zaplecze.process.svg import readable, shorten, text_width, wrap

SVG = "{http://www.w3.org/2000/svg}"
random_traces = st.lists(
    st.lists(st.sampled_from("ABCDEFGH"), min_size=1, max_size=9), min_size=1, max_size=12
)
shares = st.sampled_from([0.0, 0.3, 0.7, 1.0])


def groups(svg: str, kind: str) -> list[ET.Element]:
    return [g for g in ET.fromstring(svg).iter(f"{SVG}g") if g.get("class") == kind]


def box_of(node: ET.Element) -> tuple[float, ...]:
    rect = node.find(f"{SVG}rect")
    x, y, width, height = (float(rect.get(key)) for key in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


@settings(deadline=None, max_examples=20)
@given(traces=random_traces, activities=shares, paths=shares)
def test_every_picture_is_whole(traces, activities, paths):
    graph = naive_graph(traces)
    svg = map_svg(graph, "en", activities=activities, paths=paths)
    root = ET.fromstring(svg)
    selection = select(graph, activities, paths)
    assert len(groups(svg, "node")) == len(selection.nodes)
    assert len(groups(svg, "edge")) == len(selection.arcs)
    for part in groups(svg, "node") + groups(svg, "edge") + groups(svg, "marker"):
        assert part.find(f"{SVG}title").text
    boxes = [box_of(node) for node in groups(svg, "node")]
    for one, other in combinations(boxes, 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
    _, _, width, height = (float(value) for value in root.get("viewBox").split())
    assert (float(root.get("width")), float(root.get("height"))) == (width, height)
    # Markup is inside a group that is moved by the margin.
    assert all(box[0] >= 0 and box[2] <= width and 0 <= box[1] < box[3] <= height for box in boxes)


@given(traces=random_traces, activities=shares, paths=shares)
def test_what_is_shown_hangs_together(traces, activities, paths):
    graph = naive_graph(traces)
    selection = select(graph, activities, paths)
    start, end = start_node(graph), end_node(graph)
    forwards = {(arc.source, arc.target) for arc in selection.arcs}
    assert reached(start, forwards) == {*selection.nodes, start, end}
    assert reached(end, {(b, a) for a, b in forwards}) == {*selection.nodes, start, end}
    inside = {*selection.nodes, start, end}
    for node in selection.nodes:
        for role in ("source", "target"):
            candidates = [
                arc
                for arc in selection.all_arcs
                if arc.source != arc.target
                and getattr(arc, role) == node
                and {arc.source, arc.target} <= inside
            ]
            assert candidates[0] in selection.arcs
    path = usual_path(selection.arcs, start, end)
    assert (path[0], path[-1]) == (start, end)
    assert len(set(path)) == len(path)


def reached(root: int, arcs: set[tuple[int, int]]) -> set[int]:
    found, waiting = {root}, [root]
    while waiting:
        here = waiting.pop()
        ahead = {b for a, b in arcs if a == here} - found
        found |= ahead
        waiting += ahead
    return found


def test_shares_take_the_most_frequent_and_whole_shares_take_all():
    graph = naive_graph(["ABC"] * 8 + ["ABDC"] * 3 + ["AEC"])
    assert len(select(graph, 1.0, 1.0).arcs) == len(select(graph, 1.0, 1.0).all_arcs)
    few = select(graph, 0.6, 0.0)
    assert [graph.activities[node].name for node in few.nodes] == ["A", "C", "B"]
    assert {arc.count for arc in few.arcs} == {12, 11, 8}


def test_an_activity_without_which_another_cannot_be_reached_is_shown_too():
    # C is frequent because it repeats, but every way to it leads through the rare B.
    graph = naive_graph(["A"] * 50 + ["AB" + "C" * 40] * 2)
    assert [graph.activities[node].name for node in select(graph, 0.6, 0.0).nodes] == [*"CAB"]


def test_what_a_connection_needs_is_as_little_as_can_be():
    # From A to the end: rarely through X alone, mostly through the three of B, C and D.
    graph = naive_graph(["A" * 9 + "BCD"] * 5 + ["A" * 9 + "X"])
    assert [graph.activities[node].name for node in select(graph, 0.2, 0.0).nodes] == [*"AX"]


def test_a_small_graph_is_shown_whole_and_a_tangled_one_is_cut_to_what_can_be_read():
    line = naive_graph(["ABCD"] * 5)
    assert sensible_shares(line) == (1.0, 1.0)
    names = [chr(ord("a") + n) for n in range(26)]
    tangled = naive_graph([[*names[k:], *names[:k]] * 2 for k in range(26)] + [names[::-1]] * 3)
    selection = select(tangled, *sensible_shares(tangled))
    assert len(selection.nodes) <= 26
    assert len(selection.arcs) < len(selection.all_arcs) * 0.75
    assert sensible_shares(ProcessGraph(Text.same("Empty"), 0, 0)) == (0.0, 0.0)


def test_a_simplified_graph_has_what_the_map_with_these_shares_draws():
    graph = naive_graph(["ABC"] * 8 + ["ABDC"] * 3 + ["AEC"])
    few = simplified(graph, 0.6, 0.0)
    selection = select(graph, 0.6, 0.0)
    assert few.activities == [graph.activities[node] for node in selection.nodes]
    assert few.edges == [arc.edge for arc in selection.arcs if arc.edge]
    assert (few.starts, few.ends) == (graph.starts, graph.ends)
    assert (few.cases, few.events) == (graph.cases, graph.events)
    (words,) = few.filters
    assert words["en"].startswith("Shown: 3 of 5 steps (89.7\xa0% of the events) and 4 of 8 paths")
    assert replace(simplified(graph), filters=[]) == graph


def test_the_map_says_what_it_leaves_out():
    graph = naive_graph(["ABC"] * 8 + ["ABDC"] * 3 + ["AEC"])
    (caption,) = groups(map_svg(graph, "en", activities=0.6, paths=0.0), "caption")
    words = " ".join(text.text for text in caption).replace("\N{NO-BREAK SPACE}", " ")
    assert "3 of 5 steps (89.7 % of the events)" in words
    assert "4 of 8 paths (84.3 % of the passages)" in words


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_numbers_and_durations_are_those_of_the_language(language):
    described = Activity(
        "ship", Text(en="Shipping", pl="Wysyłka", uk="Відправлення"), 12_345, 12_000
    )
    plain = naive_graph([["ship"]])
    graph = ProcessGraph(
        Text(en="Shop", pl="Sklep", uk="Крамниця"), 12_000, 12_345, [described],
        starts=[Terminal("ship", 12_000)], ends=plain.ends,
    )  # fmt: skip
    svg = map_svg(graph, language)
    (node,) = groups(svg, "node")
    shown = [text.text for text in node.findall(f"{SVG}text")]
    number = "12,345" if language == "en" else "12\N{NO-BREAK SPACE}345"
    assert shown == [described.label[language], number]
    assert described.label[language] in node.find(f"{SVG}title").text
    assert graph.name[language] in ET.fromstring(svg).find(f"{SVG}title").text


def test_lines_carry_counts_or_median_waits():
    graph = naive_graph(["AB", "AB", "B"])

    def labels(**options):
        edges = groups(map_svg(graph, "en", **options), "edge")
        return sorted(text.text for edge in edges for text in edge.findall(f"{SVG}text"))

    assert labels() == ["1", "2", "2", "3"]
    assert labels(measure="median") == [duration(1.0)["en"]]
    assert labels(measure="total") == [duration(2.0)["en"]]
    assert labels(measure="mean") == labels(measure="p95") == labels(measure="median")
    assert labels(measure="cases") == ["1", "2", "2", "3"]


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        ("mean", "mean wait"),
        ("p95", "95 %"),
        ("total", "all together"),
        ("cases", "how many cases"),
    ],
)
def test_the_caption_says_what_the_lines_carry(measure, words):
    svg = map_svg(naive_graph(["AB"]), "en", measure=measure)
    said = " ".join("".join(text.itertext()) for text in ET.fromstring(svg).iter(f"{SVG}text"))
    assert words in said


def test_the_department_stands_in_words_beside_its_mark():
    activity = Activity("A", Text.same("A"), 1, 1, "fin", Text.same("Finance"))
    graph = naive_graph(["A"])
    graph = ProcessGraph(graph.name, 1, 1, [activity], [], graph.starts, graph.ends)
    (node,) = groups(map_svg(graph, "en"), "node")
    assert "Finance" in [text.text for text in node.findall(f"{SVG}text")]
    assert [rect.get("class") for rect in node.findall(f"{SVG}rect")][1] == "lane-1"
    assert "Finance" in node.find(f"{SVG}title").text


def test_names_are_words_and_never_markup():
    graph = naive_graph([["<b>&\"'</b>", "]]>\x00\x1b"]])
    svg = map_svg(graph, "en")
    labels = {text.text for node in groups(svg, "node") for text in node.findall(f"{SVG}text")}
    assert "<b>&\"'</b>" in labels
    assert "]]>\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}" in labels


def test_nothing_needs_a_style_attribute_a_script_or_what_pdf_renderers_lack():
    svg = map_svg(naive_graph(["ABAC", "AAC"]), "uk")
    for element in ET.fromstring(svg).iter():
        assert element.tag.removeprefix(SVG) in {
            "svg",
            "g",
            "rect",
            "path",
            "circle",
            "text",
            "title",
        }
        assert not {"style", "dominant-baseline", "filter", "id", "onclick"} & set(element.keys())
    assert "var(" not in svg


def test_the_same_graph_gives_the_same_picture():
    graph = naive_graph(["ABCAD", "ABDD", "CBA", "ACD"])
    assert map_svg(graph, "pl") == map_svg(graph, "pl")
    again = ProcessGraph.from_dict(graph.to_dict())
    assert map_svg(again, "pl") == map_svg(graph, "pl")


def test_a_log_without_events_says_so():
    svg = map_svg(ProcessGraph(Text.same("Empty"), 0, 0), "en")
    (caption,) = groups(svg, "caption")
    assert "no events" in " ".join(text.text for text in caption)


@given(label=st.text(max_size=80))
def test_a_label_never_needs_more_room_than_there_is(label):
    lines = wrap(label, 120, 13.5)
    assert 1 <= len(lines) <= 2
    assert all(text_width(line, 13.5) <= 120 for line in lines)
    if len(lines) == 1 and not lines[0].endswith("…"):
        assert lines[0].split() == label.split()
    assert text_width(shorten(label, 60, 11), 11) <= 60


def test_long_labels_take_two_even_lines_and_end_in_dots_where_they_do_not_fit():
    assert wrap("Determine necessity of stop advice", 160, 13.5) == [
        "Determine necessity",
        "of stop advice",
    ]
    first, second = wrap("a" * 200, 100, 13.5)
    assert set(first) == {"a"}
    assert second.endswith("a…")


@given(text=st.text())
def test_any_text_can_be_put_into_xml(text):
    ET.fromstring(f"<a>{readable(text).replace('&', '').replace('<', '')}</a>")


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, after WCAG 2."""

    def luminance(colour: str) -> float:
        channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_words_and_lines_stand_out_from_the_paper():
    assert all(contrast(colour, shapes.PAPER) >= 4.5 for colour in (shapes.INK, shapes.MUTED))
    lines = [*shapes.HUES.values(), *shapes.QUIET_HUES.values(), *shapes.LANES]
    assert all(contrast(colour, shapes.PAPER) >= 3 for colour in lines)
