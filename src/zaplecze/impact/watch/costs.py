"""What a change of an outcome means in money, where the workspace says what the outcome costs."""

import duckdb
import numpy as np

from zaplecze.impact.watch.levels import Z95, Change
from zaplecze.impact.watch.result import Cost, Interval
from zaplecze.impact.watch.seasons import PER_YEAR
from zaplecze.impact.watch.series import Series
from zaplecze.language import N_, number, percent, rounded_money, say
from zaplecze.workspace import Price


def cost_of(
    connection: duckdb.DuckDBPyConnection,
    series: Series,
    change: Change,
    start: int,
    currency: str,
) -> Cost | None:
    """What CHANGE costs in a year if it lasts; None where the measure has no price.

    For a price at or beyond a bound the share of such values is compared between the periods from
    START to the change and those of the change.
    """
    priced = series.measure.priced
    if priced is None:
        return None
    price = priced.price
    per_year = _yearly(series)
    difference = change.difference
    amount, interval = difference.value, (difference.low, difference.high)
    if price.at_most is not None or price.at_least is not None:
        found = _beyond(connection, series, price, start, change)
        if found is None:
            return None
        amount, interval = found
    elif priced.higher_is_better:
        amount, interval = -amount, (-interval[1], -interval[0])
    figure = number(amount, 2) if series.measure.kind != "share" else percent(amount, 1)
    if price.at_most is not None or price.at_least is not None:
        figure = percent(amount, 1)
    return Cost(
        per_year=amount * per_year * price.amount,
        interval=_range(interval, per_year, price),
        currency=currency,
        basis=price.basis,
        formula=say(
            N_("{n} a year × {change} × {price}"),
            n=number(per_year),
            change=figure,
            price=rounded_money(price.amount, currency),
        ),
    )


def _yearly(series: Series) -> float:
    """How many there are in a year, as of the latest one, to multiply a change with."""
    observed, per_year = series.observed, PER_YEAR[series.period]
    latest = slice(max(len(observed.n) - int(np.ceil(per_year)), 0), None)
    known = observed.known[latest]
    if series.measure.kind == "count":
        return per_year * float(known.mean()) * float(observed.n[latest][known].mean())
    return float(observed.n[latest][known].sum()) * per_year / len(known)


def _range(interval: Interval, per_year: float, price: Price) -> Interval:
    corners = [change * per_year * bound for change in interval for bound in price.bounds]
    return min(corners), max(corners)


def _beyond(
    connection: duckdb.DuckDBPyConnection, series: Series, price: Price, start: int, change: Change
) -> tuple[float, Interval] | None:
    """How much larger the share of values at or beyond the price's bound has become."""
    test = (
        f"value <= {price.at_most}" if price.at_most is not None else f"value >= {price.at_least}"
    )
    shares = []
    for first, last in ((start, change.shape.began), (change.shape.began, change.shape.end)):
        begin, end = (series.day_number(at) for at in (first, last))
        n, k = connection.execute(
            f"SELECT count(*), count(*) FILTER ({test}) FROM ({series.measure.rows}) "
            f"WHERE value IS NOT NULL AND day >= {begin} AND day < {end}"
        ).fetchall()[0]
        if n < 2:
            return None
        shares.append((k / n, n))
    (before, n0), (after, n1) = shares
    error = Z95 * float(np.sqrt(before * (1 - before) / n0 + after * (1 - after) / n1))
    return after - before, (after - before - error, after - before + error)
