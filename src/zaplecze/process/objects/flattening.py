"""What is lost and invented when one type of objects is taken as the cases.

*Convergence*: an event of several objects becomes several. *Divergence*: events of one object that
concern different other objects look like repetitions of the same work. After van der Aalst,
"Object-Centric Process Mining: Dealing with Divergence and Convergence in Event Data" (2019).
"""

from dataclasses import dataclass
from typing import Any

from zaplecze.eventlog import ObjectLog
from zaplecze.language import N_, Text, number, say, say_plural
from zaplecze.process.objects.passages import rows


@dataclass(frozen=True)
class Convergence:
    """The ``events`` of a step become ``rows``: each counts ``factor`` times."""

    activity: str
    events: int
    rows: int

    @property
    def factor(self) -> float:
        """How many times an event counts on average."""
        return self.rows / self.events


@dataclass(frozen=True)
class Divergence:
    """A step that happens to one object several times.

    ``objects`` have it, ``repeated`` of them more than once; to ``divergent`` of these it happens
    each time with other objects of ``other_type``, so that nothing is done again.
    """

    activity: str
    objects: int
    repeated: int
    divergent: int
    other_type: str | None


@dataclass(frozen=True)
class Flattening:
    """What happens to the events when OBJECT_TYPE is taken as the cases.

    ``events`` become ``rows``; ``left_out`` belong to no object of the type.
    """

    object_type: str
    events: int
    rows: int
    left_out: int
    convergence: list[Convergence]
    divergence: list[Divergence]
    sentences: list[Text]

    def to_dict(self) -> dict[str, Any]:
        """Plain values by name."""
        return vars(self) | {
            "convergence": [vars(each) | {"factor": each.factor} for each in self.convergence],
            "divergence": [dict(vars(each)) for each in self.divergence],
        }


def flattenings(log: ObjectLog, labels: dict[str, Text]) -> list[Flattening]:
    """One for each type of LOG that has events, in the order of the types' names."""
    ((every,),) = rows(log, "SELECT count(*) FROM o.events")
    by_type: dict[str, list[Convergence]] = {}
    for object_type, activity, events, copies in rows(
        log,
        "SELECT object_type, activity, count(DISTINCT n), count(*) FROM passages GROUP BY ALL",
    ):
        by_type.setdefault(object_type, []).append(Convergence(activity, events, copies))
    divergence = _divergence(log)
    found = []
    for object_type in sorted(by_type):
        steps = sorted(by_type[object_type], key=lambda s: (-s.factor, -s.rows, s.activity))
        repeated = divergence.get(object_type, [])
        events, copies = sum(s.events for s in steps), sum(s.rows for s in steps)
        found.append(
            Flattening(
                object_type, events, copies, every - events, steps, repeated,
                _sentences(object_type, every - events, steps, repeated, labels),
            )
        )  # fmt: skip
    return found


def _divergence(log: ObjectLog) -> dict[str, list[Divergence]]:
    """By type, the steps that happen to some of its objects several times; most of them first."""
    rows_ = rows(
        log,
        """
        WITH times AS (
            SELECT object_type AS t, activity AS a, o, count(*) AS k FROM passages GROUP BY ALL
        ), others AS (
            SELECT x.t, x.a, x.o, x.k, q.object_type AS u, count(*) AS links,
                   count(DISTINCT q.o) AS different, count(DISTINCT q.n) AS in_events
            FROM times x JOIN passages p ON p.o = x.o AND p.activity = x.a
            JOIN passages q ON q.n = p.n AND q.object_type <> x.t
            WHERE x.k > 1 GROUP BY ALL
        ), divergent AS (
            SELECT t, a, u, count(*) AS objects FROM others
            WHERE links = different AND in_events = k GROUP BY ALL
        ), best AS (
            SELECT t, a, max(objects) AS objects, arg_max(u, (objects, u)) AS u
            FROM divergent GROUP BY ALL
        )
        SELECT x.t, x.a, count(*), count(*) FILTER (k > 1), coalesce(any_value(b.objects), 0),
               any_value(b.u)
        FROM times x LEFT JOIN best b USING (t, a) GROUP BY x.t, x.a
        HAVING count(*) FILTER (k > 1) > 0 ORDER BY 4 DESC, 1, 2
        """,
    )
    found: dict[str, list[Divergence]] = {}
    for object_type, *values in rows_:
        found.setdefault(object_type, []).append(Divergence(*values))
    return found


def _sentences(
    object_type: str,
    left_out: int,
    steps: list[Convergence],
    repeated: list[Divergence],
    labels: dict[str, Text],
) -> list[Text]:
    """The worst of each, in words; one sentence where nothing is lost and nothing invented."""
    said = []
    worst = steps[0]
    if worst.rows > worst.events:
        said.append(
            say_plural(
                N_(
                    "Flattening on “{type}” counts “{step}” {factor} times: {count} event becomes "
                    "{rows}."
                ),
                N_(
                    "Flattening on “{type}” counts “{step}” {factor} times: {count} events become "
                    "{rows}."
                ),
                worst.events, type=object_type, step=labels.get(worst.activity, worst.activity),
                factor=number(worst.factor, 1), rows=number(worst.rows),
            )
        )  # fmt: skip
    apparent = max(repeated, key=lambda each: each.divergent, default=None)
    if apparent and apparent.divergent and apparent.other_type:
        said.append(
            say(
                N_(
                    "Flattening on “{type}” shows “{step}” as repeated in {repeated} of {objects}; "
                    "in {divergent} of them it concerned other “{other}” each time, so that nothing "
                    "was done again."
                ),
                type=object_type, step=labels.get(apparent.activity, apparent.activity),
                repeated=number(apparent.repeated), objects=number(apparent.objects),
                divergent=number(apparent.divergent), other=apparent.other_type,
            )
        )  # fmt: skip
    if left_out:
        said.append(
            say_plural(
                N_("Flattening on “{type}” leaves out {count} event that has none of them."),
                N_("Flattening on “{type}” leaves out {count} events that have none of them."),
                left_out, type=object_type,
            )
        )  # fmt: skip
    if not said:
        said.append(
            say(
                N_("Flattening on “{type}” loses no event and repeats none."), type=object_type
            )
        )  # fmt: skip
    return said
