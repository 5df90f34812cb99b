"""Small logs, written as the store is documented, and what they show, counted the naive way."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from zaplecze.eventlog import EventLog, open_log
from zaplecze.language import Text
from zaplecze.process import Activity, Edge, ProcessGraph, Spread, Terminal

EPOCH = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)
INSTANT = pa.timestamp("us", tz="UTC")


Facts = dict[str, tuple[str, dict[str, object]]]


@dataclass(frozen=True)
class Event:
    """One event; times in seconds since the start of the test's world."""

    case: str
    activity: str
    start: float
    end: float | None = None
    department: str | None = None
    resource: str | None = None

    @property
    def finish(self) -> float:
        return self.start if self.end is None else self.end


def instant(seconds: float | None) -> dt.datetime | None:
    return None if seconds is None else EPOCH + dt.timedelta(seconds=seconds)


def traces_of(events: Iterable[Event]) -> dict[str, list[Event]]:
    """The events of each case in order of time; ties keep the order given."""
    traces: dict[str, list[Event]] = {}
    for event in events:
        traces.setdefault(event.case, []).append(event)
    return {case: sorted(trace, key=lambda e: e.start) for case, trace in traces.items()}


@pytest.fixture
def make_log(tmp_path_factory):
    """Writes a store.

    make_log(events, due={activity: {case: seconds}}, idle=cases without any event,
    facts={attribute: (kind, {case: value})})
    """
    logs = []

    def make(
        events: Iterable[Event],
        due: dict[str, dict[str, float]] | None = None,
        idle: Sequence[str] = (),
        facts: Facts | None = None,
    ) -> EventLog:
        folder = tmp_path_factory.mktemp("log")
        log = write_log(folder, traces_of(events), due or {}, idle, facts or {})
        logs.append(log)
        return log

    yield make
    for log in logs:
        log.close()


def write_log(
    folder: Path,
    traces: dict[str, list[Event]],
    due: dict[str, dict[str, float]],
    idle: Sequence[str],
    facts: Facts,
) -> EventLog:
    events = [event for trace in traces.values() for event in trace]
    activities = list(dict.fromkeys(event.activity for event in events))
    departments = list(dict.fromkeys(e.department for e in events if e.department))
    people = list(dict.fromkeys(e.resource for e in events if e.resource))
    ways = Counter(tuple(e.activity for e in trace) for trace in traces.values())
    variants = [way for way, _ in ways.most_common()]
    (folder / "events").mkdir()
    (folder / "cases").mkdir()
    events_table = _events(traces, activities, departments, people)
    pq.write_table(events_table, folder / "events/part-0.parquet")
    cases = _cases(traces, variants, due, idle, facts)
    pq.write_table(cases, folder / "cases/part-0.parquet")
    codes = [[activities.index(name) for name in way] for way in variants]
    columns = {
        "variant": pa.array(range(len(variants)), pa.uint32()),
        "activities": pa.array(codes, pa.list_(pa.uint16())),
        "cases": pa.array([ways[way] for way in variants], pa.uint32()),
    }
    pq.write_table(pa.table(columns), folder / "variants.parquet")
    named = {"resource": pa.array(range(len(people)), pa.uint32()), "name": people}
    pq.write_table(pa.table(named), folder / "resources.parquet")
    pq.write_table(pa.table({"source": [], "row": []}), folder / "refused.parquet")
    info = {
        "name": {"en": "Test"}, "time_zone": "UTC", "cases": cases.num_rows,
        "events": len(events), "start": None, "end": None, "activities": activities,
        "departments": departments, "refused": [], "schema": 1,
        "attributes": {name: kind for name, (kind, _) in facts.items()},
    }  # fmt: skip
    (folder / "log.json").write_text(json.dumps(info))
    return open_log(folder)


def _events(
    traces: dict[str, list[Event]],
    activities: list[str],
    departments: list[str],
    people: list[str],
) -> pa.Table:
    rows: dict[str, list[object]] = {name: [] for name in EVENT_TYPES}
    for case, trace in enumerate(traces.values()):
        for position, event in enumerate(trace):
            after = trace[position + 1] if position + 1 < len(trace) else None
            rows["case"].append(case)
            rows["activity"].append(activities.index(event.activity))
            rows["resource"].append(people.index(event.resource) if event.resource else None)
            rows["department"].append(
                departments.index(event.department) if event.department else None
            )
            rows["start"].append(instant(event.start))
            rows["end"].append(instant(event.finish))
            rows["position"].append(position)
            rows["next_activity"].append(activities.index(after.activity) if after else None)
            rows["wait_seconds"].append(after.start - event.finish if after else None)
    return pa.table({name: pa.array(rows[name], kind) for name, kind in EVENT_TYPES.items()})


EVENT_TYPES = {
    "case": pa.uint32(), "activity": pa.uint16(), "resource": pa.uint32(),
    "department": pa.uint16(), "start": INSTANT, "end": INSTANT, "position": pa.uint32(),
    "next_activity": pa.uint16(), "wait_seconds": pa.float64(),
}  # fmt: skip


FIGURES = {
    "start": lambda trace: instant(trace[0].start),
    "end": lambda trace: instant(max(event.finish for event in trace)),
    "events": len,
    "rework": lambda trace: len(trace) - len({event.activity for event in trace}),
    "handovers": lambda trace: sum(
        None not in pair and pair[0] != pair[1]
        for pair in pairwise(event.department for event in trace)
    ),
}


def _cases(
    traces: dict[str, list[Event]],
    variants: list[tuple[str, ...]],
    due: dict[str, dict[str, float]],
    idle: Sequence[str],
    facts: Facts,
) -> pa.Table:
    names = [*traces, *idle]
    ways = [variants.index(tuple(e.activity for e in trace)) for trace in traces.values()]
    columns = {
        "case": pa.array(range(len(names)), pa.uint32()),
        "case_id": pa.array(names, pa.string()),
        "variant": pa.array([*ways, *(None for _ in idle)], pa.uint32()),
    }
    for column, value in FIGURES.items():
        figures = [value(trace) for trace in traces.values()]
        kind = INSTANT if column in ("start", "end") else pa.uint32()
        columns[column] = pa.array([*figures, *(None for _ in idle)], kind)
    for name, (_, values) in facts.items():
        columns[name] = pa.array([values.get(case) for case in names])
    for activity, times in due.items():
        values = [instant(times.get(case)) for case in names]
        columns[f"due.{activity}"] = pa.array(values, INSTANT)
    return pa.table(columns)


def naive_graph(traces: Sequence[Sequence[str]]) -> ProcessGraph:
    """The graph of TRACES without departments and with waits of one second, counted one by one."""
    events = Counter(name for trace in traces for name in trace)
    cases = Counter(name for trace in traces for name in set(trace))
    counts = Counter(pair for trace in traces for pair in pairwise(trace))
    having = Counter(pair for trace in traces for pair in set(pairwise(trace)))
    return ProcessGraph(
        name=Text.same("Test"),
        cases=len(traces),
        events=sum(events.values()),
        activities=[
            Activity(name, Text.same(name), count, cases[name])
            for name, count in sorted(events.items(), key=lambda item: (-item[1], item[0]))
        ],
        edges=[
            Edge(*pair, count, having[pair], Spread(1.0, 1.0, 1.0, float(count)))
            for pair, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        ],
        starts=_terminals(trace[0] for trace in traces if trace),
        ends=_terminals(trace[-1] for trace in traces if trace),
    )


def _terminals(names: Iterable[str]) -> list[Terminal]:
    counts = sorted(Counter(names).items(), key=lambda item: (-item[1], item[0]))
    return [Terminal(name, count) for name, count in counts]
