"""A log as a filter shows it: the same tables, fewer cases, fewer steps."""

import datetime as dt
import tempfile
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
from numpy.typing import NDArray

from zaplecze.eventlog import EventLog
from zaplecze.eventlog.arrow import integers
from zaplecze.language import N_, Text, date, say
from zaplecze.process.filters import Filter
from zaplecze.process.lookup import Names
from zaplecze.process.relink import leave_out
from zaplecze.workspace import Workspace


@dataclass(frozen=True, repr=False)
class FilteredLog(EventLog):
    """What `filtered` gives: every question that takes a log takes it; close it to be rid of it.

    ``kept`` says by number which cases of the stored events belong to it. Where events are left out,
    ``whole`` has the same cases with all their events.
    """

    filter: Filter
    kept: NDArray[np.bool_] = field(repr=False)
    opened: duckdb.DuckDBPyConnection = field(repr=False)
    scratch: "tempfile.TemporaryDirectory[str] | None" = field(default=None, repr=False)
    whole: "FilteredLog | None" = field(default=None, repr=False)

    @cached_property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """A private DuckDB whose views hold what the filter leaves."""
        return self.opened

    def close(self) -> None:
        """Let go of files; a filtered log cannot be used again afterwards."""
        self.opened.close()
        if self.scratch is not None:
            self.scratch.cleanup()


def filtered(log: EventLog, chosen: Filter) -> EventLog:
    """LOG as CHOSEN shows it; LOG itself where it says nothing.

    A condition on cases costs one look at the cases table, and later questions little more than
    without it. Leaving steps out writes the remaining events, with their new neighbours, to a
    temporary folder. Raises `InputError` for names that LOG does not have, and `ValueError` where
    LOG is filtered already.
    """
    if isinstance(log, FilteredLog):
        raise ValueError("this log is filtered already: join the two filters")
    if not chosen:
        return log
    conditions = [f"({condition.sql(Names(log))})" for condition in chosen.conditions]
    steps = _steps_shown(log, chosen)
    connection = EventLog(log.folder, log.info).connection
    for view in ("events", "cases", "variants"):
        connection.execute(f"ALTER VIEW {view} RENAME TO all_{view}")
    connection.execute(
        f'CREATE TABLE kept AS SELECT "case" FROM all_cases WHERE {" AND ".join(conditions) or "true"}'
    )
    kept = _kept(connection)
    whole = FilteredLog(log.folder, log.info, chosen, kept, connection)
    if steps is None:
        _views(connection)
        return _counted(whole)
    scratch = tempfile.TemporaryDirectory(prefix="zaplecze-")
    folder = Path(scratch.name)
    leave_out(connection, log.folder, kept, steps, folder)
    every = np.ones_like(kept)
    return _counted(FilteredLog(folder, log.info, chosen, every, connection, scratch, whole))


def filters_of(log: EventLog, workspace: Workspace | None = None) -> list[Text]:
    """The filters in force in LOG, as sentences; none in a log that is not filtered.

    Where they leave nothing, another sentence says so.
    """
    if not isinstance(log, FilteredLog):
        return []
    return [*log.filter.words(workspace), *_nothing_left(log)]


def _nothing_left(log: FilteredLog) -> list[Text]:
    """That no case is left, and when the cases of the whole log were, by the clock of its zone."""
    if log.info.cases:
        return []
    instants = log.opened.execute(
        'SELECT epoch_us(min(start)), epoch_us(max("end")) FROM all_cases'
    ).fetchall()[0]
    if None in instants:
        return []
    zone = ZoneInfo(log.info.time_zone)
    first, last = (date(dt.datetime.fromtimestamp(each / 1e6, zone)) for each in instants)
    message = N_("No case is left. The whole log goes from {first} to {last}.")
    return [say(message, first=first, last=last)]


def _steps_shown(log: EventLog, chosen: Filter) -> list[int] | None:
    """The codes of the steps that remain; None where no events are left out."""
    if not chosen.drops_events:
        return None
    names = Names(log)
    every = log.activities if chosen.only is None else chosen.only
    hidden = {names.step(step) for step in chosen.hidden}
    return sorted({names.step(step) for step in every} - hidden)


def _kept(connection: duckdb.DuckDBPyConnection) -> NDArray[np.bool_]:
    (last,) = connection.execute('SELECT max("case") FROM all_cases').fetchall()[0]
    kept = np.zeros(0 if last is None else last + 1, dtype=bool)
    kept[integers(connection.execute('SELECT "case" FROM kept').to_arrow_table().column(0))] = True
    return kept


def _views(connection: duckdb.DuckDBPyConnection) -> None:
    for table in ("events", "cases"):
        connection.execute(
            f"CREATE VIEW {table} AS SELECT * FROM all_{table} "
            'WHERE "case" IN (SELECT "case" FROM kept)'
        )
    connection.execute(
        "CREATE TABLE variants AS SELECT v.variant, v.activities, n.cases FROM all_variants v "
        "JOIN (SELECT variant, count(*) AS cases FROM cases GROUP BY variant) n "
        "ON n.variant = v.variant ORDER BY n.cases DESC, v.variant"
    )


def _counted(view: FilteredLog) -> FilteredLog:
    """VIEW with the figures of what remains."""
    iso = "strftime({}, '%Y-%m-%dT%H:%M:%SZ')"
    (cases,) = view.opened.execute("SELECT count(*) FROM cases").fetchall()[0]
    events, start, end = view.opened.execute(
        f"SELECT count(*), {iso.format('min(start)')}, {iso.format('max(finish)')} "
        'FROM (SELECT start, "end" AS finish FROM events)'
    ).fetchall()[0]
    # A filter chooses cases; which objects these have to do with is another question.
    found = {"cases": cases, "events": events, "start": start, "end": end, "objects": {}}
    return replace(view, info=replace(view.info, **found))
