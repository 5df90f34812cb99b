"""A regression over time whose errors remember the period before: measurements and counts."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from zaplecze.impact.verify.result import Family, Floats, Guess

# Beyond this memory a series of usual length cannot be told from a random walk.
_LONGEST_MEMORY = 0.95
_STEPS = 50
_STEP = 1e-4


@dataclass(frozen=True)
class Course:
    """A fitted course: mean = link of (design x coefficients), errors first-order autoregressive.

    ``memory`` is the correlation of neighbouring errors, ``scale`` the variance of an innovation
    (for counts: of a standardised one, that is how much they scatter beyond chance), ``clumping``
    the negative binomial's alpha.
    """

    coefficients: Floats
    memory: float
    scale: float
    family: Family
    clumping: float
    mean: Floats
    _products: "_Products"

    def guess(self, contrast: Floats) -> Guess:
        """CONTRAST x coefficients, its error, and Satterthwaite's degrees of freedom.

        Restricted likelihood with these degrees of freedom is what held its error rate best in
        short interrupted series (Turner et al. 2021).
        """
        products, rho = self._products, self.memory
        variance = self.scale * products.leverage(contrast, rho)
        above = products.leverage(contrast, rho + _STEP)
        below = products.leverage(contrast, rho - _STEP)
        gradient = np.array([self.scale * (above - below) / (2 * _STEP), variance])
        spread = float(gradient @ self._uncertainty @ gradient)
        free = float(max(products.free, 2))
        dof = 2 * variance**2 / spread if spread > 0 else free
        return Guess(
            float(contrast @ self.coefficients),
            math.sqrt(max(variance, 0.0)),
            min(max(dof, 2.0), free),
        )

    @property
    def innovations(self) -> Floats:
        """What was new in each period's error."""
        residual = self._products.residual(self.coefficients)
        return _whiten(residual[:, None], self.memory)[:, 0]

    @cached_property
    def _uncertainty(self) -> Floats:
        """Covariance of memory and log scale, from the curvature of the restricted likelihood."""
        rho, log_scale, h = self.memory, math.log(self.scale), 1e-3

        def value(a: float, b: float) -> float:
            return self._products.likelihood(rho + a * h, log_scale + b * h)

        here = value(0, 0)
        aa = (value(1, 0) - 2 * here + value(-1, 0)) / h**2
        bb = (value(0, 1) - 2 * here + value(0, -1)) / h**2
        ab = (value(1, 1) - value(1, -1) - value(-1, 1) + value(-1, -1)) / (4 * h**2)
        information = np.array([[aa, ab], [ab, bb]])
        if aa <= 0 or np.linalg.det(information) <= 0:
            # At the edge the curvature says nothing; that of independent errors stands in.
            free = float(max(self._products.free, 2))
            information = np.diag([free, free / 2])
        return np.linalg.inv(information)


def fit(outcome: Floats, design: Floats, family: Family, offset: Floats | None = None) -> Course:
    """The course of OUTCOME (n) on DESIGN (n x p), n above p.

    Counts have a logarithmic link, the logarithm of OFFSET (n) beside it, and the working
    correlation of generalised estimating equations (Liang and Zeger 1986); they scatter at least
    as much as chance lets them. For measurements OFFSET is not used.
    """
    if family == "gaussian":
        products = _Products.of(outcome, design)
        rho, scale, beta = products.solve()
        return Course(beta, rho, scale, family, 0.0, design @ beta, products)
    shift = np.zeros(len(outcome)) if offset is None else np.log(offset)
    # Half a case more keeps the logarithm finite where nothing was counted.
    predictor = np.log(outcome + 0.5)
    clumping, beta = 0.0, np.zeros(design.shape[1])
    products, rho, scale = _Products.of(predictor, design), 0.0, 1.0
    for _ in range(_STEPS):
        mean = np.exp(np.clip(predictor, -30, 30))
        if family == "negative-binomial":
            clumping = _clumping(outcome, mean, design.shape[1])
        root = np.sqrt(mean / (1 + clumping * mean))
        working = (predictor - shift + (outcome - mean) / mean) * root
        products = _Products.of(working, design * root[:, None])
        rho, scale, new = products.solve()
        moved = float(np.abs(new - beta).max())
        beta = new
        predictor = design @ beta + shift
        if moved < 1e-8:
            break
    mean = np.exp(np.clip(predictor, -30, 30))
    return Course(beta, rho, max(scale, 1 - rho**2), family, clumping, mean, products)


def planned_error(weights: Floats, design: Floats, contrast: Floats, course: Course) -> float:
    """The error that CONTRAST will have with a DESIGN that is not yet measured.

    WEIGHTS are the roots of the variance that each period will have, as in COURSE.
    """
    products = _Products.of(np.zeros(len(design)), design * weights[:, None])
    return math.sqrt(course.scale * products.leverage(contrast, course.memory))


def bounded_exp(value: float) -> float:
    """The exponential, of a very large number too: a ratio that nobody can tell stays a number."""
    return math.exp(min(max(value, -300.0), 300.0))


def remembered(values: Floats) -> float:
    """The chance that the innovations VALUES are free of memory (Ljung and Box 1978)."""
    from scipy import stats

    n = len(values)
    lags = min(10, n // 5)
    if lags < 1 or not values.any():
        return 1.0
    centred = values - values.mean()
    total = float(centred @ centred)
    found = [float(centred[k:] @ centred[:-k]) / total for k in range(1, lags + 1)]
    statistic = n * (n + 2) * sum(r**2 / (n - k) for k, r in enumerate(found, 1))
    return float(stats.chi2.sf(statistic, lags))


@dataclass(frozen=True)
class _Products:
    """Cross products from which the fit for any memory follows without the rows.

    The design is made orthonormal and the outcome reduced to what the design leaves of it first,
    so that large levels lose no digits.
    """

    rows: int
    back: Floats
    first: Floats
    design: Floats
    outcome: Floats
    plain: Floats
    lagged: Floats
    inner: Floats

    @classmethod
    def of(cls, outcome: Floats, design: Floats) -> "_Products":
        basis, triangle = np.linalg.qr(design)
        back = np.linalg.pinv(triangle)
        start = basis.T @ outcome
        both = np.column_stack([basis, outcome - basis @ start])
        plain, shifted = both.T @ both, both[1:].T @ both[:-1]
        ends = np.outer(both[0], both[0]) + np.outer(both[-1], both[-1])
        return cls(
            len(design), back, back @ start, design, outcome, plain, shifted + shifted.T,
            plain - ends,
        )  # fmt: skip

    @property
    def free(self) -> int:
        """Rows that the design leaves."""
        return self.rows - int(self.design.shape[1])

    def residual(self, coefficients: Floats) -> Floats:
        return self.outcome - self.design @ coefficients

    def solve(self) -> tuple[float, float, Floats]:
        """Memory, variance of an innovation and coefficients by restricted likelihood.

        A negative memory is taken as none: it would make errors smaller than independence does.
        """
        from scipy import optimize

        def profile(rho: float) -> float:
            return self.likelihood(rho, math.log(self._at(rho)[1] / self.free))

        found = optimize.minimize_scalar(
            profile, bounds=(0.0, _LONGEST_MEMORY), method="bounded", options={"xatol": 1e-5}
        )
        rho = float(found.x) if found.fun < profile(0.0) else 0.0
        moved, squares, _ = self._at(rho)
        return rho, squares / self.free, self.first + self.back @ moved

    def likelihood(self, rho: float, log_scale: float) -> float:
        """Minus the restricted log likelihood, up to a constant."""
        _, squares, gram = self._at(rho)
        return 0.5 * (
            self.free * log_scale
            + squares / math.exp(log_scale)
            - math.log(max(1 - rho**2, 1e-12))
            + float(np.linalg.slogdet(gram)[1])
        )

    def leverage(self, contrast: Floats, rho: float) -> float:
        """The variance of CONTRAST for innovations of variance one."""
        turned = self.back.T @ contrast
        gram = self._gram(rho)[:-1, :-1]
        return float(turned @ np.linalg.solve(gram, turned))

    def _gram(self, rho: float) -> Floats:
        return self.plain - rho * self.lagged + rho**2 * self.inner

    def _at(self, rho: float) -> tuple[Floats, float, Floats]:
        """Coefficients beyond the first ones, sum of squared innovations, the design's product."""
        gram = self._gram(rho)
        moved = np.asarray(np.linalg.solve(gram[:-1, :-1], gram[:-1, -1]), np.float64)
        squares = float(gram[-1, -1] - gram[:-1, -1] @ moved)
        return (
            moved,
            max(squares, 1e-20 * float(self.outcome @ self.outcome), 1e-300),
            gram[:-1, :-1],
        )


def _whiten(columns: Floats, rho: float) -> Floats:
    """Prais and Winsten's (1954) transformation: errors of memory RHO become independent."""
    first = columns[:1] * math.sqrt(max(1 - rho**2, 0.0))
    return np.vstack([first, columns[1:] - rho * columns[:-1]])


def _clumping(outcome: Floats, mean: Floats, columns: int) -> float:
    """The negative binomial's alpha by moments: scatter beyond the mean, in squares of it."""
    beyond = ((outcome - mean) ** 2 - mean).sum() * len(mean) / max(len(mean) - columns, 1)
    return max(float(beyond / (mean**2).sum()), 0.0)
