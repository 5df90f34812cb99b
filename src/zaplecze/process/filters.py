"""Conditions under which cases and steps of a log are looked at."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from zaplecze.language import LANGUAGES, N_, Text, date, joined, number, say
from zaplecze.process.lookup import Names
from zaplecze.workspace import Workspace

When = Literal["started", "ended", "within"]


@dataclass(frozen=True)
class Values:
    """Cases whose attribute or outcome ``name`` is one of ``values``; a yes is "yes", a no "no"."""

    name: str
    values: tuple[str, ...]

    def sql(self, names: Names) -> str:
        """The condition on a row of the cases table; raises `InputError` for unknown names."""
        return names.value_in(self.name, self.values)

    def words(self, labels: "Labels") -> Text:
        """What it says, as a sentence."""
        return say(
            N_("Only cases with {attribute}: {values}."),
            attribute=labels.fact(self.name),
            values=", ".join(self.values),
        )


@dataclass(frozen=True)
class Range:
    """Cases whose attribute or outcome ``name`` is a number within the bounds, both included."""

    name: str
    at_least: float | None = None
    at_most: float | None = None

    def sql(self, names: Names) -> str:
        """The condition on a row of the cases table; raises `InputError` for unknown names."""
        column = names.number(self.name)
        bounds = ((">=", self.at_least), ("<=", self.at_most))
        return " AND ".join(
            f"{column} {sign} {bound}" for sign, bound in bounds if bound is not None
        )

    def words(self, labels: "Labels") -> Text:
        """What it says, as a sentence."""
        attribute = labels.fact(self.name)
        low, high = (None if b is None else _figure(b) for b in (self.at_least, self.at_most))
        if low is None or high is None:
            message = N_("Only cases with {attribute} of at least {bound}.")
            if low is None:
                message = N_("Only cases with {attribute} of at most {bound}.")
            return say(message, attribute=attribute, bound=low or high or "")
        return say(
            N_("Only cases with {attribute} from {low} to {high}."),
            attribute=attribute, low=low, high=high,
        )  # fmt: skip


@dataclass(frozen=True)
class Period:
    """Cases that started or ended in a period, or lie within it.

    ``first`` and ``last`` are days by the clock of the log's zone, both included; None is open.
    """

    first: dt.date | None = None
    last: dt.date | None = None
    when: When = "started"

    def sql(self, names: Names) -> str:
        """The condition on a row of the cases table."""
        columns = {"started": ("start", "start"), "ended": ('"end"', '"end"')}
        begins, ends = columns.get(self.when, ("start", '"end"'))
        after = f"{begins} >= {names.midnight(self.first)}" if self.first else "true"
        next_day = self.last + dt.timedelta(days=1) if self.last else None
        before = f"{ends} < {names.midnight(next_day)}" if next_day else "true"
        return f"{after} AND {before}"

    def words(self, labels: "Labels") -> Text:
        """What it says, as a sentence."""
        messages = {
            "started": N_("Only cases that started in this period: {first} – {last}."),
            "ended": N_("Only cases that ended in this period: {first} – {last}."),
            "within": N_("Only cases that started and ended in this period: {first} – {last}."),
        }
        first, last = (date(day) if day else "…" for day in (self.first, self.last))
        return say(messages[self.when], first=first, last=last)


@dataclass(frozen=True)
class Has:
    """Cases in which all of ``steps`` happen; with ``never`` those in which none of them does."""

    steps: tuple[str, ...]
    never: bool = False

    def sql(self, names: Names) -> str:
        """The condition on a row of the cases table; raises `InputError` for unknown names."""
        each = [f"list_contains(activities, {names.step(step)})" for step in self.steps]
        if self.never:
            return names.variant_where(f"NOT ({' OR '.join(each)})")
        return names.variant_where(" AND ".join(each))

    def words(self, labels: "Labels") -> Text:
        """What it says, as a sentence."""
        message = N_("Only cases with the step: {steps}.")
        if len(self.steps) > 1:
            message = N_("Only cases with all of these steps: {steps}.")
        if self.never:
            message = N_("Only cases without the step: {steps}.")
        if self.never and len(self.steps) > 1:
            message = N_("Only cases with none of these steps: {steps}.")
        return say(message, steps=labels.steps(self.steps))


@dataclass(frozen=True)
class Endpoints:
    """Cases that start with one of ``starts`` and end with one of ``ends``; empty: with any."""

    starts: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()

    def sql(self, names: Names) -> str:
        """The condition on a row of the cases table; raises `InputError` for unknown names."""
        conditions = [
            f"activities[{place}] IN ({', '.join(str(names.step(step)) for step in steps)})"
            for place, steps in ((1, self.starts), (-1, self.ends))
            if steps
        ]
        return names.variant_where(" AND ".join(conditions) or "true")

    def words(self, labels: "Labels") -> Text:
        """What it says, as a sentence."""
        starts, ends = labels.steps(self.starts), labels.steps(self.ends)
        if self.starts and self.ends:
            message = N_("Only cases that start with {starts} and end with {ends}.")
            return say(message, starts=starts, ends=ends)
        if self.starts:
            return say(N_("Only cases that start with {starts}."), starts=starts)
        return say(N_("Only cases that end with {ends}."), ends=ends)


@dataclass(frozen=True)
class Follows:
    """Cases in which ``target`` comes after ``source``, ``directly`` or at some time later.

    With ``never`` those in which it does not, whether or not they have the two steps.
    """

    source: str
    target: str
    directly: bool = True
    never: bool = False

    def sql(self, names: Names) -> str:
        """The condition on a row of the cases table; raises `InputError` for unknown names."""
        a, b = names.step(self.source), names.step(self.target)
        follows = f"list_contains(activities[list_position(activities, {a}) + 1:], {b})"
        follows = f"list_contains(activities, {a}) AND {follows}"
        if self.directly:
            pairs = "list_zip(activities, activities[2:])"
            follows = f"len(list_filter({pairs}, lambda p: p[1] = {a} AND p[2] = {b})) > 0"
        return names.variant_where(f"NOT ({follows})" if self.never else follows)

    def words(self, labels: "Labels") -> Text:
        """What it says, as a sentence."""
        messages = {
            (True, False): N_("Only cases in which “{target}” comes directly after “{source}”."),
            (False, False): N_("Only cases in which “{target}” comes some time after “{source}”."),
            (True, True): N_(
                "Only cases in which “{target}” never comes directly after “{source}”."
            ),
            (False, True): N_("Only cases in which “{target}” never comes after “{source}”."),
        }
        return say(
            messages[self.directly, self.never],
            target=labels.step(self.target),
            source=labels.step(self.source),
        )


@dataclass(frozen=True)
class Frequent:
    """Cases that take one of the ``variants`` most frequent ways; ties as in `variants`."""

    variants: int

    def sql(self, names: Names) -> str:
        """The condition on a row of the cases table."""
        return names.frequent(self.variants)

    def words(self, labels: "Labels") -> Text:
        """What it says, as a sentence."""
        return say(
            N_("Only cases on the most frequent ways through the process; ways: {number}."),
            number=number(self.variants),
        )


@dataclass(frozen=True)
class Ways:
    """Cases that take one of ``ways``, each the steps of a whole case in their order."""

    ways: tuple[tuple[str, ...], ...]

    def sql(self, names: Names) -> str:
        """The condition on a row of the cases table; raises `InputError` for unknown names."""
        each = (", ".join(f"{names.step(step)}::UINTEGER" for step in steps) for steps in self.ways)
        return names.variant_where(" OR ".join(f"activities = [{codes}]" for codes in each))

    def words(self, labels: "Labels") -> Text:
        """What it says, as a sentence."""
        message = N_("Only cases that take exactly this way: {ways}.")
        if len(self.ways) > 1:
            message = N_("Only cases that take exactly one of these ways: {ways}.")
        return say(message, ways=joined([labels.way(steps) for steps in self.ways]))


@dataclass(frozen=True)
class Departments:
    """Cases on which one of the departments ``names`` worked."""

    names: tuple[str, ...]

    def sql(self, names: Names) -> str:
        """The condition on a row of the cases table; raises `InputError` for unknown names."""
        codes = ", ".join(str(names.department(name)) for name in self.names)
        return f'"case" IN (SELECT "case" FROM all_events WHERE department IN ({codes}))'

    def words(self, labels: "Labels") -> Text:
        """What it says, as a sentence."""
        departments = joined([labels.department(name) for name in self.names])
        return say(N_("Only cases worked on by: {departments}."), departments=departments)


Condition = Values | Range | Period | Has | Endpoints | Follows | Frequent | Ways | Departments


@dataclass(frozen=True)
class Filter:
    """Which cases are looked at, and which of their steps.

    All ``conditions`` must hold; they are about whole cases. Then events of steps that are not
    among ``only`` (None: all are), or among ``hidden``, are left out: what follows what, waits and
    ways are those between the events that remain. Cases without any event left drop out.
    """

    conditions: tuple[Condition, ...] = ()
    only: tuple[str, ...] | None = None
    hidden: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.conditions or self.drops_events)

    @property
    def drops_events(self) -> bool:
        """Whether some events of the cases are left out."""
        return self.only is not None or bool(self.hidden)

    def words(self, workspace: Workspace | None = None) -> list[Text]:
        """What is looked at, a sentence a condition."""
        labels = Labels(workspace)
        sentences = [condition.words(labels) for condition in self.conditions]
        if self.only is not None:
            sentences.append(say(N_("Only these steps: {steps}."), steps=labels.steps(self.only)))
        if self.hidden:
            sentences.append(say(N_("Left out: {steps}."), steps=labels.steps(self.hidden)))
        return sentences


@dataclass(frozen=True)
class Labels:
    """What a workspace, if there is one, calls steps, departments and facts."""

    workspace: Workspace | None

    def step(self, name: str) -> Text:
        """The label of a step."""
        return self.workspace.step_label(name) if self.workspace else Text.same(name)

    def steps(self, names: tuple[str, ...]) -> Text:
        """The labels of several steps."""
        return joined([self.step(name) for name in names])

    def way(self, names: tuple[str, ...]) -> Text:
        """The labels of steps that come one after the other."""
        labels = [self.step(name) for name in names]
        return Text((lang, " → ".join(label[lang] for label in labels)) for lang in LANGUAGES)

    def department(self, name: str) -> Text:
        """The label of a department."""
        return self.workspace.department_label(name) if self.workspace else Text.same(name)

    def fact(self, name: str) -> Text:
        """The label of an attribute or outcome."""
        if self.workspace is None:
            return Text.same(name)
        if name in self.workspace.outcomes:
            return self.workspace.outcome_label(name)
        return self.workspace.attribute_label(name)


def _figure(value: float) -> Text:
    return number(value, 0 if value == round(value) else 2)
