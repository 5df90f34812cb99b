"""What a row of cash flows is worth: present value, rates of return, payback.

The first flow lies at time 0 (today) unless a function says otherwise.
"""

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np

from zaplecze.errors import InputError
from zaplecze.language import N_, Text, joined, percent, say
from zaplecze.money.returns import (
    Floats,
    changes_of_sign,
    rates_of_return,
    usual_rate,
)

LARGEST = 1e18
"""No amount of money is larger."""
_LARGEST_LOG = 300.0
DAYS_A_YEAR = 365.0
"""As spreadsheets count for dated flows."""
NOTHING = 1e-9
"""A sum this small beside the largest flow is a rounding error, and counts as zero."""


@dataclass(frozen=True)
class Appraisal:
    """What a row of cash flows is worth.

    ``irr`` is the rate of return a period (a year, for dated flows): where there are several, the
    one nearest to zero, all of them in ``irr_roots``; None where there is none. ``mirr`` pays
    ``finance_rate`` for money out and earns ``reinvest_rate`` on money in. Paybacks are periods
    after the first flow from which the sum of all flows so far stays at zero or above, None where
    it does not. ``notes`` say what a reader must know.
    """

    npv: float
    irr: float | None
    irr_unique: bool
    irr_roots: list[float]
    mirr: float | None
    payback_periods: float | None
    discounted_payback_periods: float | None
    benefit_cost_ratio: float | None
    rate: float
    first_flow: str
    notes: list[Text] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return asdict(self)


def monthly_rate(annual_rate: float) -> float:
    """The rate a month that makes ANNUAL_RATE in twelve: (1 + r)^(1/12) - 1, never r / 12."""
    return float((1.0 + annual_rate) ** (1.0 / 12.0) - 1.0)


def annual_rate(monthly: float) -> float:
    """The inverse of `monthly_rate`."""
    return float((1.0 + monthly) ** 12 - 1.0)


def npv(rate: float, flows: Sequence[float] | Floats, *, excel: bool = False) -> float:
    """Net present value at RATE a period; with EXCEL the first flow is discounted too."""
    amounts = np.asarray(flows, dtype=float)
    return float(amounts @ discount_factors(rate, len(amounts), excel=excel))


def discount_factors(rate: float, periods: int, *, excel: bool = False) -> Floats:
    """What one unit of money after 0, 1, … periods is worth today."""
    return np.asarray((1.0 + rate) ** -(np.arange(periods, dtype=float) + excel))


def mirr(
    flows: Sequence[float] | Floats, finance_rate: float, reinvest_rate: float
) -> float | None:
    """Modified rate of return a period; None unless money goes out and comes in.

    Money out is discounted to the start at FINANCE_RATE, money in carried to the end at
    REINVEST_RATE, as spreadsheets do.
    """
    amounts = np.asarray(flows, dtype=float)
    periods = len(amounts) - 1
    out = -np.minimum(amounts, 0.0) @ discount_factors(finance_rate, periods + 1)
    back = np.maximum(amounts, 0.0) @ discount_factors(reinvest_rate, periods + 1)
    if out <= 0 or back <= 0:
        return None
    return float((back / out) ** (1.0 / periods) * (1.0 + reinvest_rate) - 1.0)


def payback(flows: Sequence[float] | Floats) -> float | None:
    """Periods after the first flow from which the sum so far stays at zero or above.

    Within a period money comes evenly. None where the sum is below zero in the end.
    """
    amounts = np.asarray(flows, dtype=float)
    return _back_after(amounts, np.arange(len(amounts), dtype=float))


def appraise(
    flows: Sequence[float],
    rate: float,
    *,
    excel: bool = False,
    finance_rate: float | None = None,
    reinvest_rate: float | None = None,
) -> Appraisal:
    """Everything about FLOWS, one a period, at RATE a period.

    The first flow is at time 0; with EXCEL the present value discounts it by one period, as the
    function NPV of spreadsheets does. FINANCE_RATE and REINVEST_RATE are RATE unless given. Raises
    `InputError` for fewer than two flows and for rates of -100 % or less.
    """
    amounts = _checked(flows)
    for name, each in (("--rate", rate), ("--finance-rate", finance_rate), ("--reinvest-rate", reinvest_rate)):  # fmt: skip
        _check_rate(name, each, len(amounts))
    periods = np.arange(len(amounts), dtype=float)
    financing = rate if finance_rate is None else finance_rate
    reinvesting = rate if reinvest_rate is None else reinvest_rate
    return _appraisal(
        amounts,
        periods,
        rate,
        discount_factors(rate, len(amounts)),
        modified=mirr(amounts, financing, reinvesting),
        first_flow="discounted" if excel else "at time 0",
        shift=1.0 / (1.0 + rate) if excel else 1.0,
    )


def appraise_dated(flows: Sequence[float], days: Sequence[dt.date], rate: float) -> Appraisal:
    """Everything about FLOWS on DAYS at RATE a year of 365 days, discounted to the first day.

    These are XNPV and XIRR of spreadsheets; periods of payback are years. There is no modified
    rate, which needs equal periods. Raises `InputError` for days that do not rise and numbers of
    flows and days that differ.
    """
    amounts = _checked(flows)
    _check_rate("--rate", rate, ((days[-1] - days[0]).days if days else 0) / DAYS_A_YEAR)
    if len(days) != len(amounts):
        raise InputError(
            say(
                N_("There are {flows} flows and {days} dates. Give a date for every flow."),
                flows=len(amounts),
                days=len(days),
            )
        )
    for before, after in itertools.pairwise(days):
        if after < before:
            raise InputError(
                say(
                    N_("Dates are out of order: {after} comes after {before}. Sort the flows by date."),
                    after=after.isoformat(),
                    before=before.isoformat(),
                )
            )  # fmt: skip
    years = np.array([(day - days[0]).days for day in days]) / DAYS_A_YEAR
    return _appraisal(
        amounts, years, rate, (1.0 + rate) ** -years, modified=None, first_flow="at its date"
    )


def appraise_monthly(flows: Sequence[float] | Floats, annual: float) -> Appraisal:
    """Everything about FLOWS, one a month from today on, at the rate ANNUAL.

    Rates are a year's, discounting by month is (1 + r)^(1/12), paybacks are in months.
    """
    amounts = np.asarray(flows, dtype=float)
    months = np.arange(len(amounts), dtype=float)
    by_month = mirr(amounts, monthly_rate(annual), monthly_rate(annual))
    found = _appraisal(
        amounts,
        months / 12.0,
        annual,
        (1.0 + annual) ** -(months / 12.0),
        modified=None if by_month is None else annual_rate(by_month),
        first_flow="at time 0",
    )
    years = (found.payback_periods, found.discounted_payback_periods)
    plain, discounted = (None if each is None else each * 12.0 for each in years)
    notes = [_one_sided(amounts)] if changes_of_sign(amounts) == 0 else found.notes
    return replace(found, payback_periods=plain, discounted_payback_periods=discounted, notes=notes)


def _appraisal(
    amounts: Floats,
    times: Floats,
    rate: float,
    factors: Floats,
    *,
    modified: float | None,
    first_flow: str,
    shift: float = 1.0,
) -> Appraisal:
    roots = rates_of_return(amounts, times)
    present = amounts * factors
    spent = -float(np.minimum(present, 0.0).sum())
    return Appraisal(
        npv=float(present.sum() * shift),
        irr=usual_rate(roots),
        irr_unique=len(roots) == 1,
        irr_roots=roots,
        mirr=modified,
        payback_periods=_back_after(amounts, times),
        discounted_payback_periods=_back_after(present, times),
        benefit_cost_ratio=float(np.maximum(present, 0.0).sum()) / spent if spent else None,
        rate=rate,
        first_flow=first_flow,
        notes=_notes(amounts, roots),
    )


def _one_sided(amounts: Floats) -> Text:
    """Why months that were worked out, and not typed in, have no rate of return."""
    if (amounts < 0).any():
        return say(N_("There is no rate of return: no month brings more than it costs."))
    return say(N_("There is no rate of return: no month costs more than it brings."))


def _notes(amounts: Floats, roots: list[float]) -> list[Text]:
    if changes_of_sign(amounts) == 0:
        return [
            say(
                N_(
                    "There is no rate of return: the flows never change sign. Give what is paid "
                    "as negative and what comes in as positive numbers."
                )
            )
        ]
    if not roots:
        return [
            say(
                N_(
                    "There is no rate of return: at no rate is the present value zero. Judge by "
                    "the net present value."
                )
            )
        ]
    if len(roots) > 1:
        return [
            say(
                N_(
                    "The rate of return is not unique: {rates}. Judge by the net present value or "
                    "by the modified rate of return."
                ),
                rates=joined([percent(root, 2) for root in roots]),
            )
        ]
    return []


def _back_after(amounts: Floats, times: Floats) -> float | None:
    """The time from which the running sum of AMOUNTS stays at zero or above, or None."""
    running = np.cumsum(amounts)
    short = np.flatnonzero(running < -NOTHING * np.abs(amounts).max())
    if not len(short):
        return 0.0
    last = int(short[-1])
    if last == len(amounts) - 1:
        return None
    missing = -running[last] / amounts[last + 1]
    return float(times[last] - times[0] + missing * (times[last + 1] - times[last]))


def _checked(flows: Sequence[float]) -> Floats:
    amounts = np.asarray(flows, dtype=float)
    if len(amounts) < 2:
        raise InputError(
            say(N_("A row of cash flows has at least two amounts. Give them in order, like -100,60,60."))
        )  # fmt: skip
    if not np.isfinite(amounts).all():
        bad = amounts[~np.isfinite(amounts)][0]
        raise InputError(say(N_("'{value}' is no amount of money. Give a number."), value=str(bad)))
    if (np.abs(amounts) > LARGEST).any():
        raise InputError(
            say(
                N_("{value} is more money than there is. Check the number, or count in millions."),
                value=f"{amounts[np.abs(amounts).argmax()]:g}",
            )
        )
    return amounts


def _check_rate(name: str, rate: float | None, periods: float) -> None:
    """A rate is a fraction above -1, and not so near to it that PERIODS of it cannot be reckoned;
    one above 1 is likely a percentage."""
    if rate is None:
        return
    if not np.isfinite(rate) or rate <= -1.0 or -np.log1p(rate) * periods > _LARGEST_LOG:
        raise InputError(
            say(
                N_("{name}: a rate of {value} makes no sense. Give a fraction above -1, like 0.1."),
                name=name,
                value=str(rate),
            )
        )
    if rate > 1.0:
        raise InputError(
            say(
                N_("{name}: {value} would be {shown}. Rates are fractions: write 0.1 for 10 %."),
                name=name,
                value=str(rate),
                shown=percent(rate, 0),
            )
        )


__all__ = [
    "NOTHING",
    "Appraisal",
    "annual_rate",
    "appraise",
    "appraise_dated",
    "appraise_monthly",
    "discount_factors",
    "mirr",
    "monthly_rate",
    "npv",
    "payback",
]
