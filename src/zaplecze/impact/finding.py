"""A finding: what one piece of back-office work does to one thing that customers feel or do."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Self

from zaplecze.impact.respondents import Respondents, Weighted
from zaplecze.impact.restoring import restore
from zaplecze.language import Text

Verdict = Literal["yes", "no", "cannot tell", "not comparable"]
LeverKind = Literal[
    "late",
    "promise",
    "slow",
    "rework",
    "exception",
    "attribute",
    "duration",
    "handover",
    "returned",
    "skipped",
    "inserted",
    "department",
    "group",
    "application",
]
OutcomeKind = Literal["rating", "yes_no", "count", "amount", "duration", "money"]
Interval = tuple[float, float]


@dataclass(frozen=True)
class Estimate:
    """A number, its 95 % interval, the cases behind it and how it was obtained."""

    estimate: float
    interval: Interval
    n: int
    method: str


@dataclass(frozen=True)
class Effect(Estimate):
    """A difference with what was known before held equal; ``adjusted_for`` names what that is."""

    adjusted_for: list[str] = field(default_factory=list)
    held_equal: Text | None = None


@dataclass(frozen=True)
class Benchmark:
    """The strongest known confounder: the shares of what is left over that it explains."""

    variable: str
    label: Text
    of_outcome: float
    of_lever: float


@dataclass(frozen=True)
class Robustness:
    """How strong something unmeasured would have to be to overturn the effect.

    ``value`` is the share of the remaining variation of lever *and* outcome that it would have to
    explain to bring the estimate to zero (Cinelli and Hazlett 2020); ``value_significance`` the
    same for the interval to reach zero. Of a yes-or-no ``e_value`` is by which ratio it would have to
    raise the chances of both (VanderWeele and Ding 2017), ``e_value_interval`` that of the interval.
    """

    value: float
    value_significance: float
    benchmark: Benchmark | None
    sentence: Text
    e_value: float | None = None
    e_value_interval: float | None = None


@dataclass(frozen=True)
class Dose:
    """The effect for cases exposed to an amount between ``low`` and ``high``, against the rest.

    ``overlap`` is the share of this exposure's variation that is left over once what was known
    before has explained what it can: near 0 there are no comparable cases.
    """

    low: float
    high: float
    unit: Literal["hours", "days", "times"]
    label: Text
    n: int
    effect: Effect | None
    overlap: float | None = None


@dataclass(frozen=True)
class PerUnit:
    """The effect of each hour, day or time more: the slope of a partially linear model."""

    unit: Literal["hours", "days", "times"]
    effect: Effect
    sentence: Text


@dataclass(frozen=True)
class Odds(Estimate):
    """How many times as large the odds of a better rating are as among comparable cases."""

    sentence: Text


@dataclass(frozen=True)
class Group:
    """The effect on the exposed of one group; ``interval`` holds for all groups at once."""

    level: str
    n: int
    exposed: int
    estimate: float
    interval: Interval


@dataclass(frozen=True)
class Where:
    """Where an effect is worst: the groups of one attribute, the worst first.

    ``q_value`` is of no difference between the groups, over all attributes that were looked at.
    """

    attribute: str
    label: Text
    q_value: float
    groups: list[Group]
    sentence: Text


@dataclass(frozen=True)
class Part:
    """The share of a whole finding that belongs to one step; shares add up to one."""

    step: str
    step_label: Text
    department: str
    department_label: Text
    share: float
    interval: Interval
    cases: float


@dataclass(frozen=True)
class Input:
    """One number in a formula, with its range and whether it was measured or assumed."""

    name: Text
    value: float
    low: float
    high: float
    unit: str
    basis: Literal["measured", "assumed"]
    note: Text | None = None


@dataclass(frozen=True)
class Money:
    """What a finding costs in a year: ``per_year`` with a 90 % range from its inputs' ranges.

    ``inputs`` multiply to ``per_year``; ``basis`` is measured when all of them are.
    """

    per_year: float
    interval: Interval
    currency: str
    basis: Literal["measured", "assumed"]
    inputs: list[Input]
    formula: Text


@dataclass(frozen=True)
class LeverName:
    """A fact of back-office work that someone can change."""

    id: str
    label: Text
    kind: LeverKind
    step: str
    step_label: Text
    department: str
    department_label: Text


@dataclass(frozen=True)
class Finding:
    """What LEVER does to OUTCOME.

    ``n`` counts the cases in which both are known, ``exposed`` those with the lever, ``share``
    is their ratio and ``exposed_per_year`` the exposed cases of the latest year. ``raw`` is the
    mean of the exposed minus that of the others; ``means`` are the two means.

    ``answered`` is the share of the exposed cases whose outcome is known. ``exposed_per_year`` is
    None where the log is too short to speak of a year.

    ``effect`` is the total effect; ``priced`` the harm on the unit that has a price (the share of
    low answers, say). Where later levers hurt too, the harm may run through them: ``counted_in``
    names their findings, ``direct_effect`` is ``effect`` and ``direct`` is ``priced`` with all of them
    held equal, and ``own`` the money that no other finding contains.

    ``q_value`` is the adjusted p value over all findings; ``interactive`` the average effect over
    the exposed by the interactive model, beside ``effect``; ``per_unit`` the effect of each hour,
    day or time more; ``odds`` what the lever does to the odds of a better rating; ``where`` lists
    attributes between whose groups the effect differs.
    ``weighted`` is the effect weighted to all customers, where not all answered.
    """

    id: str
    lever: LeverName
    outcome: str
    outcome_label: Text
    outcome_kind: OutcomeKind
    higher_is_better: bool
    noun: Text
    n: int
    exposed: int
    share: float
    exposed_per_year: float | None
    means: tuple[float, float]
    raw: Estimate
    effect: Effect | None
    robustness: Robustness | None
    verdict: Verdict
    reason: Text | None
    dose: list[Dose]
    parts: list[Part]
    caveats: list[Text]
    priced: Effect | None = None
    direct: Effect | None = None
    money: Money | None = None
    own: Money | None = None
    counted_in: list[str] = field(default_factory=list)
    answered: float = 1.0
    q_value: float | None = None
    interactive: Effect | None = None
    per_unit: PerUnit | None = None
    odds: Odds | None = None
    where: list[Where] = field(default_factory=list)
    weighted: Weighted | None = None
    direct_effect: Effect | None = None
    sentence: Text | None = None


@dataclass(frozen=True)
class LeverTotal:
    """A lever over all its outcomes: what it costs in a year, and where that is counted.

    ``money`` is what would be saved if this lever alone were mended; ``own`` the part that no other
    lever contains; ``counted_in`` are the ids of the levers that contain the rest. ``findings`` are
    the ids of its findings, most expensive first.
    """

    lever: LeverName
    share: float
    exposed_per_year: float | None
    verdict: Verdict
    money: Money | None
    own: Money | None
    counted_in: list[str]
    findings: list[str]


@dataclass(frozen=True)
class Refused:
    """A variable that may not explain an outcome, and why."""

    variable: str
    label: Text
    outcome: str
    reason: Text


@dataclass(frozen=True)
class Avoidable:
    """Contacts of one kind in a year that would not have come without delays.

    ``yearly`` is None where nothing can be told or the log is too short to speak of a year; ``price``
    with its bounds is what one costs, where the workspace says so. ``per_case`` is the same for each
    case that was followed, delayed or not, however short the log.
    """

    id: str
    label: Text
    verdict: Verdict
    yearly: Estimate | None
    price: float | None
    price_bounds: Interval | None
    sentence: Text
    per_case: Estimate | None = None


@dataclass(frozen=True)
class Summary:
    """Where the findings come from.

    ``sample`` says that the data are not all cases; ``warnings`` are what the import found odd.
    """

    name: Text
    currency: str
    time_zone: str
    language: str
    noun: Text
    cases: int
    events: int
    start: str | None
    end: str | None
    created: str
    version: str
    refused_rows: list[dict[str, Any]]
    rows_read: dict[str, int]
    note: Text | None = None
    sample: bool = False
    warnings: list[Text] = field(default_factory=list)


@dataclass(frozen=True)
class Findings:
    """All findings of a workspace, most expensive first, with what was refused.

    ``levers`` rank the same by lever, all outcomes of one taken together.
    ``total`` adds up each finding's own money, so that nothing is counted twice. ``respondents``
    say who answered, of outcomes that are missing in more than a small share of the cases; ``avoidable``
    are the contacts that delays bring.
    """

    workspace: Summary
    findings: list[Finding]
    refused: list[Refused]
    total: Money | None = None
    levers: list[LeverTotal] = field(default_factory=list)
    respondents: list[Respondents] = field(default_factory=list)
    avoidable: list[Avoidable] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """The document of ``findings.json``: plain values, the lever's names lifted to the top."""
        document: dict[str, Any] = asdict(self)
        for finding in document["findings"]:
            lever = finding.pop("lever")
            finding |= {
                "lever": lever["label"]["en"],
                "lever_id": lever["id"],
                "lever_kind": lever["kind"],
                "label": lever["label"],
                "step": lever["step"],
                "step_label": lever["step_label"],
                "department": lever["department"],
                "department_label": lever["department_label"],
            }
        return document

    def to_json(self) -> str:
        """`to_dict` as JSON text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1, allow_nan=False)

    @classmethod
    def from_dict(cls, document: dict[str, Any]) -> Self:
        """The inverse of `to_dict`; raises `ValueError` where levers and findings do not match."""
        findings = []
        for entry in document["findings"]:
            lever = {
                "id": entry["lever_id"],
                "label": entry["label"],
                "kind": entry["lever_kind"],
                "step": entry["step"],
                "step_label": entry["step_label"],
                "department": entry["department"],
                "department_label": entry["department_label"],
            }
            findings.append(entry | {"lever": lever})
        restored = restore(cls, document | {"findings": findings})
        assert isinstance(restored, cls)
        known = {finding.id for finding in restored.findings}
        if missing := [i for lever in restored.levers for i in lever.findings if i not in known]:
            raise ValueError(f"no finding '{missing[0]}'")
        return restored

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The inverse of `to_json`."""
        return cls.from_dict(json.loads(text))
