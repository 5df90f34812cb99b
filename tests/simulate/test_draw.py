"""The truth that the company claims is the truth in its orders."""

import itertools

import numpy as np
import pytest
from tests.simulate.conftest import Sample, regress

from zaplecze.simulate import company
from zaplecze.simulate.clock import DAY, HOUR, OPENS, utc
from zaplecze.simulate.company import Background, Predictor
from zaplecze.simulate.draw import Stretch, draw, predicted
from zaplecze.simulate.truth import deviations

STANDARD_ERRORS = 4.0


def corners() -> Background:
    """Every extreme of the background."""
    columns = np.array(list(itertools.product((0.0, 1.0), repeat=5))).T
    return Background(*columns)


@pytest.mark.parametrize("outcome", company.OUTCOMES)
def test_no_predictor_leaves_the_range_in_which_its_outcome_is_drawn_exactly(
    outcome: str,
) -> None:
    margin = company.TEMPERAMENT if outcome == "satisfaction" else 0.0
    low, high = {"satisfaction": (1.0, 5.0), "calls": (0.0, np.inf)}.get(outcome, (0.0, 1.0))
    known = corners()
    for exposed in itertools.product((False, True), repeat=len(company.LEVERS)):
        levers = {
            lever: np.full(len(known.remote), yes)
            for lever, yes in zip(company.LEVERS, exposed, strict=True)
        }
        mean = predicted(known, levers, outcome)
        assert (mean - margin > low).all()
        assert (mean + margin < high).all()


@pytest.mark.parametrize(
    "chance",
    [
        company.CREDIT_LATE,
        company.CONTRACT_REPEATED,
        company.ACCOUNT_REPEATED,
        company.INVOICE_CORRECTED,
    ],
)
def test_no_background_decides_whether_a_lever_is_true(chance: Predictor) -> None:
    values = chance.of(corners())
    assert values.min() >= 0.05
    assert values.max() <= 0.6


@pytest.mark.long
def test_orders_of_every_kind_are_installed_late_and_in_time(sample: Sample) -> None:
    b, late = sample.background, sample.cases.work.exposed[company.PROMISE]
    kinds, member = np.unique(
        np.column_stack([b.remote, b.peak > 0.5, b.business, b.complexity > 0.5]),
        axis=0,
        return_inverse=True,
    )
    counts = np.bincount(member)
    shares = np.bincount(member, weights=late) / counts
    assert counts.min() > 100
    assert len(kinds) == 32
    assert shares.min() > 0.05
    assert shares.max() < 0.6


@pytest.mark.parametrize("outcome", company.OUTCOMES)
def test_a_regression_with_every_confounder_finds_the_effects(sample: Sample, outcome: str) -> None:
    known = sample.known[outcome]
    predictors = np.column_stack([sample.levers(), sample.confounders])[known]
    found, error = regress(predictors, sample.outcomes[outcome][known])
    for position, lever in enumerate(company.LEVERS):
        off = found[position] - lever.effect(outcome)
        assert abs(off) < STANDARD_ERRORS * error[position], lever.id


@pytest.mark.parametrize("outcome", company.OUTCOMES)
def test_the_time_of_steps_touches_customers_only_through_the_promise(
    sample: Sample, outcome: str
) -> None:
    known = sample.known[outcome]
    days = deviations(sample.cases) / DAY
    predictors = np.column_stack([days, sample.levers(), sample.confounders])[known]
    found, error = regress(predictors, sample.outcomes[outcome][known])
    assert (abs(found[:5]) < STANDARD_ERRORS * error[:5]).all()


def test_a_late_credit_check_looks_guilty_and_is_innocent(sample: Sample) -> None:
    assert sample.raw(company.CREDIT, "satisfaction") < -0.15
    assert sample.raw(company.CREDIT, "calls") > 0.08
    assert all(company.CREDIT.effect(outcome) == 0 for outcome in company.OUTCOMES)


def test_a_slow_credit_check_delays_no_installation(sample: Sample) -> None:
    work, b = sample.cases.work, sample.background
    hours = (utc(work.installed) - utc(sample.cases.orders.ordered)) / HOUR
    squares = np.column_stack([b.remote**2, b.complexity**2, b.peak**2, b.business * b.peak])
    late = work.exposed[company.CREDIT]
    found, error = regress(np.column_stack([late, sample.confounders, squares]), hours)
    assert abs(found[0]) < STANDARD_ERRORS * error[0]


def test_the_broken_promise_looks_worse_than_it_is(sample: Sample) -> None:
    assert sample.raw(company.PROMISE, "satisfaction") < company.PROMISE.satisfaction - 0.05


def test_a_linear_adjustment_is_not_enough_for_the_credit_check(sample: Sample) -> None:
    known = sample.known["satisfaction"]
    b = sample.background
    plain = np.column_stack(
        [np.ones(len(b.remote)), b.remote, b.peak, b.business, b.complexity, b.trend]
    )
    others = sample.levers()[:, [0, 1, 2, 4]]
    late = sample.cases.work.exposed[company.CREDIT]
    predictors = np.column_stack([late, others, plain])[known]
    found, error = regress(predictors, sample.outcomes["satisfaction"][known])
    assert found[0] < -STANDARD_ERRORS / 2 * error[0]


def test_steps_follow_each_other_within_office_hours(sample: Sample) -> None:
    work, orders = sample.cases.work, sample.cases.orders
    times = [orders.ordered, work.credit, work.first_contract, work.contract, work.first_account]
    times += [work.account, work.shipped, work.installed, work.invoice, work.correction]
    assert (np.diff(np.stack(times), axis=0) >= HOUR).all()
    hour = np.stack(times) % DAY
    assert (hour >= OPENS).all()
    assert (hour < OPENS + 12 * HOUR).all()


def test_what_customers_say_and_do_comes_after_the_last_step(sample: Sample) -> None:
    work, response = sample.cases.work, sample.cases.response
    last = np.where(work.exposed[company.INVOICE], work.correction, work.invoice)
    assert (response.survey_sent > last).all()
    assert (response.survey_answered >= response.survey_sent).all()
    assert (response.complaint_received > last).all()
    assert (response.left_at > last).all()
    assert (response.left_at - work.installed < company.CHURN_DAYS * DAY).all()


def test_deviations_of_a_case_add_up_to_its_lateness(sample: Sample) -> None:
    together = deviations(sample.cases).sum(axis=1)
    assert np.array_equal(together > 0, sample.cases.work.exposed[company.PROMISE])


def test_orders_come_in_time_with_a_rush_before_christmas(sample: Sample) -> None:
    orders = sample.cases.orders
    assert (np.diff(orders.ordered) >= 0).all()
    by_month = np.bincount(orders.month, minlength=13)[1:]
    assert by_month.argmax() == 11
    assert set(orders.year) == {2024, 2025}


def test_a_returning_customer_lives_where_he_lived(sample: Sample) -> None:
    orders = sample.cases.orders
    returning = orders.customer != orders.number
    assert 0.05 < returning.mean() < 0.1
    first = orders.customer[returning] - 1
    assert (orders.number[first] == orders.customer[returning]).all()
    assert (orders.region[first] == orders.region[returning]).all()
    assert (orders.segment[first] == orders.segment[returning]).all()


def test_a_stretch_depends_on_nothing_but_seed_and_place() -> None:
    stretch = Stretch(number=3, first=2_000, size=1_000, total=5_000)
    first, again, other = draw(stretch, 1), draw(stretch, 1), draw(stretch, 2)
    assert np.array_equal(first.response.satisfaction, again.response.satisfaction)
    assert np.array_equal(first.work.installed, again.work.installed)
    assert not np.array_equal(first.work.installed, other.work.installed)
