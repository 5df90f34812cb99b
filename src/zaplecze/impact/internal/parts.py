"""The parts of the index: every hand-over, limit and answer as a value from 0 to 1."""

import numpy as np

from zaplecze.calendars import calendar_of
from zaplecze.eventlog import EventLog
from zaplecze.impact.arrays import Floats, collected
from zaplecze.impact.facts import customer_codes
from zaplecze.impact.internal.index import Ints, Observations
from zaplecze.impact.internal.passages import Passed, Promised, Truths
from zaplecze.impact.internal.survey import Answers
from zaplecze.workspace import ServicePart, Workspace

HOUR = 3600.0


def waits(passed: Passed, workspace: Workspace | None) -> Floats:
    """How long each hand-over lay, in seconds; in working time where WORKSPACE has a calendar."""
    calendar = calendar_of(workspace)
    if calendar is None:
        return np.asarray((passed.taken - passed.given) / 1e6, dtype=np.float64)
    return calendar.working_seconds(passed.given, passed.taken)


def parts_of(
    passed: Passed,
    promised: Promised,
    wait_seconds: Floats,
    takeover_hours: float | None,
    clusters: Ints,
    answers: Observations | None,
    timed: Truths,
) -> dict[ServicePart, Observations]:
    """The observations of all parts; CLUSTERS has the code of every case.

    Taking over: 1 in time and 0 late, where a time is agreed; otherwise the share of all hand-overs
    of the log that lay longer, ties by half (a ridit, Bross 1958): 0.5 is as usual. Of departments that
    are not TIMED that would compare turnarounds of different work: they have no such part.
    """
    known = ~np.isnan(wait_seconds)
    if takeover_hours is None:
        known &= timed[passed.receiver]
    quick = (
        ridits(wait_seconds[known])
        if takeover_hours is None
        else (wait_seconds[known] <= takeover_hours * HOUR).astype(np.float64)
    )
    settled = passed.settled
    found: dict[ServicePart, Observations] = {
        "takeover": Observations(
            passed.receiver[known], quick, clusters[passed.case[known]], passed.taken[known]
        ),
        "right_first_time": Observations(
            passed.giver[settled],
            (~passed.returned[settled]).astype(np.float64),
            clusters[passed.case[settled]],
            passed.given[settled],
        ),
        "promises": Observations(
            promised.department,
            promised.kept.astype(np.float64),
            clusters[promised.case],
            promised.ended,
        ),
    }
    if answers is not None:
        found["survey"] = answers
    return found


def ridits(values: Floats) -> Floats:
    """For each of VALUES the share of all that are larger, those that are equal by half."""
    if not len(values):
        return values
    order = np.argsort(values, kind="stable")
    first = np.flatnonzero(np.diff(values[order], prepend=-np.inf))
    after = np.append(first[1:], len(values))
    found = np.empty(len(values))
    found[order] = np.repeat(1.0 - (first + after) / (2.0 * len(values)), after - first)
    return found


def clusters_of(log: EventLog, workspace: Workspace | None) -> Ints:
    """By number of the case, whose it is: errors are clustered by customer where there is one."""
    columns = ["case"]
    customer = workspace.case.customer if workspace else None
    if customer is not None and customer in log.info.attributes:
        columns.append(customer)
    table = collected(log.cases.select(columns))
    keys = np.asarray(table.column("case").to_numpy(), dtype=np.int64)
    codes = np.arange(keys.max(initial=-1) + 1)
    if len(columns) == 2:
        codes[keys] = customer_codes(table, columns[1])
    return codes


def answers_by_code(answers: Answers, departments: list[str], clusters: int) -> Observations:
    """ANSWERS about DEPARTMENTS (those about others left out), their people beyond CLUSTERS."""
    code = {name: number for number, name in enumerate(departments)}
    whom = np.array([code.get(name, -1) for name in answers.department], dtype=np.int64)
    known = whom >= 0
    return Observations(
        whom[known], answers.score[known], answers.respondent[known] + clusters, answers.at[known]
    )
