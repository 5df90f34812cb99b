"""Where rising functions are zero, for many of them at once."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from zaplecze.workload.erlang import Floats

Function = Callable[[Floats, NDArray[np.intp]], Floats]

_ROUNDS = 100
_CLOSE = 2e-13


def rising_root(function: Function, low: Floats, high: Floats) -> Floats:
    """Where each of many rising functions is zero between LOW and HIGH; the nearer end if nowhere.

    FUNCTION gets points and which of the functions each belongs to (places in LOW and HIGH, arrays
    of one dimension); its values may be infinite. Relative error about 1e-13. Chandrupatla (1997):
    inverse quadratic interpolation where that is safe, else halves; those found are left alone.
    """
    result, places = np.where(np.isnan(low), low, high).astype(float), np.arange(len(low))
    a, b = low.astype(float), high.astype(float)
    fa, fb = function(a, places), function(b, places)
    c, fc = b, fb
    nearer_end = np.where(fa > 0, a, b)
    outside = (fa > 0) | (fb < 0) | (a == b)
    result[outside] = nearer_end[outside]
    with np.errstate(divide="ignore", invalid="ignore"):
        t = fa / (fa - fb)
    t = np.where(np.isfinite(t), np.clip(t, 0.02, 0.98), 0.5)
    active = ~outside
    places, a, b, c, fa, fb, fc, t = (v[active] for v in (places, a, b, c, fa, fb, fc, t))
    for _ in range(_ROUNDS):
        if not len(places):
            break
        point = a + t * (b - a)
        value = function(point, places)
        same = (value > 0) == (fa > 0)
        c, fc = np.where(same, a, b), np.where(same, fa, fb)
        b, fb = np.where(same, b, a), np.where(same, fb, fa)
        a, fa = point, value
        best = np.where(np.abs(fa) < np.abs(fb), a, b)
        result[places] = best
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            least = _CLOSE * np.abs(best) / np.abs(b - a)
            t = _step(a, b, c, fa, fb, fc, least)
        going = (least < 0.5) & (fa != 0)
        if not going.all():
            places, a, b, c, fa, fb, fc, t = (v[going] for v in (places, a, b, c, fa, fb, fc, t))
    return result


def _step(
    a: Floats, b: Floats, c: Floats, fa: Floats, fb: Floats, fc: Floats, least: Floats
) -> Floats:
    """How far to go from A to B, as a part of the way."""
    along, up = (a - b) / (c - b), (fa - fb) / (fc - fb)
    smooth = (up**2 < along) & ((1 - up) ** 2 < 1 - along)
    quadratic = fa / (fb - fa) * fc / (fb - fc) + (c - a) / (b - a) * fa / (fc - fa) * fb / (
        fc - fb
    )
    t = np.where(smooth & np.isfinite(quadratic), quadratic, 0.5)
    return np.asarray(np.clip(t, least, 1 - least))
