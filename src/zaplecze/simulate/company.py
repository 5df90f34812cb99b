"""The simulated company: what it is, what its work does to customers, what hides that.

Everything here is the truth that `truth.json` tells. Effects are additive: satisfaction in points,
complaint and churn as probabilities, calls as an expected number. No predictor ever leaves the
range in which its outcome can be drawn exactly, so nothing is clipped.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Truths = NDArray[np.bool_]

FIRST_DAY = dt.date(2024, 1, 1)
LAST_DAY = dt.date(2025, 12, 31)
TIME_ZONE = "Europe/Warsaw"
CURRENCY = "PLN"

ORDERS_BY_MONTH = (1.05, 0.95, 1.0, 0.95, 0.95, 0.9, 0.85, 0.9, 1.05, 1.1, 1.3, 1.6)
"""How busy each month is, January first."""

PEAK_BY_MONTH = (0.5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.7, 1.0)
"""How far an order of each month meets the rush before and after Christmas."""


@dataclass(frozen=True)
class Level:
    """One value of an attribute: how common it is and what it weighs in the predictors."""

    name: str
    share: float
    weight: float
    price: float = 0.0


REGIONS = (
    Level("City", 0.40, 0.0),
    Level("Suburbs", 0.25, 0.3),
    Level("Towns", 0.20, 0.6),
    Level("Remote", 0.15, 1.0),
)
SEGMENTS = (Level("Home", 0.75, 0.0), Level("Business", 0.25, 1.0))
PRODUCTS = (
    Level("Internet", 0.30, 0.0, 59.90),
    Level("Internet + TV", 0.25, 0.35, 89.90),
    Level("Fibre", 0.25, 0.6, 79.90),
    Level("Fibre + TV", 0.20, 1.0, 119.90),
)
FIRST_FIBRE = 2
"""Products from this position on need a cable to be laid."""
CHANNELS = (Level("Web", 0.50, 0.0), Level("Phone", 0.30, 0.0), Level("Shop", 0.20, 0.0))
BUSINESS_PRICE_FACTOR = 1.4
FIBRE_EXTRA_DAYS = 1
PROMISED_DAYS = 8
RETURNING_CUSTOMERS = 0.08
"""The share of orders that come from a customer who has ordered before."""


@dataclass(frozen=True)
class Background:
    """What is known of each order when it is placed, as the predictors weigh it (0 to 1)."""

    remote: Floats
    peak: Floats
    business: Floats
    complexity: Floats
    trend: Floats


@dataclass(frozen=True)
class Predictor:
    """A number that depends on the background; remoteness weighs more in the rush."""

    base: float
    remote: float = 0.0
    peak: float = 0.0
    remote_peak: float = 0.0
    business: float = 0.0
    complexity: float = 0.0
    trend: float = 0.0

    def of(self, background: Background) -> Floats:
        """Its value for each order."""
        return (
            self.base
            + self.remote * background.remote
            + self.peak * background.peak
            + self.remote_peak * background.remote * background.peak
            + self.business * background.business
            + self.complexity * background.complexity
            + self.trend * background.trend
        )


# What the background does to the work -------------------------------------------------------------

CREDIT_LATE = Predictor(
    0.09, remote=0.20, peak=0.12, remote_peak=0.14, business=-0.03, complexity=0.02
)
CONTRACT_REPEATED = Predictor(0.06, business=0.10, complexity=0.05)
ACCOUNT_REPEATED = Predictor(0.07, remote=0.05, peak=0.08, complexity=0.18)
INVOICE_CORRECTED = Predictor(0.06, peak=0.06, business=0.10, complexity=0.08)
ANSWERED = Predictor(0.62, remote=-0.12, peak=-0.06, business=-0.10)


@dataclass(frozen=True)
class Duration:
    """Hours that a step takes: at least ``least``, and then a long tail that the rush lengthens."""

    least: float
    scale: Predictor

    def draw(self, random: np.random.Generator, background: Background) -> Floats:
        """A duration for each order."""
        return self.least + random.gamma(2.0, self.scale.of(background))


CONTRACT_TIME = Duration(45, Predictor(5.5, peak=1.0, business=-0.8))
"""Counted from the order, as Legal takes contracts in the sequence in which orders came: a slow
credit check is made up for in its queue and delays nobody."""

ACCOUNT_TIME = Duration(6, Predictor(5.0, complexity=2.0, peak=0.8, business=-0.5))
SHIPPING_TIME = Duration(8, Predictor(13.0, remote=6.0, peak=3.0, remote_peak=3.5, business=-1.5))
INSTALLATION_TIME = Duration(
    30, Predictor(16.5, remote=2.5, peak=1.5, complexity=6.0, business=-1.0)
)


# What the background does to customers ------------------------------------------------------------

TEMPERAMENT = 0.15
"""A customer is this many points kinder or harsher than others, at most."""

AGREEMENT = 4.0
"""How closely ratings gather around their mean (the concentration of a beta distribution)."""

OUTCOMES = {
    "satisfaction": Predictor(
        4.65,
        remote=-0.50,
        peak=-0.25,
        remote_peak=-0.40,
        business=-0.20,
        complexity=-0.10,
        trend=-0.10,
    ),
    "complaint": Predictor(
        0.03, remote=0.03, peak=0.02, remote_peak=0.03, business=0.01, complexity=0.02
    ),
    "calls": Predictor(0.40, remote=0.25, peak=0.15, remote_peak=0.25, complexity=0.25, trend=0.05),
    "churn": Predictor(
        0.025, remote=0.015, peak=0.01, remote_peak=0.02, business=-0.01, trend=0.005
    ),
}


# What the work does to customers ------------------------------------------------------------------


@dataclass(frozen=True)
class Lever:
    """A fact of work and what it adds to each outcome of a case in which it is true."""

    kind: Literal["promise", "late", "rework", "exception"]
    step: str
    department: str
    satisfaction: float = 0.0
    complaint: float = 0.0
    calls: float = 0.0
    churn: float = 0.0

    @property
    def id(self) -> str:
        """Kind and step, as findings name a lever."""
        return f"{self.kind}:{self.step}"

    def effect(self, outcome: str) -> float:
        """What it adds to OUTCOME."""
        value: float = getattr(self, outcome)
        return value


PROMISE = Lever("promise", "Installation", "Field service", -0.9, 0.10, 0.5, 0.04)
ACCOUNT = Lever("rework", "Account set up", "IT", -0.4, 0.04, 0.4, 0.02)
INVOICE = Lever("exception", "Invoice corrected", "Finance", -0.25, 0.06, 0.35, 0.015)
CREDIT = Lever("late", "Credit check", "Finance")
CONTRACT = Lever("rework", "Contract prepared", "Legal")

LEVERS = (PROMISE, ACCOUNT, INVOICE, CREDIT, CONTRACT)
ONLY_THROUGH_THE_PROMISE = (
    "late:Contract prepared",
    "late:Account set up",
    "late:Equipment shipped",
    "slow:Installation",
)
"""Levers that touch customers only in so far as they make the installation late."""

CAUSES = (PROMISE, ACCOUNT, INVOICE)
"""The levers that make customers complain and call, in the order of the reasons they give."""


# The way to the promised day ----------------------------------------------------------------------

TARGET_HOURS = {
    "Credit check": 24,
    "Contract prepared": 48,
    "Account set up": 24,
    "Equipment shipped": 48,
}
"""What each step may take; the installation has what is left until the end of the promised day."""

DEPARTMENTS = {
    "Finance": ("FIN", 62.0),
    "Legal": ("LEG", 95.0),
    "IT": ("IT", 88.0),
    "Logistics": ("LOG", 47.0),
    "Field service": ("FLD", 54.0),
}
"""Code and cost of an hour, in the company's currency."""

SURVEY_AFTER_DAYS = 7
"""Days from the installation to the survey."""

CHURN_DAYS = 180
"""A customer is lost who leaves within so many days of the installation."""
