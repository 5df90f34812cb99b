"""With which steps a case is finished: as declared, or inferred from where cases come to rest."""

from dataclasses import dataclass
from typing import Any

from zaplecze.errors import InputError
from zaplecze.eventlog import EventLog
from zaplecze.language import N_, Text, duration, percent, say
from zaplecze.process.casecounts import case_counts
from zaplecze.workspace import Workspace

REST_QUANTILE = 0.99
"""A case rests when nothing has happened for longer than this share of all waits take."""

RARE_END = 0.01
"""Steps with which fewer of the resting cases end are no ends, but cases that got stuck."""

GOES_ON = 0.5
"""A step after which a case goes on at least this often is no end either."""


MANY_OLD = 0.1
"""When more than this share of all cases are open and old, inferred ends are doubted."""


@dataclass(frozen=True)
class EndStep:
    """A step with which cases are finished, how many of them end with it, and why it counts."""

    activity: str
    label: Text
    cases: int
    reason: Text

    def to_dict(self) -> dict[str, Any]:
        """Plain values by name."""
        return dict(vars(self))


def end_steps(log: EventLog, workspace: Workspace | None = None) -> list[EndStep]:
    """The steps with which a case of LOG is finished when they are its last; most cases first.

    Those that WORKSPACE declares; otherwise those with which at least `RARE_END` of the cases at
    rest end, and after which a case goes on less often than it does not. Raises `InputError` when
    none of the declared ones occurs.
    """
    ending = case_counts(log).ending
    declared = workspace.case.ends if workspace else []
    if declared:
        reason = say(N_("The workspace declares this step as an end."))
        found = [(name, reason) for name in declared if name in log.activities]
        if not found and log.info.events:
            message = N_("None of the ends that the workspace declares occurs in the log: {ends}.")
            raise InputError(say(message, ends=", ".join(declared)))
    else:
        found = list(_inferred(log).items())
    label = workspace.step_label if workspace else Text.same
    code = {name: number for number, name in enumerate(log.activities)}
    steps = [EndStep(name, label(name), int(ending[code[name]]), why) for name, why in found]
    return sorted(steps, key=lambda step: (-step.cases, step.activity))


def doubt(ends: list[EndStep], cases: int, old: int) -> Text | None:
    """Why the inferred ENDS are not to be relied on, or None.

    OLD of CASES are open, and older than 95 % of the finished ones were when they ended.
    """
    if not ends:
        return say(
            N_(
                "It cannot be told which cases are finished, because cases stop with many different "
                "steps. Declare the last steps as 'ends' of [case] in a workspace."
            )
        )
    if old > MANY_OLD * cases:
        return say(
            N_(
                "So many old cases are rarely all open: other steps are probably ends, too. Declare "
                "the last steps as 'ends' of [case] in a workspace, and ask again."
            )
        )
    return None


def _inferred(log: EventLog) -> dict[str, Text]:
    """By activity, why it counts as an end."""
    (rest,) = log.connection.execute(
        f"SELECT quantile_cont(wait_seconds, {REST_QUANTILE}) FROM events"
    ).fetchall()[0]
    resting = _resting(log, max(rest or 0.0, 0.0))
    whole = sum(resting.values())
    found = {}
    for code, events, last in _followed(log):
        share, on = resting.get(code, 0) / whole if whole else 0.0, 1 - last / events
        if share >= RARE_END and on < GOES_ON:
            found[log.activities[code]] = say(
                N_(
                    "No end is declared. {share} of the cases in which nothing has happened for "
                    "{rest} ended with this step, and after {on} of its events a case goes on."
                ),
                share=percent(share), rest=duration(rest or 0.0), on=percent(on),
            )  # fmt: skip
    return found


def _resting(log: EventLog, rest_seconds: float) -> dict[int, int]:
    """By code of their last activity, the cases in which nothing has happened for so long."""
    rows = log.connection.execute(
        "SELECT v.activities[-1], count(*) FROM cases c JOIN variants v ON v.variant = c.variant "
        'WHERE epoch_us(c."end") <= (SELECT max(epoch_us("end")) FROM cases) '
        f"- {int(rest_seconds * 1e6)} GROUP BY ALL"
    ).fetchall()
    return dict(rows)


def _followed(log: EventLog) -> list[tuple[int, int, int]]:
    """Code, events, and events that are the last of their case, of every activity."""
    return log.connection.execute(
        "SELECT activity, count(*), count(*) - count(next_activity) FROM events GROUP BY ALL"
    ).fetchall()
