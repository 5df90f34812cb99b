"""New rows come to a stored event log without what is there being read from its sources again.

The log that comes out is the one that an import of all rows together would give, but that cases and
names keep their numbers and new ones follow. Cases that the new rows speak of are made anew from their
stored and their new events; only the files of events that hold such cases are written again.
"""

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import duckdb

from zaplecze import placing
from zaplecze.errors import InputError
from zaplecze.eventlog.appending import cases, earlier, parts
from zaplecze.eventlog.blocks import Line, lines_of
from zaplecze.eventlog.coding import code_names, no_cases, refuse_cases
from zaplecze.eventlog.given import faults_named
from zaplecze.eventlog.importer import engine, info_of, keep_rejects
from zaplecze.eventlog.items import Item, items_of
from zaplecze.eventlog.joins import join_all
from zaplecze.eventlog.neighbours import insert_sequences, write_events
from zaplecze.eventlog.settling import settled
from zaplecze.eventlog.sources import Loaded, load_all
from zaplecze.eventlog.staging import stage
from zaplecze.eventlog.store import (
    EventLog,
    LogInfo,
    RefusedRows,
    check_replaceable,
    open_log,
)  # fmt: skip
from zaplecze.eventlog.write import write_refused, write_variants
from zaplecze.language import N_, Text, say
from zaplecze.progress import Progress, silent
from zaplecze.workspace import Workspace


def append(workspace: Workspace, data: Path, folder: Path, progress: Progress = silent) -> EventLog:
    """Add the rows that the sources of WORKSPACE hold in DATA to the log in FOLDER.

    The sources hold new rows only; a file that is missing in DATA has none. Events that the log has
    already are refused as duplicates; one whose identifier the log has takes the place of that one. A
    row of the cases' own table replaces what it gives values for; other values are carried on as
    their aggregate says. The old log stays until the new one is whole. Raises `InputError` where
    the rows do not fit the log, or cannot be added to it without the rows that it was made of.
    """
    place = folder.resolve()
    check_replaceable(folder)
    old = open_log(folder)
    old.close()
    before = (folder / "log.json").read_bytes()
    with placing.room_in(place.parent) as room:
        for each in ("store", "scratch", "touched"):
            (room / each).mkdir()
        _link(place, room / "before")
        with faults_named(workspace), engine(data, room) as connection:
            _Appending(connection, workspace, old.info, room).run(data, progress)
        check_replaceable(folder)
        if (folder / "log.json").read_bytes() != before:
            raise _changed(folder)
        placing.put_in_place(room / "store", place, room)
    progress(say(N_("The event log is ready")), 1.0)
    return open_log(folder)


def _link(place: Path, copy: Path) -> None:
    """The files of the store under another name: they are never written to, only replaced."""
    try:
        shutil.copytree(place, copy, copy_function=os.link)
    except (OSError, shutil.Error):
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(place, copy)


def _changed(folder: Path) -> InputError:
    return InputError(
        say(
            N_(
                "{folder}: somebody else has changed the log while rows were added to it, so nothing "
                "was added. Add them again."
            ),
            folder=str(folder),
        )
    )


class _Appending:
    """One run: the connection, the old log in ``room/before`` and the new one in ``room/store``."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, workspace: Workspace, old: LogInfo, room: Path
    ) -> None:
        self._connection = connection
        self._workspace = workspace
        self._old = old
        self._room = room

    def run(self, data: Path, progress: Progress) -> None:
        """Write the new store."""
        earlier.look(self._connection, self._room / "before", self._old)
        sources = self._load(data, progress)
        items = items_of(self._connection, self._workspace, sources)
        lines = lines_of(self._workspace, sources)
        earlier.check_can_go_on(self._connection, self._old, self._workspace, lines, items)
        progress(say(N_("Reading the events")), 0.5)
        attributes = self._stage(sources, lines, items)
        for share in write_events(self._connection, self._room / "touched/events", attributes):
            progress(say(N_("Ordering the events")), 0.5 + 0.2 * share)
        self._number(sources)
        joined = join_all(self._connection, self._workspace, sources, items)
        # Tables in which values are looked up are read for new cases only.
        self._connection.execute("DELETE FROM z.refused WHERE reason = 'unreferenced'")
        cases.refuse_repeats(self._connection, self._workspace, sources, items)
        progress(say(N_("Writing the cases")), 0.7)
        self._write_cases(items, joined)
        progress(say(N_("Ordering the events")), 0.8)
        parts.write(self._connection, self._room, attributes)
        self._write_info(sources, items)

    def _load(self, data: Path, progress: Progress) -> dict[str, Loaded]:
        present, absent = earlier.present_and_absent(self._workspace, data)
        here = self._workspace.model_copy(update={"sources": present})
        connection, scratch = self._connection, self._room / "scratch"
        sources = load_all(connection, here, data, scratch, progress)
        sources |= {
            name: earlier.without_rows(connection, self._workspace, name, data) for name in absent
        }
        keep_rejects(connection, sources)
        self._workspace = settled(connection, self._workspace, sources)
        return earlier.as_parts(connection, self._workspace, sources, self._old)

    def _stage(self, sources: dict[str, Loaded], lines: list[Line], items: list[Item]) -> list[str]:
        """Fill ``z.events`` with the new events and the stored ones of the same cases."""
        connection = self._connection
        earlier.name_cases(connection, self._workspace, sources, lines, items)
        attributes = stage(
            connection, self._workspace, sources, lines, 'SELECT "case", case_id FROM z.known'
        )
        attributes = earlier.fit_attributes(connection, attributes)
        earlier.bring_names(connection)
        earlier.bring_events(connection, self._workspace, lines, attributes)
        code_names(connection)
        earlier.keep_codes(connection)
        return attributes

    def _number(self, sources: dict[str, Loaded]) -> None:
        """``z.keys`` as an import makes them, with the known cases that have no new events behind."""
        connection = self._connection
        if self._workspace.events:
            connection.execute(
                'CREATE TABLE z.keys AS SELECT t."case", k.case_id, k.row_id FROM z.traces t '
                'JOIN z.all_keys k ON k."case" = t.provisional'
            )
            connection.execute(
                "INSERT INTO z.keys SELECT (SELECT count(*) FROM z.traces) + row_number() OVER () - 1, "
                "case_id, k.row_id FROM z.all_keys k SEMI JOIN z.known USING (case_id) "
                "ANTI JOIN z.keys USING (case_id)"
            )
        else:
            connection.execute("CREATE TABLE z.keys AS FROM z.all_keys")
        if self._workspace.case.source in sources:
            refuse_cases(connection, self._workspace, sources[str(self._workspace.case.source)])
        if not connection.execute("FROM z.keys LIMIT 1").fetchall():
            raise no_cases(connection, self._workspace, sources)
        cases.number(connection)

    def _write_cases(self, items: list[Item], joined: list[str]) -> None:
        connection, store = self._connection, self._room / "store"
        variants = connection.execute("FROM z.old_variants ORDER BY variant").to_arrow_table()
        insert_sequences(connection, variants)
        counts = (
            "SELECT hash_a, hash_b, 1 AS cases FROM z.traces UNION ALL "
            "SELECT hash_a, hash_b, cases FROM z.before UNION ALL "
            "SELECT hash_a, hash_b, -1 FROM z.before JOIN z.old_cases USING (variant) SEMI JOIN "
            '(SELECT number FROM z.numbers JOIN z.traces USING ("case")) ON number = old_cases."case"'
        )
        write_variants(connection, store, counts)
        cases.write(connection, self._workspace, store, items, joined)

    def _write_info(self, sources: dict[str, Loaded], items: list[Item]) -> None:
        """``log.json`` and the refused rows; every source's new rows are listed under a new name."""
        connection, store, old = self._connection, self._room / "store", self._old
        write_refused(connection, self._room / "touched")
        new = info_of(connection, self._workspace, sources, items)
        names = {name: _numbered(name, old) for name in sources}
        cases.write_refused(connection, store, names)
        counts = connection.execute(
            "SELECT source, reason, count(*) FROM z.all_refused GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        first, last, events, count = cases.extent(connection, store)
        info = replace(
            old,
            cases=count,
            events=events,
            start=first,
            end=last,
            activities=new.activities,
            departments=new.departments,
            rows_read=old.rows_read | {names[n]: rows for n, rows in new.rows_read.items()},
            files=old.files | {names[n]: file for n, file in new.files.items() if n in names},
            read_as=old.read_as | {names[n]: how for n, how in new.read_as.items() if n in names},
            refused=[RefusedRows(*row) for row in counts],
            warnings=_together(old.warnings, new.warnings),
        )
        text = json.dumps(info.to_dict(), ensure_ascii=False, indent=1)
        (store / "log.json").write_text(text + "\n", encoding="utf-8")


def _numbered(name: str, old: LogInfo) -> str:
    """What the new rows of the source NAME are called: ``name+1`` the first time, and so on."""
    number = 1
    while f"{name}+{number}" in old.rows_read:
        number += 1
    return f"{name}+{number}"


def _together(old: list[Text], new: list[Text]) -> list[Text]:
    return old + [text for text in new if text not in old]
