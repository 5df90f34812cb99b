"""The workspace file: where a company's data lie and what they mean.

An analyst writes one TOML file, by convention ``zaplecze.toml``; `load` reads and checks it.
Every key is documented in ``docs/workspace.md``.
"""

import difflib
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from zaplecze.errors import WorkspaceError
from zaplecze.language import LANGUAGES, N_, Language, Text, say

Aggregate = Literal["first", "last", "min", "max", "sum", "mean", "count", "distinct", "mode"]
Basis = Literal["measured", "assumed"]

RESERVED_NAMES = frozenset(
    {"case", "case_id", "variant", "start", "end", "events", "rework", "handovers"}
)


def _label(value: object) -> object:
    if isinstance(value, str):
        return Text.same(value)
    if isinstance(value, dict):
        unknown = sorted(set(value) - set(LANGUAGES))
        if unknown or not value:
            raise ValueError(f"languages are en, pl and uk, not {', '.join(unknown) or 'none'}")
        return Text.of(value)
    return value


Label = Annotated[Text, BeforeValidator(_label)]


class Table(BaseModel):
    """A table of the file: unknown keys are refused and nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Source(Table):
    """Rows from a file, a database, or a query over the other sources."""

    file: str | None = None
    sql: str | None = None
    database: str | None = None
    delimiter: str | None = None
    encoding: str = "utf-8"
    sheet: str | None = None
    columns: list[str] | None = None
    missing: list[str] = [""]
    decimal: Literal[".", ","] = "."
    time_format: str | None = None
    time_zone: str | None = None

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if (self.file is None) == (self.sql is None):
            raise ValueError("give either 'file' or 'sql'")
        if self.database is not None and self.sql is None:
            raise ValueError("'database' needs an 'sql' query")
        return self

    @field_validator("time_zone")
    @classmethod
    def _zone(cls, value: str | None) -> str | None:
        return value if value is None else _known_zone(value)


class CaseTable(Table):
    """What one case is: its key, its rows, whose it is and what people call it."""

    key: str
    source: str | None = None
    customer: str | None = None
    noun: Label = Text(en="cases", pl="spraw", uk="справ")


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
    activities: dict[str, Annotated[Moment, BeforeValidator(_moment)]] = {}

    @model_validator(mode="after")
    def _long_or_wide(self) -> Self:
        if self.activities and (self.activity or self.time or self.end):
            raise ValueError(
                "a wide table gives 'activities', a long one 'activity' and 'time': not both"
            )
        if not self.activities and not (self.activity and self.time):
            raise ValueError("give 'activity' and 'time' (long) or 'activities' (wide)")
        return self


class Joined(Table):
    """A value of the case taken from a column of a source.

    ``on`` names the column of that source that holds the case's key, or maps the source's column
    to a column of the case's own table: ``on = {customer_id = "customer_id"}``.
    """

    column: str | None = None
    source: str | None = None
    on: str | dict[str, str] | None = None
    aggregate: Aggregate | None = None


class Due(Joined):
    """When a step ought to be done. A ``day`` lasts to its end; a ``moment`` is exact."""

    precision: Literal["moment", "day"] = "moment"
    promised: bool = False


class Quantity(Table):
    """An amount with the range in which it lies and where it comes from."""

    amount: float
    low: float | None = None
    high: float | None = None
    basis: Basis = "assumed"
    note: Label | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.bounds[0] <= self.amount <= self.bounds[1]:
            raise ValueError("needs low <= amount <= high")
        return self

    @property
    def bounds(self) -> tuple[float, float]:
        """Low and high; the amount itself where one is not given."""
        low = self.amount if self.low is None else self.low
        return low, self.amount if self.high is None else self.high


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
            raise ValueError("give either 'due' or 'target_hours'")
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
            raise ValueError("give 'at_most' or 'at_least', not both")
        return self


class Outcome(Joined):
    """What the customer felt or did: a rating, a yes or no, a count or an amount."""

    kind: Literal["rating", "yes_no", "count", "amount"]
    label: Label | None = None
    scale: tuple[float, float] | None = None
    yes: list[str] | None = None
    time: str | None = None
    better: Literal["higher", "lower"] | None = None
    price: Price | None = None

    @model_validator(mode="after")
    def _kind_has_what_it_needs(self) -> Self:
        if (self.kind == "rating") != (self.scale is not None):
            raise ValueError("a rating has a 'scale', [lowest, highest]; other kinds have none")
        if self.scale and self.scale[0] >= self.scale[1]:
            raise ValueError("'scale' is [lowest, highest]")
        if self.kind in ("rating", "amount") and self.column is None:
            raise ValueError("a rating or an amount needs a 'column'")
        if self.kind != "yes_no" and self.yes is not None:
            raise ValueError("only a yes_no outcome has 'yes' values")
        return self

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
        if (self.at_least is None) == (self.values is None):
            raise ValueError("give either 'at_least' or 'values'")
        return self


def _known_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError(
            f"'{value}' is not a time zone; write one like 'Europe/Warsaw' or 'UTC'"
        ) from None
    return value


class Workspace(Table):
    """The whole file."""

    name: Label
    currency: str = Field(default="EUR", pattern=r"^[A-Z]{3}$")
    time_zone: str = "UTC"
    language: Language = "en"
    note: Label | None = None
    sources: dict[str, Source]
    case: CaseTable
    events: list[Events] = []
    steps: dict[str, Step] = {}
    departments: dict[str, Department] = {}
    attributes: dict[str, Attribute] = {}
    outcomes: dict[str, Outcome] = {}
    levers: dict[str, Lever] = {}

    @field_validator("time_zone")
    @classmethod
    def _zone(cls, value: str) -> str:
        return _known_zone(value)

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        self._check_sources()
        for table, names in (("attributes", self.attributes), ("outcomes", self.outcomes)):
            for name in names:
                if name in RESERVED_NAMES or "." in name:
                    raise ValueError(
                        f"{table}.{name}: this name is taken by the event log; choose another"
                    )
        if both := set(self.attributes) & set(self.outcomes):
            raise ValueError(f"'{min(both)}' is both an attribute and an outcome; rename one")
        if self.case.customer and self.case.customer not in self.attributes:
            raise ValueError(
                _unknown("case.customer", self.case.customer, "attribute", self.attributes)
            )
        for name, lever in self.levers.items():
            if lever.attribute not in self.attributes:
                raise ValueError(
                    _unknown(
                        f"levers.{name}.attribute", lever.attribute, "attribute", self.attributes
                    )
                )
        return self

    def _check_sources(self) -> None:
        named: list[tuple[str, str | None]] = [("case.source", self.case.source)]
        named += [(f"events[{i}].source", e.source) for i, e in enumerate(self.events)]
        for table in ("attributes", "outcomes"):
            named += [(f"{table}.{n}.source", j.source) for n, j in getattr(self, table).items()]
        named += [(f"steps.{n}.due.source", s.due.source) for n, s in self.steps.items() if s.due]
        for place, source in named:
            if source is not None and source not in self.sources:
                raise ValueError(_unknown(place, source, "source", self.sources))
        if self.case.source is None and not self.events:
            raise ValueError("case.source: without [[events]], say which source lists the cases")

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


def _unknown(place: str, name: str, what: str, known: dict[str, Any]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean '{close[0]}'?" if close else f"there are: {', '.join(known) or 'none'}"
    return f"{place}: there is no {what} '{name}'; {hint}"


def load(path: Path) -> Workspace:
    """Read and check the workspace file at PATH.

    Raises `WorkspaceError` naming file, table, key and remedy: for the first fault when the file
    is not TOML, for every fault at once when values are wrong.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise WorkspaceError(
            say(
                N_("{file}: there is no such file. Give the path of a workspace file."),
                file=str(path),
            )
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise WorkspaceError(
            say(
                N_("{file}: cannot be read ({error}). Save it as a text file in UTF-8."),
                file=str(path),
                error=str(error),
            )
        ) from None
    try:
        return Workspace.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise WorkspaceError(
            say(
                N_("{file}: not valid TOML: {error}. Mend the line named here."),
                file=str(path),
                error=str(error),
            )
        ) from None
    except ValidationError as error:
        raise _explained(path, error) from None


def _explained(path: Path, error: ValidationError) -> WorkspaceError:
    """All faults of a file as one error, a line each."""
    lines = [_explain_fault(path, dict(fault)) for fault in error.errors()]
    return WorkspaceError(
        Text((lang, "\n".join(line[lang] for line in lines)) for lang in LANGUAGES)
    )


def _explain_fault(path: Path, fault: dict[str, Any]) -> Text:
    *tables, key = [str(part) for part in fault["loc"]] or [""]
    table = ".".join(tables)
    kind, file = fault["type"], str(path)
    if kind == "extra_forbidden":
        known = list(_fields_at(Workspace, list(fault["loc"][:-1])))
        close = difflib.get_close_matches(key, known, n=1)
        if close:
            return say(
                N_("{file}: [{table}] has no key '{key}'. Did you mean '{close}'?"),
                file=file, table=table, key=key, close=close[0],
            )  # fmt: skip
        return say(
            N_("{file}: [{table}] has no key '{key}'. Its keys are: {known}."),
            file=file, table=table, key=key, known=", ".join(known),
        )  # fmt: skip
    if kind == "missing":
        return say(
            N_("{file}: [{table}] needs the key '{key}'. Add it."),
            file=file, table=table, key=key,
        )  # fmt: skip
    reason = str(fault["msg"]).removeprefix("Value error, ")
    if kind == "value_error" and not isinstance(fault["input"], str | int | float):
        place = ".".join(str(part) for part in fault["loc"])
        return say(N_("{file}: [{table}] {reason}."), file=file, table=place, reason=reason)
    return say(
        N_("{file}: [{table}] {key} = {value}: {reason}."),
        file=file, table=table, key=key, value=repr(fault["input"]), reason=reason,
    )  # fmt: skip


def _fields_at(model: type[BaseModel], location: list[str | int]) -> list[str]:
    """The keys that the table at LOCATION may have."""
    current: Any = model
    for part in location:
        if isinstance(current, type) and issubclass(current, BaseModel):
            field = current.model_fields.get(str(part))
            current = _inner_model(field.annotation) if field else None
    return list(current.model_fields) if current else []


def _inner_model(annotation: Any) -> Any:
    """The table class inside ``X | None``, ``dict[str, X]`` or ``list[X]``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in getattr(annotation, "__args__", ()):
        if found := _inner_model(part):
            return found
    return None
