"""Works a formula out: numbers or ranges in, every step with its range out, or backwards."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from zaplecze.errors import InputError
from zaplecze.language import N_, Text, joined, number, say
from zaplecze.money.distributions import Distribution, Fixed, Pert, Uniform
from zaplecze.money.expression import Value, parse, unknown_name
from zaplecze.money.finance import LARGEST
from zaplecze.money.formulas.definition import UNITS, Formula, Needed, Step
from zaplecze.money.parameters import distribution
from zaplecze.workspace.values import FaultError

DRAWS = 20_000
RANGE = (5.0, 95.0)
"""Ranges hold 90 % of the draws."""
_LOOKS = 400
_HALVINGS = 100


@dataclass(frozen=True)
class Given:
    """A number, or a range: low, likely, high (PERT), or low and high (anything between alike)."""

    likely: float
    low: float | None = None
    high: float | None = None
    even: bool = False

    @property
    def distribution(self) -> Distribution:
        """The number as a distribution."""
        if self.low is None or self.high is None:
            return Fixed(self.likely)
        if self.even:
            return Uniform(self.low, self.high)
        return Pert.of(self.low, self.likely, self.high)


@dataclass(frozen=True)
class InputUsed:
    """An input with its value, its range (None: certain) and whether it was given or assumed."""

    name: str
    label: Text
    unit: str
    value: float
    interval: tuple[float, float] | None
    basis: str


@dataclass(frozen=True)
class StepWorked:
    """A step with its value, its 90 % range (None: certain), and its calculation in words.

    A step that was ``given`` was measured, not calculated.
    """

    name: str
    label: Text
    unit: str
    value: float
    interval: tuple[float, float] | None
    words: Text
    given: bool


@dataclass(frozen=True)
class Worked:
    """A formula worked out; ``value`` and ``interval`` are those of its step ``result``.

    Steps whose inputs are missing are named in ``left_out`` with what they need. ``notes`` say what
    is implausible, ``caveats`` what always holds.
    """

    formula: str
    title: Text
    result: str
    value: float
    interval: tuple[float, float] | None
    inputs: list[InputUsed]
    steps: list[StepWorked]
    left_out: dict[str, list[str]]
    source: str
    notes: list[Text]
    caveats: list[Text]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return asdict(self)


def read_given(formula: Formula, words: Mapping[str, str]) -> dict[str, Given]:
    """WORDS by the name of an input or a step: "95", "20+35+40" or a range "60..95..140".

    Raises `InputError` naming what is not known, no number, out of order or out of range.
    """
    known = formula.labels
    given = {}
    for name, text in words.items():
        if name not in known:
            raise unknown_name(name, known)
        given[name] = _read(name, text)
    return given


def find(formulas: Mapping[str, Formula], name: str) -> Formula:
    """The formula called NAME; raises `InputError` proposing one that sounds like it."""
    if name not in formulas:
        raise unknown_name(name, formulas)
    return formulas[name]


def work_out(formula: Formula, given: Mapping[str, Given], seed: int = 0) -> Worked:
    """FORMULA with GIVEN; ranges are carried through by draws with SEED.

    A step that is given is not calculated, and inputs that only it needs may be missing. Raises
    `InputError` for missing inputs, fractions out of range and results that are not finite.
    """
    values = _values(formula, given)
    steps, left_out = _split(formula, values)
    if formula.result in left_out:
        raise _missing(formula, left_out[formula.result])
    random = np.random.default_rng(seed)
    plain: dict[str, Value] = {name: value.likely for name, value in values.items()}
    drawn: dict[str, Value] = {
        name: value.distribution.draws(random, DRAWS) if value.low is not None else value.likely
        for name, value in values.items()
    }
    worked = [_step(formula, step, plain, drawn, step.name in given) for step in steps]
    main = next(step for step in worked if step.name == formula.result)
    notes = [note for need in formula.inputs if (note := _implausible(need, values))]
    return Worked(
        formula=formula.id,
        title=formula.title,
        result=formula.result,
        value=main.value,
        interval=main.interval,
        inputs=[_used(need, values[need.name], given) for need in formula.inputs if need.name in values],
        steps=worked,
        left_out=left_out,
        source=formula.source,
        notes=notes,
        caveats=formula.caveats,
    )  # fmt: skip


def solve(formula: Formula, given: Mapping[str, Given], unknown: str, target: float) -> float:
    """The value of the input UNKNOWN at which the result is TARGET, everything else as GIVEN.

    Raises `InputError` where no value between zero and a billion (for a fraction: one) does that.
    """
    need = next((each for each in formula.inputs if each.name == unknown), None)
    if need is None:
        raise unknown_name(unknown, [each.name for each in formula.inputs])

    def beyond(value: float) -> float:
        worked = _plain_result(formula, {**given, unknown: Given(value)})
        return worked - target

    if need.unit == "share":
        looked = np.linspace(0.0, 1.0, _LOOKS)
    else:
        looked = np.concatenate([[0.0], np.geomspace(1e-6, 1e9, _LOOKS)])
    seen = np.array([beyond(float(value)) for value in looked])
    hits = np.flatnonzero(seen == 0.0)
    if len(hits):
        return float(looked[hits[0]])
    with np.errstate(invalid="ignore"):
        crossed = np.flatnonzero(
            np.isfinite(seen[:-1]) & np.isfinite(seen[1:]) & (seen[:-1] * seen[1:] < 0)
        )
    if not len(crossed):
        raise InputError(
            say(
                N_("No value of '{name}' brings '{result}' to {target}. Change another input or the target."),
                name=unknown, result=formula.result, target=f"{target:g}",
            )
        )  # fmt: skip
    low, high = float(looked[crossed[0]]), float(looked[crossed[0] + 1])
    rising = seen[crossed[0]] < 0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if (beyond(middle) < 0) == rising else (low, middle)
    return (low + high) / 2


def _plain_result(formula: Formula, given: Mapping[str, Given]) -> float:
    values = _values(formula, given)
    steps, left_out = _split(formula, values)
    if formula.result in left_out:
        raise _missing(formula, left_out[formula.result])
    plain: dict[str, Value] = {name: value.likely for name, value in values.items()}
    for step in steps:
        if step.name not in plain:
            plain[step.name] = step.expression(plain)
    return float(plain[formula.result])


def _read(name: str, text: str) -> Given:
    parts = [part.strip() for part in text.split("..")]
    if len(parts) > 3:
        raise InputError(
            say(N_("{name}={text}: a range is low..likely..high. Give two or three numbers."), name=name, text=text)
        )  # fmt: skip
    try:
        numbers = [float(parse(part, known=())({})) for part in parts]
    except InputError:
        numbers = [math.nan]
    if not all(abs(each) <= LARGEST for each in numbers):
        raise InputError(
            say(
                N_("{name}={text}: this is no number. Write 95, 20+35+40 or a range, 60..95..140."),
                name=name,
                text=text,
            )
        )
    try:
        if len(numbers) == 2:
            distribution("uniform", low=numbers[0], high=numbers[1])
            return Given(sum(numbers) / 2, numbers[0], numbers[1], even=True)
        if len(numbers) == 3:
            distribution("pert", low=numbers[0], likely=numbers[1], high=numbers[2])
            return Given(numbers[1], numbers[0], numbers[2])
    except FaultError as error:
        raise InputError(say("{name}={text}: {fault}", name=name, text=text, fault=error.text)) from None  # fmt: skip
    return Given(numbers[0])


def _values(formula: Formula, given: Mapping[str, Given]) -> dict[str, Given]:
    """What is given and, for the rest, the defaults; checked."""
    values = {need.name: Given(need.default) for need in formula.inputs if need.default is not None}
    values |= given
    for need in formula.inputs:
        if need.name in values:
            _check(need, values[need.name])
    return values


def _check(need: Needed, value: Given) -> None:
    ends = (value.likely,) if value.low is None else (value.low, value.high or 0.0)
    if need.unit == "share" and not all(0.0 <= end <= 1.0 for end in ends):
        raise InputError(
            say(
                N_("'{name}' is a fraction and must lie between 0 and 1; {value} does not. Write 0.35 for 35 %."),
                name=need.name, value=f"{next(e for e in ends if not 0 <= e <= 1):g}",
            )
        )  # fmt: skip
    if min(ends) < 0:
        raise InputError(
            say(
                N_("'{name}' cannot be less than zero, and {value} is. Give 0 or more."),
                name=need.name,
                value=f"{min(ends):g}",
            )
        )


def _split(
    formula: Formula, values: Mapping[str, Given]
) -> tuple[list[Step], dict[str, list[str]]]:
    """The steps that can be worked out, and what the others lack."""
    steps: list[Step] = []
    left_out: dict[str, list[str]] = {}
    known = set(values)
    for step in formula.steps:
        lacking = [name for name in step.expression.names if name not in known]
        if step.name in values or not lacking:
            steps.append(step)
            known.add(step.name)
        else:
            inner = [left_out.get(name, [name]) for name in lacking]
            left_out[step.name] = sorted({name for names in inner for name in names})
    return steps, left_out


def _step(
    formula: Formula, step: Step, plain: dict[str, Value], drawn: dict[str, Value], given: bool
) -> StepWorked:
    """STEP worked out, its value put into PLAIN and its draws into DRAWN."""
    if step.name not in plain:
        plain[step.name] = step.expression(plain)
        drawn[step.name] = step.expression(drawn)
    value, draws = float(plain[step.name]), drawn[step.name]
    if not math.isfinite(value):
        raise InputError(
            say(
                N_("'{step}' cannot be worked out: something it divides by is zero ({words}). Give other values."),
                step=step.label, words=formula.in_words(step),
            )
        )  # fmt: skip
    interval = None
    if isinstance(draws, np.ndarray):
        low, high = np.percentile(draws, RANGE)
        interval = (float(low), float(high))
    words = say(N_("given, not calculated")) if given else formula.in_words(step)
    return StepWorked(step.name, step.label, step.unit, value, interval, words, given)


def _used(need: Needed, value: Given, given: Mapping[str, Given]) -> InputUsed:
    interval = None if value.low is None or value.high is None else (value.low, value.high)
    basis = "given" if need.name in given else "default"
    return InputUsed(need.name, need.label, need.unit, value.likely, interval, basis)


def _missing(formula: Formula, names: list[str]) -> InputError:
    needs = {need.name: need for need in formula.inputs}
    described = [
        say("{name} ({label}, {unit})", name=n, label=needs[n].label, unit=say(UNITS[needs[n].unit]))
        for n in names
    ]  # fmt: skip
    return InputError(say(N_("These inputs are missing: {names}. Give them."), names=joined(described)))  # fmt: skip


def _implausible(need: Needed, values: Mapping[str, Given]) -> Text | None:
    """A warning where a value lies outside what is plausible: minutes for seconds, say."""
    value = values.get(need.name)
    low, high = need.plausible
    if value is None or need.default == value.likely or low <= value.likely <= high:
        return None
    # A zero says that there is none of it.
    if value.likely == 0:
        return None
    bounds = (
        say(N_("from {low} up"), low=f"{low:g}")
        if math.isinf(high)
        else say(N_("between {low} and {high}"), low=f"{low:g}", high=f"{high:g}")
    )
    return say(
        N_("'{name}' is {value} {unit}; usual is {bounds}. Is the unit right?"),
        name=need.name,
        value=number(value.likely, 0 if value.likely == round(value.likely) else 2),
        unit=say(UNITS[need.unit]),
        bounds=bounds,
    )
