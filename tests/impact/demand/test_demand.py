"""Calls that delays bring are found again in companies of which every call and its cause is known."""

import dataclasses

import numpy as np
import pytest
from tests.draws import DRAWS, between
from tests.impact.demand.company import DAY, FOLLOWED_DAYS, company

from zaplecze.errors import InputError
from zaplecze.impact.demand import demand_of
from zaplecze.impact.facts import Column, OutcomeFacts
from zaplecze.language import LANGUAGES, Text
from zaplecze.workspace.model import Attribute, Outcome


def found_in(made, **options):
    options = {"within_days": FOLLOWED_DAYS} | options
    return demand_of(made.facts, made.workspace, made.contacts, **options)


@pytest.fixture(scope="module")
def late():
    return company(2, cases=3000)


@pytest.fixture(scope="module")
def found(late):
    return found_in(late)


def test_calls_that_delays_bring_are_found_in_all_and_by_step(late, found):
    assert found.verdict == "yes"
    assert found.interval[0] <= late.truth.sum() <= found.interval[1]
    for step, truth in zip(found.steps, late.truth, strict=True):
        assert step.interval[0] <= truth <= step.interval[1]
        assert step.verdict == "yes"


def test_what_departments_bring_adds_up_to_the_whole(found):
    assert sum(step.excess for step in found.steps) == pytest.approx(found.excess)
    assert sum(each.excess for each in found.departments) == pytest.approx(found.excess)
    assert {each.department for each in found.departments} == {"Office", "Finance"}


def test_a_day_of_delay_costs_twice_the_calls_at_the_second_step(found):
    check, pay = found.steps
    assert check.a_day_overdue == pytest.approx(0.4, abs=0.12)
    assert pay.a_day_overdue == pytest.approx(0.8, abs=0.15)
    assert pay.a_day_after == pytest.approx(0.0, abs=0.06)


def test_the_curves_start_at_nothing_and_the_delayed_lie_above_what_is_expected(found):
    curve = found.curve
    assert curve.observed[0] == curve.expected[0] == 0
    assert np.all(np.diff(curve.observed) >= 0)
    assert curve.observed[-1] > curve.expected[-1]
    assert curve.low[-1] < curve.observed[-1] < curve.high[-1]


def test_the_answer_speaks_three_languages_and_is_plain_data(found):
    told = found.to_dict()
    assert set(told["sentence"]) == set(LANGUAGES)
    assert told["steps"][0]["delay"]["step"] == "Check"
    assert told["steps"][0]["interval"] == list(found.steps[0].interval)


def test_a_fact_that_all_but_says_who_called_is_refused_by_name(late):
    called = np.bincount(late.contacts.case, minlength=late.facts.cases) > 0
    attributes = dict(late.facts.attributes)
    attributes["score"] = Column("score", Text.same("score"), called.astype(float))
    attributes["verdict"] = Column("verdict", Text.same("verdict"), called.astype(float))
    facts = dataclasses.replace(late.facts, attributes=attributes)
    described = late.workspace.model_copy(
        update={
            "attributes": late.workspace.attributes
            | {
                "score": Attribute(column="score"),
                "verdict": Attribute(column="verdict", known="end"),
            }
        }
    )
    told = demand_of(facts, described, late.contacts, within_days=FOLLOWED_DAYS)
    assert {refused.variable for refused in told.refused} == {"score", "verdict"}
    assert told.interval[0] <= late.truth.sum() <= told.interval[1]


def test_calls_that_bring_the_delay_are_not_laid_to_it():
    told = found_in(company(3, calls_delay=True, effect=0, after=0))
    check = told.steps[0]
    assert check.verdict == "not comparable"
    assert check.early > 0
    assert "before they were delayed" in check.reason["en"]
    assert check.delay.label["en"] in " ".join(caveat["en"] for caveat in told.caveats)


def test_calls_at_the_instant_at_which_a_step_is_done_are_part_of_the_step(late):
    step = late.facts.steps[0]
    # Of the late cases one call comes exactly as the step is done at last.
    rows = np.flatnonzero(step.done > step.began + 1.5 * DAY)
    contacts = dataclasses.replace(
        late.contacts,
        case=np.concatenate([late.contacts.case, rows]),
        time=np.concatenate([late.contacts.time, step.done[rows]]),
    )
    told = demand_of(late.facts, late.workspace, contacts, within_days=FOLLOWED_DAYS)
    assert told.steps[0].verdict == "not comparable"
    assert "very instant" in told.steps[0].reason["en"]


def test_too_few_delays_or_contacts_are_told_as_such(late):
    few = dataclasses.replace(
        late.contacts, case=late.contacts.case[:20], time=late.contacts.time[:20]
    )
    told = demand_of(late.facts, late.workspace, few, within_days=FOLLOWED_DAYS)
    assert told.verdict == "cannot tell"
    assert told.excess is None
    assert "contacts came" in told.reason["en"]
    patient = late.workspace.model_copy(
        update={
            "steps": {
                name: step.model_copy(update={"target_hours": 24 * 9.5})
                for name, step in late.workspace.steps.items()
            }
        }
    )
    told = demand_of(late.facts, patient, late.contacts, within_days=FOLLOWED_DAYS)
    assert told.verdict == "cannot tell"
    assert "delayed" in told.reason["en"]


def test_where_every_case_is_late_there_is_nothing_to_compare_with(late):
    hurried = late.workspace.model_copy(
        update={
            "steps": {
                name: step.model_copy(update={"target_hours": 1e-6})
                for name, step in late.workspace.steps.items()
            }
        }
    )
    told = demand_of(late.facts, hurried, late.contacts, within_days=FOLLOWED_DAYS)
    assert told.verdict == "cannot tell"
    assert "never delayed" in told.reason["en"]


def test_without_targets_there_is_nothing_to_be_late_for(late):
    free = late.workspace.model_copy(update={"steps": {}})
    with pytest.raises(InputError, match="target_hours"):
        demand_of(late.facts, free, late.contacts)


@pytest.mark.long
def test_who_has_left_is_followed_no_longer(late):
    left = np.where(np.arange(late.facts.cases) % 3 == 0, 1.0, 0.0)
    time = np.where(left == 1, late.facts.start + 2 * DAY, np.nan)
    facts = dataclasses.replace(
        late.facts, outcomes={"left": OutcomeFacts("left", "yes_no", left, time)}
    )
    described = late.workspace.model_copy(
        update={"outcomes": {"left": Outcome(kind="yes_no", column="left", time="at")}}
    )
    told = demand_of(facts, described, late.contacts, within_days=FOLLOWED_DAYS, departure="left")
    whole = found_in(late)
    assert told.followed_days < whole.followed_days
    assert told.contacts < whole.contacts
    assert told.curve.observed[-1] < whole.curve.observed[-1]
    with pytest.raises(InputError, match="nothing"):
        found_in(late, departure="nothing")


def naive(made, told):
    """Contacts after delays, less what the usual rate of cases without delay would give."""
    late_days = sum(step.days for step in told.steps)
    came = sum(step.came for step in told.steps)
    rate = (told.contacts - came) / (told.followed_days - late_days)
    return came - rate * late_days


@pytest.mark.simulation
@pytest.mark.parametrize("recurrent", [True, False], ids=["calls", "complaints"])
def test_intervals_cover_what_delays_bring_and_raw_differences_do_not(recurrent):
    effect, after = (0.4, 0.1) if recurrent else (0.2, 0.05)
    all_of_it, by_step, raw = [], [], []
    for seed in range(DRAWS):
        made = company(seed, effect=effect, after=after, recurrent=recurrent)
        told = found_in(made)
        truth = made.truth.sum()
        all_of_it.append(told.interval[0] <= truth <= told.interval[1])
        by_step += [
            step.interval[0] <= each <= step.interval[1]
            for step, each in zip(told.steps, made.truth, strict=True)
        ]
        raw.append(told.interval[0] <= truth + naive(made, told) - told.excess <= told.interval[1])
    assert between(np.mean(all_of_it), 0.90, 0.99)
    assert between(np.mean(by_step), 0.90, 0.99)
    assert np.mean(raw) < 0.5


@pytest.mark.simulation
def test_delays_that_bring_nothing_are_seldom_blamed():
    blamed = [
        any(step.verdict == "yes" for step in found_in(company(seed, effect=0, after=0)).steps)
        for seed in range(DRAWS)
    ]
    assert between(np.mean(blamed), 0.0, 0.08)


@pytest.mark.simulation
def test_calls_that_bring_the_delay_are_caught():
    caught = [
        found_in(company(seed, calls_delay=True, effect=0, after=0)).steps[0].verdict
        for seed in range(max(DRAWS // 4, 4))
    ]
    assert caught.count("yes") == 0
    assert caught.count("not comparable") >= 0.9 * len(caught)
