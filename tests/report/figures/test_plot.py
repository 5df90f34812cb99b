"""Marks below a picture are round numbers, and weeks where there are many days."""

import pytest

from zaplecze.report.figures.plot import round_marks


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
