"""Rules that must hold in every case, counted and listed where they do not.

After the templates of Declare (Pesic, Schonenberg and van der Aalst 2007): precedence, response,
not co-existence; with a time limit, and with the people who did it.
"""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from zaplecze.errors import InputError
from zaplecze.eventlog import EventLog
from zaplecze.language import N_, Text, say
from zaplecze.workspace import Rule, Workspace


@dataclass(frozen=True)
class Violation:
    """A case that breaks a rule, and how often."""

    case_id: str
    times: int


@dataclass(frozen=True)
class RuleCheck:
    """How one rule is kept.

    ``cases``: those that it says something about. ``unknown_cases``: of these, the ones for which
    the log does not say who did it, so that nobody can tell; they are not among the violating.
    """

    rule: Rule
    sentence: Text
    cases: int
    violating_cases: int
    violations: int
    unknown_cases: int
    violating: list[Violation] = field(repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Plain values by name."""
        return {
            "kind": self.rule.kind,
            "first": self.rule.first,
            "then": self.rule.then,
            "hours": self.rule.hours,
            "sentence": self.sentence,
            "cases": self.cases,
            "violating_cases": self.violating_cases,
            "violations": self.violations,
            "unknown_cases": self.unknown_cases,
            "violating": [{"case": v.case_id, "violations": v.times} for v in self.violating],
        }


def check_rules(
    log: EventLog, rules: Sequence[Rule], workspace: Workspace | None = None
) -> list[RuleCheck]:
    """Check RULES on every case of LOG, in their order. Times are by the clock, not working time.

    Raises `InputError` when a rule names an activity that neither the log nor WORKSPACE knows, or
    asks who did something in a log that does not say.
    """
    return [_check(log, rule, number, workspace) for number, rule in enumerate(rules, 1)]


def _check(log: EventLog, rule: Rule, number: int, workspace: Workspace | None) -> RuleCheck:
    first, then = (_code(log, name, number, workspace) for name in (rule.first, rule.then))
    if rule.kind == "separation":
        _check_that_people_are_known(log, rule, number)
    query = _QUERIES[rule.kind].format(events=_EVENTS)
    values = {"first": first, "then": then}
    if rule.kind == "within":
        values["most"] = round((rule.hours or 0.0) * 3_600_000_000)
    rows = log.connection.execute(
        f'SELECT c.case_id, v.times, v.unknown FROM ({query}) v JOIN cases c USING ("case") '
        'ORDER BY v.times DESC, c."case"',
        values,
    ).fetchall()
    violating = [Violation(case_id, times) for case_id, times, _ in rows if times]
    labels = [
        workspace.step_label(name) if workspace else Text.same(name)
        for name in (rule.first, rule.then)
    ]
    return RuleCheck(
        rule=rule,
        sentence=rule.sentence(*labels),
        cases=len(rows),
        violating_cases=len(violating),
        violations=sum(violation.times for violation in violating),
        unknown_cases=sum(bool(unknown) and not times for _, times, unknown in rows),
        violating=violating,
    )


_EVENTS = (
    'SELECT "case", activity = $first AS is_first, "position", start, "end", resource FROM events '
    "WHERE activity = $first OR activity = $then"
)

# Each gives a row for every case that the rule says something about: how often it is broken there,
# and whether that cannot be known.
_QUERIES = {
    "precedence": """
        WITH e AS ({events}),
        f AS (SELECT "case", min("position") AS earliest FROM e WHERE is_first GROUP BY "case")
        SELECT "case", count(*) FILTER (earliest IS NULL OR "position" < earliest) AS times,
               false AS unknown
        FROM e LEFT JOIN f USING ("case") WHERE NOT is_first GROUP BY "case"
    """,
    "response": """
        WITH e AS ({events}),
        t AS (SELECT "case", max("position") AS latest FROM e WHERE NOT is_first GROUP BY "case")
        SELECT "case", count(*) FILTER (latest IS NULL OR "position" > latest) AS times,
               false AS unknown
        FROM e LEFT JOIN t USING ("case") WHERE is_first GROUP BY "case"
    """,
    "not_together": """
        WITH e AS ({events})
        SELECT "case", (bool_or(is_first) AND bool_or(NOT is_first))::INTEGER AS times,
               false AS unknown
        FROM e GROUP BY "case"
    """,
    "within": """
        WITH e AS ({events})
        SELECT f."case", count(*) FILTER (epoch_us(t.start) - epoch_us(f."end") > $most) AS times,
               false AS unknown
        FROM (FROM e WHERE is_first) f ASOF JOIN (FROM e WHERE NOT is_first) t
          ON f."case" = t."case" AND f."position" < t."position"
        GROUP BY f."case"
    """,
    "separation": """
        WITH e AS ({events}),
        people AS (SELECT "case", resource, bool_or(is_first) AND bool_or(NOT is_first) AS same
                   FROM e WHERE resource IS NOT NULL GROUP BY "case", resource),
        shared AS (SELECT "case", count(*) AS times FROM people WHERE same GROUP BY "case"),
        both_done AS (SELECT "case", bool_or(resource IS NULL) AS unknown FROM e GROUP BY "case"
                      HAVING bool_or(is_first) AND bool_or(NOT is_first))
        SELECT "case", coalesce(times, 0) AS times, unknown
        FROM both_done LEFT JOIN shared USING ("case")
    """,
}


def _code(log: EventLog, name: str, number: int, workspace: Workspace | None) -> int:
    """The code of the activity NAME; one that no event has where only the workspace knows it."""
    if name in log.activities:
        return log.activities.index(name)
    if workspace is not None and name in workspace.steps:
        return len(log.activities)
    known = [*log.activities, *(workspace.steps if workspace else [])]
    if close := difflib.get_close_matches(name, known, n=1):
        remedy = say(N_("Did you mean '{close}'?"), close=close[0])
    else:
        remedy = say(N_("There are: {known}."), known=", ".join(known[:10]))
    raise InputError(
        say(
            N_("Rule {number}: the log has no activity '{name}'. {remedy}"),
            number=number,
            name=name,
            remedy=remedy,
        )
    )


def _check_that_people_are_known(log: EventLog, rule: Rule, number: int) -> None:
    rows = log.connection.execute("SELECT count(*) FROM resources").fetchall()
    if rows[0][0] == 0:
        raise InputError(
            say(
                N_(
                    "Rule {number}, '{first}' and '{then}': the log does not say who did what. "
                    "Name the column of the person with --resource, or 'resource' in the workspace."
                ),
                number=number,
                first=rule.first,
                then=rule.then,
            )
        )
