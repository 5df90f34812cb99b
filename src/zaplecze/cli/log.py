"""``zaplecze log``: import, inspect, export, and list what an import refused."""

import datetime as dt
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from zaplecze.cli import console
from zaplecze.cli.console import said
from zaplecze.cli.logs import Columns, LogGiven, tell_warnings
from zaplecze.cli.options import DataOption, JsonOption, gathered
from zaplecze.language import N_, Text, date, number, say, say_plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zaplecze.eventlog import EventLog, ObjectCounts
    from zaplecze.process import Paragraph
    from zaplecze.workspace import Workspace

app = typer.Typer(rich_markup_mode=None)

_SAMPLES = 3
_ROWS_SHOWN = 500

StoreArgument = Annotated[Path, typer.Argument(help=N_("Folder of a stored log."))]
SourceArgument = Annotated[
    Path, typer.Argument(help=N_("A workspace file (.toml), or one file of events."))
]


@app.callback()
def log() -> None:
    """Import, inspect and export event logs."""


@app.command("import")
@gathered
def import_(
    *,
    source: SourceArgument,
    out: Annotated[Path, typer.Option(help=N_("Folder for the stored log."))],
    data: DataOption = None,
    columns: Columns,
    as_json: JsonOption = False,
) -> None:
    """Read the sources, store the log, and say what was refused."""
    from zaplecze import eventlog

    workspace = _workspace(source, columns)
    with console.progress() as progress:
        stored = eventlog.build(workspace, data or source.parent, out, progress)
    tell_warnings(stored)
    _show(stored, as_json)


@app.command()
@gathered
def append(
    *,
    store: StoreArgument,
    source: SourceArgument,
    data: DataOption = None,
    columns: Columns,
    as_json: JsonOption = False,
) -> None:
    """Add new rows to a stored log: late and corrected events, cases that go on, new cases."""
    from zaplecze import eventlog

    workspace = _workspace(source, columns)
    with console.progress() as progress:
        stored = eventlog.append(workspace, data or source.parent, store, progress)
    tell_warnings(stored)
    _show(stored, as_json)


@app.command()
@gathered
def info(
    *,
    given: LogGiven,
    workspace: Annotated[
        Path | None, typer.Option(help=N_("Workspace file with names, departments and targets."))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """What a log holds, how complete it is, what was refused, and what can be asked of it."""
    from zaplecze import eventlog, process
    from zaplecze.workspace import load

    described = load(workspace) if workspace else None
    file, columns = given.log, given.columns
    chosen = columns.object_type is not None or columns.case is not None
    if file.is_file() and not chosen and eventlog.is_object_centric(file):
        _show_objects(file, eventlog.objects(file), as_json)
        return
    with given.stored() as stored:
        if not file.is_file():
            tell_warnings(stored)
        _show(stored, as_json, process.portrait(stored, described))


@app.command()
@gathered
def export(
    *,
    given: LogGiven,
    out: Annotated[
        Path,
        typer.Option(
            help=N_(
                "File to write: .xes, .csv, .jsonocel, .xmlocel (each also as .gz), .sqlite (OCEL) "
                "or .parquet."
            ),
        ),
    ],
) -> None:
    """Write a log to one file that other tools read."""
    from zaplecze import eventlog

    with given.stored() as stored:
        eventlog.export(stored, out)
    console.tell(say(N_("The log is in {file}."), file=str(out)))


@app.command()
@gathered
def refused(given: LogGiven, as_json: JsonOption = False) -> None:
    """Every row and value that was refused."""
    with given.stored() as stored:
        _show_rows(stored, as_json)


def _show_rows(stored: "EventLog", as_json: bool) -> None:
    """Of a person's table of refused rows the first; all of them as JSON."""
    from zaplecze.eventlog import reason_text

    rows = stored.connection.execute(
        'SELECT source, row, reason, "column", value, case_id FROM refused'
    )
    if as_json:
        keys = ("source", "row", "reason", "column", "value", "case_id")
        found = [dict(zip(keys, row, strict=True)) for row in rows.fetchall()]
        console.print_json({"refused": found})
        return
    shown = rows.fetchmany(_ROWS_SHOWN)
    if not shown:
        console.tell(say(N_("No row was refused.")))
        return
    console.print_table(
        say(N_("Refused rows and values")),
        [
            (say(N_("Source")), "left"),
            (say(N_("Row")), "right"),
            (say(N_("Column")), "left"),
            (say(N_("Value")), "left"),
            (say(N_("Case")), "left"),
            (say(N_("Reason")), "left"),
        ],
        [
            [
                _origin(stored, source),
                _cell(row),
                _cell(column),
                _cell(value),
                _cell(case),
                said(reason_text(why)),
            ]
            for source, row, why, column, value, case in shown
        ],
    )
    console.tell_of_more(sum(each.rows for each in stored.info.refused), _ROWS_SHOWN)


def _workspace(source: Path, columns: Columns) -> "Workspace":
    """The workspace in the file SOURCE, or one that reads SOURCE itself."""
    from zaplecze import eventlog
    from zaplecze.workspace import load

    if source.suffix == ".toml":
        return load(source)
    return eventlog.workspace_for(source, **asdict(columns))


def _show(stored: "EventLog", as_json: bool, portrait: "Sequence[Paragraph]" = ()) -> None:
    if as_json:
        told = {"portrait": [each.to_dict() for each in portrait]} if portrait else {}
        console.print_json(_document(stored) | told)
        return
    for paragraph in portrait:
        print(said(paragraph.title))
        for sentence in paragraph.sentences:
            print(f"  {said(sentence)}")
    _print_facts(stored)
    _print_refused(stored)


def _show_objects(file: Path, counts: "ObjectCounts", as_json: bool) -> None:
    """The objects, events and relations of an object-centric log, each counted once."""
    if as_json:
        console.print_json({"file": file.name, **counts.to_dict()})
        return
    print(
        said(
            say(
                N_(
                    "An object-centric log. How its objects depend on each other: 'zaplecze process "
                    "objects {file}'. For everything else choose one type as the cases: 'zaplecze log "
                    "import {file} --object-type {type} --out DIR'."
                ),
                file=file.name,
                type=counts.object_types[0].name if counts.object_types else "TYPE",
            )
        )
    )
    events: console.Column = (say(N_("Events")), "right")
    console.print_table(
        say(N_("Types of objects in {file}"), file=file.name),
        [
            (say(N_("Type")), "left"),
            (say(N_("Objects")), "right"),
            events,
            (say(N_("Without events")), "right"),
        ],
        [
            [each.name, *_numbers(each.objects, each.events, each.objects_without_events)]
            for each in counts.object_types
        ],
    )
    console.print_table(
        say_plural(N_("{count} event"), N_("{count} events"), counts.events),
        [(say(N_("Activity")), "left"), events],
        [[name, *_numbers(count)] for name, count in counts.event_types.items()],
    )
    if counts.together:
        console.print_table(
            say(N_("Shared events")),
            [(say(N_("Type")), "left"), (say(N_("Other type")), "left"), events],
            [[*each.types, *_numbers(each.events)] for each in counts.together],
        )
    if counts.relations:
        console.print_table(
            say(N_("Relations between objects")),
            [
                (say(N_("From type")), "left"),
                (say(N_("To type")), "left"),
                (say(N_("Relations")), "right"),
            ],
            [[each.source, each.target, *_numbers(each.relations)] for each in counts.relations],
        )


def _numbers(*values: int) -> list[str]:
    return [said(number(value)) for value in values]


def _document(stored: "EventLog") -> dict[str, Any]:
    """What `EventLog.info` holds, with the sentence that goes with every reason."""
    from zaplecze.eventlog import reason_text

    document = stored.info.to_dict()
    for rows in document["refused"]:
        rows["sentence"] = dict(reason_text(rows["reason"]))
    return document


def _print_facts(stored: "EventLog") -> None:
    info = stored.info
    facts = [
        (say(N_("Cases")), number(info.cases)),
        (say(N_("Events")), number(info.events)),
        (say(N_("Activities")), number(len(info.activities))),
        (say(N_("Departments")), number(len(info.departments))),
        (say(N_("First event")), _day(info.start, info.time_zone)),
        (say(N_("Last event")), _day(info.end, info.time_zone)),
        (say(N_("Case attributes")), Text.same(", ".join(info.attributes) or "–")),
        (say(N_("Outcomes")), Text.same(", ".join(info.outcomes) or "–")),
    ]
    facts += [
        (say(N_("Rows read from {source}"), source=_origin(stored, source)), number(rows))
        for source, rows in info.rows_read.items()
    ]
    facts += [
        (say(N_("How {source} was read"), source=source), _manner(how))
        for source, how in info.read_as.items()
    ]
    console.print_table(
        info.name,
        [(Text.same(""), "left"), (Text.same(""), "left")],
        [[said(label), said(value)] for label, value in facts],
    )


def _manner(how: dict[str, str | None]) -> Text:
    """What was found out about the form of a source."""
    times = how["time_format"] or "ISO 8601"
    if how["delimiter"] is None:
        return say(
            N_("decimal mark '{decimal}', times {times}, time zone {zone}"),
            decimal=how["decimal"] or "–", times=times, zone=how["time_zone"] or "–",
        )  # fmt: skip
    return say(
        N_(
            "delimiter '{delimiter}', encoding {encoding}, decimal mark '{decimal}', times {times}, "
            "time zone {zone}"
        ),
        delimiter=how["delimiter"].replace("\t", "\\t"), encoding=how["encoding"] or "–",
        decimal=how["decimal"] or "–", times=times, zone=how["time_zone"] or "–",
    )  # fmt: skip


def _print_refused(stored: "EventLog") -> None:
    """How many rows were refused for each reason, with the first few of them."""
    from zaplecze.eventlog import reason_text

    if not stored.info.refused:
        console.tell(say(N_("No row was refused.")))
        return
    samples = stored.connection.execute(
        'SELECT source, reason, list(row ORDER BY row)[:?], list("column" ORDER BY row)[1], '
        "list(value ORDER BY row)[1] FROM refused GROUP BY source, reason",
        [_SAMPLES],
    ).fetchall()
    by_reason = {(source, reason): rest for source, reason, *rest in samples}
    rows = []
    for each in stored.info.refused:
        first, column, value = by_reason[each.source, each.reason]
        rows.append(
            [
                _origin(stored, each.source),
                said(reason_text(each.reason)),
                said(number(each.rows)),
                ", ".join(str(row) for row in first if row is not None),
                _cell(column),
                _cell(value),
            ]
        )
    total = sum(each.rows for each in stored.info.refused)
    console.print_table(
        say_plural(N_("{count} refusal"), N_("{count} refusals"), total),
        [
            (say(N_("Source")), "left"),
            (say(N_("Reason")), "left"),
            (say(N_("Rows")), "right"),
            (say(N_("First rows")), "left"),
            (say(N_("Column")), "left"),
            (say(N_("First value")), "left"),
        ],
        rows,
    )


def _day(instant: str | None, zone: str) -> Text:
    """The day of an instant, where the company is."""
    if instant is None:
        return Text.same("–")
    return date(dt.datetime.fromisoformat(instant).astimezone(ZoneInfo(zone)))


def _origin(stored: "EventLog", source: str) -> str:
    """The name of a source, and its file."""
    file = stored.info.files.get(source)
    return f"{source} ({file})" if file else source


def _cell(value: object) -> str:
    return "" if value is None else str(value)
