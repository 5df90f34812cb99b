"""The cases table with the new rows in it: what was known is carried on, value by value."""

from pathlib import Path

import duckdb

from zaplecze.errors import InputError
from zaplecze.eventlog import casting
from zaplecze.eventlog.blocks import table_of_cases
from zaplecze.eventlog.faults import place_of
from zaplecze.eventlog.items import Item
from zaplecze.eventlog.sources import Loaded
from zaplecze.eventlog.sql import ident, literal, stored
from zaplecze.language import N_, say
from zaplecze.workspace import Workspace

# Where both the log, o, and the new rows, d, have a value.
_CARRIED = {
    None: "o.{v}", "first": "o.{v}", "last": "d.{v}", "sum": "o.{v} + d.{v}", "count": "o.{v} + d.{v}",
    "min": "least(o.{v}, d.{v})", "max": "greatest(o.{v}, d.{v})",
    "exists": "greatest(o.{v}, d.{v})",
}  # fmt: skip


def number(connection: duckdb.DuckDBPyConnection) -> None:
    """``z.numbers``: the number in the log of every case in ``z.keys``; new ones follow the old."""
    connection.execute(
        'CREATE TABLE z.numbers AS SELECT k."case", n."case" IS NOT NULL AS is_known, '
        'coalesce(n."case", (SELECT coalesce(max("case") + 1, 0) FROM z.old_cases) + row_number() '
        'OVER (PARTITION BY n."case" IS NULL ORDER BY k."case") - 1)::UINTEGER AS number '
        "FROM z.keys k LEFT JOIN z.known n USING (case_id)"
    )


def refuse_repeats(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    sources: dict[str, Loaded],
    items: list[Item],
) -> None:
    """List new rows that give a case another value than it has, where no aggregate is chosen.

    Rows of tables that give nothing else, and nothing new, are repetitions.
    """
    groups: dict[tuple[str, str], list[Item]] = {}
    for item in items:
        if isinstance(item.on, str) and not _is_own(workspace, item):
            groups.setdefault((item.source, item.on), []).append(item)
    of_events = {block.source for block in workspace.events}
    for (name, on), members in groups.items():
        single = [(i, i.column) for i in members if i.aggregate is None and i.column]
        key = casting.text(sources[name].columns[on])
        rows = (
            f"FROM {sources[name].sql} JOIN z.known n ON n.case_id = {key} "
            'JOIN z.old_cases o ON o."case" = n."case" '
            f"WHERE NOT EXISTS (FROM z.unused u WHERE u.source = {literal(name)} AND u.row_id = s.rowid)"
        )
        insert = f"INSERT INTO z.refused SELECT {literal(name)}, s.rowid, "
        for item, column in single:
            connection.execute(
                f"{insert}'duplicate_key', {literal(column.name)}, {casting.text(column)}, {key} "
                f"{rows} AND {item.value} <> o.{ident(item.name)}"
            )
        alone = {item.name for item, _ in single}
        others = [item for item in items if item.source == name and item.name not in alone]
        if single and not others and name not in of_events:
            told = " AND ".join(
                f"({i.value}) IS NOT DISTINCT FROM o.{ident(i.name)}" for i, _ in single
            )
            connection.execute(
                f"{insert}'duplicate', {literal(on)}, {key}, {key} {rows} AND {told}"
            )


def write(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    store: Path,
    items: list[Item],
    joined: list[str],
) -> None:
    """Write the table of all cases to STORE.

    Raises `InputError` where a value of a stored case cannot be carried on.
    """
    (store / "cases").mkdir()
    _stack(connection, items, joined)
    for item in items:
        if item.aggregate in ("mean", "distinct", "mode"):
            _check_no_old(connection, item)
    values = {
        name: f"o.{ident(name)}"
        for name, *_ in connection.execute("DESCRIBE z.old_cases").fetchall()
    }
    values |= {"case": 'coalesce(d."case", o."case")', "case_id": "coalesce(d.case_id, o.case_id)"}
    for name in ("start", "end", "events", "rework", "handovers"):
        values[name] = f"CASE WHEN d.hash_a IS NULL THEN o.{ident(name)} ELSE d.{ident(name)} END"
    values["variant"] = "coalesce(v.variant, w.variant)"
    for item in items:
        values |= _carried(item, own=_is_own(workspace, item))
    columns = ", ".join(f"{value} AS {ident(name)}" for name, value in values.items())
    query = (
        f'SELECT {columns} FROM z.old_cases o FULL JOIN z.new_cases d ON d."case" = o."case" '
        "LEFT JOIN z.variants v ON v.hash_a = d.hash_a AND v.hash_b = d.hash_b "
        "LEFT JOIN z.before b ON b.variant = o.variant "
        "LEFT JOIN z.variants w ON w.hash_a = b.hash_a AND w.hash_b = b.hash_b ORDER BY 1"
    )
    connection.execute(stored(query, store / "cases" / "part-0000.parquet"))


def _is_own(workspace: Workspace, item: Item) -> bool:
    """Is ITEM a value in the cases' own table, of which a newer row replaces an older one?"""
    own = item.source == table_of_cases(workspace) and item.on == workspace.case.key
    return own and item.aggregate is None


def _stack(connection: duckdb.DuckDBPyConnection, items: list[Item], joined: list[str]) -> None:
    """``z.new_cases``: what the new rows, and the events of touched cases, say of their cases."""
    columns = []
    for item in items:
        name = ident(item.name)
        # What counts rows is zero for a new case without any.
        none = "CASE WHEN NOT n.is_known THEN 0 END" if item.counts_rows else "NULL"
        columns.append(f"coalesce({name}, {none}) AS {name}")
        if item.time is not None:
            columns.append(ident(item.name + ".time"))
    tables = "".join(f' LEFT JOIN {table} USING ("case")' for table in joined)
    connection.execute(
        'CREATE TABLE z.new_cases AS SELECT n.number AS "case", n.is_known, k.case_id, t.start, '
        't."end", coalesce(t.events, 0)::UINTEGER AS events, coalesce(t.rework, 0)::UINTEGER AS rework, '
        "coalesce(t.handovers, 0)::UINTEGER AS handovers, t.hash_a, t.hash_b"
        f"{''.join(', ' + column for column in columns)} FROM z.keys k "
        f'JOIN z.numbers n USING ("case") LEFT JOIN z.traces t USING ("case"){tables}'
    )


def _check_no_old(connection: duckdb.DuckDBPyConnection, item: Item) -> None:
    found = connection.execute(
        f"SELECT case_id FROM z.new_cases WHERE is_known AND {ident(item.name)} IS NOT NULL LIMIT 1"
    ).fetchall()
    if found:
        raise InputError(
            say(
                N_(
                    "{place}: '{aggregate}' cannot be carried on for the case '{case}' without the "
                    "rows that the log was made of. Import all rows together with 'zaplecze log "
                    "import'."
                ),
                place=place_of(*item.where, "aggregate"), aggregate=str(item.aggregate),
                case=found[0][0],
            )
        )  # fmt: skip


def _carried(item: Item, *, own: bool) -> dict[str, str]:
    """The value of ITEM, and its time, from those of the log and those of the new rows."""
    v, t = ident(item.name), ident(item.name + ".time")
    both = "d.{v}" if own else _CARRIED.get(item.aggregate, "o.{v}")
    value = f"CASE WHEN d.{v} IS NULL THEN o.{v} WHEN o.{v} IS NULL THEN d.{v} ELSE {both.format(v=v)} END"
    if item.time is None:
        return {item.name: value}
    either = f"least(o.{t}, d.{t})"
    if both in ("o.{v}", "d.{v}"):
        either = both.format(v=t)
    elif item.kind == "yes_no":
        # A yes counts from the first yes.
        either = (
            f"CASE WHEN o.{v} > d.{v} THEN o.{t} WHEN d.{v} > o.{v} THEN d.{t} ELSE {either} END"
        )
    time = f"CASE WHEN d.{v} IS NULL THEN o.{t} WHEN o.{v} IS NULL THEN d.{t} ELSE {either} END"
    return {item.name: value, item.name + ".time": time}


def write_refused(
    connection: duckdb.DuckDBPyConnection, store: Path, names: dict[str, str]
) -> None:
    """Write all refused rows, the new ones under the NAMES of their sources' new rows."""
    for name, new in names.items():
        connection.execute(
            f"UPDATE z.all_refused SET source = {literal(new)} WHERE source = {literal(name)}"
        )
    connection.execute("INSERT INTO z.all_refused FROM z.old_refused")
    query = 'SELECT * FROM z.all_refused ORDER BY source, row, reason, "column"'
    connection.execute(stored(query, store / "refused.parquet"))


def extent(
    connection: duckdb.DuckDBPyConnection, store: Path
) -> tuple[str | None, str | None, int, int]:
    """First and last instant (ISO 8601), how many events and how many cases STORE has."""
    cases = literal(str(store / "cases" / "*.parquet"))
    iso = "strftime({}, '%Y-%m-%dT%H:%M:%SZ')"
    found = connection.execute(
        f"SELECT {iso.format('min(start)')}, {iso.format('max(finish)')}, "
        "coalesce(sum(events), 0)::BIGINT, count(*) "
        f'FROM (SELECT start, "end" AS finish, events FROM read_parquet({cases}))'
    ).fetchall()
    return found[0]
