"""The map in lanes: every step in the column of its department."""

import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.process.conftest import naive_graph
from tests.process.test_map import SVG, random_traces

from zaplecze.cli import main
from zaplecze.language import LANGUAGES, Text, say
from zaplecze.process import ProcessGraph, map_svg
from zaplecze.process.columns import Lanes
from zaplecze.process.layout import Box, Line, lay_out


def with_departments(graph: ProcessGraph, departments: dict[str, str]) -> ProcessGraph:
    return replace(
        graph,
        activities=[
            replace(each, department=name, department_label=Text.same(name) if name else None)
            for each in graph.activities
            for name in (departments.get(each.name),)
        ],
    )


@pytest.fixture
def graph():
    found = naive_graph(["ABCD"] * 8 + ["ABABD"] * 3 + ["AED"])
    return with_departments(found, {"A": "Shop", "B": "Stock", "C": "Stock", "D": "Shop"})


def titles(picture: str) -> list[str]:
    lanes = [g for g in ET.fromstring(picture).iter(f"{SVG}g") if g.get("class") == "lane"]
    return [lane.findtext(f"{SVG}title") for lane in lanes]


def test_every_department_has_a_titled_lane_in_the_order_of_the_usual_way(graph):
    assert titles(map_svg(graph, "en", lanes=True)) == ["Shop", "Stock", "No department"]
    assert titles(map_svg(graph, "en")) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_caption_says_what_the_columns_are(graph, language):
    words = say(
        "Each column is a department, with the steps that it does more often than any other."
    )[language]
    # In a caption a sentence may go over several lines.
    begin = " ".join(words.split()[:4])
    assert begin in map_svg(graph, language, lanes=True)
    assert begin not in map_svg(graph, language)
    assert map_svg(graph, language, lanes=True) == map_svg(graph, language, lanes=True)


def test_a_graph_without_departments_is_drawn_without_lanes():
    graph = naive_graph(["ABC"])
    assert map_svg(graph, "en", lanes=True) == map_svg(graph, "en")


@given(traces=random_traces, lanes=st.lists(st.integers(0, 3), min_size=8, max_size=8))
def test_boxes_stay_in_their_lanes_and_apart(traces, lanes):
    graph = naive_graph(["".join(trace) for trace in traces])
    names = [each.name for each in graph.activities]
    first, last = len(names), len(names) + 1
    pairs = [(names.index(e.source), names.index(e.target), e.count) for e in graph.edges]
    pairs += [(first, names.index(each.activity), each.cases) for each in graph.starts]
    pairs += [(names.index(each.activity), last, each.cases) for each in graph.ends]
    boxes = [Box(100, 40)] * (len(names) + 2)
    of_box = [*lanes[: len(names)], lanes[0], lanes[0]]
    way = [first, names.index(traces[0][0])]
    spine = [*way, last] if (way[1], last) in {(a, b) for a, b, _ in pairs} else None
    if spine is None:
        pairs.append((way[1], last, 1))
        spine = [*way, last]
    lines = [Line(a, b, float(n), 2.0, 20.0) for a, b, n in pairs if a != b]
    drawing = lay_out(boxes, lines, spine, Lanes(of_box, [100.0] * 4))
    assert len(drawing.lanes) == 4
    for (x, _), lane in zip(drawing.centres, of_box, strict=True):
        left, right = drawing.lanes[lane]
        assert left + 50 <= x + 1e-6
        assert x - 1e-6 <= right - 50
    for (x1, y1), (x2, y2) in combinations(drawing.centres, 2):
        assert abs(x1 - x2) >= 100 - 1e-6 or abs(y1 - y2) >= 40 - 1e-6
    assert drawing == lay_out(boxes, lines, spine, Lanes(of_box, [100.0] * 4))


def test_lanes_are_an_option_of_the_map(tmp_path, capsys):
    rows = "case,step,at,who\n1,Order,2026-01-05 08:00,Shop\n1,Ship,2026-01-05 10:00,Stock\n"
    (tmp_path / "log.csv").write_text(rows)
    columns = ["--case", "case", "--activity", "step", "--time", "at", "--department", "who"]
    assert main(["process", "map", str(tmp_path / "log.csv"), *columns, "--lanes"]) == 0
    assert titles(capsys.readouterr().out) == ["Shop", "Stock"]
