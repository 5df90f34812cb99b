"""A small simulated company, written once, and more orders of it in memory."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from zaplecze.simulate import Company, company, write_company
from zaplecze.simulate.company import Background, Floats
from zaplecze.simulate.draw import Cases, Stretch, draw

ORDERS_IN_MEMORY = 100_000


@dataclass(frozen=True)
class Sample:
    """Many orders with everything that a regression needs, a column each."""

    cases: Cases
    background: Background
    confounders: Floats
    outcomes: dict[str, Floats]
    known: dict[str, np.ndarray]

    def levers(self) -> Floats:
        return np.column_stack([self.cases.work.exposed[lever] for lever in company.LEVERS])

    def raw(self, lever: company.Lever, outcome: str) -> float:
        """The mean of the exposed minus that of the others."""
        exposed, known = self.cases.work.exposed[lever], self.known[outcome]
        values = self.outcomes[outcome]
        return float(values[known & exposed].mean() - values[known & ~exposed].mean())


@pytest.fixture(scope="session")
def sample() -> Sample:
    cases = draw(Stretch(0, 0, ORDERS_IN_MEMORY, ORDERS_IN_MEMORY), seed=5)
    b, response = cases.orders.background, cases.response
    everybody = np.ones(ORDERS_IN_MEMORY, dtype=bool)
    return Sample(
        cases,
        b,
        np.column_stack(
            [everybody, b.remote, b.peak, b.remote * b.peak, b.business, b.complexity, b.trend]
        ),
        {
            "satisfaction": response.satisfaction.astype(float),
            "complaint": response.complained.astype(float),
            "calls": response.calls.sum(axis=1).astype(float),
            "churn": response.left.astype(float),
        },
        dict.fromkeys(company.OUTCOMES, everybody) | {"satisfaction": response.answered},
    )


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Company:
    return write_company(tmp_path_factory.mktemp("company"), cases=3_000, seed=2)


def regress(predictors: Floats, outcome: Floats) -> tuple[Floats, Floats]:
    """Coefficients and their heteroscedasticity-robust standard errors."""
    predictors = predictors.astype(float)
    bread = np.linalg.inv(predictors.T @ predictors)
    coefficients = bread @ predictors.T @ outcome
    weighted = predictors * (outcome - predictors @ coefficients)[:, None]
    return coefficients, np.sqrt(np.diag(bread @ weighted.T @ weighted @ bread))


def folder_bytes(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}
