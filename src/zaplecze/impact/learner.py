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
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from zaplecze.errors import InputError
from zaplecze.impact.arrays import Floats
from zaplecze.impact.facts import Column
from zaplecze.language import N_, say
from zaplecze.workspace import Learner

Rows = NDArray[np.int64]

FOLDS = 5
ROUNDS = 50
WORKERS = 2
MOST_BINS = 63
PARAMETERS: dict[str, Any] = {
    "objective": "regression",
    "learning_rate": 0.1,
    "num_leaves": 10,
    "min_data_in_leaf": 20,
    "lambda_l2": 1.0,
    "max_bin": MOST_BINS,
    "cat_smooth": 20.0,
    "verbosity": -1,
    "num_threads": 1,
    "deterministic": True,
    "force_col_wise": True,
}

SHARED = ("max_bin", "verbosity", "min_data_in_leaf", "num_threads")
"""Parameters of the data too. LightGBM keeps one number of threads for the whole process: were it
another for cutting folds than for predicting, folds that run side by side would crash it."""


class Trees(Protocol):
    """A learner that holds the columns of all cases."""

    def fitted(self, target: Floats, train: Rows, test: Rows) -> Floats:
        """TARGET of the cases TEST as predicted by trees that have seen those of TRAIN."""


@dataclass
class CrossFitter:
    """Residuals of any target given COLUMNS, folds cut by GROUPS (one code a case)."""

    columns: Sequence[Column]
    groups: NDArray[np.int64]
    seed: int = 0
    learner: Learner = "lightgbm"
    _trees: Trees = field(init=False, repr=False)
    _folds: list[tuple[Rows, Rows]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # With nothing to learn from, the mean of the other folds is what was to be expected.
        nothing = np.zeros(len(self.groups))
        matrix = np.column_stack([column.values for column in self.columns] or [nothing])
        categorical = [i for i, column in enumerate(self.columns) if column.categorical]
        made = _LightTrees if self.learner == "lightgbm" else _SklearnTrees
        self._trees = made(matrix, categorical)
        fold_of = _folds_by_group(self.groups, self.seed)
        self._folds = [
            (np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold))
            for fold in range(FOLDS)
        ]

    def residuals(self, target: Floats) -> Floats:
        """TARGET minus its prediction from the other folds."""
        return target - self.predictions(target)

    def predictions(self, target: Floats, among: NDArray[np.bool_] | None = None) -> Floats:
        """TARGET as the other folds predict it; AMONG says which of their cases are learnt from."""

        def fit(fold: tuple[Rows, Rows]) -> Floats:
            train, test = fold
            return self._trees.fitted(target, train if among is None else train[among[train]], test)

        predicted = np.empty(len(target))
        with ThreadPoolExecutor(WORKERS) as pool:
            for (_, test), values in zip(self._folds, pool.map(fit, self._folds), strict=True):
                predicted[test] = values
        return predicted


class _LightTrees:
    """LightGBM's: the bins are found once and shared by every fold and every target."""

    def __init__(self, matrix: Floats, categorical: list[int]) -> None:
        self._matrix = matrix
        self._data = (
            load_lightgbm()
            .Dataset(
                matrix,
                categorical_feature=categorical,
                params={k: PARAMETERS[k] for k in SHARED},
                free_raw_data=False,
            )
            .construct()
        )

    def fitted(self, target: Floats, train: Rows, test: Rows) -> Floats:
        part = self._data.subset(train).construct()
        part.set_label(target[train])
        booster = load_lightgbm().train(PARAMETERS, part, num_boost_round=ROUNDS)
        return np.asarray(booster.predict(self._matrix[test], num_threads=1))


class _SklearnTrees:
    """Scikit-learn's. Categories beyond the number of bins share the last one."""

    def __init__(self, matrix: Floats, categorical: list[int]) -> None:
        self._made = load_sklearn_trees()
        self._matrix, self._categorical = matrix.copy(), categorical
        last = MOST_BINS - 1
        self._matrix[:, categorical] = np.minimum(matrix[:, categorical], last)

    def fitted(self, target: Floats, train: Rows, test: Rows) -> Floats:
        trees = self._made(
            max_iter=ROUNDS,
            learning_rate=PARAMETERS["learning_rate"],
            max_leaf_nodes=PARAMETERS["num_leaves"],
            min_samples_leaf=PARAMETERS["min_data_in_leaf"],
            l2_regularization=PARAMETERS["lambda_l2"],
            max_bins=MOST_BINS,
            categorical_features=self._categorical or None,
            early_stopping=False,
            random_state=0,
        )
        trees.fit(self._matrix[train], target[train])
        return np.asarray(trees.predict(self._matrix[test]))


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
