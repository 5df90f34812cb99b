"""Draws that move together as wanted: the method of Iman and Conover."""

from collections.abc import Sequence

import numpy as np

from zaplecze.errors import InputError
from zaplecze.language import N_, say
from zaplecze.money.returns import Floats

_SLACK = 1e-9


def correlation_matrix(names: Sequence[str], pairs: dict[tuple[str, str], float]) -> Floats:
    """The matrix of rank correlations between NAMES; those that PAIRS do not give are zero.

    Raises `InputError` where no numbers can be correlated like that.
    """
    matrix = np.eye(len(names))
    for (first, second), rank in pairs.items():
        i, j = names.index(first), names.index(second)
        matrix[i, j] = matrix[j, i] = rank
    check_matrix(matrix, names)
    return matrix


def check_matrix(matrix: Floats, names: Sequence[str]) -> None:
    """Raise `InputError` unless MATRIX is one of correlations: symmetric, ones on the diagonal,
    positive semidefinite; the message names the numbers that cannot go together."""
    if not np.allclose(matrix, matrix.T) or not np.allclose(np.diag(matrix), 1.0):
        raise InputError(
            say(
                N_("Correlations are the same both ways and 1 with themselves. Correct the matrix.")
            )
        )
    spread, axes = np.linalg.eigh(matrix)
    if len(names) and spread[0] < -_SLACK:
        worst = np.argsort(-np.abs(axes[:, 0]))[: max(3, int((np.abs(axes[:, 0]) > 0.3).sum()))]
        raise InputError(
            say(
                N_(
                    "These correlations cannot hold together: {names}. If two numbers move with a "
                    "third one, they move with each other too. Add what is missing, or bring the "
                    "correlations nearer to zero, to {factor} of what they are."
                ),
                names=", ".join(names[i] for i in sorted(worst)),
                factor=f"{np.floor(100 / (1 - spread[0])) / 100:g}",
            )
        )


def correlated(draws: Floats, ranks: Floats, random: np.random.Generator) -> Floats:
    """DRAWS (numbers x draws) put into an order in which their rank correlations are RANKS.

    Every row keeps exactly the values it has; only their order changes (Iman and Conover 1982),
    with normal scores, corrected for the correlation that chance gave them. Spearman's correlation
    of normal scores is (6 / pi) asin(r / 2) of Pearson's, which is turned round first.
    """
    from scipy.special import ndtri

    count = draws.shape[1]
    score = ndtri(np.arange(1, count + 1) / (count + 1))
    scores = np.array([random.permutation(score) for _ in draws])
    wanted = _root(2.0 * np.sin(np.pi / 6.0 * ranks))
    by_chance = np.linalg.cholesky(np.corrcoef(scores))
    placed = wanted @ np.linalg.solve(by_chance, scores)
    ordered = np.empty_like(draws)
    for row, target in enumerate(placed):
        ordered[row, np.argsort(target)] = np.sort(draws[row])
    return ordered


def _root(matrix: Floats) -> Floats:
    """A square root of MATRIX; what rounding has put below zero is zero."""
    spread, axes = np.linalg.eigh(matrix)
    return np.asarray(axes * np.sqrt(np.clip(spread, 0.0, None)))
