"""Cross-fitted predictions: what is left of a variable once others have explained what they can.

Every case is predicted by gradient-boosted trees that were fitted without its own customer, so
that residuals are honest and flexible learners do no harm (Chernozhukov et al. 2018). The trees are
LightGBM's or scikit-learn's, grown alike.
"""

import ctypes
import functools
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from zaplecze.errors import InputError
from zaplecze.impact.arrays import Floats
from zaplecze.impact.facts import Column
from zaplecze.language import N_, say
from zaplecze.workspace import Learner

Rows = NDArray[np.int64]

FOLDS = 5
FEW, MOST_TIMES = 15_000, 3
"""So many cases or fewer are cut into folds anew, up to so many times, and predictions averaged: how
folds happen to fall moves an estimate from few cases, and its error does not know of it."""
ROUNDS = 25
WORKERS = 2
MOST_BINS = 63
PARAMETERS: dict[str, Any] = {
    "objective": "regression",
    "metric": "None",
    "learning_rate": 0.2,
    "num_leaves": 10,
    "min_data_in_leaf": 40,
    "lambda_l2": 1.0,
    "max_bin": MOST_BINS,
    "cat_smooth": 20.0,
    "verbosity": -1,
    "num_threads": 1,
    "deterministic": True,
    "force_col_wise": True,
    "feature_pre_filter": False,
}

MOST_LEAVES, SMALLEST_LEAF = 40, 20
"""Where cases are few a leaf may hold fewer of them, a fortieth: trees that are too coarse leave to the
lever what the columns would explain."""

SHARED = ("max_bin", "verbosity", "num_threads", "feature_pre_filter")
"""Parameters of the data too. LightGBM keeps one number of threads for the whole process: were it
another for cutting folds than for predicting, folds that run side by side would crash it."""


BATCH = 1 << 16
"""Cases whose columns are put side by side at a time, so that there is no second table of all."""

SAMPLE = 100_000
"""Bins are found on all cases up to so many, beyond on so many drawn at random."""


class Trees(Protocol):
    """A learner that holds the columns of all cases."""

    def fitted(self, targets: Sequence[Floats], train: Rows, test: Rows) -> list[Floats]:
        """TARGETS of the cases TEST as predicted by trees that have seen those of TRAIN."""


@dataclass
class CrossFitter:
    """Residuals of any target given COLUMNS, folds cut by GROUPS (one code a case).

    With ROWS the columns are those of more cases, and the cases are these places in them.
    """

    columns: Sequence[Column]
    groups: NDArray[np.int64]
    seed: int = 0
    learner: Learner = "lightgbm"
    rows: Rows | None = None
    _trees: Trees = field(init=False, repr=False)
    _folds: list[tuple[Rows, Rows]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        made = _LightTrees if self.learner == "lightgbm" else _SklearnTrees
        self._trees = made(_Table.of(self.columns, self.rows, len(self.groups)))
        times = int(np.clip(FEW // max(len(self.groups), 1), 1, MOST_TIMES))
        self._folds = [
            (np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold))
            for fold_of in (_folds_by_group(self.groups, self.seed + k) for k in range(times))
            for fold in range(FOLDS)
        ]

    def residuals(self, target: Floats) -> Floats:
        """TARGET minus its prediction from the other folds."""
        return target - self.predictions(target)

    def predictions(self, target: Floats, among: NDArray[np.bool_] | None = None) -> Floats:
        """TARGET as the other folds predict it; AMONG says which of their cases are learnt from."""
        return self.predictions_of([target], among)[0]

    def predictions_of(
        self, targets: Sequence[Floats], among: NDArray[np.bool_] | None = None
    ) -> list[Floats]:
        """`predictions` of several TARGETS, folds side by side."""
        if not targets:
            return []

        def fit(fold: tuple[Rows, Rows]) -> list[Floats]:
            train, test = fold
            return self._trees.fitted(
                targets, train if among is None else train[among[train]], test
            )

        predicted = [np.zeros(len(target)) for target in targets]
        with ThreadPoolExecutor(WORKERS) as pool:
            for (_, test), found in zip(self._folds, pool.map(fit, self._folds), strict=True):
                for whole, part in zip(predicted, found, strict=True):
                    whole[test] += part * FOLDS / len(self._folds)
        return predicted


@dataclass(frozen=True)
class _Table:
    """Columns side by side, a row a case, of which only some rows are made at a time."""

    columns: list[Floats]
    categorical: list[int]
    rows: Rows | None
    cases: int

    @classmethod
    def of(cls, columns: Sequence[Column], rows: Rows | None, cases: int) -> Self:
        """The COLUMNS at ROWS. With nothing to learn from, a mean is what is to be expected."""
        categorical = [i for i, column in enumerate(columns) if column.categorical]
        if not columns:
            return cls([np.zeros(cases)], categorical, None, cases)
        return cls([column.values for column in columns], categorical, rows, cases)

    def part(self, which: slice | Rows) -> Floats:
        """The rows WHICH."""
        if self.rows is not None:
            which = self.rows[which]
        return np.column_stack([column[which] for column in self.columns])


class _LightTrees:
    """LightGBM's: the bins are found once and shared by every fold and every target."""

    def __init__(self, table: _Table) -> None:
        self._data = _binned(table)

    def fitted(self, targets: Sequence[Floats], train: Rows, test: Rows) -> list[Floats]:
        learnt, asked = (self._data.subset(rows).construct() for rows in (train, test))
        return [_told(learnt, asked, target[train]) for target in targets]


def _told(learnt: Any, asked: Any, target: Floats) -> Floats:
    """TARGET of the cases ASKED by trees that have seen it of those LEARNT."""
    # LightGBM expects nought, not the mean, where it finds no split: the mean is kept by ourselves.
    mean = float(target.mean())
    learnt.set_label(target - mean)
    leaf = {"min_data_in_leaf": _leaf(len(target))}
    booster = load_lightgbm().Booster(PARAMETERS | leaf, learnt)
    for _ in range(ROUNDS):
        if booster.update():
            break
    told: list[Floats] = []

    def tell(predicted: Floats, _data: object) -> tuple[str, float, bool]:
        told.append(np.array(predicted))
        return "told", 0.0, True

    # By their bins the cases are predicted as from their values, which need not be kept.
    booster.eval(asked, "test", tell)
    return told[0] + mean


def _binned(table: _Table) -> Any:
    """TABLE as LightGBM's bins."""
    lightgbm, shared = load_lightgbm(), {k: PARAMETERS[k] for k in SHARED}
    which: slice | Rows = slice(None)
    if table.cases > SAMPLE:
        which = np.sort(np.random.default_rng(0).choice(table.cases, SAMPLE, replace=False))
    sample = lightgbm.Dataset(
        table.part(which), categorical_feature=table.categorical, params=shared
    ).construct()
    if table.cases <= SAMPLE:
        return sample

    sequence: Any = lightgbm.Sequence

    class Batches(sequence):  # type: ignore[misc]  # LightGBM is untyped
        batch_size = BATCH

        def __len__(self) -> int:
            return table.cases

        def __getitem__(self, which: slice) -> Floats:
            return table.part(which)

    return lightgbm.Dataset(Batches(), reference=sample, params=shared).construct()


class _SklearnTrees:
    """Scikit-learn's. Categories beyond the number of bins share the last one."""

    def __init__(self, table: _Table) -> None:
        self._made, self._categorical = load_sklearn_trees(), table.categorical
        self._matrix = table.part(slice(None))
        last = MOST_BINS - 1
        self._matrix[:, self._categorical] = np.minimum(self._matrix[:, self._categorical], last)

    def fitted(self, targets: Sequence[Floats], train: Rows, test: Rows) -> list[Floats]:
        trees = self._made(
            max_iter=ROUNDS,
            learning_rate=PARAMETERS["learning_rate"],
            max_leaf_nodes=PARAMETERS["num_leaves"],
            min_samples_leaf=_leaf(len(train)),
            l2_regularization=PARAMETERS["lambda_l2"],
            max_bins=MOST_BINS,
            categorical_features=self._categorical or None,
            early_stopping=False,
            random_state=0,
        )
        learnt, asked = self._matrix[train], self._matrix[test]
        return [np.asarray(trees.fit(learnt, target[train]).predict(asked)) for target in targets]


def _leaf(learnt: int) -> int:
    """How many cases a leaf has at least, in trees that learn from so many."""
    return int(np.clip(learnt // MOST_LEAVES, SMALLEST_LEAF, PARAMETERS["min_data_in_leaf"]))


@functools.cache
def load_lightgbm() -> Any:
    """LightGBM, with the OpenMP runtime that set-up left in the environment where Debian has none.

    Raises `InputError` when there is no such runtime at all.
    """
    own_runtime = Path(sys.prefix) / "lib" / "libgomp.so.1"
    if own_runtime.is_file():
        ctypes.CDLL(str(own_runtime), mode=ctypes.RTLD_GLOBAL)
    try:
        import lightgbm
    except OSError as error:
        raise InputError(
            say(
                N_("LightGBM cannot start ({error}). On Debian: apt-get install libgomp1."),
                error=str(error),
            )
        ) from None
    return lightgbm


def load_sklearn_trees() -> Any:
    """Scikit-learn's gradient-boosted trees; raises `InputError` where it is not installed."""
    try:
        from sklearn.ensemble import HistGradientBoostingRegressor
    except ImportError:
        raise InputError(
            say(
                N_(
                    "[impact] learner = 'scikit-learn': scikit-learn is not installed. Install it, "
                    "or remove the key."
                )
            )
        ) from None
    return HistGradientBoostingRegressor


def _folds_by_group(groups: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    """A fold for every case; cases of one group share it."""
    _, member = np.unique(groups, return_inverse=True)
    size = int(member.max()) + 1
    dealt = np.random.default_rng(seed).permutation(size) % FOLDS
    return np.asarray(dealt[member], dtype=np.int64)
