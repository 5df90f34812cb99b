"""What fewer calls save, by which calls go, in small teams and over a day."""

import pytest

from zaplecze.errors import InputError
from zaplecze.workload import Demand, Load, Shifts, Shrinkage, Target, deflect

NINETY = Target(0.9, 60)


@pytest.mark.parametrize(
    ("load", "before", "saved"),
    [
        (5, 8, [0.0, 12.5, 0.0, 0.0]),
        (10, 14, [7.1, 14.3, 0.0, 7.1]),
        (20, 25, [8.0, 12.0, 4.0, 8.0]),
        (100, 107, [9.3, 14.0, 5.6, 8.4]),
        (500, 509, [9.8, 14.7, 5.7, 8.6]),
        (1000, 1010, [9.9, 14.9, 5.9, 8.9]),
    ],
)
def test_savings_by_size_of_the_line_and_length_of_the_calls_that_go(load, before, saved):
    found = deflect(Demand(12 * load, 3600, 300), NINETY, relative_ahts=(1.0, 0.6))
    by_case = {(s.relative_aht, s.share): 100 * s.agents_saved_share for s in found.savings}
    assert found.savings[0].agents_before == before
    shown = [by_case[relative, share] for relative in (1.0, 0.6) for share in (0.1, 0.15)]
    assert shown == pytest.approx(saved, abs=0.05)


@pytest.mark.parametrize("calls", [32, 34, 36, 38, 40])
def test_a_team_of_six_saves_none_or_one(calls):
    found = deflect(Demand(calls, 3600, 300), NINETY)
    for saving in found.savings:
        assert saving.agents_before == 6
        assert saving.agents_saved in (0, 1)
        assert (saving.agents_low, saving.agents_high) == (0, 1)
        assert str(saving.sentence).startswith("None or one agent less")
    assert any("below ten people" in str(text) for text in found.caveats)


def test_hours_posts_and_money_are_kept_apart():
    [saving] = deflect(
        Demand(36, 3600, 300), NINETY, shares=[0.05], relative_ahts=[0.6],
        shrinkage=Shrinkage(other=0.3), open_hours_per_week=50, cost_per_head=30_000,
    ).savings  # fmt: skip
    assert saving.hours_freed_per_week == pytest.approx(3 * 0.05 * 0.6 * 50)
    assert saving.heads_saved == 0
    assert saving.cost_saved_per_year == 0


def test_money_is_that_of_whole_posts():
    [saving] = deflect(
        Demand(600, 3600, 300), NINETY, shares=[0.10], relative_ahts=[1.0],
        shrinkage=Shrinkage(other=0.3), cost_per_head=30_000,
    ).savings  # fmt: skip
    assert saving.heads_before == 80
    assert saving.cost_saved_per_year == 30_000 * saving.heads_saved > 0


def test_a_day_saves_in_hours_and_in_shifts():
    day = [
        Load("", str(k), calls, 300)
        for k, calls in enumerate([60, 120, 240, 240, 180, 120, 60, 40])
    ]
    found = deflect(
        Demand(1, 1800, 300), NINETY, shares=[0.1], relative_ahts=[0.6, 1.0], day=day,
        shifts=Shifts(4),
    )  # fmt: skip
    short, mean = found.days
    assert 0.03 < short.hours_saved_share < mean.hours_saved_share < 0.12
    assert short.people_after < short.people_before
    assert mean.people_after <= short.people_after


@pytest.mark.parametrize(("share", "relative"), [(1.0, 1.0), (0.5, 2.0)])
def test_nothing_left_is_refused(share, relative):
    with pytest.raises(InputError, match="nothing is left"):
        deflect(Demand(600, 3600, 300), NINETY, shares=[share], relative_ahts=[relative])
