"""Planned against actual as a figure: plans outlined, actuals solid, variances good or bad by sign."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from zaplecze.language import N_, Language, Text, joined, number, rounded_money, say
from zaplecze.report import words
from zaplecze.report.figures.rows import BAR, WIDE, Draw, Row, Rows
from zaplecze.report.figures.svg import Canvas, Ink, Scale
from zaplecze.report.tables import NOTHING, Column, Table

if TYPE_CHECKING:
    from zaplecze.money.case.tracking import LineTracked, Tracked

CAUSES = {
    "volume": N_("volume"),
    "price": N_("price"),
    "timing": N_("timing"),
    "scope": N_("scope"),
    "uptake": N_("uptake"),
    "other": N_("other"),
    "not explained": N_("not explained"),
}


def tracking_message(tracked: "Tracked", currency: str) -> Text:
    """What came instead of what was planned."""
    return say(
        N_("Up to {day} came {actual} instead of the planned {planned}"),
        day=up_to(tracked),
        actual=rounded_money(tracked.actual, currency),
        planned=rounded_money(tracked.planned, currency),
    )


def up_to(tracked: "Tracked") -> Text:
    """The last day with evidence."""
    return words.day(tracked.until)


def tracking_note(tracked: "Tracked", currency: str) -> Text:
    """What is drawn, in which unit."""
    return say(
        N_(
            "{currency} in the months with evidence, up to {day}. Outlined: planned. Solid: actual. The "
            "variance is blue where it helps and vermilion where it hurts."
        ),
        currency=currency,
        day=up_to(tracked),
    )


def shown_lines(tracked: "Tracked") -> "list[LineTracked]":
    """The lines for which there is evidence."""
    return [line for line in tracked.lines if line.evidence]


def tracking_figure(tracked: "Tracked", language: Language, width: int = WIDE) -> str:
    """Every line with evidence: what was planned for those months, what came, the variance."""
    lines = shown_lines(tracked)
    rows = Rows.over(width, (v for line in lines for v in (line.planned, line.actual)))
    rows.rows += [_row(line, language) for line in lines]
    return rows.to_svg()


def _row(line: "LineTracked", language: Language) -> Row:
    return Row(
        line.label[language],
        line.owner[language],
        number(line.variance, signed=True)[language],
        say(
            N_("{actual} of {planned}"),
            actual=number(line.actual),
            planned=number(line.planned),
        )[language],
        _bars(line),
    )


def _bars(line: "LineTracked") -> Draw:
    ink: Ink = "grey" if line.good is None else "good" if line.good else "bad"

    def draw(canvas: Canvas, scale: Scale, y: float) -> None:
        zero, planned, actual = scale(0), scale(line.planned), scale(line.actual)
        canvas.frame(zero, y - BAR / 2 - 3, planned - zero, BAR, "ink")
        canvas.rect(zero, y - BAR / 2 + 3, actual - zero, BAR, "ink")
        canvas.rect(planned, y + BAR / 2 - 1, actual - planned, 4, ink)

    return draw


def tracking_table(tracked: "Tracked", currency: str, language: Language) -> Table:
    """Plan, actual, variance and causes of every line."""
    columns = [
        (N_("Line"), False),
        (N_("Plan"), True),
        (N_("Actual"), True),
        (N_("Variance"), True),
        (N_("Good or bad"), False),
        (N_("Causes"), False),
        (N_("Expected in all"), True),
        (N_("Plan in all"), True),
    ]
    return Table(
        say(N_("Planned against actual, {currency}"), currency=currency)[language],
        [Column(say(heading)[language], is_number) for heading, is_number in columns],
        [[cell[language] for cell in _cells(line)] for line in tracked.lines],
    )


def _cells(line: "LineTracked") -> Iterator[Text]:
    yield line.label
    yield number(line.planned)
    yield number(line.actual)
    yield number(line.variance, signed=True)
    if line.good is None:
        yield Text.same(NOTHING)
    else:
        yield say(N_("good")) if line.good else say(N_("bad"))
    yield _causes(line)
    yield number(line.expected_total)
    yield number(line.planned_total)


def _causes(line: "LineTracked") -> Text:
    told = [
        say("{cause} {variance}", cause=say(CAUSES[cause]), variance=number(amount, signed=True))
        for cause, amount in line.causes.items()
    ]
    return joined(told) if told else Text.same(NOTHING)


def evidence_table(tracked: "Tracked", language: Language) -> Table:
    """Month by month: what came, what shows it, why it differs; then why a line is expected anew."""
    columns = [
        (N_("Month to"), False),
        (N_("Line"), False),
        (N_("Plan"), True),
        (N_("Actual"), True),
        (N_("Proof"), False),
        (N_("Cause"), False),
        (N_("Measure"), True),
    ]
    rows = [
        [cell[language] for cell in cells]
        for line in tracked.lines
        for cells in _evidence_rows(line)
    ]
    return Table(
        say(N_("What shows it"))[language],
        [Column(say(heading)[language], is_number) for heading, is_number in columns],
        rows,
    )


def _evidence_rows(line: "LineTracked") -> Iterator[list[Text]]:
    nothing = Text.same(NOTHING)
    for each in line.evidence:
        yield [
            words.day(each.date),
            line.label,
            number(each.planned),
            number(each.actual),
            each.evidence,
            _cause(each.cause, each.note),
            _measured(each.measured),
        ]
    if line.reason is not None:
        told = say(N_("Expected anew: {reason}"), reason=line.reason)
        yield [nothing, line.label, nothing, nothing, nothing, told, nothing]


def _cause(cause: str | None, note: Text | None) -> Text:
    told = [say(CAUSES[cause])] if cause else []
    told += [note] if note else []
    return joined(told) if told else Text.same(NOTHING)


def _measured(value: float | None) -> Text:
    if value is None:
        return Text.same(NOTHING)
    return number(value, 3 if abs(value) < 1 else 1 if abs(value) < 100 else 0)
