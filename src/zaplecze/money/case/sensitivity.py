"""What moves a case: one assumption at a time, and where it would turn."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zaplecze.language import Text
from zaplecze.money.case.reckoning import Reckoning
from zaplecze.money.distributions import Beta
from zaplecze.money.expression import Value
from zaplecze.money.returns import Floats

ENDS = (0.1, 0.9)
CHANGES = (-0.2, -0.1, 0.0, 0.1, 0.2)
_LOOKS = 121
_ROUNDS, _POINTS_A_ROUND = 3, 21
_BELOW = 20_000
_GROWS = 10.0


@dataclass(frozen=True)
class Swing:
    """The present value with one assumption at its 10 % and its 90 % quantile, all others plain."""

    assumption: str
    label: Text
    low: float
    high: float
    npv_low: float
    npv_high: float

    @property
    def width(self) -> float:
        """How far the present value moves."""
        return abs(self.npv_high - self.npv_low)


@dataclass(frozen=True)
class Leg:
    """The present value with one assumption changed by each of ``changes`` (fractions of its plain
    value), all others plain: a leg of a spider."""

    assumption: str
    label: Text
    changes: list[float]
    values: list[float]
    npv: list[float]

    @property
    def slope(self) -> float:
        """How far the present value moves from one end to the other."""
        return self.npv[-1] - self.npv[0]


@dataclass(frozen=True)
class SwitchingValue:
    """The value of one assumption at which the present value is zero, all others plain.

    ``change`` is the way there from its plain value, as a fraction of that; ``beyond`` the share of
    its draws on the far side. None where no value between a tenth (or less) and ten times the plain
    one does that.
    """

    assumption: str
    label: Text
    base: float
    value: float | None
    change: float | None
    beyond: float | None


def tornado(reckoning: Reckoning) -> list[Swing]:
    """One bar for every uncertain assumption, the widest first; see `not_shown`."""
    names = reckoning.uncertain
    ends = {n: [reckoning.numbers[n].quantile(share) for share in ENDS] for n in names}
    npv = _one_at_a_time(reckoning, ends)
    swings = [
        Swing(n, reckoning.case.assumption_label(n), ends[n][0], ends[n][1], *(float(v) for v in npv[n]))
        for n in names
    ]  # fmt: skip
    known = [swing for swing in swings if np.isfinite(swing.width)]
    return sorted(known, key=lambda swing: -swing.width)


def not_shown(reckoning: Reckoning, swings: list[Swing], legs: list[Leg]) -> list[str]:
    """The uncertain assumptions that SWINGS or LEGS leave out: something is divided by zero at one
    of their values. Legs of what is zero as planned are none."""
    shown = {each.assumption for each in swings} & (
        {each.assumption for each in legs} | {n for n, v in reckoning.base.items() if v == 0}
    )
    return [name for name in reckoning.uncertain if name not in shown]


def spider(reckoning: Reckoning) -> list[Leg]:
    """One leg for every uncertain assumption whose plain value is not zero, the steepest first.

    What cannot be more than one stays there.
    """
    names = [name for name in reckoning.uncertain if reckoning.base[name] != 0]
    points = {name: _changed(reckoning, name) for name in names}
    npv = _one_at_a_time(reckoning, points)
    legs = [
        Leg(n, reckoning.case.assumption_label(n), list(CHANGES), points[n], [float(v) for v in npv[n]])
        for n in names
    ]  # fmt: skip
    known = [leg for leg in legs if np.isfinite(leg.npv).all()]
    return sorted(known, key=lambda leg: -abs(leg.slope))


def _changed(reckoning: Reckoning, name: str) -> list[float]:
    values = [float(reckoning.base[name]) * (1.0 + change) for change in CHANGES]
    return [min(value, 1.0) for value in values] if _is_share(reckoning, name) else values


def switching_values(reckoning: Reckoning) -> list[SwitchingValue]:
    """Where each assumption would have to go for the case to turn, the nearest first."""
    looked = {name: _looked_at(reckoning, name) for name in reckoning.numbers}
    npv = _one_at_a_time(reckoning, looked)
    crossings = {
        name: crossing
        for name in reckoning.numbers
        if (crossing := _nearest_crossing(reckoning, name, np.array(looked[name]), npv[name]))
    }
    closer = crossings
    for _ in range(_ROUNDS):
        closer = _closer(reckoning, closer)
    # Where something is divided by zero the value jumps from one side to the other, and grows.
    crossings = {n: each for n, each in closer.items() if each.size <= _GROWS * crossings[n].size}
    # What the case does not depend on has no place in the list.
    moving = [name for name in reckoning.numbers if np.ptp(npv[name]) > 0]
    found = [_switch(reckoning, name, crossings.get(name)) for name in moving]
    # Rounding does not decide between two that turn alike.
    return sorted(
        found, key=lambda each: round(abs(each.change), 9) if each.change is not None else 1e99
    )


def _one_at_a_time(reckoning: Reckoning, points: Mapping[str, list[float]]) -> dict[str, Floats]:
    """Present values with each assumption at its POINTS in turn, all of them in one go."""
    if not points:
        return {}
    total = sum(len(each) for each in points.values())
    values: dict[str, Value] = {
        name: np.full(total, plain) for name, plain in reckoning.base.items()
    }
    start, places = 0, {}
    for name, each in points.items():
        places[name] = slice(start, start + len(each))
        column = values[name]
        assert isinstance(column, np.ndarray)
        column[places[name]] = each
        start += len(each)
    npv = np.broadcast_to(reckoning.npv(values), (total,))
    return {name: npv[place] for name, place in places.items()}


def _looked_at(reckoning: Reckoning, name: str) -> list[float]:
    """Values from ten times below to ten times above the plain one, and through zero."""
    plain = float(reckoning.base[name])
    number = reckoning.numbers[name]
    reach = max(abs(plain), abs(number.quantile(0.999)), abs(number.quantile(0.001))) or 1.0
    up = np.append(np.geomspace(1e-3, 10.0, (_LOOKS - 1) // 2) * reach, 1.0)
    return [float(v) for v in np.unique(np.concatenate([-up, [0.0, plain], up]))]


@dataclass(frozen=True)
class _Crossing:
    """Two values of an assumption between which the present value changes sign, and that there."""

    low: float
    high: float
    npv_low: float
    npv_high: float

    @property
    def size(self) -> float:
        """How far from zero the present value is at the ends."""
        return max(abs(self.npv_low), abs(self.npv_high))

    @property
    def value(self) -> float:
        """Where a straight line between them is zero."""
        apart = self.npv_low - self.npv_high
        if not apart:
            return (self.low + self.high) / 2
        return self.low + (self.high - self.low) * self.npv_low / apart


def _nearest_crossing(
    reckoning: Reckoning, name: str, looked: Floats, npv: Floats
) -> _Crossing | None:
    """The one nearest to the plain value that the assumption can reach."""
    plain = float(reckoning.base[name])
    crossed = _changes(npv)
    # A number that is never negative does not switch there.
    if reckoning.numbers[name].quantile(0.0005) >= 0:
        crossed = crossed[looked[crossed] >= 0]
    if _is_share(reckoning, name):
        crossed = crossed[looked[crossed + 1] <= 1]
    if not len(crossed):
        return None
    nearest = crossed[np.argmin(np.abs((looked[crossed] + looked[crossed + 1]) / 2 - plain))]
    return _crossing(looked, npv, int(nearest))


def _closer(reckoning: Reckoning, crossings: Mapping[str, _Crossing]) -> dict[str, _Crossing]:
    """CROSSINGS looked at more closely, all of them in one go."""
    points = {
        name: [float(v) for v in np.linspace(each.low, each.high, _POINTS_A_ROUND)]
        for name, each in crossings.items()
    }
    npv, found = _one_at_a_time(reckoning, points), dict(crossings)
    for name, inner in npv.items():
        turns = _changes(inner)
        # Whole people make steps: where one is met, it cannot be met more closely.
        if len(turns):
            found[name] = _crossing(np.array(points[name]), inner, int(turns[0]))
    return found


def _changes(npv: Floats) -> NDArray[np.intp]:
    """The places behind which a present value changes sign, both being numbers."""
    known = np.isfinite(npv)
    return np.flatnonzero(known[:-1] & known[1:] & (np.sign(npv[:-1]) * np.sign(npv[1:]) <= 0))


def _crossing(points: Floats, npv: Floats, place: int) -> _Crossing:
    return _Crossing(*(float(v) for v in (*points[place : place + 2], *npv[place : place + 2])))


def _switch(reckoning: Reckoning, name: str, crossing: _Crossing | None) -> SwitchingValue:
    plain, label = float(reckoning.base[name]), reckoning.case.assumption_label(name)
    if crossing is None:
        return SwitchingValue(name, label, plain, None, None, None)
    value = crossing.value
    change = (value - plain) / abs(plain) if plain else None
    return SwitchingValue(name, label, plain, value, change, _beyond(reckoning, name, value))


def _beyond(reckoning: Reckoning, name: str, value: float) -> float | None:
    """The share of the assumption's draws that lie on the other side of VALUE than its plain one."""
    if name not in reckoning.uncertain:
        return None
    drawn = reckoning.numbers[name].draws(np.random.default_rng(0), _BELOW)
    below = float((drawn < value).mean())
    return below if value < reckoning.base[name] else 1.0 - below


def _is_share(reckoning: Reckoning, name: str) -> bool:
    """Whether an assumption cannot be more than one."""
    number, given = reckoning.numbers[name], reckoning.case.assumptions[name]
    return given.take == "answered" or (isinstance(number, Beta) and number.high == 1.0)
