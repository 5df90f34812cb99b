"""``zaplecze impact service``: how departments serve each other."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from zaplecze.cli import console
from zaplecze.cli.console import ROWS_SHOWN, duration, said
from zaplecze.cli.logs import LogSource
from zaplecze.cli.options import JsonOption, gathered
from zaplecze.errors import InputError
from zaplecze.language import N_, number, percent, say

if TYPE_CHECKING:
    from zaplecze.impact.internal import DepartmentService, InternalService
    from zaplecze.workspace import ServicePart


@gathered
def service(
    source: LogSource,
    data: Annotated[
        Path | None,
        typer.Option(help=N_("Folder of the survey's file; otherwise that of the workspace file.")),
    ] = None,
    weights: Annotated[
        str | None,
        typer.Option(
            metavar="PART=W,…",
            help=N_(
                "How much takeover, right_first_time, promises and survey count; otherwise as in the "
                "workspace, or alike."
            ),
        ),
    ] = None,
    by: Annotated[
        Literal["week", "month"] | None,
        typer.Option(help=N_("Periods of the trend; otherwise by the length of the log.")),
    ] = None,
    picture: Annotated[
        Path | None,
        typer.Option(
            help=N_("SVG file for the matrix of hand-overs; the index is drawn beside it.")
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Internal service: what departments owe each other, how they keep it, and an index."""
    from zaplecze.impact.internal import internal_service, read_answers

    chosen = _weights(weights)
    with source.opened() as (stored, described):
        folder = data or (source.workspace.parent if source.workspace else Path())
        answers = read_answers(described, folder) if described else None
        found = internal_service(stored, described, answers=answers, weights=chosen, by=by)
    if picture is not None:
        _draw(found, picture)
    if as_json:
        console.print_json(found.to_dict())
        return
    console.print_filters(found.filters)
    _print(found)


def _weights(given: str | None) -> "dict[ServicePart, float]":
    from typing import get_args

    from zaplecze.workspace import ServicePart

    chosen: dict[ServicePart, float] = {}
    known: tuple[ServicePart, ...] = get_args(ServicePart)
    for each in (given or "").split(",") if given else []:
        name, _, written = (part.strip() for part in each.partition("="))
        part = next((part for part in known if part == name), None)
        weight = _number(written)
        if part is None or weight is None or not 0 <= weight < float("inf"):
            raise InputError(
                say(
                    N_(
                        "--weights {text}: write parts with weights from 0 on, like takeover=2,survey=1. "
                        "Parts are: {parts}."
                    ),
                    text=each.strip(),
                    parts=", ".join(known),
                )
            )
        chosen[part] = weight
    return chosen


def _number(written: str) -> float | None:
    try:
        return float(written)
    except ValueError:
        return None


def _draw(found: "InternalService", picture: Path) -> None:
    from zaplecze.report.figures.internal import index_figure, matrix_figure

    language = console.language()
    index = picture.with_stem(f"{picture.stem}-index")
    for path, draw in ((picture, matrix_figure), (index, index_figure)):
        console.write_picture(draw(found, language), path)


def _print(found: "InternalService") -> None:
    print(said(found.sentence))
    console.print_table(
        say(N_("Departments, the lowest index first")),
        [
            (say(N_("Department")), "left"),
            (say(N_("Index")), "right"),
            (say(N_("Rank")), "right"),
            (say(N_("Receives")), "right"),
            (say(N_("Takes over after (median)")), "right"),
            (say(N_("Gives")), "right"),
            (say(N_("Parts")), "left"),
            (say(N_("Trend")), "left"),
        ],
        [_department(each) for each in found.departments[:ROWS_SHOWN]],
    )
    console.tell_of_more(len(found.departments), ROWS_SHOWN)
    _print_passings(found)
    for words in (*found.method, *found.caveats):
        console.tell(words)


def _department(each: "DepartmentService") -> list[str]:
    from zaplecze.impact.internal.words import points

    index, rank = "–", "–"
    if each.index is not None and each.interval is not None and each.rank_interval is not None:
        index = said(points(each.index, each.interval))
        first, last = each.rank_interval
        rank = f"{each.rank} ({first}–{last})"
    parts = [f"{said(score.label)} {said(number(score.value))}" for score in each.scores]
    trend = each.course.sentence if each.course else each.reason
    return [
        said(each.label),
        index,
        rank,
        said(number(each.received)),
        duration(each.takeover_seconds.median),
        said(number(each.given)),
        ", ".join(parts),
        said(trend) if trend else "–",
    ]


def _print_passings(found: "InternalService") -> None:
    console.print_table(
        say(N_("What passes between departments, most frequent first")),
        [
            (say(N_("From department")), "left"),
            (say(N_("To department")), "left"),
            (say(N_("How often")), "right"),
            (say(N_("Median wait")), "right"),
            (say(N_("Within the time agreed")), "right"),
            (say(N_("Returned")), "right"),
            (say(N_("Promises kept")), "right"),
        ],
        [
            [
                said(each.giver_label),
                said(each.receiver_label),
                said(number(each.count)),
                duration(each.wait_seconds.median),
                _share(each.within),
                _share(each.returned_share),
                _share(each.promises.share if each.promises else None),
            ]
            for each in found.passings[:ROWS_SHOWN]
        ],
    )
    console.tell_of_more(len(found.passings), ROWS_SHOWN)


def _share(share: float | None) -> str:
    return "–" if share is None else said(percent(share))
