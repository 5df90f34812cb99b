"""The tables of the workspace file and the rules that tie their keys together."""

import difflib
from collections.abc import Collection, Iterator
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from zaplecze.language import N_, Language, Text, say
from zaplecze.workspace.contacts import CONTACTS, Contacts, priced_twice
from zaplecze.workspace.effects import Impact, LogTable, ProcedureFile
from zaplecze.workspace.followed import LONG_TAILED, Change, WatchTable, no_scale
from zaplecze.workspace.hours import Calendar
from zaplecze.workspace.internal import InternalService
from zaplecze.workspace.quantity import Quantity
from zaplecze.workspace.rules import Rule
from zaplecze.workspace.values import FaultError, FaultsError, Key, Label, Location, Table, Zone

Aggregate = Literal["first", "last", "min", "max", "sum", "mean", "count", "distinct", "mode"]

RESERVED_NAMES = frozenset(
    {"case", "case_id", "variant", "start", "end", "events", "rework", "handovers"}
)


class Source(Table):
    """Rows from a file, a database, or a query over the other sources."""

    file: str | None = None
    sql: str | None = None
    database: str | None = None
    delimiter: str | None = None
    encoding: str = "utf-8"
    sheet: str | None = None
    object_type: str | None = None
    columns: list[str] | None = None
    missing: list[str] = [""]
    decimal: Literal[".", ","] = "."
    time_format: str | None = None
    time_zone: Zone | None = None

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if self.database is not None and self.sql is None:
            raise FaultError(say(N_("A 'database' needs a query. Add the key 'sql'.")))
        if self.file is None and self.sql is None:
            raise FaultError(say(N_("There are no rows. Add the key 'file' or the key 'sql'.")))
        if self.file is not None and self.sql is not None:
            raise FaultError(say(N_("There are both 'file' and 'sql'. Remove one of them.")))
        return self


class CaseTable(Table):
    """What one case is: its key, its rows, whose it is, what people call it and how it ends."""

    key: str
    source: str | None = None
    customer: str | None = None
    noun: Label = Text(en="cases", pl="spraw", uk="справ")
    ends: list[str] = []


class Moment(Table):
    """One activity of a wide table: the columns that hold its time and who did it."""

    start: str
    end: str | None = None
    resource: str | None = None
    department: str | None = None


def _moment(value: object) -> object:
    return {"start": value} if isinstance(value, str) else value


class Events(Table):
    """How rows become events: long (a row an event) or wide (a column an activity)."""

    source: str
    case: str | None = None
    activity: str | None = None
    time: str | None = None
    end: str | None = None
    resource: str | None = None
    department: str | None = None
    id: str | None = None
    lifecycle: str | None = None
    attributes: list[str] = []
    states: bool = False
    activities: dict[str, Annotated[Moment, BeforeValidator(_moment)]] = {}

    @model_validator(mode="after")
    def _long_or_wide(self) -> Self:
        if self.activities and (self.activity or self.time or self.end):
            raise FaultError(
                say(
                    N_(
                        "A wide table has 'activities', a long one has 'activity' and 'time'. "
                        "Remove one or the other."
                    )
                )
            )
        if not self.activities and not (self.activity and self.time):
            raise FaultError(
                say(
                    N_(
                        "There are no events. Add 'activity' and 'time' (a row an event) "
                        "or 'activities' (a column an activity)."
                    )
                )
            )
        return self


class Joined(Table):
    """A value of the case taken from a column of a source.

    ``on`` names the column of that source that holds the case's key, or maps the source's column
    to a column of the case's own table: ``on = {customer_id = "customer_id"}``.
    """

    column: str | None = None
    source: str | None = None
    on: Key | None = None
    aggregate: Aggregate | None = None


class Due(Joined):
    """When a step ought to be done. A ``day`` lasts to its end; a ``moment`` is exact."""

    precision: Literal["moment", "day"] = "moment"
    promised: bool = False


class Step(Table):
    """An activity: what it is called, who does it, when it is due, what it takes.

    An ``exception`` is a step that ought not to be needed: a correction, a reminder, a return.
    """

    label: Label | None = None
    department: str | None = None
    noticed: bool = False
    exception: bool = False
    target_hours: float | None = Field(default=None, gt=0)
    due: Due | None = None
    minutes: Quantity | None = None

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if self.due and self.target_hours:
            raise FaultError(
                say(N_("There are both 'due' and 'target_hours'. Remove one of them."))
            )
        return self


class Department(Table):
    """A department: what it is called and what an hour of its work costs."""

    label: Label | None = None
    hourly_cost: Quantity | None = None


class Attribute(Joined):
    """A fact about the case. ``known`` says whether it is known when the case starts."""

    label: Label | None = None
    kind: Literal["number", "category", "time"] | None = None
    known: Literal["start", "end"] = "start"
    adjust: bool = True


class Price(Quantity):
    """What one unit of an outcome is worth: per point, per unit, or at answers up to a bound."""

    at_most: float | None = None
    at_least: float | None = None

    @model_validator(mode="after")
    def _one_bound(self) -> Self:
        if self.at_most is not None and self.at_least is not None:
            raise FaultError(
                say(N_("There are both 'at_most' and 'at_least'. Remove one of them."))
            )
        return self


class Outcome(Joined):
    """What the customer felt or did: a rating, a yes or no, a count or an amount."""

    kind: Literal["rating", "yes_no", "count", "amount", "duration", "money"]
    label: Label | None = None
    scale: Annotated[tuple[float, float], Field(strict=False)] | None = None
    yes: list[str] | None = None
    time: str | None = None
    better: Literal["higher", "lower"] | None = None
    price: Price | None = None

    @model_validator(mode="after")
    def _kind_has_what_it_needs(self) -> Self:
        if self.kind == "rating" and self.scale is None:
            raise FaultError(say(N_("A rating needs its scale. Add 'scale = [lowest, highest]'.")))
        if self.kind != "rating" and self.scale is not None:
            raise FaultError(say(N_("Only a rating has a scale. Remove the key 'scale'.")))
        if self.scale and self.scale[0] >= self.scale[1]:
            raise FaultError(
                say(N_("The lowest value comes first: [lowest, highest].")),
                ("scale",),
                list(self.scale),
            )
        if self.kind in ("rating", "amount", "money") and self.column is None:
            raise FaultError(say(N_("A rating or an amount needs the key 'column'. Add it.")))
        if self.kind != "yes_no" and self.yes is not None:
            raise FaultError(
                say(N_("Only an outcome of kind 'yes_no' has the key 'yes'. Remove it."))
            )
        return self

    @property
    def is_throughput(self) -> bool:
        """A duration without a column is that of the case, from its start to its end."""
        return self.kind == "duration" and self.column is None

    @property
    def higher_is_better(self) -> bool:
        """Ratings are better when higher, everything else when lower, unless said otherwise."""
        return (self.better or ("higher" if self.kind == "rating" else "lower")) == "higher"


class Lever(Table):
    """A case attribute that someone can change, when it reaches a bound or is one of VALUES."""

    attribute: str
    at_least: float | None = None
    values: list[str] | None = None
    label: Label | None = None
    step: str | None = None
    department: str | None = None

    @model_validator(mode="after")
    def _one_condition(self) -> Self:
        if self.at_least is None and self.values is None:
            raise FaultError(say(N_("A lever needs a bound. Add the key 'at_least' or 'values'.")))
        if self.at_least is not None and self.values is not None:
            raise FaultError(say(N_("There are both 'at_least' and 'values'. Remove one of them.")))
        return self


class Workspace(Table):
    """The whole file."""

    name: Label
    currency: str = Field(default="EUR", pattern=r"^[A-Z]{3}$")
    time_zone: Zone = "UTC"
    language: Language = "en"
    note: Label | None = None
    sample: bool = False
    business_case: str | None = None
    sources: dict[str, Source]
    case: CaseTable
    calendar: Calendar | None = None
    events: list[Events] = []
    steps: dict[str, Step] = {}
    departments: dict[str, Department] = {}
    attributes: dict[str, Attribute] = {}
    outcomes: dict[str, Outcome] = {}
    levers: dict[str, Lever] = {}
    rules: list[Rule] = []
    log: LogTable = LogTable()
    procedure: ProcedureFile | None = None
    impact: Impact = Impact()
    internal_service: InternalService = InternalService()
    contacts: dict[str, Contacts] = {}
    changes: list[Change] = []
    watch: WatchTable | None = None

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        if faults := [*self._unknown_sources(), *self._unusable_names(), *self._unknown_names()]:
            raise FaultsError(faults)
        return self

    def _unknown_sources(self) -> Iterator[FaultError]:
        named: list[tuple[Location, str | None]] = [(("case", "source"), self.case.source)]
        named += [(("events", i, "source"), e.source) for i, e in enumerate(self.events)]
        named += [(("attributes", n, "source"), a.source) for n, a in self.attributes.items()]
        named += [(("outcomes", n, "source"), o.source) for n, o in self.outcomes.items()]
        named += [
            (("steps", n, "due", "source"), s.due.source) for n, s in self.steps.items() if s.due
        ]
        if survey := self.internal_service.survey:
            named.append((("internal_service", "survey", "source"), survey.source))
        named += [(("contacts", n, "source"), c.source) for n, c in self.contacts.items()]
        for place, source in named:
            if source is not None and source not in self.sources:
                yield _unknown(place, source, self.sources)
        if self.case.source is None and not self.events:
            yield FaultError(
                say(N_("Without [[events]] the cases come from a source. Add the key 'source'.")),
                ("case",),
                {},
            )

    def _unusable_names(self) -> Iterator[FaultError]:
        taken = say(N_("The event log uses this name itself. Choose another."))
        dotted = say(N_("The name has a dot, which the event log uses itself. Choose another."))
        for table, names in (("attributes", self.attributes), ("outcomes", self.outcomes)):
            for name in names:
                if name in RESERVED_NAMES:
                    yield FaultError(taken, (table, name), {})
                elif "." in name:
                    yield FaultError(dotted, (table, name), {})
        for name in sorted(set(self.attributes) & set(self.outcomes)):
            yield FaultError(
                say(N_("There is an attribute of the same name. Rename one of the two.")),
                ("outcomes", name),
                {},
            )

    def _unknown_names(self) -> Iterator[FaultError]:
        """Attributes that are named but not described."""
        if self.case.customer is not None and self.case.customer not in self.attributes:
            yield _unknown(("case", "customer"), self.case.customer, self.attributes)
        of_events = [name for block in self.events for name in block.attributes]
        for kind, attribute in self.log.effort.model_dump().items():
            if attribute is not None and attribute not in of_events:
                yield _unknown(("log", "effort", kind), attribute, of_events)
        for named, contacts in self.contacts.items():
            for key, outcome in (("outcome", contacts.outcome), ("departure", contacts.departure)):
                if outcome is not None and outcome not in self.outcomes:
                    yield _unknown(("contacts", named, key), outcome, self.outcomes)
            priced = {o.source for o in self.outcomes.values() if o.price and o.source}
            if contacts.price and contacts.source in priced:
                yield FaultError(priced_twice(), ("contacts", named, "price"), {})
        for position, change in enumerate(self.changes):
            place: Location = ("changes", position)
            if change.outcome is not None and change.outcome not in self.outcomes:
                yield _unknown((*place, "outcome"), change.outcome, self.outcomes)
            elif (
                change.scale == "logarithm"
                and not change.steps
                and change.outcome is not None
                and self.outcomes[change.outcome].kind not in LONG_TAILED
            ):
                yield FaultError(no_scale(change.outcome), (*place, "scale"), change.scale)
            if change.attribute is not None and change.attribute not in self.attributes:
                yield _unknown(
                    (*place, "where", change.attribute), change.attribute, self.attributes
                )
        for name, lever in self.levers.items():
            if lever.attribute not in self.attributes:
                yield _unknown(("levers", name, "attribute"), lever.attribute, self.attributes)

    def step_label(self, activity: str) -> Text:
        """What a step is called; its own name where the file gives no label."""
        step = self.steps.get(activity)
        return (step and step.label) or Text.same(activity)

    def department_label(self, department: str) -> Text:
        """What a department is called; its own name where the file gives no label."""
        known = self.departments.get(department)
        return (known and known.label) or Text.same(department)

    def attribute_label(self, name: str) -> Text:
        """What an attribute is called."""
        attribute = self.attributes.get(name)
        return (attribute and attribute.label) or Text.same(name)

    def outcome_label(self, name: str) -> Text:
        """What an outcome is called."""
        outcome = self.outcomes.get(name)
        return (outcome and outcome.label) or Text.same(name)

    def price_of(self, outcome: str) -> Price | None:
        """What one unit of an outcome costs, or one contact of a kind whose id is given."""
        kind = self.contacts.get(outcome.removeprefix(CONTACTS))
        if outcome.startswith(CONTACTS) and kind is not None:
            return Price(**dict(kind.price)) if kind.price is not None else None
        return self.outcomes[outcome].price


def _unknown(where: Location, name: str, known: Collection[str]) -> FaultError:
    close = difflib.get_close_matches(name, known, n=1)
    if close:
        text = say(N_("Nothing has this name. Did you mean '{close}'?"), close=close[0])
    elif known:
        text = say(N_("Nothing has this name. There are: {known}."), known=", ".join(known))
    else:
        text = say(N_("Nothing has this name: the file describes none. Describe it first."))
    return FaultError(text, where, name)
