"""The usual way of a case through the work: its steps in order, whose they are, the wait between."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from zaplecze.impact.finding import Findings, Money
from zaplecze.language import N_, Language, Text, duration, number, rounded_money, say, say_plural
from zaplecze.process import ProcessGraph
from zaplecze.process.graph import Activity
from zaplecze.process.simplify import arcs_of, end_node, start_node, usual_path
from zaplecze.report import words
from zaplecze.report.tables import NOTHING, Column, Table


@dataclass(frozen=True)
class Stop:
    """A step on the usual way; ``wait_seconds`` is the median time to it from the one before, in
    cases that come straight from there, None for the first; ``cost`` what its harm costs a year, None
    where none is shown."""

    activity: Activity
    wait_seconds: float | None
    cost: Text | None


@dataclass(frozen=True)
class Lane:
    """A department on the way, None where it is not known; ``noticed`` where customers notice its work."""

    department: str | None
    label: Text | None
    noticed: bool


def lanes(way: Sequence[Stop]) -> list[Lane]:
    """Departments in the order of their first step, those first whose work customers notice."""
    found: dict[str | None, Lane] = {}
    for stop in way:
        step = stop.activity
        known = found.setdefault(
            step.department, Lane(step.department, step.department_label, noticed=False)
        )
        found[step.department] = replace(known, noticed=known.noticed or step.noticed)
    return sorted(found.values(), key=lambda lane: not lane.noticed)


def lane_of(stop: Stop, shown: Sequence[Lane]) -> int:
    """The place of STOP's lane among those SHOWN."""
    return [lane.department for lane in shown].index(stop.activity.department)


def usual_way(graph: ProcessGraph, findings: Findings) -> list[Stop]:
    """The steps of the way whose rarest passage is as frequent as can be; none of an empty graph."""
    if not graph.activities:
        return []
    path = usual_path(arcs_of(graph), start_node(graph), end_node(graph))[1:-1]
    names = [graph.activities[node].name for node in path]
    # A step that starts before the one before has ended is not waited for.
    waits = {
        (edge.source, edge.target): max(edge.wait_seconds.median, 0.0)
        for edge in graph.edges
        if edge.wait_seconds.median is not None
    }
    cost = cost_by_step(findings)
    return [
        Stop(
            graph.activities[node],
            waits.get((names[k - 1], name)) if k else None,
            cost.get(name),
        )
        for k, (node, name) in enumerate(zip(path, names, strict=True))
    ]


def cost_by_step(findings: Findings) -> dict[str, Text]:
    """What the levers at each step cost in a year, nothing counted twice."""
    found: dict[str, list[Money]] = {}
    for lever in findings.levers:
        own = words.own_money(lever)
        if lever.verdict == "yes" and own is not None and own.per_year > 0:
            found.setdefault(lever.lever.step, []).append(own)
    return {
        step: words.cost(own[0])
        if len(own) == 1
        else rounded_money(sum(each.per_year for each in own), own[0].currency)
        for step, own in found.items()
    }


def way_message(way: list[Stop]) -> Text:
    """Where the usual way waits longest."""
    waiting = [stop for stop in way if stop.wait_seconds]
    if not waiting:
        return say(N_("The usual way has {n} steps"), n=number(len(way)))
    longest = max(waiting, key=lambda stop: stop.wait_seconds or 0.0)
    assert longest.wait_seconds is not None
    return say(
        N_("Of {n} steps on the usual way, “{step}” is waited for longest: {wait} in the median"),
        n=number(len(way)),
        step=longest.activity.label,
        wait=duration(longest.wait_seconds),
    )


def way_note(graph: ProcessGraph) -> Text:
    """What is drawn of GRAPH."""
    return say_plural(
        N_("The usual way of {count} case by department; waits are medians"),
        N_("The usual way of {count} cases by department; waits are medians"),
        graph.cases,
    )


def way_table(way: list[Stop], language: Language) -> Table:
    """The usual way, step by step."""
    columns = [
        (N_("Step"), False),
        (N_("Department"), False),
        (N_("Cases"), True),
        (N_("Median wait"), True),
    ]
    return Table(
        say(N_("The usual way, step by step"))[language],
        [Column(say(heading)[language], is_number) for heading, is_number in columns],
        [
            [
                stop.activity.label[language],
                (stop.activity.department_label or Text.same(NOTHING))[language],
                number(stop.activity.cases)[language],
                NOTHING if stop.wait_seconds is None else duration(stop.wait_seconds)[language],
            ]
            for stop in way
        ],
    )
