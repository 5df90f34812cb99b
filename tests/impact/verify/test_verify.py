"""Known changes are found, nothing is found where nothing changed, and the verdict says so."""

import json

import numpy as np
import pyarrow as pa
import pytest
from tests.draws import DRAWS, between
from tests.impact.verify import worlds

from zaplecze.impact.verify import verify

SERIES = {"outcome": "minutes", "time": "week", "treated_from": "2025-05-05", "better": "lower"}
UNITS = {
    "outcome": "minutes", "time": "period", "unit": "team", "treated_from": "from",
    "better": "lower",
}  # fmt: skip


def covers(found, truth):
    return found.interval[0] <= truth <= found.interval[1]


def test_a_change_of_level_in_one_series_is_found():
    found = verify(worlds.series(1, effect=-8), **SERIES)
    assert found.method == "its"
    assert found.verdict == "worked"
    assert covers(found, -8)
    assert found.ratio == pytest.approx(1 + found.estimate / 50, abs=0.03)
    assert found.details["seasonal"]


def test_a_change_to_the_worse_did_not_work():
    found = verify(worlds.series(1, effect=8), **SERIES)
    assert found.verdict == "did not"
    assert "worse" in found.sentence["en"]


def test_the_direction_decides_what_worked():
    lower = verify(worlds.series(1, effect=-8), **SERIES)
    higher = verify(worlds.series(1, effect=-8), **{**SERIES, "better": "higher"})
    assert (lower.verdict, higher.verdict) == ("worked", "did not")
    assumed = verify(worlds.series(1, effect=-8), **{**SERIES, "better": None})
    assert assumed.verdict == "worked"
    assert any("taken to be better" in str(caveat) for caveat in assumed.caveats)
    assert not any("taken to be better" in str(caveat) for caveat in lower.caveats)


@pytest.mark.parametrize("family", ["poisson", "negative-binomial"])
def test_a_ratio_of_counts_is_found(family):
    found = verify(
        worlds.counts(4, ratio=0.6), outcome="complaints", time="week", offset="contacts",
        treated_from="2025-05-05", family=family, better="lower",
    )  # fmt: skip
    assert found.verdict == "worked"
    assert found.ratio_interval[0] <= 0.6 <= found.ratio_interval[1]
    spread = found.details["dispersion"] if family == "poisson" else 20 * found.details["clumping"]
    assert spread > 0.5
    seen = np.mean(found.series.observed[70:])
    assert found.estimate == pytest.approx(seen - seen / found.ratio)


def test_level_and_slope_of_a_growing_effect_are_told_apart():
    table = worlds.series(2, size=140, start=80, season=0, spread=1)
    time = np.arange(140)
    minutes = table["minutes"].to_numpy() - 0.2 * np.maximum(time - 80, 0)
    found = verify(
        pa.table({"week": table["week"], "minutes": minutes}),
        outcome="minutes", time="week", treated_from="2025-07-14", better="lower",
    )  # fmt: skip
    low, high = found.details["slope"]["interval"]
    assert low <= -0.2 <= high < 0
    assert found.estimate == pytest.approx(-0.2 * 29.5, abs=2.5)


def test_a_period_in_whose_middle_the_change_came_is_left_out():
    found = verify(worlds.series(1, effect=-8), **{**SERIES, "treated_from": "2025-05-08"})
    assert found.series.go_live == 71
    assert covers(found, -8)
    assert any("2025-05-05" in str(caveat) for caveat in found.caveats)


def test_an_effect_on_several_units_of_one_date_is_found():
    found = verify(worlds.units(1, effect=-6), **UNITS)
    assert found.method == "did"
    assert (found.units, found.treated) == (30, 10)
    assert (found.periods_before, found.periods_after) == (12, 8)
    assert found.verdict == "worked"
    assert covers(found, -6)
    assert found.placebo.unit_p_value < 0.01
    assert found.pretrend.passed


def test_two_way_fixed_effects_give_the_same_difference():
    table = worlds.units(3, effect=-3, levels=0.1)
    found = verify(table, **{**UNITS, "better": "higher"})
    frame = {name: table[name].to_numpy() for name in table.column_names}
    teams, team = np.unique(frame["team"], return_inverse=True)
    dummies = np.column_stack(
        [np.eye(len(teams))[team], np.eye(20)[frame["period"] - 1][:, 1:],
         (frame["from"] > 0) & (frame["period"] >= frame["from"])]
    )  # fmt: skip
    beta = np.linalg.lstsq(dummies.astype(float), frame["minutes"], rcond=None)[0][-1]
    assert found.estimate == pytest.approx(beta)


@pytest.mark.long
def test_one_treated_unit_among_many_gets_a_mixture_of_the_others():
    found = verify(worlds.units(2, count=25, treated=1, size=24, start=16, effect=-15), **UNITS)
    assert found.method == "sdid"
    assert covers(found, -15)
    assert found.verdict == "worked"
    assert sum(found.details["weights"].values()) == pytest.approx(1, abs=0.02)


def test_a_change_in_steps_is_compared_with_units_that_never_change():
    found = verify(worlds.units(3, count=40, treated=16, steps=3, effect=-6), **UNITS)
    assert found.method == "staggered"
    assert covers(found, -6)
    assert found.verdict == "worked"
    assert found.details["compared_with"] == "never_treated"


def test_a_change_in_steps_to_everybody_is_compared_with_those_who_wait():
    found = verify(worlds.units(3, count=40, treated=40, steps=5, effect=-6), **UNITS)
    assert found.details["compared_with"] == "not_yet_treated"
    assert covers(found, -6)


def test_three_treated_units_are_too_few_for_differences():
    found = verify(worlds.units(1, treated=3, effect=-20), **UNITS, method="did")
    assert found.verdict == "cannot tell"
    assert "sdid" in found.sentence["en"]


def test_units_that_drifted_apart_before_are_not_comparable():
    table = worlds.units(5, effect=-6)
    drift = np.where(table["from"].to_numpy() > 0, -1.5 * table["period"].to_numpy(), 0.0)
    table = table.set_column(2, "minutes", pa.array(table["minutes"].to_numpy() + drift))
    found = verify(table, **UNITS)
    assert found.verdict == "not comparable"
    assert found.pretrend.passed is False


def test_a_course_that_bent_before_the_change_cannot_be_drawn_on():
    table = worlds.series(3, season=0, memory=0)
    minutes = table["minutes"].to_numpy() + 30 * np.linspace(-1, 1, 104) ** 2
    table = pa.table({"week": np.arange(104), "minutes": minutes})
    found = verify(table, **{**SERIES, "treated_from": 70})
    assert found.verdict == "not comparable"
    assert found.pretrend.passed is False


@pytest.mark.long
def test_units_chosen_because_they_were_bad_are_compared_at_equal_baseline():
    estimates, plain = [], []
    for seed in range(15):
        found = verify(
            worlds.units(seed, count=40, size=12, start=8, treated=12, worst=True, levels=1),
            **UNITS,
        )
        estimates.append(found.estimate)
        plain.append(found.details["two_way"]["estimate"])
    # The plain difference takes what would have come anyway for an effect.
    assert np.mean(plain) < -1
    assert abs(np.mean(estimates)) < 0.9
    assert found.regression_to_the_mean.accounted_for
    assert "would have come anyway" in found.regression_to_the_mean.sentence["en"]


def test_few_units_chosen_because_they_were_bad_get_no_success():
    found = verify(
        worlds.units(3, count=11, size=12, start=8, treated=5, worst=True, levels=1, effect=-9),
        **UNITS,
    )
    assert found.verdict == "cannot tell"
    assert not found.regression_to_the_mean.accounted_for


def test_a_bad_stretch_just_before_the_change_is_left_out():
    table = worlds.series(6, season=0, memory=0.0)
    minutes = table["minutes"].to_numpy().copy()
    minutes[62:70] += 15
    found = verify(pa.table({"week": table["week"], "minutes": minutes}), **SERIES)
    assert found.regression_to_the_mean.accounted_for
    assert found.verdict != "worked"


def test_small_effects_and_wide_intervals_leave_it_open():
    found = verify(worlds.units(8, count=12, treated=6, effect=-0.5), **UNITS, worth=1)
    assert found.verdict == "cannot tell"
    assert found.detectable.periods_needed is None or found.detectable.periods_needed > 8


def test_an_effect_that_was_hoped_for_can_be_ruled_out():
    found = verify(worlds.units(9, count=60, treated=30), **UNITS, worth=6)
    assert found.verdict == "did not"
    assert "6" in found.sentence["en"]


def test_looking_again_and_again_asks_for_more():
    once = verify(worlds.series(1, effect=-8), **SERIES)
    planned = verify(worlds.series(1, effect=-8), **SERIES, reading="1/5")
    any_time = verify(worlds.series(1, effect=-8), **SERIES, reading="any")

    def width(found):
        return found.interval[1] - found.interval[0]

    assert width(once) < width(any_time) < width(planned)
    assert any_time.details["e_value"] > 20


def test_cases_are_put_together_by_week():
    generator = np.random.default_rng(0)
    day = np.datetime64("2024-01-01") + np.repeat(np.arange(420), 20)
    team = generator.integers(0, 12, len(day))
    late = (team < 6) & (day >= np.datetime64("2024-10-07"))
    minutes = 90 + team + 20 * generator.normal(size=len(day)) - 8 * late
    table = pa.table(
        {"day": day.astype("datetime64[s]"), "team": [f"T{t}" for t in team], "minutes": minutes}
    )
    found = verify(
        table, outcome="minutes", time="day", unit="team", by="week", better="lower",
        treated_from="2024-10-07", treated_units=[f"T{t}" for t in range(6)],
    )  # fmt: skip
    assert found.method == "did"
    assert (found.periods_before, found.periods_after) == (40, 20)
    assert covers(found, -8)
    assert found.verdict == "worked"


def test_without_a_date_it_is_a_plan_that_says_how_long_to_wait():
    found = verify(worlds.series(1, season=0, memory=0), outcome="minutes", time="week", worth=8)
    assert found.estimate is None
    assert found.verdict == "cannot tell"
    needed = found.detectable.periods_needed
    assert found.detectable.effects[needed] <= 8
    assert found.detectable.effects[1] > 8
    assert "weeks" in found.sentence["en"]


def test_three_units_beside_three_others_are_judged_by_nobody_and_sent_nowhere_in_vain():
    found = verify(worlds.units(1, count=6, treated=3, effect=-20), **UNITS)
    assert (found.method, found.verdict) == ("did", "cannot tell")
    assert "ten others" in found.sentence["en"]
    assert "--method" not in found.sentence["en"]


def test_what_is_not_ruled_out_is_said_where_it_did_not_work():
    found = verify(worlds.units(9, count=60, treated=30), **UNITS)
    swing = 4 * np.sqrt(1 - 0.5**2)
    assert found.verdict == "did not"
    assert -found.interval[0] < swing / 2
    assert "is not ruled out" in found.sentence["en"]


def test_a_small_improvement_that_the_interval_holds_is_no_failure():
    # Half of the usual swing may well matter; fewer units leave it open.
    found = verify(worlds.units(2, count=24, treated=12, effect=-1), **UNITS)
    assert 0 < -found.interval[0] < 4
    assert found.verdict == "cannot tell"


def test_a_change_that_is_still_to_come_is_a_plan_where_its_effect_is_hoped_for():
    table = worlds.series(1, season=0, memory=0)
    asked = {"outcome": "minutes", "time": "week", "worth": 8}
    # A Wednesday: no week of the data is mixed.
    found = verify(table, **asked, treated_from="2031-01-08")
    assert found.detectable == verify(table, **asked).detectable
    assert (found.estimate, found.caveats) == (None, [])
    assert "2025-12-22" in str(found.reason)


def test_a_plan_holds_those_units_apart_that_are_to_change():
    table = worlds.units(3, count=30, treated=10, start=40)
    asked = {"outcome": "minutes", "time": "period", "unit": "team", "worth": 4}
    named = [
        team
        for team, start in zip(table["team"].to_pylist(), table["from"].to_pylist(), strict=True)
        if start > 0
    ]
    by_column = verify(table, **asked, treated_from="from")
    by_name = verify(table, **asked, treated_units=sorted(set(named)))
    assert (by_column.method, by_column.treated) == ("did", 10)
    assert by_column.detectable == by_name.detectable
    everybody = verify(table, **asked, treated_units=sorted(set(table["team"].to_pylist())))
    assert everybody.method == "its"


def test_who_looks_more_than_once_is_promised_less():
    once, often = (
        verify(worlds.units(0), **UNITS, **reading).detectable.effect
        for reading in ({}, {"reading": "any"})
    )
    assert often > 1.15 * once


@pytest.mark.simulation
@pytest.mark.parametrize("reading", ["any", "2/5"])
def test_what_is_promised_is_seen_although_one_looks_more_than_once(reading):
    asked = {**UNITS, "reading": reading}
    promised = verify(worlds.units(0), **asked).detectable.effect
    seen = [
        verify(worlds.units(seed, effect=-promised), **asked).interval[1] < 0
        for seed in range(DRAWS)
    ]
    assert between(np.mean(seen), 0.7, 0.95)


def test_more_cases_make_the_wait_shorter():
    def plan(cases):
        generator = np.random.default_rng(1)
        day = np.datetime64("2024-01-01") + np.repeat(np.arange(7 * 60), cases)
        minutes = 60 + 25 * generator.normal(size=len(day))
        table = pa.table({"day": day.astype("datetime64[s]"), "minutes": minutes})
        return verify(table, outcome="minutes", time="day", by="week", worth=5).detectable

    few, many = plan(12), plan(80)
    assert few.cases_a_period == pytest.approx(84)
    assert "84" in few.sentence["en"]
    assert few.periods_needed > many.periods_needed


@pytest.mark.long
def test_the_smallest_effect_promised_before_is_found_in_most_cases():
    promised = verify(worlds.units(0), **UNITS).detectable.effect
    found = [verify(worlds.units(seed, effect=-promised), **UNITS) for seed in range(20)]
    excluded = np.mean([each.interval[1] < 0 for each in found])
    assert 0.6 <= excluded <= 0.97


@pytest.mark.simulation
def test_where_nothing_changed_success_is_rare_and_intervals_hold():
    found = [verify(worlds.units(seed), **UNITS) for seed in range(20)]
    assert sum(each.verdict == "worked" for each in found) <= 4
    assert np.mean([covers(each, 0) for each in found]) >= 0.8
    series = [verify(worlds.series(seed), **SERIES) for seed in range(10)]
    assert sum(each.verdict == "worked" for each in series) <= 2
    assert np.mean([covers(each, 0) for each in series]) >= 0.7


def test_the_answer_is_json_in_three_languages():
    found = verify(worlds.units(1, effect=-6), **UNITS).to_dict()
    again = json.loads(json.dumps(found, allow_nan=False))
    assert again == found
    for key in ("method", "estimate", "interval", "ratio", "pretrend", "placebo", "detectable",
                "verdict", "sentence"):  # fmt: skip
        assert key in found
    assert set(found["sentence"]) == {"en", "pl", "uk"}


@pytest.mark.long
def test_the_same_table_gives_the_same_answer():
    table = worlds.units(2, count=25, treated=3, size=24, start=16)
    assert verify(table, **UNITS).to_dict() == verify(table, **UNITS).to_dict()
