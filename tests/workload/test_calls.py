"""Call records from arrival to abandonment, patience that is seen in part, forecasts tried on the past."""

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest

from zaplecze.errors import InputError
from zaplecze.workload import (
    Demand,
    Target,
    Volumes,
    forecast,
    loads,
    patience,
    plan,
    profile,
    read_loads,
    read_records,
    read_volumes,
)

BANK = "call-centre-anonymous-bank/data_anonymous_bank_february.txt.gz"
CLOCK = "%y%m%d %H:%M:%S"


@pytest.fixture(scope="module")
def bank(shared_data):
    return read_records(
        shared_data / BANK, time="date+vru_exit", time_format=CLOCK, wait="q_time",
        outcome="outcome", answered=["AGENT"], abandoned=["HANG"], handling="ser_time", kind="type",
    )  # fmt: skip


def table(**changes):
    columns = {
        "at": ["2026-03-02 09:00:00", "2026-03-02 09:20:00", "2026-03-03 10:00:00", "2026-03-03 10:05:00"],
        "wait": [0, 30, 60, 10],
        "end": ["ok", "gone", "ok", "test"],
        "talk": [120, None, 240, 5],
    }  # fmt: skip
    return pa.table(columns | changes)


def read(given):
    return read_records(
        given, time="at", wait="wait", outcome="end", answered=["ok"], abandoned=["gone"],
        handling="talk",
    )  # fmt: skip


def test_other_outcomes_are_left_out_and_counted():
    found = read(table())
    assert len(found.times) == 3
    assert [str(text) for text in found.left_out] == ["1 call with the outcome 'test' is left out."]


def test_negative_times_are_left_out_and_counted():
    found = read(table(wait=[0, -30, 60, 10]))
    assert len(found.times) == 2
    assert "negative or missing" in str(found.left_out[-1])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"at": ["2026-03-02 09:00:00", "yesterday", "2026-03-03 10:00:00", "2026-03-03"]}, "row 3.*yesterday"),
        ({"wait": ["0", "half", "1", "2"]}, "row 3.*half"),
        ({"end": ["a", "b", "c", "d"]}, "no call ended as 'ok'"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named(changes, words):
    with pytest.raises(InputError, match=words):
        read(table(**changes))


def test_a_wrong_column_is_answered_with_the_one_that_was_meant():
    with pytest.raises(InputError, match="Did you mean 'wait'"):
        read_records(
            table(), time="at", wait="wat", outcome="end", answered=["ok"], abandoned=["gone"],
            handling="talk",
        )  # fmt: skip


def test_patience_counts_those_who_were_answered_as_not_yet_impatient():
    # Two hang up at 10 and 30 s; one is answered at 20 s, and one without waiting.
    found = patience(np.array([10.0, 20.0, 30.0, 0.0]), np.array([True, False, True, False]))
    assert found.n == 3
    assert found.seconds == [10, 30]
    assert found.still_waiting == pytest.approx([2 / 3, 0.0])
    assert found.exponential_mean_seconds == pytest.approx(30)
    assert found.restricted_mean_seconds == pytest.approx(10 + 20 * 2 / 3)
    assert found.median_seconds == 30


def test_who_hangs_up_at_once_is_counted_beside_the_patience_and_said_so():
    calls = table(end=["gone", "gone", "ok", "test"])
    found = profile(
        read_records(
            calls, time="at", wait="wait", outcome="end", answered=["ok"], abandoned=["gone"],
            handling="talk",
        )
    )  # fmt: skip
    seen = found.all.patience
    # 90 s of waiting until one gave up; with the one who hung up at 0 s, until two did.
    assert (seen.abandoned, seen.at_once) == (1, 1)
    assert seen.exponential_mean_seconds == pytest.approx(90)
    assert seen.mean_with_at_once_seconds == pytest.approx(45)
    assert found.all.abandoned_share == pytest.approx(2 / 3)
    told = "\n".join(str(caveat) for caveat in found.caveats)
    assert "1 caller hung up at once" in told
    assert "45.0 s instead of 90.0 s" in told


def test_where_all_who_hung_up_did_at_once_the_patience_is_not_known():
    seen = patience(np.array([0.0, 20.0]), np.array([True, False]))
    assert seen.exponential_mean_seconds is None
    assert seen.at_once == 1


def test_where_everybody_waited_nothing_is_said_of_hanging_up_at_once():
    found = profile(
        read_records(
            table(), time="at", wait="wait", outcome="end", answered=["ok"], abandoned=["gone"],
            handling="talk",
        )
    )  # fmt: skip
    assert not any("at once" in str(caveat) for caveat in found.caveats)


def test_patience_of_exponential_callers_is_found_behind_the_answers():
    random = np.random.default_rng(3)
    patient, offered = random.exponential(120, 20_000), random.exponential(40, 20_000)
    found = patience(np.minimum(patient, offered), patient < offered)
    assert found.exponential_mean_seconds == pytest.approx(120, rel=0.03)
    assert found.at(60) == pytest.approx(np.exp(-0.5), abs=0.01)
    position = next(k for k, t in enumerate(found.seconds) if t > 60)
    assert found.low[position] < np.exp(-0.5) < found.high[position]


def test_where_nobody_hung_up_patience_is_not_known():
    found = patience(np.array([10.0, 20.0]), np.array([False, False]))
    assert found.exponential_mean_seconds is None
    assert found.median_seconds is None


def test_the_bank_from_arrival_to_abandonment(bank):
    found = profile(bank)
    assert found.calls == 33_066
    assert found.days == 28
    assert found.all.abandoned_share == pytest.approx(5904 / 33_066)
    assert found.all.handling.mean_seconds == pytest.approx(176.35, abs=0.01)
    by_kind = {group.name: group for group in found.kinds}
    # New customers call shortly and lose patience first; traders wait longest.
    assert by_kind["NW"].handling.mean_seconds < by_kind["PS"].handling.mean_seconds
    means = {name: each.patience.exponential_mean_seconds for name, each in by_kind.items()}
    assert means["NW"] < means["PS"] < means["NE"]
    seen = found.all.patience
    assert seen.abandoned + seen.at_once == 5904
    assert any(f"{seen.at_once:,}" in str(caveat) for caveat in found.caveats)
    assert sum(slot.mean_calls for slot in found.slots) * 28 == pytest.approx(33_066)
    assert found.deviation > 0.05


def test_what_ninety_per_cent_within_a_minute_takes_at_the_bank(bank):
    found = profile(bank)
    week = plan(
        loads(found),
        Demand(0, 1800, 1, found.all.patience.exponential_mean_seconds),
        Target(0.9, 60),
    )
    assert week.service_level > 0.9
    assert week.calls == pytest.approx(33_066 / 4, rel=1e-6)
    assert 500 < week.agent_hours < 800


def test_an_interval_that_does_not_divide_the_day_is_refused(bank):
    with pytest.raises(InputError, match="does not divide a day"):
        profile(bank, 1000)


def test_the_mean_week_is_read_back_from_a_file(tmp_path):
    file = tmp_path / "week.csv"
    file.write_text("day,interval,calls,aht\n1,08:00,12.5,180\n1,08:30,0,180\n")
    first, second = read_loads(file)
    assert (first.day, first.interval, first.calls, first.aht_seconds) == ("1", "08:00", 12.5, 180)
    assert second.calls == 0
    assert read_loads(file, aht=60.0)[0].aht_seconds == 60


def seasonal(weeks, growth=0.0, seed=1, noise=0.08):
    """Counts by half-hour with a known weekday factor, growth and scatter."""
    random = np.random.default_rng(seed)
    factor = np.array([1.3, 1.1, 1.0, 1.0, 0.9, 0.5, 0.2])
    shape = np.exp(-(((np.arange(48) - 22) / 6) ** 2))
    days = np.arange(7 * weeks)
    means = (
        600 * np.exp(growth * days / 7)[:, None] * factor[days % 7][:, None] * shape / shape.sum()
    )
    scatter = random.gamma(1 / noise**2, noise**2, size=len(days))[:, None]
    return Volumes(dt.date(2025, 1, 6), random.poisson(means * scatter).astype(float), 1800)


def test_a_known_season_is_foretold_better_than_by_last_week():
    past = seasonal(30)
    found = forecast(Volumes(past.first_day, past.counts[:-14], 1800), 14)
    assert found.backtest.better
    assert found.backtest.mase < 0.85 * found.backtest.naive_mase
    actual = past.counts[-14:].sum(axis=1)
    assert [day.total.mean for day in found.days] == pytest.approx(actual, rel=0.3)
    inside = [d.total.low <= a <= d.total.high for d, a in zip(found.days, actual, strict=True)]
    assert sum(inside) >= 11


def test_bounds_hold_about_the_share_that_was_asked_for():
    shares = [forecast(seasonal(20, seed=seed), 1).backtest.day_coverage for seed in range(8)]
    assert np.mean(shares) == pytest.approx(0.9, abs=0.06)


def test_growth_is_seen_and_chance_is_not_taken_for_growth():
    assert forecast(seasonal(16, growth=0.03), 7).trend_per_week == pytest.approx(0.03, abs=0.012)
    assert abs(forecast(seasonal(16), 7).trend_per_week) < 0.012


def test_holidays_are_learnt_from_those_that_were():
    past = seasonal(60)
    days = [past.first_day + dt.timedelta(days=k) for k in range(len(past.counts))]
    from zaplecze.calendars import holidays_of

    off = holidays_of("PL", {2025, 2026, 2027})
    counts = past.counts * np.array([0.25 if day in off else 1.0 for day in days])[:, None]
    # 24 December 2025, 25 and 26 follow.
    until = days.index(dt.date(2025, 12, 23))
    found = forecast(Volumes(past.first_day, counts[:until], 1800), 7, country="PL")
    by_day = {day.day: day for day in found.days}
    christmas = by_day[dt.date(2025, 12, 25)]
    assert christmas.holiday["pl"]
    usual = 600 * 1.0
    assert christmas.total.mean < 0.45 * usual
    assert by_day[dt.date(2025, 12, 29)].holiday is None
    assert by_day[dt.date(2025, 12, 29)].total.mean > 0.8 * 600 * 1.3


def test_the_bank_is_foretold_better_than_by_last_week(shared_data):
    past = read_volumes(shared_data / BANK, time="date+vru_entry", time_format=CLOCK)
    found = forecast(past, 7, country="IL")
    assert found.backtest.weeks == 2
    assert found.backtest.better
    assert found.days[0].day == dt.date(1999, 3, 1)
    assert len(found.days[0].intervals) == 48


def test_shop_orders_of_months_are_foretold_better_than_by_last_week(shared_data):
    orders = shared_data / "olist" / "olist_orders_dataset.csv.gz"
    past = read_volumes(orders, time="order_purchase_timestamp", interval_seconds=3600)
    months = Volumes(past.first_day + dt.timedelta(days=120), past.counts[120:-150], 3600)
    found = forecast(months, 14, country="BR")
    assert found.backtest.weeks == 12
    assert found.backtest.mase < 0.85 * found.backtest.naive_mase
    assert 0.85 <= found.backtest.day_coverage <= 1.0


def test_rows_may_be_intervals_with_their_calls():
    rows = pa.table({"at": ["2026-03-02 09:00", "2026-03-02 09:30"], "n": [3, 4]})
    found = read_volumes(rows, time="at", calls="n")
    assert found.counts.sum() == 7
    with pytest.raises(InputError, match="a volume is negative"):
        read_volumes(pa.table({"at": ["2026-03-02 09:00"], "n": [-1]}), time="at", calls="n")


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: forecast(seasonal(3), 7), "too few"),
        (lambda: forecast(seasonal(5), 0), "1 to 366"),
        (lambda: forecast(seasonal(5), 7, country="XX"), "No public holidays"),
        (lambda: forecast(seasonal(5), 7, coverage=90), "Did you mean 0.9"),
    ],
)
def test_forecasts_that_cannot_be_are_refused(call, words):
    with pytest.raises(InputError, match=words):
        call()
