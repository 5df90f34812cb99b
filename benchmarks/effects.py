"""Adjusted effects beside DoubleML's, with the same learner and the same folds.

``python -m benchmarks.effects [CASES]`` in an environment that has DoubleML, which is a peer and no
part of Zaplecze. Both get the same 30 columns, the same five folds and LightGBM with the same settings and
the same bins of values (those of all cases); the partially linear effect and the interactive effect on the exposed are timed from the
arrays to estimate and error, ours and theirs in turn. Estimates must agree to 0.001.
"""

import importlib
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.measure import Measure
from zaplecze.impact import learner
from zaplecze.impact.facts import Column
from zaplecze.impact.interactive import SURE, bounded, effect_on_exposed
from zaplecze.impact.linear import Slope, slopes
from zaplecze.language import Text

Floats = NDArray[np.float64]

COLUMNS = 30
AGREE = 1e-3
TIMES = 2


@dataclass(frozen=True)
class Data:
    """Cases with a lever that is confounded and works more on some than on others."""

    x: Floats
    exposed: Floats
    outcome: Floats

    @property
    def customers(self) -> NDArray[np.int64]:
        """Every case is a customer of its own."""
        return np.arange(len(self.outcome))


@dataclass(frozen=True)
class Race:
    """One model: estimates, errors and seconds, ours and theirs."""

    model: str
    ours: tuple[float, float]
    theirs: tuple[float, float]
    our_seconds: float
    their_seconds: float

    def measures(self) -> Iterator[Measure]:
        """Ours and theirs; raises where the estimates differ."""
        if abs(self.ours[0] - self.theirs[0]) > AGREE:
            raise AssertionError(f"{self.model}: {self.ours[0]} and {self.theirs[0]} differ")
        yield Measure(f"{self.model} effect", "zaplecze", self.our_seconds)
        yield Measure(f"{self.model} effect", "DoubleML", self.their_seconds)

    def line(self) -> str:
        """A row of the printed table."""
        agree = abs(self.ours[0] - self.theirs[0]) <= AGREE
        return (
            f"{self.model:17} {self.ours[0]:9.5f} ({self.ours[1]:.5f}) DoubleML "
            f"{self.theirs[0]:9.5f} ({self.theirs[1]:.5f})  {self.our_seconds:6.1f} s  "
            f"{self.our_seconds / self.their_seconds:5.2f} x DoubleML  "
            f"{'agree' if agree else 'DIFFER'}"
        )


def drawn(cases: int) -> Data:
    """A simulated company of CASES; the same in every run."""
    random = np.random.default_rng(1)
    x = random.normal(size=(cases, COLUMNS))
    tension = np.sin(x[:, 0]) + 0.5 * x[:, 1] * (x[:, 2] > 0)
    exposed = (random.random(cases) < 1 / (1 + np.exp(-0.7 * tension))).astype(np.float64)
    outcome = (-0.5 - 0.3 * x[:, 3]) * exposed - tension + random.normal(size=cases)
    return Data(x, exposed, outcome)


def races(data: Data) -> list[Race]:
    """Both models, ours and theirs in turn, the faster of some runs of each."""
    # Loading its pictures takes long, and is not what is measured.
    importlib.import_module("doubleml")
    found = []
    for model, ours, theirs in (
        ("partially linear", _our_linear, _their_linear),
        ("interactive", _our_interactive, _their_interactive),
    ):
        runs = [(_timed(ours, data), _timed(theirs, data)) for _ in range(TIMES)]
        mine, other = (min((run[k] for run in runs), key=lambda r: r[1]) for k in (0, 1))
        found.append(Race(model, mine[0], other[0], mine[1], other[1]))
    return found


def _timed(
    work: Callable[[Data], tuple[float, float]], data: Data
) -> tuple[tuple[float, float], float]:
    begin = time.perf_counter()
    result = work(data)
    return result, time.perf_counter() - begin


def _our_linear(data: Data) -> tuple[float, float]:
    fitter = learner.CrossFitter(_columns(data), data.customers)
    exposed = fitter.residuals(data.exposed)
    return _told(slopes(fitter.residuals(data.outcome), exposed[:, None], data.customers)[0])


def _our_interactive(data: Data) -> tuple[float, float]:
    fitter = learner.CrossFitter(_columns(data), data.customers)
    chance = bounded(fitter.predictions(data.exposed))
    without = fitter.predictions(data.outcome, data.exposed == 0)
    return _told(effect_on_exposed(data.outcome, data.exposed, chance, without, data.customers))


def _told(slope: Slope) -> tuple[float, float]:
    return slope.estimate, slope.error


def _columns(data: Data) -> list[Column]:
    return [Column(str(k), Text.same(str(k)), data.x[:, k]) for k in range(COLUMNS)]


def _their_linear(data: Data) -> tuple[float, float]:
    from doubleml import DoubleMLPLR

    regression, _ = _learners(data)
    return _fitted(DoubleMLPLR(_theirs(data), regression, regression, n_folds=learner.FOLDS), data)


def _their_interactive(data: Data) -> tuple[float, float]:
    from doubleml import DoubleMLIRM
    from doubleml.utils import PSProcessorConfig

    regression, chances = _learners(data)
    model = DoubleMLIRM(
        _theirs(data),
        regression,
        chances,
        n_folds=learner.FOLDS,
        score="ATTE",
        ps_processor_config=PSProcessorConfig(clipping_threshold=SURE),
    )
    return _fitted(model, data)


def _fitted(model: Any, data: Data) -> tuple[float, float]:
    fold_of = learner._folds_by_group(data.customers, 0)
    folds = range(learner.FOLDS)
    model.set_sample_splitting(
        [(np.flatnonzero(fold_of != k), np.flatnonzero(fold_of == k)) for k in folds]
    )
    model.fit()
    return float(model.coef[0]), float(model.se[0])


def _theirs(data: Data) -> Any:
    from doubleml import DoubleMLData

    return DoubleMLData.from_arrays(data.x, data.outcome, data.exposed)


def _learners(data: Data) -> tuple[Any, Any]:
    """LightGBM with our settings and bins as DoubleML wants it: a regression, and one for chances."""
    import lightgbm
    from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin

    # What one thread a fold is to ours, two threads a fit are to them.
    settings = learner.PARAMETERS | {"num_threads": learner.WORKERS}
    shared = {k: settings[k] for k in learner.SHARED}
    whole = lightgbm.Dataset(data.x, params=shared, free_raw_data=False).construct()

    class Trees(BaseEstimator):  # type: ignore[misc]  # scikit-learn is untyped
        def fit(self, x: Floats, y: Floats) -> "Trees":
            self.classes_ = np.array([0, 1])
            part = lightgbm.Dataset(x, y, reference=whole, params=shared)
            self.booster_ = lightgbm.train(settings, part, num_boost_round=learner.ROUNDS)
            return self

        def predict(self, x: Floats) -> Floats:
            return np.asarray(self.booster_.predict(x))

    class Regression(RegressorMixin, Trees):  # type: ignore[misc]  # scikit-learn is untyped
        pass

    class Chances(ClassifierMixin, Trees):  # type: ignore[misc]  # scikit-learn is untyped
        def predict_proba(self, x: Floats) -> Floats:
            chance = np.clip(self.predict(x), 0.0, 1.0)
            return np.column_stack([1 - chance, chance])

    return Regression(), Chances()


if __name__ == "__main__":
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    for race in races(drawn(size)):
        print(race.line(), flush=True)
