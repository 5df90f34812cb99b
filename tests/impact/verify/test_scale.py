"""Durations with a long tail: compared on the logarithm, told in per cent and in units."""

import numpy as np
import pyarrow as pa
import pytest
from tests.draws import DRAWS, between
from tests.impact.verify import worlds

from zaplecze.errors import InputError
from zaplecze.impact.verify import verify

SERIES = {"outcome": "hours", "time": "day", "treated_from": "2025-05-05", "by": "week"}
UNITS = {**SERIES, "unit": "team"}
WEEKS, LIVE = 100, 70


def tickets(seed, ratio, teams=1, a_week=30):
    """Tickets with a few very long ones; from LIVE on they take RATIO of their time in half the teams."""
    random = np.random.default_rng(seed)
    week = np.repeat(np.arange(WEEKS), a_week * teams)
    team = random.integers(0, teams, len(week))
    ours = (week >= LIVE) & (team < max(teams // 2, 1))
    usual = 3 + 0.1 * random.normal(size=WEEKS)[week] + 0.2 * random.normal(size=teams)[team]
    hours = np.exp(usual + 1.1 * random.normal(size=len(week))) * np.where(ours, ratio, 1.0)
    days = worlds.weeks(WEEKS)[week] + np.timedelta64(86_400, "s") * random.integers(
        0, 7, len(week)
    )
    return pa.table({"day": days, "hours": hours, "team": [f"T{k}" for k in team]})


def half_of(teams):
    return [f"T{k}" for k in range(teams // 2)]


def test_a_change_of_skewed_durations_is_told_in_per_cent_and_in_hours():
    table = tickets(1, 0.7)
    found = verify(table, **SERIES, scale="logarithm")
    assert found.ratio_interval[0] < 0.7 < found.ratio_interval[1]
    assert found.verdict == "worked"
    assert "%" in found.headline["en"]
    assert "%" in found.headline["uk"]
    assert "logarithm" in found.method_text["en"]
    hours, weeks = np.array(table["hours"]), np.array(table["day"]) >= np.datetime64("2025-05-05")
    seen = hours[weeks].mean()
    # What was seen less what would have been: seen / ratio.
    assert found.estimate == pytest.approx(seen * (1 - 1 / found.ratio), rel=0.05)
    middle = np.exp(np.log(hours[~weeks]).mean())
    assert np.nanmean(np.array(found.series.observed[:LIVE])) == pytest.approx(middle, rel=0.05)


def test_units_on_the_logarithm_have_ratios_too():
    found = verify(
        tickets(2, 0.7, teams=12, a_week=10), **UNITS, treated_units=half_of(12), scale="logarithm"
    )
    assert found.method == "did"
    assert found.ratio_interval[0] < 0.7 < found.ratio_interval[1] < 1
    assert found.estimate < 0


def test_a_long_tail_is_taken_on_the_logarithm_and_an_even_course_is_not():
    skewed = verify(tickets(3, 0.7), **SERIES, scale="auto")
    assert "logarithm" in skewed.method_text["en"]
    even = verify(
        worlds.series(3), outcome="minutes", time="week", treated_from="2025-05-05", scale="auto"
    )
    assert "logarithm" not in even.method_text["en"]


def test_a_plan_on_the_logarithm_needs_less_patience():
    past = tickets(4, 1.0)
    asked = {"outcome": "hours", "time": "day", "by": "week", "worth": 8.0}
    plain = verify(past, **asked).detectable
    logged = verify(past, **asked, scale="logarithm").detectable
    assert logged.effects[13] < plain.effects[13]


def test_what_has_no_logarithm_is_named_with_its_row():
    table = tickets(5, 1.0)
    hours = np.array(table["hours"]).copy()
    hours[6] = 0.0
    with pytest.raises(InputError, match="row 8: the outcome is 0"):
        verify(table.set_column(1, "hours", pa.array(hours)), **SERIES, scale="logarithm")
    with pytest.raises(InputError, match="counts have it already"):
        verify(
            worlds.counts(1), outcome="complaints", time="week", treated_from="2025-05-05",
            family="poisson", scale="logarithm",
        )  # fmt: skip


@pytest.mark.simulation
@pytest.mark.parametrize("ratio", [1.0, 0.8])
@pytest.mark.parametrize("teams", [1, 12])
def test_intervals_of_ratios_hold_the_truth(ratio, teams):
    options = {**SERIES, "scale": "logarithm"}
    if teams > 1:
        options |= {"unit": "team", "treated_units": half_of(teams)}
    found = [verify(tickets(s, ratio, teams=teams, a_week=10), **options) for s in range(DRAWS)]
    held = np.mean([f.ratio_interval[0] <= ratio <= f.ratio_interval[1] for f in found])
    assert between(held, 0.90, 0.995)
    if ratio == 1:
        assert between(np.mean([f.verdict == "worked" for f in found]), 0, 0.05)
