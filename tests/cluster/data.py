"""Events of an invented company in one file, with values that have to be refused."""

from pathlib import Path

import duckdb
from benchmarks.events import write_events

from zaplecze.workspace import Workspace, load

_WORKSPACE = """\
name = {{ en = "Cluster" }}
time_zone = "Europe/Warsaw"
[sources.events]
file = "{file}"
[case]
key = "case"
[[events]]
source = "events"
activity = "activity"
time = "start"
end = "end"
resource = "person"
department = "department"
attributes = ["amount", "note"]
[attributes.region]
aggregate = "first"
[attributes.size]
aggregate = "first"
[outcomes.stars]
kind = "rating"
column = "stars"
scale = [1, 5]
time = "answered"
aggregate = "last"
[outcomes.stars.price]
amount = 3
[steps."step 03"]
target_hours = 12
[steps."step 05".due]
column = "due"
aggregate = "first"
"""

_CLOCK = "strftime({} AT TIME ZONE 'Europe/Warsaw', '%Y-%m-%d %H:%M:%S.%f')"


def write_company(folder: Path, events: int, kind: str) -> Workspace:
    """About EVENTS events in one file in FOLDER, 'parquet' or 'csv', as their workspace says."""
    plain = write_events(folder / "plain", events)
    file = f"events.{kind}"
    start, end = '"start"', '"end"'
    if kind == "csv":
        start, end = _CLOCK.format(start), _CLOCK.format(end)
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"CREATE TABLE e AS SELECT row_number() OVER () AS n, * FROM '{plain}'")
        connection.execute(
            f"""
            COPY (SELECT CASE WHEN n % 40000 <> 5 THEN "case" END AS "case",
                CASE WHEN n % 30000 <> 3 THEN activity END AS activity, person, department,
                {start} AS "start",
                CASE WHEN n % 70000 = 9 THEN {start.replace('"start"', '("start" - INTERVAL 3 DAY)')}
                     ELSE {end} END AS "end",
                (n % 977) / 4 AS amount,
                CASE WHEN n % 911 = 1 THEN 'złoty, "x"' ELSE (n % 50)::VARCHAR END AS note,
                'region ' || (h % 7) AS region, (h % 100)::VARCHAR AS size,
                CASE WHEN n % 60000 = 11 THEN '9' WHEN h % 3 = 0 THEN (1 + h // 7 % 5)::VARCHAR END
                    AS stars,
                CASE WHEN h % 3 = 0 THEN '2030-06-01 12:00:00' END AS answered,
                CASE WHEN n % 50000 = 13 THEN 'soon' ELSE '2024-03-31 02:30' END AS due
            FROM (SELECT *, hash("case") AS h FROM e) ORDER BY n) TO '{folder / file}'
            """
        )
    if kind == "csv":
        _spoil(folder / file)
    described = folder / "zaplecze.toml"
    described.write_text(_WORKSPACE.format(file=file), encoding="utf-8")
    return load(described)


def _spoil(file: Path) -> None:
    """A line of another form, an empty one, and one that is not UTF-8."""
    lines = file.read_bytes().split(b"\n")
    lines.insert(len(lines) // 2, b"broken,line")
    lines.insert(len(lines) // 3, b"")
    lines.insert(len(lines) // 4, b"case 1,step 03,p\xff,d,2025-01-01 10:00:00,,1,,r,1,,,")
    file.write_bytes(b"\n".join(lines))
