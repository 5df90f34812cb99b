"""What the work of a step took, where a system has measured it: minutes, clicks, screens, systems."""

from dataclasses import dataclass
from typing import Any, Literal, get_args

from zaplecze.errors import InputError
from zaplecze.eventlog import EventLog
from zaplecze.language import N_, say
from zaplecze.workspace import Workspace

Kind = Literal["minutes", "clicks", "screens", "systems"]
KINDS: tuple[Kind, ...] = get_args(Kind)

_OF_NORMAL = 1.959964
"""The 97.5th percentile of the normal distribution."""


@dataclass(frozen=True)
class Worked:
    """How much of a kind the events of a step took, as measured.

    ``events`` are those of which it is known, ``ignored`` those with less than nothing, which do
    not count. ``mean_interval`` is the mean's at 95 % (normal approximation); ``per_case`` the total
    over the cases in which it is known.
    """

    events: int
    ignored: int
    mean: float
    median: float
    p95: float
    total: float
    per_case: float
    mean_interval: tuple[float, float]

    def to_dict(self) -> dict[str, Any]:
        """Plain values by name."""
        return vars(self) | {"mean_interval": list(self.mean_interval)}


@dataclass(frozen=True)
class WorkedPerCase:
    """How much of a kind a whole case took, over the ``cases`` in which something is known."""

    kind: Kind
    cases: int
    mean: float
    median: float
    p95: float
    total: float

    def to_dict(self) -> dict[str, Any]:
        """Plain values by name."""
        return dict(vars(self))


def worked(log: EventLog, workspace: Workspace) -> dict[str, dict[Kind, Worked]]:
    """By activity and kind, what the events of LOG took; kinds as [log.effort] of WORKSPACE names them.

    Raises `InputError` when LOG has no such attribute, or one that is no number.
    """
    found: dict[str, dict[Kind, Worked]] = {}
    for kind, values in _named(log, workspace).items():
        rows = log.connection.execute(
            f"SELECT activity, count(v), sum(ignored), avg(v), median(v), quantile_cont(v, 0.95), "
            'sum(v), sum(v) / count(DISTINCT "case") FILTER (v IS NOT NULL), '
            f"coalesce(stddev_samp(v), 0) / sqrt(count(v)) FROM ({values}) GROUP BY activity "
            "HAVING count(v) > 0"
        ).fetchall()
        for code, events, ignored, mean, median, p95, total, per_case, error in rows:
            low, high = max(mean - _OF_NORMAL * error, 0.0), mean + _OF_NORMAL * error
            found.setdefault(log.activities[code], {})[kind] = Worked(
                events, int(ignored), mean, median, p95, total, per_case, (low, high)
            )
    return found


def worked_per_case(log: EventLog, workspace: Workspace) -> list[WorkedPerCase]:
    """For every kind that is measured anywhere in LOG, what a case took of it."""
    found = []
    for kind, values in _named(log, workspace).items():
        ((cases, *figures),) = log.connection.execute(
            "SELECT count(*), avg(v), median(v), quantile_cont(v, 0.95), sum(v) FROM "
            f'(SELECT "case", sum(v) AS v FROM ({values}) WHERE v IS NOT NULL GROUP BY "case")'
        ).fetchall()
        if cases:
            found.append(WorkedPerCase(kind, cases, *figures))
    return found


def _named(log: EventLog, workspace: Workspace) -> dict[Kind, str]:
    """By kind, the query that gives its values: activity, case, ``v``, and 1 where it is ignored."""
    named = workspace.log.effort.model_dump()
    if not any(named.values()):
        return {}
    types = {
        name: type_ for name, type_, *_ in log.connection.execute("DESCRIBE events").fetchall()
    }
    queries: dict[Kind, str] = {}
    for kind in KINDS:
        name = named[kind]
        if name is None:
            continue
        if types.get(name) != "DOUBLE":
            raise _unusable(kind, name, is_there=name in types)
        column = '"' + name.replace('"', '""') + '"'
        queries[kind] = (
            f'SELECT activity, "case", CASE WHEN {column} >= 0 THEN {column} END AS v, '
            f"coalesce({column} < 0, false)::INTEGER AS ignored FROM events"
        )
    return queries


def _unusable(kind: Kind, name: str, *, is_there: bool) -> InputError:
    if is_there:
        return InputError(
            say(
                N_(
                    "[log.effort], {kind} = \"{name}\": the values of this attribute are not numbers. "
                    "Name another one, or mend the column and import the log again."
                ),
                kind=kind, name=name,
            )
        )  # fmt: skip
    return InputError(
        say(
            N_(
                "[log.effort], {kind} = \"{name}\": the events of this log have no such attribute. Add "
                "the column to 'attributes' of [[events]] and import the log again."
            ),
            kind=kind, name=name,
        )
    )  # fmt: skip
