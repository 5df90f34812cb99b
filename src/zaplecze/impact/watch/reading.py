"""A plain file of times and values as a measure."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal
from zoneinfo import ZoneInfo

import duckdb
import numpy as np

from zaplecze.errors import InputError
from zaplecze.eventlog import casting
from zaplecze.eventlog.sources import Loaded, load_all
from zaplecze.eventlog.sql import literal
from zaplecze.impact import zones
from zaplecze.impact.watch.board import Board, holidays, watch_board
from zaplecze.impact.watch.families import Kind
from zaplecze.impact.watch.measures import Measure, Segmentation
from zaplecze.impact.watch.repeats import without_repeats
from zaplecze.impact.watch.result import Unit, Watch
from zaplecze.impact.watch.seasons import Period
from zaplecze.impact.watch.series import Window
from zaplecze.language import N_, Text, say, say_plural
from zaplecze.progress import Progress, silent
from zaplecze.workspace import Attribute, CaseTable, Source, Workspace

KINDS: tuple[Kind, ...] = ("count", "share", "mean", "wait")
_UNITS: dict[Kind, Unit] = {"count": "number", "share": "share", "mean": "value", "wait": "seconds"}
_DATES = ["%d.%m.%Y", "%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%Y-%m", "%d/%m/%Y"]
_SOURCE = "file"
_MOSTLY = 0.5
_MONTHLY_DAYS = 27
_EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True)
class Columns:
    """Which columns of a file hold what."""

    time: str
    value: str
    segment: str | None = None
    offset: str | None = None


def watch_file(
    file: Path,
    *,
    time: str,
    value: str,
    now: dt.datetime,
    segment: str | None = None,
    offset: str | None = None,
    kind: Kind | None = None,
    better: Literal["higher", "lower"] | None = None,
    false_alarms_per_year: float = 1.0,
    country: str | None = None,
    time_zone: str = "UTC",
    progress: Progress = silent,
) -> Watch:
    """Watch the column VALUE of FILE over the column TIME.

    A row is one observation, or one period (and SEGMENT) that was counted already. KIND says what
    the values are; where it is not given, yes and no make a share, whole numbers a period a count,
    and anything else a mean. OFFSET is the exposure of a count (orders, inhabitants) or the number
    behind a share. Waits are in seconds. Rows that cannot be read, or lie after NOW, are left out
    and named. Raises `InputError` for columns that are not there, times with and without zone in
    one column, files of which most rows cannot be read, and what `watch` refuses.
    """
    zone = zones.time_zone(time_zone)
    columns = Columns(time, value, segment, offset)
    with duckdb.connect() as connection, TemporaryDirectory() as scratch:
        connection.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")
        loaded = _loaded(connection, file, columns, time_zone, Path(scratch), progress)
        notes = _read(connection, loaded, columns, now.astimezone(zone).date(), zone, kind)
        notes += without_repeats(connection, kind)
        chosen = kind or _kind(connection, offset is not None)
        measure = _measure(connection, columns, chosen, better)
        window = _window(connection, measure, tuple(notes) + _kind_note(kind, chosen))
        board = Board(
            Text.same(file.name),
            connection,
            [measure],
            window,
            country,
            set(holidays(country, window)),
            "",
            _spacing(connection),
        )
        return watch_board(board, now, false_alarms_per_year, progress)


def _loaded(
    connection: duckdb.DuckDBPyConnection,
    file: Path,
    columns: Columns,
    time_zone: str,
    scratch: Path,
    progress: Progress,
) -> Loaded:
    """The file as a table, its columns checked."""
    wanted = [columns.time, columns.value, columns.segment, columns.offset]
    workspace = Workspace(
        name=Text.same(file.name),
        time_zone=time_zone,
        sources={_SOURCE: Source(file=file.name)},
        case=CaseTable(key=columns.time, source=_SOURCE),
        attributes={
            f"column{i}": Attribute(column=name)
            for i, name in enumerate(wanted)
            if name is not None
        },
    )
    loaded = load_all(connection, workspace, file.parent, scratch, progress)[_SOURCE]
    for option, name in zip(("--time", "--value", "--segment", "--offset"), wanted, strict=True):
        if name is not None and name not in loaded.columns:
            raise InputError(
                say(
                    N_("{option}: the file '{file}' has no column '{column}'. Its columns are: {columns}."),
                    option=option, file=file.name, column=name, columns=", ".join(loaded.known),
                )
            )  # fmt: skip
    return loaded


def _read(
    connection: duckdb.DuckDBPyConnection,
    loaded: Loaded,
    columns: Columns,
    today: dt.date,
    zone: ZoneInfo,
    kind: Kind | None,
) -> list[Text]:
    """Make the table ``z_rows`` (day, value, weight, level, clock); sentences about rows left out."""
    _refuse_mixed_zones(connection, loaded, columns.time)
    moment = _moment(loaded, columns.time)
    number = _number(connection, loaded, columns.value, kind)
    weight = casting.number(loaded.columns[columns.offset]) if columns.offset else "1::DOUBLE"
    level = casting.text(loaded.columns[columns.segment]) if columns.segment else "NULL::VARCHAR"
    raw_time = loaded.columns[columns.time]
    local = f"timezone('{zone.key}', timezone('UTC', {moment}))"
    connection.execute(
        f"CREATE TABLE z_read AS SELECT s.rowid + 1 AS row, {casting.text(raw_time)} AS raw_time, "
        f"{casting.text(loaded.columns[columns.value])} AS raw_value, {local} AS moment, "
        f"({number})::DOUBLE AS value, ({weight})::DOUBLE AS weight, {level} AS level FROM {loaded.sql}"
    )
    connection.execute(
        "CREATE TABLE z_judged AS SELECT *, CASE "
        "WHEN moment IS NULL THEN 'time' WHEN moment::DATE >= ? THEN 'future' "
        "WHEN raw_value IS NULL THEN 'missing' "
        "WHEN value IS NULL OR NOT isfinite(value) THEN 'value' "
        "WHEN weight IS NULL OR NOT weight > 0 THEN 'weight' END AS fault FROM z_read",
        [today],
    )
    connection.execute(
        "CREATE TABLE z_rows AS SELECT datediff('day', DATE '1970-01-01', moment::DATE) AS day, "
        "value, weight, level, moment::TIME <> TIME '00:00:00' AS clock "
        "FROM z_judged WHERE fault IS NULL"
    )
    return _left_out(connection, columns, len(loaded.rejects))


def _moment(loaded: Loaded, name: str) -> str:
    """The time in UTC, without a zone; also of dates as they are written in Poland and Ukraine."""
    column = loaded.columns[name]
    usual = casting.time(column)
    if column.is_time:
        return usual
    formats = "[" + ", ".join(f"'{each}'" for each in _DATES) + "]"
    naive = f"try_strptime({casting.text(column)}, {formats})"
    return f"coalesce({usual}, timezone('UTC', timezone('{column.time_zone}', {naive})))"


def _number(
    connection: duckdb.DuckDBPyConnection, loaded: Loaded, name: str, kind: Kind | None
) -> str:
    """The value as a number, or 1 and 0 where the column says yes and no."""
    column = loaded.columns[name]
    as_number, as_yes = casting.number(column), casting.yes_no(column, None)
    if kind in ("count", "mean", "wait"):
        return as_number
    (numbers, answers) = connection.execute(
        f"SELECT count({as_number}), count({as_yes}) FROM {loaded.sql}"
    ).fetchall()[0]
    return as_yes if answers > numbers else as_number


def _refuse_mixed_zones(connection: duckdb.DuckDBPyConnection, loaded: Loaded, name: str) -> None:
    column = loaded.columns[name]
    if column.is_time:
        return
    raw = casting.text(column)
    zoned = f"regexp_matches({raw}, {literal(zones.CARRIED)})"
    plain = rf"regexp_matches({raw}, ':\d\d(\.\d+)?$')"
    with_zone, without = connection.execute(
        f"SELECT min(s.rowid) FILTER ({zoned}) + 1, "
        f"min(s.rowid) FILTER ({plain} AND NOT {zoned}) + 1 FROM {loaded.sql}"
    ).fetchall()[0]
    if with_zone is not None and without is not None:
        raise InputError(
            say(
                N_("--time {column}: some times carry a zone (row {zoned}) and some do not (row {plain}), so that they cannot be put in order. Write all of them with a zone, or none."),
                column=name, zoned=with_zone, plain=without,
            )
        )  # fmt: skip


def _fault_text(fault: str, count: int, row: int, value: str) -> Text:
    """What is wrong with COUNT rows, the first of which is ROW, and what to do."""
    match fault:
        case "time":
            return say_plural(
                N_("{count} row has no readable time, the first is row {row} ('{value}'). Write times like 2026-05-03 or 2026-05-03 14:30."),
                N_("{count} rows have no readable time, the first is row {row} ('{value}'). Write times like 2026-05-03 or 2026-05-03 14:30."),
                count, row=row, value=value,
            )  # fmt: skip
        case "future":
            return say_plural(
                N_("{count} row is dated today or later, the first is row {row} ('{value}'). It is not judged; check the date."),
                N_("{count} rows are dated today or later, the first is row {row} ('{value}'). They are not judged; check the dates."),
                count, row=row, value=value,
            )  # fmt: skip
        case "missing":
            return say_plural(
                N_("{count} row has no value, the first is row {row}. Fill it in, or leave the row out."),
                N_("{count} rows have no value, the first is row {row}. Fill them in, or leave the rows out."),
                count, row=row,
            )  # fmt: skip
        case "value":
            return say_plural(
                N_("{count} row has no readable value, the first is row {row} ('{value}'). Write a number like 12.5, or yes and no."),
                N_("{count} rows have no readable value, the first is row {row} ('{value}'). Write numbers like 12.5, or yes and no."),
                count, row=row, value=value,
            )  # fmt: skip
    return say_plural(
        N_("{count} row has no offset above zero, the first is row {row}. Fill it in, or leave the row out."),
        N_("{count} rows have no offset above zero, the first is row {row}. Fill them in, or leave the rows out."),
        count, row=row,
    )  # fmt: skip


def _left_out(
    connection: duckdb.DuckDBPyConnection, columns: Columns, malformed: int
) -> list[Text]:
    """A sentence for every reason why rows were left out; an error when that is most of them."""
    rows = connection.execute(
        "SELECT fault, count(*), min(row), "
        "arg_min(CASE WHEN fault IN ('time', 'future') THEN raw_time ELSE raw_value END, row) "
        "FROM z_judged WHERE fault IS NOT NULL GROUP BY fault ORDER BY fault"
    ).fetchall()
    notes = [
        _fault_text(fault, count, row, str(value)[:40] if value else "")
        for fault, count, row, value in rows
    ]
    if malformed:
        notes.append(
            say_plural(
                N_("{count} row does not have the columns of the others. Mend it."),
                N_("{count} rows do not have the columns of the others. Mend them."),
                malformed,
            )
        )
    (total, good) = connection.execute(
        "SELECT (SELECT count(*) FROM z_judged), (SELECT count(*) FROM z_rows)"
    ).fetchall()[0]
    if good == 0 or good < _MOSTLY * total:
        raise InputError(
            say(
                N_("--time {time} --value {value}: most rows cannot be used. {why}"),
                time=columns.time,
                value=columns.value,
                why=notes[0] if notes else say(N_("The file has no rows. Export it again.")),
            )
        )
    return notes


def _kind(connection: duckdb.DuckDBPyConnection, has_offset: bool) -> Kind:
    """What the values most likely are."""
    (rows, periods, whole, binary) = connection.execute(
        "SELECT count(*), count(DISTINCT (day, level)), "
        "bool_and(value >= 0 AND value = round(value)), bool_and(value IN (0, 1)) FROM z_rows"
    ).fetchall()[0]
    if binary and rows > periods:
        return "share"
    return "count" if whole and (rows == periods or has_offset) else "mean"


def _kind_note(given: Kind | None, chosen: Kind) -> tuple[Text, ...]:
    if given is not None:
        return ()
    words: dict[Kind, str] = {
        "count": N_("The values are taken as counts. If they are something else, say so with --kind."),
        "share": N_("The values are taken as yes and no, watched as a share. If they are something else, say so with --kind."),
        "mean": N_("The values are taken as measurements, watched by their mean. If they are something else, say so with --kind."),
    }  # fmt: skip
    return (say(words[chosen]),)


def _measure(
    connection: duckdb.DuckDBPyConnection,
    columns: Columns,
    kind: Kind,
    better: Literal["higher", "lower"] | None,
) -> Measure:
    if kind == "count":
        (wrong,) = connection.execute(
            "SELECT count(*) FROM z_rows WHERE value < 0 OR value <> round(value)"
        ).fetchall()[0]
        if wrong:
            raise InputError(
                say(
                    N_("--kind count: the column '{column}' has negative or broken numbers. Counts are whole; take --kind mean."),
                    column=columns.value,
                )
            )  # fmt: skip
    if kind == "share":
        (low, high) = connection.execute("SELECT min(value), max(value / weight) FROM z_rows").fetchall()[0]  # fmt: skip
        if low < 0 or high > 1:
            raise InputError(
                say(
                    N_("--kind share: the column '{column}' has values that are neither yes nor no, nor at most the offset. Take --kind mean, or give --offset with the number behind each share."),
                    column=columns.value,
                )
            )  # fmt: skip
    rows = "SELECT day, value, weight, NULL::DOUBLE AS lag FROM z_rows"
    ways: tuple[Segmentation, ...] = ()
    if columns.segment is not None:
        ways = (
            Segmentation(
                columns.segment,
                Text.same(columns.segment),
                "SELECT day, value, weight, level FROM z_rows",
            ),
        )
    label = Text.same(columns.value)
    unit: Unit = _UNITS[kind]
    if kind == "count" and columns.offset is not None:
        unit = "rate"
    return Measure(
        columns.value, label, kind, unit, better, rows, ways,
        exposed=columns.offset is not None, counted=_counted(connection),
    )  # fmt: skip


def _counted(connection: duckdb.DuckDBPyConnection) -> bool:
    """Is there one row a day and segment, so that a day without one is a gap and not a zero?"""
    (rows, periods) = connection.execute(
        "SELECT count(*), count(DISTINCT (day, level)) FROM z_rows"
    ).fetchall()[0]
    return bool(rows == periods)


def _spacing(connection: duckdb.DuckDBPyConnection) -> Period:
    """How far apart the values are."""
    days = np.array(
        [day for (day,) in connection.execute("SELECT DISTINCT day FROM z_rows ORDER BY 1").fetchall()]
    )  # fmt: skip
    if len(days) < 2:
        return "day"
    usual = float(np.median(np.diff(days)))
    return "month" if usual >= _MONTHLY_DAYS else "week" if usual == 7 else "day"


def _window(
    connection: duckdb.DuckDBPyConnection, measure: Measure, notes: tuple[Text, ...]
) -> Window:
    """All days; the last one only where the file has dates without a time of day."""
    (first, last, clock) = connection.execute(
        "SELECT min(day), max(day), bool_or(clock) FROM z_rows"
    ).fetchall()[0]
    spacing = _spacing(connection)
    if spacing == "day":
        last -= int(clock)
    elif spacing == "week":
        last += 6
    return Window(int(first), int(last), int(last), notes)
