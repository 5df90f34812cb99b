"""The blueprint: every step in its department's lane, nothing cut off on any paper."""

import re
from html import unescape

import pytest

from zaplecze.language import LANGUAGES, Language, Text
from zaplecze.process.graph import Activity
from zaplecze.process.svg import text_width
from zaplecze.report.figures.blueprint import blueprint_figure
from zaplecze.report.figures.rows import HALF, NARROW, PAPER, WIDE
from zaplecze.report.way import Stop, lane_of, lanes

WIDTHS = (WIDE, NARROW, PAPER, HALF)
LONG = "Potwierdzenie przeprowadzenia weryfikacji dokumentacji"


def _stop(
    name: str, department: str | None, *, seen: bool, wait: float | None, cost: str | None = None
) -> Stop:
    label = Text.same(department) if department else None
    activity = Activity(name, Text.same(name), 1200, 1200, department, label, seen)
    return Stop(activity, wait, Text.same(cost) if cost else None)


WAY = [
    _stop("Purchase", "Customer", seen=True, wait=None),
    _stop("Payment approval", "Finance", seen=False, wait=1140.0),
    _stop("Hand-over", "Seller", seen=False, wait=172800.0, cost="BRL 3,000"),
    _stop("Delivery", "Carrier", seen=True, wait=665280.0, cost="BRL 34,000"),
]


def _texts(svg: str) -> list[tuple[float, str, str]]:
    """Position, anchor and words of every text."""
    found = re.findall(r'<text class="[^"]*" x="([-\d.]+)"[^>]*text-anchor="(\w+)"[^>]*>(.*?)</text>', svg)  # fmt: skip
    return [(float(x), anchor, unescape(words)) for x, anchor, words in found]


def _boxes(svg: str) -> list[tuple[float, float]]:
    """Left and top of every step, in their order."""
    found = re.findall(r'<rect class="z-paper zs-\w+" x="([\d.]+)" y="([\d.]+)"', svg)
    return [(float(x), float(y)) for x, y in found]


def test_lanes_that_customers_notice_stand_first_and_each_step_in_its_own() -> None:
    shown = lanes(WAY)

    assert [lane.department for lane in shown] == ["Customer", "Carrier", "Finance", "Seller"]
    assert [lane_of(stop, shown) for stop in WAY] == [0, 2, 3, 1]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_steps_waits_and_harm_are_told_and_nothing_leaves_the_drawing(
    language: Language, width: int
) -> None:
    svg = blueprint_figure([*WAY, _stop(LONG, None, seen=False, wait=60.0)], language, width)

    told = " ".join(words for _, _, words in _texts(svg))
    for word in ("Purchase", "approval", "Hand-over", "Delivery", "BRL 34,000", "BRL 3,000"):
        assert word in told
    for x, anchor, words in _texts(svg):
        reach = text_width(words, 14)
        left = x - {"start": 0.0, "middle": reach / 2, "end": reach}[anchor]
        assert left >= -1, words
        assert left + reach <= width + 1, words


def test_time_runs_to_the_right_on_paper_and_downwards_on_a_phone() -> None:
    wide, narrow = (_boxes(blueprint_figure(WAY, "en", width)) for width in (PAPER, NARROW))

    assert [x for x, _ in wide] == sorted({x for x, _ in wide})
    assert [y for _, y in narrow] == sorted({y for _, y in narrow})
    customers, hidden = narrow[0][0], narrow[1][0]
    assert [x for x, _ in narrow] == [customers, hidden, hidden, customers]
    assert customers < hidden


def test_names_too_long_for_their_place_turn_the_drawing() -> None:
    way = [_stop(f"{LONG} {k}", "Finance", seen=False, wait=60.0 * k) for k in range(9)]

    boxes = _boxes(blueprint_figure(way, "pl", PAPER))

    assert len({x for x, _ in boxes}) == 1
    assert [y for _, y in boxes] == sorted({y for _, y in boxes})


def test_the_line_of_visibility_is_drawn_only_where_there_are_both_sides() -> None:
    both = blueprint_figure(WAY, "en", PAPER)
    seen = [stop for stop in WAY if stop.activity.noticed]

    assert "Line of visibility" in both
    assert "Line of visibility" not in blueprint_figure(seen, "en", PAPER)
