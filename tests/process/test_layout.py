"""The layered drawing: nothing overlaps, the spine is straight, the same input looks the same."""

from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from zaplecze.process.layering import Link, backward_links, rows
from zaplecze.process.layout import Box, Layout, Line, lay_out

WIDTH, HEIGHT = 120.0, 48.0
random_pairs = st.lists(
    st.tuples(st.integers(1, 8), st.integers(1, 8), st.integers(1, 500)).filter(
        lambda pair: pair[0] != pair[1]
    ),
    max_size=24,
    unique_by=lambda pair: pair[:2],
)


def drawn(pairs: list[tuple[int, int, int]]) -> tuple[list[Box], list[Line], list[int], Layout]:
    """A drawing of PAIRS; a start (0) leads to every node, every node to an end (9)."""
    nodes = sorted({node for pair in pairs for node in pair[:2]} | {1})
    lines = [Line(a, b, w, 1 + w / 100, 24.0) for a, b, w in pairs]
    lines += [Line(0, node, 600.0 - node, 4.0, 30.0) for node in nodes]
    lines += [Line(node, 9, 600.0 - node, 4.0, 30.0) for node in nodes]
    lines += [Line(0, node, 1.0) for node in range(1, 9) if node not in nodes]
    lines += [Line(node, 9, 1.0) for node in range(1, 9) if node not in nodes]
    boxes = [Box(18, 18, 40), *(Box(WIDTH, HEIGHT, 30 * (n % 2)) for n in range(8)), Box(18, 18)]
    spine = [0, 1, 9]
    return boxes, lines, spine, lay_out(boxes, lines, spine)


def overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    left, top, right, bottom = one
    return left < other[2] and other[0] < right and top < other[3] and other[1] < bottom


def areas(boxes: list[Box], layout: Layout) -> list[tuple[float, ...]]:
    return [
        (x - b.width / 2, y - b.height / 2, x + b.width / 2 + b.beside, y + b.height / 2)
        for b, (x, y) in zip(boxes, layout.centres, strict=True)
    ]


@given(pairs=random_pairs)
def test_nothing_covers_another_lines_run_down_and_the_spine_is_straight(pairs):
    boxes, lines, spine, layout = drawn(pairs)
    nothing_covers_another(boxes, lines, layout)
    lines_run_down_row_by_row_and_touch_their_boxes(boxes, lines, layout)
    the_spine_is_straight_and_runs_downwards(lines, spine, layout)


def nothing_covers_another(boxes: list[Box], lines: list[Line], layout: Layout) -> None:
    taken = areas(boxes, layout)
    labels = [
        (route.label_x, route.label_y - 7, route.label_x + line.label_width, route.label_y + 7)
        for line, route in zip(lines, layout.routes, strict=True)
        if line.label_width
    ]
    for one, other in combinations([*taken, *labels], 2):
        assert not overlap(one, other)
    for line, route in zip(lines, layout.routes, strict=True):
        half = line.thickness / 2
        for stretch in route.stretches[1:-1]:
            strip = (stretch.x - half, stretch.top, stretch.x + half, stretch.bottom)
            assert not any(overlap(strip, area) for area in [*taken, *labels])
    for left, top, right, bottom in [*taken, *labels]:
        assert left >= 0
        assert top >= 0
        assert right <= layout.width
        assert bottom <= layout.height


def lines_run_down_row_by_row_and_touch_their_boxes(
    boxes: list[Box], lines: list[Line], layout: Layout
) -> None:
    for line, route in zip(lines, layout.routes, strict=True):
        for above, below in pairwise(route.stretches):
            assert above.top <= above.bottom + 1e-6
            assert above.bottom + 1 < below.top
            assert below.top <= below.bottom + 1e-6
        ends = (line.target, line.source) if route.upwards else (line.source, line.target)
        for node, stretch, y in (
            (ends[0], route.stretches[0], route.stretches[0].top),
            (ends[1], route.stretches[-1], route.stretches[-1].bottom),
        ):
            x, middle = layout.centres[node]
            assert abs(stretch.x - x) <= boxes[node].width / 2
            assert abs(abs(y - middle) - boxes[node].height / 2) < 1e-6


def the_spine_is_straight_and_runs_downwards(
    lines: list[Line], spine: list[int], layout: Layout
) -> None:
    places = [layout.centres[node] for node in spine]
    assert len({round(x, 6) for x, _ in places}) == 1
    assert [y for _, y in places] == sorted(y for _, y in places)
    along = set(pairwise(spine))
    for line, route in zip(lines, layout.routes, strict=True):
        if (line.source, line.target) in along:
            assert not route.upwards
            assert len({round(stretch.x, 6) for stretch in route.stretches}) == 1


def test_the_same_input_gives_the_same_drawing():
    pairs = [(1, 2, 9), (2, 3, 8), (3, 1, 5), (2, 4, 4), (4, 2, 3), (5, 3, 2)]
    assert drawn(pairs)[3] == drawn(pairs)[3]


def test_the_rarer_direction_of_a_circle_runs_back():
    links = [Link(0, 1, 9), Link(1, 2, 5), Link(2, 1, 7), Link(2, 3, 9)]
    assert backward_links(4, links, [0, 1, 2, 3]) == [False, False, True, False]
    assert backward_links(4, links, [0, 3]) == [False, True, False, False]


def test_rows_keep_lines_short():
    links = [Link(0, 1, 9), Link(1, 2, 9), Link(2, 3, 9), Link(4, 3, 1), Link(0, 4, 1)]
    # Node 4 could stand in row 1 or 2; its lines have the same length in sum either way.
    row = rows(5, links, [False] * 5, 0, 3)
    assert row[:4] == [0, 1, 2, 3]
    assert row[4] in (1, 2)
    late = [*links[:3], Link(4, 3, 5), Link(0, 4, 1)]
    assert rows(5, late, [False] * 5, 0, 3)[4] == 2
