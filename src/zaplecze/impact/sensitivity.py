"""How strong something unmeasured would have to be to overturn an effect.

Robustness value after Cinelli and Hazlett (2020), *Making sense of sensitivity*: with
f = |t| / sqrt(dof), RV = (sqrt(f^4 + 4 f^2) - f^2) / 2. E-value after VanderWeele and Ding (2017),
*Sensitivity analysis in observational research*: RR + sqrt(RR (RR - 1)).
"""

import numpy as np
from numpy.typing import NDArray

from zaplecze.impact.arrays import Floats
from zaplecze.impact.design import Design
from zaplecze.impact.finding import Benchmark, Robustness
from zaplecze.impact.linear import Z95, Slope
from zaplecze.language import N_, Text, number, percent, say


def robustness_value(t: float, dof: int, *, alpha_t: float = 0.0) -> float:
    """Share of the remaining variation that overturns a t value of T; with ALPHA_T, its interval.

    >>> round(robustness_value(4.18445, 783), 4)
    0.1388
    """
    f = max(abs(t) - alpha_t, 0.0) / np.sqrt(dof)
    return float((np.sqrt(f**4 + 4 * f**2) - f**2) / 2)


def e_value(ratio: float) -> float:
    """How often both lever and outcome would have to go with something to explain a risk RATIO.

    >>> round(e_value(3.9), 6)
    7.263034
    """
    ratio = max(ratio, 1 / ratio)
    return float(ratio + np.sqrt(ratio * (ratio - 1)))


def e_values(share: float, slope: Slope) -> tuple[float, float] | None:
    """E-values of SLOPE and of the nearer bound of its interval; None where there is no ratio.

    SHARE of the exposed has the outcome; without the lever it would be less by the estimate.
    """
    others = [share - value for value in (slope.estimate, *slope.interval)]
    if share <= 0 or min(others) <= 0:
        return None
    low, high = slope.interval
    nearer = low if slope.estimate > 0 else high
    crosses = low <= 0 <= high
    return e_value(share / others[0]), 1.0 if crosses else e_value(share / (share - nearer))


def robustness(slope: Slope, benchmark: Benchmark | None, share: float | None = None) -> Robustness:
    """The robustness of SLOPE, compared with the strongest known confounder, in words.

    With the SHARE of the exposed to whom a yes-or-no happened, its E-value as well.
    """
    # The measure is about shares of variance, whatever the data's clusters: it is defined by the
    # textbook error.
    t = slope.estimate / slope.plain_error if slope.plain_error else 0.0
    value = robustness_value(t, slope.n - 1)
    value_significance = robustness_value(t, slope.n - 2, alpha_t=Z95)
    sentence = _sentence(value, benchmark)
    ratios = e_values(share, slope) if share is not None else None
    if ratios is None:
        return Robustness(value, value_significance, benchmark, sentence)
    return Robustness(
        value, value_significance, benchmark, _with_e_value(sentence, ratios[0]), *ratios
    )


def _with_e_value(sentence: Text, e_value: float) -> Text:
    return say(
        N_(
            "{sentence} As a ratio of chances: it would have to make both the work and the outcome "
            "{e_value} times as likely, beyond all that is held equal."
        ),
        sentence=sentence,
        e_value=number(e_value, 1),
    )


def _sentence(value: float, benchmark: Benchmark | None) -> Text:
    first = say(
        N_(
            "Something unmeasured would have to explain {share} of what is left of both the work "
            "and the outcome to bring this to zero."
        ),
        share=percent(value, 1),
    )
    if benchmark is None:
        return first
    return say(
        N_(
            "{first} The strongest thing that is known, {variable}, explains {of_lever} of the "
            "work and {of_outcome} of the outcome."
        ),
        first=first,
        variable=benchmark.label,
        of_lever=percent(benchmark.of_lever, 1),
        of_outcome=percent(benchmark.of_outcome, 1),
    )


def strongest_confounder(design: Design, lever: Floats, outcome: Floats) -> Benchmark | None:
    """The column with the largest product of partial shares of lever and outcome explained.

    LEVER and OUTCOME have one entry a case of DESIGN. Of the outcome it is the share of what the
    lever and all other columns leave unexplained.
    """
    if not design.columns:
        return None
    targets = np.column_stack([lever - lever.mean(), outcome - outcome.mean()])
    against, total = design.times(targets), targets.T @ targets
    exposed = against[:, :1]
    gram = np.block([[design.gram, exposed], [exposed.T, total[:1, :1]]])
    cross, squares = np.vstack([against, total[:1]]), np.diag(total)
    others = np.arange(len(against))

    def unexplained(columns: NDArray[np.int64]) -> Floats:
        of_lever = _unexplained(gram, cross[:, :1], squares[:1], columns)
        with_lever = np.append(columns, len(gram) - 1)
        return np.append(of_lever, _unexplained(gram, cross[:, 1:], squares[1:], with_lever))

    full, end = unexplained(others), 0
    best: Benchmark | None = None
    for column, width in zip(design.columns, design.widths, strict=True):
        end += width
        rest = unexplained(np.setdiff1d(others, np.arange(end - width, end)))
        of_lever, of_outcome = np.clip((rest - full) / np.maximum(rest, 1e-12), 0, 1)
        if best is None or of_lever * of_outcome > best.of_lever * best.of_outcome:
            best = Benchmark(column.name, column.label, float(of_outcome), float(of_lever))
    return best


def _unexplained(gram: Floats, cross: Floats, total: Floats, columns: NDArray[np.int64]) -> Floats:
    """Residual sums of squares of targets on some columns of the design."""
    if len(columns) == 0:
        return total
    part = gram[np.ix_(columns, columns)]
    ridge = 1e-8 * np.trace(part) / len(columns) * np.eye(len(columns))
    weights = np.linalg.solve(part + ridge, cross[columns])
    return np.asarray(total - (cross[columns] * weights).sum(axis=0))
