"""How many calls will come, by day and interval, with intervals; tried on the past first."""

import datetime as dt
from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zaplecze.calendars import holidays_of
from zaplecze.errors import InputError
from zaplecze.language import N_, Text, percent, say, say_plural
from zaplecze.workload.demand import fraction
from zaplecze.workload.erlang import Floats
from zaplecze.workload.profile import WEEKDAYS, check_interval, clock, count_by_slot, weekdays
from zaplecze.workload.seasonal import Model, fit

METHOD = N_(
    "Level, damped trend, weekday, interval of the day and public holidays, older days counting less: a "
    "small model of our own. Other models, like those of statsforecast, were not tried."
)
_LEAST_WEEKS = 4
_FIRST_PAST_DAYS = 14
_MOST_FOLDS = 12
_MOST_DAYS = 366
_PAST_SHOWN = 56


@dataclass(frozen=True)
class Volumes:
    """The past: counts by day and interval, days without any included."""

    first_day: dt.date
    counts: Floats
    interval_seconds: int

    @property
    def last_day(self) -> dt.date:
        """The last day of the past."""
        return self.first_day + dt.timedelta(days=len(self.counts) - 1)


@dataclass(frozen=True)
class Expected:
    """A volume to come: its mean, and between what it will lie with the chance asked for."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class DayForecast:
    """A day to come, whole and by interval."""

    day: dt.date
    holiday: Text | None
    total: Expected
    intervals: list[Expected]


@dataclass(frozen=True)
class Backtest:
    """How the model would have done, week by week, against the same weekday a week before.

    ``mase`` is the mean error ÷ the mean difference of intervals a week apart in the past (1 is no
    better than repeating last week), ``naive_mase`` that of the naive forecast in the same weeks.
    ``coverage`` is the share of intervals and ``day_coverage`` of days that lay between low and
    high, each week with the scatter of the other weeks.
    """

    weeks: int
    mase: float
    naive_mase: float
    day_mase: float
    naive_day_mase: float
    coverage: float
    day_coverage: float
    bias: float
    better: bool


@dataclass(frozen=True)
class Forecast:
    """Days to come and how far to trust them; ``interval_names`` are the beginnings of intervals.

    ``past_totals`` are the calls of the last days known, eight weeks at most.
    """

    interval_names: list[str]
    interval_seconds: int
    past_from: dt.date
    past_to: dt.date
    past_totals: list[float]
    coverage_wanted: float
    days: list[DayForecast]
    trend_per_week: float
    weekday_factors: list[float]
    backtest: Backtest
    method: Text
    sentence: Text
    caveats: list[Text]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; days in ISO form."""
        found = asdict(self)
        found["past_from"], found["past_to"] = str(self.past_from), str(self.past_to)
        for row in found["days"]:
            row["day"] = str(row["day"])
        return found


def read_volumes(
    table: Any,
    *,
    time: str,
    calls: str | None = None,
    interval_seconds: int = 1800,
    time_format: str | None = None,
) -> Volumes:
    """The past from TABLE: a row for each call, or with the column CALLS a row for each interval.

    TIME names the column of the time, two as "day+clock". Raises `InputError` naming file, row,
    column and value.
    """
    check_interval(interval_seconds)
    # It brings the engine with it, which formulas do without.
    from zaplecze.workload.table import Table

    with Table(table) as source:
        times = source.times(time, time_format)
        amounts = None if calls is None else source.numbers(calls)
        if amounts is not None and (amounts < 0).any():
            raise InputError(
                say(
                    N_("{file}, column '{column}': a volume is negative. Mend it."),
                    file=source.file, column=calls or "",
                )
            )  # fmt: skip
    if amounts is not None and not amounts.any():
        raise InputError(say(N_("There are no calls in the past, and so nothing to go by. Bring days with calls.")))  # fmt: skip
    days = times.astype("datetime64[D]")
    counts = count_by_slot(times, interval_seconds, days.min(), days.max(), amounts)
    return Volumes(days.min().astype(dt.date), counts, interval_seconds)


def forecast(
    past: Volumes,
    days: int = 14,
    *,
    country: str | None = None,
    closed: Collection[dt.date] = (),
    coverage: float = 0.9,
) -> Forecast:
    """The DAYS after PAST, with the public holidays of COUNTRY (two letters) and CLOSED days.

    Between ``low`` and ``high`` lies the share COVERAGE: counts follow a negative binomial
    distribution whose scatter beyond chance is that of the backtest. Raises `InputError` for less
    than four weeks of past, or an unknown country.
    """
    fraction(N_("the coverage"), coverage)
    if coverage in (0, 1):
        raise InputError(
            say(N_("Bounds that hold always or never say nothing. Give a share between 0 and 1, like 0.9."))
        )  # fmt: skip
    if len(past.counts) < _LEAST_WEEKS * WEEKDAYS:
        raise InputError(
            say(
                N_("{days} days are too few to foretell and to test it. Bring four weeks or more."),
                days=len(past.counts),
            )
        )
    if not 1 <= days <= _MOST_DAYS:
        raise InputError(say(N_("Give 1 to {most} days to foretell."), most=_MOST_DAYS))
    off = _days_off(past, days, country, closed)
    known = len(past.counts)
    weekday = weekdays(past.first_day, known + days)
    holiday = np.array([past.first_day + dt.timedelta(days=k) in off for k in range(known + days)])
    tried = _tried(past.counts, weekday, holiday, coverage)
    model = fit(past.counts, weekday[:known], holiday[:known])
    means = model.predict(weekday[known:], holiday[known:])
    by_slot = _bounds(means, tried.slot_scatter, coverage)
    by_day = _bounds(means.sum(axis=1), tried.day_scatter, coverage)
    future = [past.last_day + dt.timedelta(days=k + 1) for k in range(days)]
    return Forecast(
        interval_names=[clock(k, past.interval_seconds) for k in range(past.counts.shape[1])],
        interval_seconds=past.interval_seconds,
        past_from=past.first_day,
        past_to=past.last_day,
        past_totals=past.counts.sum(axis=1)[-_PAST_SHOWN:].tolist(),
        coverage_wanted=coverage,
        days=[
            DayForecast(
                day,
                off.get(day),
                Expected(float(means[k].sum()), float(by_day[0][k]), float(by_day[1][k])),
                [
                    Expected(float(m), float(low), float(high))
                    for m, low, high in zip(means[k], by_slot[0][k], by_slot[1][k], strict=True)
                ],
            )
            for k, day in enumerate(future)
        ],
        trend_per_week=float(np.expm1(model.trend)),
        weekday_factors=model.weekday.tolist(),
        backtest=tried.result,
        method=say(METHOD),
        sentence=_sentence(tried.result),
        caveats=_caveats(past, model, holiday[known:], country),
    )


@dataclass(frozen=True)
class _Tried:
    result: Backtest
    slot_scatter: float
    day_scatter: float


def _tried(counts: Floats, weekday: NDArray[np.int64], holiday: Any, coverage: float) -> _Tried:
    """The model on weeks of the past that it had not seen."""
    known = len(counts)
    folds = min((known - _FIRST_PAST_DAYS) // WEEKDAYS, _MOST_FOLDS)
    starts = [known - WEEKDAYS * k for k in range(folds, 0, -1)]
    means = []
    for start in starts:
        model = fit(counts[:start], weekday[:start], holiday[:start])
        week = slice(start, start + WEEKDAYS)
        means.append(model.predict(weekday[week], holiday[week]))
    actual = np.stack([counts[start : start + WEEKDAYS] for start in starts])
    naive = np.stack([counts[start - WEEKDAYS : start] for start in starts])
    foretold = np.stack(means)
    day_foretold, day_actual, day_naive = (x.sum(axis=2) for x in (foretold, actual, naive))
    scale = float(np.abs(counts[WEEKDAYS:] - counts[:-WEEKDAYS]).mean()) or 1.0
    totals = counts.sum(axis=1)
    day_scale = float(np.abs(totals[WEEKDAYS:] - totals[:-WEEKDAYS]).mean()) or 1.0
    errors = [float(np.abs(x - actual).mean()) / scale for x in (foretold, naive)]
    day_errors = [
        float(np.abs(x - day_actual).mean()) / day_scale for x in (day_foretold, day_naive)
    ]
    result = Backtest(
        weeks=folds,
        mase=errors[0],
        naive_mase=errors[1],
        day_mase=day_errors[0],
        naive_day_mase=day_errors[1],
        coverage=_covered(foretold, actual, coverage),
        day_coverage=_covered(day_foretold, day_actual, coverage),
        bias=float(foretold.sum() / actual.sum() - 1) if actual.sum() else 0.0,
        better=errors[0] < errors[1],
    )
    return _Tried(result, _scatter(foretold, actual), _scatter(day_foretold, day_actual))


def _scatter(foretold: Floats, actual: Floats) -> float:
    """The variance beyond chance as a share of the squared mean, from all errors together."""
    squares = float((foretold**2).sum())
    return (
        max(float(((actual - foretold) ** 2 - foretold).sum()) / squares, 0.0) if squares else 0.0
    )


def _covered(foretold: Floats, actual: Floats, coverage: float) -> float:
    """The share inside, each week with the scatter of all other weeks; where nothing is, nothing counts."""
    inside, counted = 0, 0
    for week in range(len(foretold)):
        others = np.arange(len(foretold)) != week
        low, high = _bounds(foretold[week], _scatter(foretold[others], actual[others]), coverage)
        open_then = foretold[week] >= 0.5
        inside += int(((actual[week] >= low) & (actual[week] <= high) & open_then).sum())
        counted += int(open_then.sum())
    return inside / counted if counted else 1.0


def _bounds(means: Floats, scatter: float, coverage: float) -> tuple[Floats, Floats]:
    """Quantiles of counts with MEANS whose variance is mean + SCATTER · mean²."""
    # It takes half a second to load.
    from scipy.stats import nbinom, poisson

    shares = (1 - coverage) / 2, (1 + coverage) / 2
    safe = np.maximum(means, 1e-9)
    if scatter < 1e-9:
        return poisson.ppf(shares[0], safe), poisson.ppf(shares[1], safe)
    size = 1 / scatter
    chance = size / (size + safe)
    return nbinom.ppf(shares[0], size, chance), nbinom.ppf(shares[1], size, chance)


def _days_off(
    past: Volumes, days: int, country: str | None, closed: Collection[dt.date]
) -> dict[dt.date, Text]:
    off = {day: say(N_("closed")) for day in closed}
    if country is None:
        return off
    last = past.last_day + dt.timedelta(days=days)
    try:
        found = holidays_of(country.upper(), range(past.first_day.year, last.year + 1))
    except ValueError:
        raise InputError(
            say(
                N_(
                    "No public holidays are known for '{country}'. Give two letters, like PL or UA."
                ),
                country=country,
            )
        ) from None
    return found | off


def _sentence(result: Backtest) -> Text:
    ratio = result.mase / result.naive_mase if result.naive_mase else 1.0
    gain = percent(abs(1 - ratio), 0)
    if result.better:
        return say_plural(
            N_("Tried on {count} week that it had not seen, it is wrong by {gain} less than last week repeated."),
            N_("Tried on {count} weeks that it had not seen, it is wrong by {gain} less than last week repeated."),
            result.weeks, gain=gain,
        )  # fmt: skip
    return say_plural(
        N_("Tried on {count} week that it had not seen, it is no better than last week repeated: do not rely on it."),
        N_("Tried on {count} weeks that it had not seen, it is no better than last week repeated: do not rely on it."),
        result.weeks,
    )  # fmt: skip


def _caveats(past: Volumes, model: Model, holiday: Any, country: str | None) -> list[Text]:
    found = []
    if holiday.any() and not model.holidays_seen:
        found.append(
            say(N_("No public holiday lies in the past; those to come are taken for Sundays."))
        )
    if country is None:
        found.append(say(N_("Public holidays are not known: name the country, like PL or UA.")))
    if len(past.counts) < 2 * 365:
        found.append(say(N_("The time of year is not in the forecast.")))
    return found
