"""Every rate of return of a row of cash flows: all roots of its net present value."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Value = Callable[[Floats], Floats]

_WIDEST = 40.0
"""Rates are sought between e^-40 - 1 and e^40 - 1 a unit of time."""
_LOOKS = 2_000
_HALVINGS, _AT_ONCE = 80, 4
_GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0
_TOUCHES = 1e-11
_LEVEL = 1e-9
_APART = 1e-6
_CLEAR = 1e-12
_SETTLED = 1e-9
_STEPS = 60

_GRID = np.concatenate(
    [-np.geomspace(3.0, 1e-3, 40), [0.0], np.geomspace(1e-3, math.log(101.0), 56)]
)
_BY_SIZE = np.argsort(np.abs(_GRID[:-1] + _GRID[1:]), kind="stable")
"""The gaps of the grid, that nearest to zero first."""
_BLOCK = 4_096


def rates_of_return(flows: Floats, times: Floats) -> list[float]:
    """Every rate at which FLOWS at TIMES are worth nothing, lowest first; empty where there is none.

    TIMES are in the unit of the rate (years, say), need not be whole and must not fall. Where
    `_has_only_one` proves that there is one rate, it is found by Newton's method; otherwise the
    present value is looked at on a grid of 4,001 rates, dense near zero, and where it turns without
    crossing zero also between.
    """
    flows, times = _trimmed(flows, times)
    if changes_of_sign(flows) == 0:
        return []
    if _has_only_one(flows):
        return _only_rate(flows, times)

    def value(u: Floats) -> Floats:
        # Divided by its largest factor: the same roots, and no overflow.
        exponents = -np.multiply.outer(u, times)
        return np.asarray(np.exp(exponents - exponents.max(axis=-1, keepdims=True)) @ flows)

    half = _WIDEST * np.expm1(6.0 * np.linspace(0.0, 1.0, _LOOKS + 1)) / np.expm1(6.0)
    grid = np.concatenate([-half[:0:-1], half])
    seen = value(grid)
    found = [float(u) for u in grid[seen == 0.0]]
    crossed = np.flatnonzero(seen[:-1] * seen[1:] < 0)
    found += [_bisected(value, grid[i], grid[i + 1], bool(seen[i] > 0)) for i in crossed]
    for i in _turns(seen):
        found += _touching(value, grid[i - 1], grid[i + 1], scale=float(np.abs(flows).max()))
    return sorted(math.expm1(u) for u in found)


def changes_of_sign(flows: Floats) -> int:
    """How often FLOWS turn from money out to money in or back; zeros do not count."""
    signs = np.sign(flows[flows != 0])
    return int(np.count_nonzero(signs[1:] != signs[:-1]))


def usual_rate(rates: list[float]) -> float | None:
    """The one of RATES nearest to zero, which spreadsheets show; None where there is none."""
    return min(rates, key=abs, default=None)


def many_rates_of_return(flows: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """The rate of return a period of each row of FLOWS (rows x periods, the first at time 0).

    Gives the rate nearest to zero, NaN where there is none between -95 % and 10,000 % a period,
    and how many were seen on a grid of 97 rates. Newton's method, kept inside its bracket, finishes
    what the grid has bracketed: one matrix product and a few passes over the flows for all rows.
    """
    rows, periods = flows.shape
    exponents = -np.multiply.outer(_GRID, np.arange(periods))
    weights = np.exp(exponents - exponents.max(axis=1, keepdims=True))
    counts, nearest = np.zeros(rows, dtype=np.int64), np.zeros(rows, dtype=np.int64)
    # By blocks that stay in the processor's cache.
    for block in (slice(start, start + _BLOCK) for start in range(0, rows, _BLOCK)):
        above = (flows[block] @ weights.T) > 0
        crosses = above[:, 1:] != above[:, :-1]
        counts[block] = crosses.sum(axis=1)
        nearest[block] = _BY_SIZE[np.argmax(crosses[:, _BY_SIZE], axis=1)]
    rates = np.full(rows, np.nan)
    for gains in (True, False):
        chosen = np.flatnonzero((counts > 0) & ((_GRID[nearest] >= 0) == gains))
        if not len(chosen):
            continue
        low, high = _GRID[nearest[chosen]], _GRID[nearest[chosen] + 1]
        # In powers of a factor below one nothing overflows: from the end where money shrinks.
        ordered = flows[chosen].T if gains else flows[chosen, ::-1].T
        ends = (np.exp(-high), np.exp(-low)) if gains else (np.exp(low), np.exp(high))
        factor = _polished(np.ascontiguousarray(ordered), *ends)
        rates[chosen] = 1.0 / factor - 1.0 if gains else factor - 1.0
    return rates, counts


def _has_only_one(flows: Floats) -> bool:
    """Whether the signs of FLOWS prove that they have one rate of return; False proves nothing.

    By Descartes there are at most as many as the flows change sign, and fewer only by an even
    number; by Laguerre (1883), of whose theorem Norstrom's rule is a case, at most as many above
    zero as the sums so far change sign, and below zero as the sums from there to the end do.
    """
    if changes_of_sign(flows) == 1:
        return True
    so_far, to_the_end = np.cumsum(flows), np.cumsum(flows[::-1])
    clear = _CLEAR * float(np.abs(flows).sum())
    if min(np.abs(so_far).min(), np.abs(to_the_end).min()) <= clear:
        return False
    return changes_of_sign(so_far) + changes_of_sign(to_the_end) == 1


def _only_rate(flows: Floats, times: Floats) -> list[float]:
    """The one rate of FLOWS that have no other; empty where it lies beyond the widest looked at.

    Newton's method, kept inside its bracket, on the logarithm of all money in over all money out:
    nearly a straight line.
    """
    inward = flows > 0
    parts = [(np.log(np.abs(flows[part])), times[part]) for part in (inward, ~inward)]
    if not inward[0]:
        parts.reverse()

    def excess(u: float) -> tuple[float, float]:
        (first, early), (other, late) = (_log_worth(*part, u) for part in parts)
        return first - other, late - early

    low, high, u = -_WIDEST, _WIDEST, 0.0
    for _ in range(_STEPS):
        value, slope = excess(u)
        # Far ahead of the root the flow that comes first weighs most.
        low, high = (u, high) if value < 0 else (low, u)
        following = u - value / slope if slope else math.nan
        if not low <= following <= high:
            following = (low + high) / 2
        # The next step would be the square of this one.
        settled = abs(following - u) <= _SETTLED * max(abs(u), 1e-3)
        u = following
        if settled:
            break
    return [math.expm1(u)] if abs(u) < _WIDEST * (1 - _SETTLED) else []


def _log_worth(logs: Floats, times: Floats, u: float) -> tuple[float, float]:
    """The logarithm of what flows with LOGS at TIMES are worth, and the mean time of that money."""
    exponents = logs - u * times
    largest = exponents.max()
    worth = np.exp(exponents - largest)
    whole = worth.sum()
    return float(largest + np.log(whole)), float(worth @ times / whole)


def _trimmed(flows: Floats, times: Floats) -> tuple[Floats, Floats]:
    """FLOWS and TIMES without zeros, the first at time 0."""
    used = flows != 0
    return flows[used], times[used] - (times[used][0] if used.any() else 0.0)


def _bisected(value: Value, low: float, high: float, positive: bool) -> float:
    """The root between LOW, where the value is POSITIVE or not, and HIGH, where it is the reverse.

    That is told, not asked again: next to a root another order of adding gives another sign.
    """
    for _ in range(_HALVINGS // _AT_ONCE):
        points = np.linspace(low, high, 2**_AT_ONCE + 1)
        beyond = np.append((value(points[1:-1]) > 0) != positive, True)
        place = int(np.argmax(beyond))
        low, high = float(points[place]), float(points[place + 1])
    return (low + high) / 2


def _turns(seen: Floats) -> NDArray[np.intp]:
    """Where values come nearest to zero without crossing it."""
    size, same = np.abs(seen), np.sign(seen)
    inner = slice(1, -1)
    near = (size[inner] <= size[:-2]) & (size[inner] <= size[2:]) & (size[inner] > 0)
    # Far out the value stays what it is, but for its last digits.
    near &= size[inner] < (1 - _LEVEL) * np.maximum(size[:-2], size[2:])
    alike = (same[inner] == same[:-2]) & (same[inner] == same[2:])
    return np.flatnonzero(near & alike) + 1


def _touching(value: Value, low: float, high: float, scale: float) -> list[float]:
    """The roots between LOW and HIGH, where the value comes near zero: none, one or two."""
    positive = bool(value(np.array([low]))[0] > 0)
    left, right = low, high
    for _ in range(_HALVINGS):
        inner = np.array([right - _GOLDEN * (right - left), left + _GOLDEN * (right - left)])
        first, second = value(inner) * (1.0 if positive else -1.0)
        if min(first, second) < 0:
            beyond = inner[0] if first < 0 else inner[1]
            pair = [
                _bisected(value, low, beyond, positive),
                _bisected(value, beyond, high, not positive),
            ]
            # Closer than its own rounding, a double root is one.
            return pair if pair[1] - pair[0] > _APART else [sum(pair) / 2]
        left, right = (left, inner[1]) if first < second else (inner[0], right)
    lowest = (left + right) / 2
    return [lowest] if abs(value(np.array([lowest]))[0]) <= _TOUCHES * scale else []


def _polished(powers: Floats, low: Floats, high: Floats) -> Floats:
    """The root x between LOW and HIGH of each column of POWERS (coefficients of x^0, x^1, …)."""
    positive = _polynomial(powers, low)[0] > 0
    x = (low + high) / 2
    for _ in range(_STEPS):
        value, slope = _polynomial(powers, x)
        above = (value > 0) == positive
        low, high = np.where(above, x, low), np.where(above, high, x)
        with np.errstate(divide="ignore", invalid="ignore"):
            newton = x - value / slope
        inside = (newton >= low) & (newton <= high)
        following = np.where(inside, newton, (low + high) / 2)
        settled = np.abs(following - x) <= 1e-15 * x
        x = following
        if settled.all():
            break
    return x


def _polynomial(powers: Floats, x: Floats) -> tuple[Floats, Floats]:
    """The value and the slope at X, by Horner's scheme."""
    value, slope = powers[-1].copy(), np.zeros_like(x)
    for coefficient in powers[-2::-1]:
        slope = slope * x + value
        value = value * x + coefficient
    return value, slope
