"""On a real cluster everything comes out as on one machine, also when a worker dies."""

import os
import threading
import time
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from tests.cluster.data import write_company
from tests.cluster.standalone import Standalone

from zaplecze import eventlog, impact, process
from zaplecze.eventlog import EventLog
from zaplecze.eventlog.engine import VARIABLE
from zaplecze.language import Text
from zaplecze.workspace import Workspace

pytestmark = pytest.mark.cluster

EVENTS = int(os.environ.get("ZAPLECZE_CLUSTER_EVENTS", "5000000"))


def alike(found: object, expected: object) -> bool:
    """Equal but for the rounding of sums that were added up in another order."""
    if isinstance(expected, dict):
        assert isinstance(found, dict)
        return found.keys() == expected.keys() and all(alike(found[k], expected[k]) for k in found)
    if isinstance(expected, list | tuple):
        assert isinstance(found, list | tuple)
        return len(found) == len(expected) and all(map(alike, found, expected))
    if isinstance(expected, float):
        return bool(found == pytest.approx(expected, rel=1e-9))
    return bool(found == expected)


def contents(folder: Path) -> dict[str, object]:
    """What the tables of a store hold, whatever numbers the cases have: rows, and a sum of hashes."""
    with duckdb.connect() as connection:
        connection.execute("SET preserve_insertion_order = false")
        for table in ("events", "cases"):
            files = folder / table / "*.parquet"
            connection.execute(f"CREATE VIEW {table} AS FROM read_parquet('{files}')")
        tables = {
            "events": '(SELECT e.* EXCLUDE "case", case_id FROM events e JOIN cases USING ("case"))',
            "cases": '(SELECT * EXCLUDE "case" FROM cases)',
        } | {name: f"'{folder / name}.parquet'" for name in ("variants", "resources", "refused")}
        found: dict[str, object] = {}
        for name, table in tables.items():
            columns = [row[:2] for row in connection.execute(f"DESCRIBE FROM {table}").fetchall()]
            rows = connection.execute(f"SELECT count(*), sum(hash(t)::HUGEINT) FROM {table} t")
            found[name] = columns, rows.fetchall()
        numbers = 'SELECT min("case"), max("case"), count(DISTINCT "case") FROM cases'
        found["numbers"] = connection.execute(numbers).fetchall()
        return found


def assert_same_answers(log: EventLog, on_one: EventLog, workspace: Workspace) -> None:
    """Graph with starts and ends, variants and steps of LOG are those of ON_ONE."""
    assert log.cluster is not None
    assert on_one.cluster is None
    for question in (process.graph, process.variants, process.steps):
        assert alike(question(log, workspace).to_dict(), question(on_one, workspace).to_dict())


def lever_table(log: EventLog, workspace: Workspace) -> pa.Table:
    """What the levers say about every case, whatever its number."""
    return impact.levers(log, workspace).drop_columns(["case"]).sort_by("case_id")


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_file_is_imported_as_by_one_machine(
    kind: str, cluster: Standalone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = write_company(tmp_path / "data", 150_000, kind)
    on_one = eventlog.build(workspace, tmp_path / "data", tmp_path / "one")
    monkeypatch.setenv(VARIABLE, cluster.url)
    log = eventlog.build(workspace, tmp_path / "data", tmp_path / "two")
    assert log.info == on_one.info
    reasons = {row.reason for row in log.info.refused}
    assert reasons >= {"no_case", "no_activity", "end_before_start", "unreadable_time"}
    assert (kind == "csv") == ({"malformed_row", "bad_encoding"} <= reasons)
    assert contents(tmp_path / "two") == contents(tmp_path / "one")
    assert eventlog.is_store(tmp_path / "two")
    assert_same_answers(log, on_one, workspace)
    assert lever_table(log, workspace).equals(lever_table(on_one, workspace))


def test_effects_on_the_same_log_are_the_same(
    cluster: Standalone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Fifteen hundred cases are enough for effects of every kind of lever; most of the time is trees.
    workspace = write_company(tmp_path / "data", 15_000, "parquet")
    on_one = eventlog.build(workspace, tmp_path / "data", tmp_path / "log")
    monkeypatch.setenv(VARIABLE, cluster.url)
    found = impact.analyse(eventlog.open_log(tmp_path / "log"), workspace)
    expected = impact.analyse(on_one, workspace)
    assert sum(finding.effect is not None for finding in expected.findings) > 20
    assert found.findings == expected.findings


def test_what_a_cluster_cannot_read_is_imported_on_this_machine(
    cluster: Standalone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "log.csv"
    file.write_text(
        'case,activity,time,note\n1,a,2024-01-01 10:00,"two\nlines"\n', encoding="utf-8"
    )
    workspace = eventlog.workspace_for(file, case="case", activity="activity", time="time")
    monkeypatch.setenv(VARIABLE, cluster.url)
    told: list[str] = []
    log = eventlog.build(
        workspace, tmp_path, tmp_path / "log", lambda text, _: told.append(text["en"])
    )
    assert any(text.startswith("Importing on this machine. ") for text in told)
    assert [activity.name for activity in process.graph(log).activities] == ["a"]


class Killer:
    """Kills a worker when the first part of an import is there, and says when that was."""

    def __init__(self, cluster: Standalone, place: Path) -> None:
        self._cluster, self._place = cluster, place
        self._thread = threading.Thread(target=self._run)
        self.stages: list[str] = []
        self.killed = 0
        self.killed_in = ""

    def __call__(self, stage: Text, _: float) -> None:
        self.stages.append(stage["en"])
        if stage["en"] == "Ordering the events":
            self._thread.start()

    def finish(self) -> None:
        self._thread.join()

    def _run(self) -> None:
        until = time.monotonic() + 900
        while not list(self._place.glob(".unfinished-*/scratch/part-*/events")):
            if time.monotonic() > until:
                return
            time.sleep(0.05)
        self.killed = self._cluster.kill("worker0")
        self.killed_in = self.stages[-1]


def test_millions_of_events_survive_the_death_of_a_worker(
    cluster: Standalone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last test of the file: it leaves one worker of two."""
    workspace = write_company(tmp_path / "data", EVENTS, "parquet")
    on_one = eventlog.build(workspace, tmp_path / "data", tmp_path / "one")
    monkeypatch.setenv(VARIABLE, cluster.url)
    killer = Killer(cluster, tmp_path)
    log = eventlog.build(workspace, tmp_path / "data", tmp_path / "two", killer)
    killer.finish()
    # The worker, the process in which it computed, and perhaps one that this had started.
    assert killer.killed >= 2
    assert killer.killed_in == "Ordering the events"
    assert log.info == on_one.info
    assert log.info.events > 0.95 * EVENTS
    assert contents(tmp_path / "two") == contents(tmp_path / "one")
    assert_same_answers(log, on_one, workspace)
    assert lever_table(log, workspace).equals(lever_table(on_one, workspace))
