"""A distribution from the parameters that somebody gives, which are checked."""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from zaplecze.language import N_, Text, say
from zaplecze.money.distributions import (
    Beta,
    Discrete,
    Distribution,
    Fixed,
    Lognormal,
    Normal,
    Pert,
    Triangular,
    Uniform,
)
from zaplecze.workspace.values import FaultError

Kind = Literal[
    "fixed", "triangular", "pert", "normal", "lognormal", "beta", "uniform", "discrete", "empirical"
]

Z90 = 1.6448536269514722
"""``low`` and ``high`` of normal and lognormal leave 5 % out at either side: 90 % lie between."""
_WIDEST_SPREAD = 1_000.0


def distribution(kind: Kind, **given: Any) -> Distribution:
    """The distribution of KIND with the parameters GIVEN (None: not given).

    fixed: value. triangular, pert: low, likely, high. normal: mean and sd, or low and high between
    which 90 % lie. lognormal: the same, above zero. beta: alpha, beta and, unless 0 and 1, low and
    high. uniform: low, high. discrete: values, weights. empirical: values. Raises `FaultError` that
    names the parameter and the remedy.
    """
    given = {name: value for name, value in given.items() if value is not None}
    needed, allowed = _PARAMETERS[kind]
    for name in given:
        if name not in allowed:
            raise FaultError(
                say(
                    N_("A distribution '{kind}' does not use '{name}'. Remove it; it takes: {allowed}."),
                    kind=kind, name=name, allowed=", ".join(allowed),
                ),
                (name,), given[name],
            )  # fmt: skip
    if not any(set(choice) <= set(given) for choice in needed):
        raise FaultError(
            say(
                N_("A distribution '{kind}' needs: {needed}. Add what is missing."),
                kind=kind,
                needed=" / ".join(", ".join(choice) for choice in needed),
            )
        )
    return _MAKERS[kind](given)


_ENDS = ("low", "high")
_PARAMETERS: dict[Kind, tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]] = {
    "fixed": ((("value",),), ("value",)),
    "triangular": ((("low", "likely", "high"),), ("low", "likely", "high")),
    "pert": ((("low", "likely", "high"),), ("low", "likely", "high")),
    "normal": ((("mean", "sd"), _ENDS), ("mean", "sd", *_ENDS)),
    "lognormal": ((("mean", "sd"), _ENDS), ("mean", "sd", *_ENDS)),
    "beta": ((("alpha", "beta"),), ("alpha", "beta", *_ENDS)),
    "uniform": ((_ENDS,), _ENDS),
    "discrete": ((("values", "weights"),), ("values", "weights")),
    "empirical": ((("values",),), ("values",)),
}


def _three(given: dict[str, Any]) -> tuple[float, float, float]:
    low, likely, high = given["low"], given["likely"], given["high"]
    if not low <= likely <= high or low == high:
        raise FaultError(
            say(
                N_("'low', 'likely' and 'high' must rise: {low}, {likely}, {high} do not. Put them in order."),
                low=f"{low:g}", likely=f"{likely:g}", high=f"{high:g}",
            ),
            ("likely",), likely,
        )  # fmt: skip
    return low, likely, high


def _ordered(given: dict[str, Any]) -> tuple[float, float]:
    low, high = given["low"], given["high"]
    if not low < high:
        raise FaultError(
            say(
                N_("'low' must be less than 'high': {low} and {high} are not. Put them in order."),
                low=f"{low:g}",
                high=f"{high:g}",
            ),
            ("low",),
            low,
        )
    return low, high


def _bell(given: dict[str, Any]) -> tuple[float, float]:
    """Mean and deviation, given as such or by the ends between which 90 % lie."""
    if "mean" in given and "low" in given:
        raise FaultError(say(N_("There are both 'mean' and 'low'. Remove one pair: 'mean' with 'sd', or 'low' with 'high'.")), ("mean",), given["mean"])  # fmt: skip
    if "mean" not in given:
        low, high = _ordered(given)
        return (low + high) / 2, (high - low) / (2 * Z90)
    if not given["sd"] > 0:
        raise FaultError(_MORE_THAN_ZERO, ("sd",), given["sd"])
    return given["mean"], given["sd"]


_MORE_THAN_ZERO: Text = say(N_("This must be more than 0."))


def _triangular(given: dict[str, Any]) -> Distribution:
    return Triangular(*_three(given))


def _pert(given: dict[str, Any]) -> Distribution:
    return Pert.of(*_three(given))


def _normal(given: dict[str, Any]) -> Distribution:
    return Normal(*_bell(given))


def _lognormal(given: dict[str, Any]) -> Distribution:
    for name in ("mean", "low"):
        if name in given and not given[name] > 0:
            raise FaultError(
                say(N_("A lognormal number is above zero. Give more than 0, or choose 'normal'.")),
                (name,),
                given[name],
            )
    if "mean" in given:
        mean, sd = _bell(given)
        if sd > _WIDEST_SPREAD * mean:
            raise FaultError(say(N_("This is more than a thousand times the mean. Correct one of the two.")), ("sd",), sd)  # fmt: skip
        sigma = float(np.sqrt(np.log1p((sd / mean) ** 2)))
        return Lognormal(float(np.log(mean)) - sigma**2 / 2, sigma)
    low, high = _ordered(given)
    middle, sigma = _bell({"low": float(np.log(low)), "high": float(np.log(high))})
    return Lognormal(middle, sigma)


def _beta(given: dict[str, Any]) -> Distribution:
    for name in ("alpha", "beta"):
        if not given[name] > 0:
            raise FaultError(_MORE_THAN_ZERO, (name,), given[name])
    low, high = _ordered({"low": 0.0, "high": 1.0} | given)
    return Beta(given["alpha"], given["beta"], low, high)


def _discrete(given: dict[str, Any]) -> Distribution:
    values, weights = _listed(given["values"]), given["weights"]
    if len(values) != len(weights) or min(weights) < 0 or sum(weights) <= 0:
        raise FaultError(
            say(N_("Every value has one weight of 0 or more, and not all are 0. Give {count} weights."), count=len(values)),
            ("weights",), list(weights),
        )  # fmt: skip
    return Discrete(values, tuple(weight / sum(weights) for weight in weights))


def _empirical(given: dict[str, Any]) -> Distribution:
    values = _listed(given["values"])
    return Discrete(values, (1.0 / len(values),) * len(values))


def _listed(values: Sequence[float]) -> tuple[float, ...]:
    if not values:
        raise FaultError(say(N_("The list is empty. Give at least one number.")), ("values",), [])
    return tuple(float(value) for value in values)


_MAKERS = {
    "fixed": lambda given: Fixed(given["value"]),
    "triangular": _triangular,
    "pert": _pert,
    "normal": _normal,
    "lognormal": _lognormal,
    "beta": _beta,
    "uniform": lambda given: Uniform(*_ordered(given)),
    "discrete": _discrete,
    "empirical": _empirical,
}
