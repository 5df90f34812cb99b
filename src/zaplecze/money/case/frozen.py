"""Frozen versions of a case: what was decided on, and how a later one differs from it."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from zaplecze.errors import InputError, unreadable
from zaplecze.language import N_, Text, say
from zaplecze.money.case.model import Case
from zaplecze.money.case.result import CaseResult

_NOT_ASSUMED = {"actuals", "budgets", "scenarios", "simulation", "note", "findings", "reforecasts"}
"""What is no part of the promise: what happened since, other views, and how it is computed."""


@dataclass(frozen=True)
class Frozen:
    """A version of a case: its file as it was, what it came to, who froze it when and why."""

    version: str
    frozen_on: str
    reason: str | None
    assumptions: dict[str, Any]
    numbers: dict[str, float]
    lines: dict[str, float]
    monthly: dict[str, list[float]]
    results: dict[str, float | None]
    currency: str
    name: Text

    def to_json(self) -> str:
        """The version as JSON text."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, allow_nan=False)


@dataclass(frozen=True)
class Difference:
    """One entry that is not the same in both versions; None where it is missing."""

    key: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Differences:
    """What a later version assumes otherwise, and what has become of the results."""

    before: str
    after: str
    assumptions: list[Difference]
    numbers: list[Difference]
    lines: list[Difference]
    results: list[Difference]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return asdict(self)


def freeze(case: Case, result: CaseResult, version: str, on: str, reason: str | None) -> Frozen:
    """CASE and its RESULT as VERSION, frozen ON a day (ISO) for a REASON."""
    simulation = result.simulation
    return Frozen(
        version=version,
        frozen_on=on,
        reason=reason,
        assumptions=_flat({k: v for k, v in _plain(case).items() if k not in _NOT_ASSUMED}),
        numbers={each.name: each.value for each in result.assumptions},
        lines={each.name: each.present_value for each in result.lines},
        monthly={each.name: each.monthly for each in result.lines if each.cash},
        results={
            "npv": result.plan.npv,
            "irr": result.plan.irr,
            "mirr": result.plan.mirr,
            "payback_months": result.plan.payback_periods,
            "benefit_cost_ratio": result.plan.benefit_cost_ratio,
            "npv_mean": simulation.npv.mean if simulation else None,
            "npv_5_percent": simulation.npv.quantiles["0.05"] if simulation else None,
            "npv_95_percent": simulation.npv.quantiles["0.95"] if simulation else None,
            "probability_positive": simulation.probability_positive if simulation else None,
        },
        currency=result.currency,
        name=result.name,
    )


def read_frozen(path: Path) -> Frozen:
    """The frozen version at PATH; raises `InputError` where it is none."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        return Frozen(**document | {"name": Text(document["name"])})
    except OSError as error:
        raise InputError(unreadable(path, error)) from None
    except (ValueError, TypeError, KeyError, AttributeError):
        raise InputError(
            say(
                N_("{file}: this is no frozen case. Make one with 'zaplecze money freeze'."),
                file=str(path),
            )
        ) from None


def compare(before: Frozen, after: Frozen) -> Differences:
    """What AFTER assumes otherwise than BEFORE, key by key, and how the results differ."""
    return Differences(
        before=before.version,
        after=after.version,
        assumptions=_differences(before.assumptions, after.assumptions),
        numbers=_differences(before.numbers, after.numbers),
        lines=_differences(before.lines, after.lines),
        results=_differences(before.results, after.results),
    )


def _differences(before: dict[str, Any], after: dict[str, Any]) -> list[Difference]:
    keys = dict.fromkeys((*before, *after))
    return [
        Difference(key, before.get(key), after.get(key))
        for key in keys
        if not _same(before.get(key), after.get(key))
    ]


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= 1e-9 * max(abs(one), abs(other), 1.0)
    return bool(one == other)


def _plain(table: BaseModel) -> dict[str, Any]:
    """What the file says, days as text, without what it leaves out."""
    plain: dict[str, Any] = json.loads(
        json.dumps(table.model_dump(exclude_unset=True), default=str, ensure_ascii=False)
    )
    return plain


def _flat(table: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested tables as dotted keys."""
    flat: dict[str, Any] = {}
    for key, value in table.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict) and set(value) - {"en", "pl", "uk"}:
            flat |= _flat(value, f"{name}.")
        else:
            flat[name] = value
    return flat
