"""Tables in narrow terminals: numbers whole, words wrapped, too much of it row by row."""

import io

import pytest
from rich.console import Console

from zaplecze.cli.tables import Shape, drawn

NUMBERS = ["1 234 567,89 zł", "2 345 678,90 zł", "−3 456 789,01 zł", "4 567 890,12 zł"]
WIDE = Shape(
    "Budżety",
    ["Dział", "Plan", "Zaangażowane", "Wykonanie", "Prognoza na koniec roku"],
    ["left", "right", "right", "right", "right"],
    [["Obsługa klienta i reklamacje w regionie północnym", *NUMBERS]],
)
NARROW = Shape(
    "Steps", ["Step", "Median wait"], ["left", "right"],
    [["Hand-over of the parcel to the carrier who was chosen by the customer", "2.5 days"]],
)  # fmt: skip


def printed(shape: Shape, width: int) -> str:
    stream = io.StringIO()
    console = Console(file=stream, width=width, highlight=False, markup=False)
    for part in drawn(shape, width):
        console.print(part)
    return stream.getvalue()


@pytest.mark.parametrize("width", [40, 60, 80, 100, 200])
@pytest.mark.parametrize("shape", [WIDE, NARROW])
def test_no_number_is_cut_and_no_line_is_too_wide(shape: Shape, width: int) -> None:
    shown = printed(shape, width)
    assert all(len(line.rstrip()) <= width for line in shown.splitlines())
    for cell in shape.rows[0][1:]:
        assert any(cell in line for line in shown.splitlines())
    assert "…" not in shown


def test_words_wrap_where_numbers_leave_room() -> None:
    shown = printed(NARROW, 60)
    assert 4 <= len(shown.splitlines()) <= 5
    assert "Hand-over of the parcel" in shown


def test_where_columns_do_not_fit_every_row_is_told_by_itself() -> None:
    shown = printed(WIDE, 60).splitlines()
    assert shown[0].strip() == "Budżety"
    assert shown[1].startswith("Obsługa klienta")
    for heading, number in zip(WIDE.headings[1:], NUMBERS, strict=True):
        assert any(heading in line and number in line for line in shown)
    assert len(printed(WIDE, 200).splitlines()) == 3
