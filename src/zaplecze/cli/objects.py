"""``zaplecze process objects``: a log seen from its objects, every event counted once."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zaplecze.cli import console
from zaplecze.cli.console import ROWS_SHOWN, duration, said
from zaplecze.cli.options import JsonOption, check_share
from zaplecze.cli.process import app
from zaplecze.language import N_, Text, number, say

if TYPE_CHECKING:
    from zaplecze.process import ObjectView


@app.command()
def objects(
    log: Annotated[
        Path,
        typer.Argument(
            metavar="LOG",
            help=N_("An OCEL file, a stored log, or a folder that 'run' wrote."),
        ),
    ],
    workspace: Annotated[
        Path | None, typer.Option(help=N_("Workspace file with the names of steps."))
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help=N_("SVG file to write: steps and objects as a map."))
    ] = None,
    paths: Annotated[
        float | None,
        typer.Option(help=N_("Share of the paths to show, 0 to 1; otherwise what reads well.")),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Objects and what happens to them: lives, relations, waiting for each other, flattening."""
    from zaplecze import process
    from zaplecze.workspace import load

    check_share("--paths", paths)
    described = load(workspace) if workspace else None
    if log.is_file():
        view = process.objects(_object_centric(log), described)
    else:
        from zaplecze import eventlog

        within = not (log / "log.json").exists() and (log / "log" / "log.json").exists()
        view = process.objects(eventlog.open_log(log / "log" if within else log), described)
    for warning in view.warnings:
        console.tell(warning)
    if out is not None:
        console.write_picture(process.objects_svg(view, console.language(), paths=paths), out)
    if as_json:
        console.print_json(view.to_dict())
        return
    _print_sentences(view)
    _print_lives(view)
    _print_steps(view)
    _print_edges(view)
    _print_waiting(view)


def _object_centric(file: Path) -> Path:
    from zaplecze import eventlog
    from zaplecze.errors import InputError

    if not eventlog.is_object_centric(file):
        raise InputError(
            say(
                N_(
                    "{file}: this is no object-centric log. Name an OCEL file, or import this one "
                    "with 'zaplecze log import' and name the folder: then every case is an object."
                ),
                file=str(file),
            )
        )
    return file


def _print_sentences(view: "ObjectView") -> None:
    for sentence in view.sentences:
        print(said(sentence))
    print()


def _print_lives(view: "ObjectView") -> None:
    console.print_table(
        say(N_("Objects by type")),
        [
            (say(N_("Type")), "left"),
            (say(N_("Objects")), "right"),
            (say(N_("Without events")), "right"),
            (say(N_("Events")), "right"),
            (say(N_("Events per object")), "right"),
            (say(N_("Median time from first to last")), "right"),
            (say(N_("95 % at most")), "right"),
        ],
        [
            [
                life.object_type,
                said(number(life.objects)),
                said(number(life.objects_without_events)),
                said(number(life.events)),
                said(number(life.mean_events, 1)),
                duration(life.throughput_seconds.median),
                duration(life.throughput_seconds.p95),
            ]
            for life in view.object_types
        ],
    )


def _print_steps(view: "ObjectView") -> None:
    labels = {step.name: step.label for step in view.graph.activities}
    found = view.graph.participation
    console.print_table(
        say(N_("Objects of each event")),
        [
            (say(N_("Step")), "left"),
            (say(N_("Type")), "left"),
            (say(N_("Events")), "right"),
            (say(N_("With several")), "right"),
            (say(N_("On average")), "right"),
            (say(N_("At most")), "right"),
        ],
        [
            [
                said(labels[each.activity]),
                each.object_type,
                said(number(each.events)),
                said(number(each.events_with_several)),
                said(number(each.mean, 1)),
                said(number(each.most)),
            ]
            for each in found[:ROWS_SHOWN]
        ],
    )
    console.tell_of_more(len(found), ROWS_SHOWN)


def _print_edges(view: "ObjectView") -> None:
    labels = {step.name: step.label for step in view.graph.activities}
    edges = view.graph.edges
    console.print_table(
        say(N_("Paths of objects, most frequent first")),
        [
            (say(N_("Type")), "left"),
            (say(N_("From step")), "left"),
            (say(N_("To step")), "left"),
            (say(N_("Events")), "right"),
            (say(N_("Objects")), "right"),
            (say(N_("Median wait")), "right"),
        ],
        [
            [
                edge.object_type,
                said(labels[edge.source]),
                said(labels[edge.target]),
                said(number(edge.events)),
                said(number(edge.objects)),
                duration(edge.wait_seconds.median),
            ]
            for edge in edges[:ROWS_SHOWN]
        ],
    )
    console.tell_of_more(len(edges), ROWS_SHOWN)


def _print_waiting(view: "ObjectView") -> None:
    from zaplecze.process import OBJECT_MEASURES

    if not view.synchronisation:
        return
    labels = {step.name: step.label for step in view.graph.activities}
    console.print_table(
        say(N_("Where objects wait for each other (median)")),
        [
            (say(N_("Step")), "left"),
            (say(N_("Events")), "right"),
            (say(N_("Waiting for each other")), "right"),
            (say(N_("Time after all are there")), "right"),
            (say(N_("Type")), "left"),
            (say(N_("Pooling")), "right"),
            (say(N_("Last to come")), "right"),
        ],
        [
            [
                said(labels[each.activity]),
                said(number(each.events)),
                duration(each.synchronisation_seconds.median),
                duration(each.sojourn_seconds.median),
                awaited.object_type,
                duration(awaited.pooling_seconds.median),
                said(number(awaited.last)),
            ]
            for each in view.synchronisation
            for awaited in each.awaited
        ],
    )
    console.print_table(
        say(N_("What the figures mean")),
        [(Text.same(""), "left"), (Text.same(""), "left")],
        [[said(measure.name), said(measure.formula)] for measure in OBJECT_MEASURES],
    )
