"""Marks below a picture are round numbers, weeks where there are many days, hours as on a clock."""

import re

import pytest

from zaplecze.report.figures.plot import Panel, hour_marks, round_marks
from zaplecze.report.figures.svg import Canvas


@pytest.mark.parametrize(
    ("last", "marks"),
    [
        (41, [0, 7, 14, 21, 28, 35]),
        (12, [0, 2, 4, 6, 8, 10, 12]),
        (0.5, [0, 0.1, 0.2, 0.3, 0.4, 0.5]),
    ],
)
def test_marks_are_round(last: float, marks: list[float]) -> None:
    assert round_marks(last, 6) == pytest.approx(marks)


@pytest.mark.parametrize("last", [0.01, 0.3, 5, 19, 90, 400, 5_000])
def test_there_are_never_more_marks_than_asked_for(last: float) -> None:
    found = round_marks(last, 6)
    assert 2 <= len(found) <= 7
    assert found[-1] <= last * (1 + 1e-9)


@pytest.mark.parametrize(
    ("last", "marks"),
    [(24, [0, 4, 8, 12, 16, 20, 24]), (48, [0, 12, 24, 36, 48]), (5, [0, 1, 2, 3, 4, 5])],
)
def test_hours_are_divided_as_a_clock_divides_them(last: float, marks: list[float]) -> None:
    assert hour_marks(last, 6) == marks


def test_names_at_the_ends_of_lines_stand_near_them_and_never_over_each_other() -> None:
    canvas = Canvas(640)
    panel = Panel.under(canvas, 0, last=10, highest=100, right=150, language="en")
    panel.at_end([(50, "b", "ink"), (51, "a", "ink"), (49, "c", "ink"), (5, "d", "ink")])

    found = re.findall(r' y="([\d.]+)"[^>]*>([abcd])<', canvas.to_svg(200, ""))
    places = {words: float(y) for y, words in found}
    assert places["b"] - places["a"] == places["c"] - places["b"] == 18
    assert abs(places["b"] - 5 - panel.y(50)) < 1
    assert abs(places["d"] - 5 - panel.y(5)) < 1
