"""Files of events: those that hold touched cases are written anew, the others stay as they are."""

from collections.abc import Iterator
from pathlib import Path

import duckdb

from zaplecze.eventlog.neighbours import EVENTS_A_PART
from zaplecze.eventlog.sql import ident, literal, stored

_OWN = (
    "case", "activity", "resource", "department", "start", "end", "position", "next_activity",
    "wait_seconds",
)  # fmt: skip


def write(connection: duckdb.DuckDBPyConnection, room: Path, attributes: list[str]) -> None:
    """Fill ``store/events`` in ROOM from ``before/events`` and the cases in ``touched/events``."""
    old, new = room / "before" / "events", room / "store" / "events"
    new.mkdir()
    names = ", ".join(f"e.{ident(name)}" for name in (*_OWN[1:], *attributes))
    touched = literal(str(room / "touched" / "events" / "*.parquet"))
    connection.execute(
        f'CREATE VIEW z.touched AS SELECT n.number AS "case", {names} '
        f'FROM read_parquet({touched}) e JOIN z.numbers n USING ("case")'
    )
    # Cases without events of their own stay where they are.
    connection.execute(
        "CREATE TABLE z.moved AS SELECT number, is_known, events FROM z.numbers "
        'JOIN z.traces USING ("case") ORDER BY number'
    )
    files = sorted(old.glob("*.parquet"))
    changed = {
        Path(file).name
        for (file,) in connection.execute(
            f"SELECT DISTINCT filename FROM read_parquet({literal(str(old / '*.parquet'))}, "
            'filename = true) SEMI JOIN z.moved ON number = "case"'
        ).fetchall()
    }
    ranges = list(_new_ranges(connection, _rows(connection, files[-1])))
    for file in files:
        # The last file takes new cases while there is room in it.
        more = ranges.pop(0) if file == files[-1] else (0, 0)
        if file.name in changed or more[0] < more[1]:
            _rewrite(connection, file, new / file.name, more)
        else:
            file.rename(new / file.name)
    for number, (first, end) in enumerate(ranges, len(files)):
        query = f'FROM z.touched WHERE "case" >= {first} AND "case" < {end}'
        _copy(connection, f'{query} ORDER BY "case", position', new / f"part-{number:04}.parquet")


def _rows(connection: duckdb.DuckDBPyConnection, file: Path) -> int:
    (rows,) = connection.execute(
        f"SELECT count(*) FROM read_parquet({literal(str(file))})"
    ).fetchall()[0]
    return int(rows)


def _new_ranges(connection: duckdb.DuckDBPyConnection, taken: int) -> Iterator[tuple[int, int]]:
    """First and last number (not included) of new cases for the last file, and for each one more."""
    new = connection.execute(
        "SELECT number, events FROM z.moved WHERE NOT is_known ORDER BY number"
    ).fetchall()
    first = end = new[0][0] if new else 0
    for number, events in new:
        if taken and taken + events > EVENTS_A_PART:
            yield first, number
            first, taken = number, 0
        taken, end = taken + events, number + 1
    yield first, end


def _rewrite(
    connection: duckdb.DuckDBPyConnection, file: Path, place: Path, more: tuple[int, int]
) -> None:
    """Write FILE to PLACE with its touched cases as they are now, and the new cases MORE."""
    before = f"read_parquet({literal(str(file))})"
    here = f'SELECT number FROM z.moved SEMI JOIN {before} b ON b."case" = number'
    _copy(
        connection,
        f'SELECT * FROM {before} WHERE "case" NOT IN ({here}) UNION ALL BY NAME '
        f'SELECT * FROM z.touched WHERE "case" IN ({here}) OR ("case" >= {more[0]} AND '
        f'"case" < {more[1]}) ORDER BY "case", position',
        place,
    )


def _copy(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    connection.execute(stored(query, path))
