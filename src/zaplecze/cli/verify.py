"""``zaplecze impact verify``: did a change help?"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from zaplecze.cli import console
from zaplecze.cli.options import JsonOption, gathered
from zaplecze.language import N_, Text, number, percent, say

if TYPE_CHECKING:
    from zaplecze.impact.verify import Verification


@dataclass(frozen=True, kw_only=True)
class Study:
    """What is compared and how. The names and their meanings are those of the library."""

    outcome: Annotated[str, typer.Option(help=N_("Column of what was to get better."))]
    time: Annotated[str, typer.Option(help=N_("Column of the time."))]
    unit: Annotated[
        str | None, typer.Option(help=N_("Column of the unit: team, branch, region."))
    ] = None
    treated_from: Annotated[
        str | None,
        typer.Option(
            metavar="COL|DATE",
            help=N_("When the change came: a time, or a column of times or of 0 and 1."),
        ),
    ] = None
    treated_units: Annotated[
        str | None,
        typer.Option(
            metavar="A,B", help=N_("Units with the change, where one time is given for all.")
        ),
    ] = None
    method: Annotated[
        Literal["did", "staggered", "its", "sdid"] | None,
        typer.Option(help=N_("How to compare; otherwise what the data ask for.")),
    ] = None
    better: Annotated[
        Literal["lower", "higher"] | None,
        typer.Option(help=N_("Which way is better; lower, unless said.")),
    ] = None
    by: Annotated[
        Literal["day", "week", "month", "quarter", "year"] | None,
        typer.Option(help=N_("Rows are cases: put them together by this period.")),
    ] = None
    worth: Annotated[
        float | None,
        typer.Option(
            help=N_("The effect hoped for; without --treated-from: how long it takes to see it.")
        ),
    ] = None
    family: Annotated[
        Literal["gaussian", "poisson", "negative-binomial"],
        typer.Option(help=N_("Of one series: measurements, or counts.")),
    ] = "gaussian"
    scale: Annotated[
        Literal["natural", "logarithm", "auto"],
        typer.Option(
            help=N_("Of durations and money with a long tail: compare logarithms, tell per cent.")
        ),
    ] = "natural"
    offset: Annotated[
        str | None, typer.Option(help=N_("Column of how much there was to count from."))
    ] = None
    change: Annotated[
        Literal["level", "both"] | None,
        typer.Option(help=N_("Of one series: what may change, its level or its slope too.")),
    ] = None
    reading: Annotated[
        str,
        typer.Option(
            metavar="once|any|K/N",
            help=N_("How often it is looked at: once, again and again, or look K of N planned."),
        ),
    ] = "once"
    time_zone: Annotated[
        str | None,
        typer.Option(help=N_("Time zone by which days are counted, where times carry several.")),
    ] = None


@gathered
def verify(
    *,
    file: Annotated[
        Path,
        typer.Argument(help=N_("CSV, Parquet or Excel: a row per unit and period, or per case.")),
    ],
    study: Study,
    picture: Annotated[
        Path | None, typer.Option(help=N_("SVG file for the picture of before and after."))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Did a change help? Before against after, with what did not change, and a verdict."""
    from zaplecze.impact.verify import verify as verify_table

    units = study.treated_units
    names = [each.strip() for each in units.split(",")] if units else None
    found = verify_table(file, **vars(study) | {"treated_units": names})
    if picture is not None:
        _draw(found, picture)
    if as_json:
        console.print_json(found.to_dict())
        return
    _print(found)


def _draw(found: "Verification", picture: Path) -> None:
    from zaplecze.report.figures.verification import verification_figure

    console.write_picture(verification_figure(found, console.language()), picture)


def _print(found: "Verification") -> None:
    language = console.language()
    print(found.sentence[language])
    console.print_table(
        Text.same(""),
        [(Text.same(""), "left"), (Text.same(""), "left")],
        [[label[language], value[language]] for label, value in _rows(found)],
    )
    for caveat in found.caveats:
        console.tell(caveat)


def _rows(found: "Verification") -> list[tuple[Text, Text]]:
    from zaplecze.impact.verify.words import figure, span

    rows = [
        (say(N_("Verdict")), VERDICTS[found.verdict]),
        (say(N_("Method")), found.method_text),
        (say(N_("Why this method")), found.reason),
    ]
    if found.estimate is not None and found.interval is not None:
        half = (found.interval[1] - found.interval[0]) / 2
        rows += [
            (say(N_("Effect")), figure(found.estimate, half, signed=True)),
            (say(N_("Interval (95 %)")), span(found.interval)),
        ]
    if found.ratio is not None:
        rows.append((say(N_("In per cent")), percent(found.ratio - 1, 0, signed=True)))
    if found.estimate is None:
        return rows
    rows += [
        (say(N_("Units (with the change)")), _pair(found.units, found.treated)),
        (say(N_("Periods before")), number(found.periods_before)),
        (say(N_("Periods after")), number(found.periods_after)),
        (
            say(N_("Moved alike before") if found.units > 1 else N_("Straight course before")),
            _passed(found.pretrend.passed),
        ),
        (say(N_("Nothing found where nothing changed")), _passed(found.placebo.passed)),
    ]
    rows += _beside(found)
    if found.detectable is not None:
        rows.append((say(N_("What could be seen")), found.detectable.sentence))
    return rows


def _beside(found: "Verification") -> list[tuple[Text, Text]]:
    """What other units and the plain mixture of them say, where there is such a thing."""
    from zaplecze.impact.verify.words import figure

    rows = []
    if found.placebo.unit_p_value is not None:
        share = percent(found.placebo.unit_p_value, 1)
        rows.append((say(N_("How often others move as much")), share))
    control = found.details.get("synthetic_control")
    if control is not None and found.interval is not None:
        half = (found.interval[1] - found.interval[0]) / 2
        rows.append((say(N_("By the synthetic control")), figure(control, half, signed=True)))
    return rows


VERDICTS = {
    "worked": say(N_("worked")),
    "did not": say(N_("did not")),
    "cannot tell": say(N_("cannot tell")),
    "not comparable": say(N_("not comparable")),
}


def _pair(units: int, treated: int) -> Text:
    return say("{units} ({treated})", units=number(units), treated=number(treated))


def _passed(passed: bool | None) -> Text:
    if passed is None:
        return say(N_("cannot be seen"))
    return say(N_("yes")) if passed else say(N_("no"))
