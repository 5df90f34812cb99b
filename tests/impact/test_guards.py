from dataclasses import replace

import numpy as np
import pytest
from python_calamine import CalamineWorkbook

from zaplecze.impact.comparison import Comparison
from zaplecze.impact.facts import Column, OutcomeFacts
from zaplecze.impact.finding import LeverName
from zaplecze.impact.guards import (
    DETERMINES,
    cannot_tell,
    explained_share,
    no_overlap,
    not_comparable,
    nothing_held_equal,
    usable_cases,
)
from zaplecze.impact.lever import Lever
from zaplecze.language import LANGUAGES, Text

NAME = LeverName("late:A", Text.same("A"), "late", "A", Text.same("A"), "IT", Text.same("IT"))


def lever(exposed, known_at=None, since=None):
    exposed = np.asarray(exposed, dtype=float)
    unknown = np.full(len(exposed), np.nan)
    known_at = unknown if known_at is None else np.asarray(known_at, float)
    since = unknown if since is None else np.asarray(since, float)
    return Lever(NAME, exposed, since, known_at, unknown, [])


def outcome(values, time=None, kind="rating"):
    values = np.asarray(values, dtype=float)
    time = np.full(len(values), np.nan) if time is None else np.asarray(time, float)
    return OutcomeFacts("rating", kind, values, time)


def why_not_comparable(lever, outcome, case_end=None):
    end = np.full(len(outcome.values), np.nan) if case_end is None else case_end
    return not_comparable(lever, outcome, usable_cases(lever, outcome), end)


def why_it_cannot_tell(late, answers):
    everybody = np.arange(len(answers.values))
    return cannot_tell(late, answers, usable_cases(late, answers), everybody)


def test_an_answer_from_before_the_delay_is_left_out_and_counted():
    usable = usable_cases(
        lever([1, 1, 0, np.nan], known_at=[10, 10, 10, 10]),
        outcome([1, 2, 3, 4], time=[5, 20, 5, 20]),
    )
    assert usable.rows.tolist() == [False, True, True, False]
    assert usable.answered_before == 1


def test_what_happened_before_the_step_is_left_out_with_the_lever_and_without():
    usable = usable_cases(
        lever([1, 1, 0, 0], since=[10, 10, 10, 10]),
        outcome([1, 1, 1, 1], time=[5, 20, 5, 20], kind="yes_no"),
    )
    assert usable.rows.tolist() == [False, True, False, True]
    assert (usable.too_early, usable.exposed_too_early) == (2, 1)


def test_what_happens_at_any_time_does_not_make_the_delayed_look_immune():
    random = np.random.default_rng(4)
    done, due = random.exponential(20, 20_000), 20.0
    complained_at = random.exponential(60, 20_000)
    complained = (complained_at < 80).astype(float)
    late = lever(done > due, known_at=np.where(done > due, due, np.nan), since=np.zeros(20_000))
    complaints = outcome(complained, np.where(complained == 1, complained_at, np.nan), "yes_no")
    usable = usable_cases(late, complaints)
    rates = [complained[usable.rows & (late.exposed == x)].mean() for x in (0, 1)]
    assert rates[0] == pytest.approx(rates[1], abs=0.025)
    assert usable.happened_before > 1000


def test_a_delay_after_most_of_what_it_should_explain_is_not_compared():
    exposed = np.repeat([1.0, 0.0], 100)
    happened = outcome(np.ones(200), time=np.repeat([1.0, 99.0], 100), kind="yes_no")
    late = lever(exposed, known_at=np.full(200, 50.0))
    reason = why_not_comparable(late, happened)
    assert reason is not None
    answers = outcome(np.tile([1.0, 5.0], 100), time=np.repeat([1.0, 99.0], 100))
    reason = why_not_comparable(late, answers)
    assert reason is not None


def test_a_repetition_after_most_of_the_answers_cannot_explain_them():
    exposed = np.repeat([1.0, 0.0], 100)
    answers = outcome(np.tile([1.0, 5.0], 100), time=np.repeat([1.0, 99.0], 100))
    late = lever(exposed, since=np.full(200, 50.0))
    reason = why_it_cannot_tell(late, answers)
    assert reason is not None
    assert "100" in reason["uk"]


def test_a_handful_of_customers_cannot_tell():
    late, answers = lever(np.tile([1.0, 0.0], 300)), outcome(np.tile([1.0, 5.0, 3.0], 200))
    few = np.arange(600) % 8
    reason = cannot_tell(late, answers, usable_cases(late, answers), few)
    assert reason is not None
    assert "8" in reason["en"]
    assert cannot_tell(late, answers, usable_cases(late, answers), np.arange(600)) is None


@pytest.mark.parametrize(
    ("exposed", "values"),
    [
        (np.repeat([1.0, 0.0], [5, 500]), np.tile([1.0, 2.0, 3.0, 4.0, 5.0], 101)),
        (np.repeat([1.0, 0.0], [100, 100]), np.full(200, 3.0)),
        (np.zeros(200), np.tile([1.0, 5.0], 100)),
        (np.ones(200), np.tile([1.0, 5.0], 100)),
    ],
    ids=["too few exposed", "the same answer everywhere", "nobody exposed", "everybody exposed"],
)
def test_data_that_cannot_tell_say_why_and_what_to_bring(exposed, values):
    late, answers = lever(exposed), outcome(values)
    reason = why_it_cannot_tell(late, answers)
    assert reason is not None
    assert all(reason[language] for language in LANGUAGES)
    assert "Bring" in reason["en"]


def test_enough_cases_can_tell():
    late = lever(np.repeat([1.0, 0.0], [100, 100]))
    answers = outcome(np.tile([1.0, 5.0], 100))
    assert why_it_cannot_tell(late, answers) is None


def test_an_outcome_that_ends_the_step_makes_waits_incomparable():
    random = np.random.default_rng(1)
    patience, queue = random.exponential(60, 500), random.exponential(60, 500)
    hung_up = (patience < queue).astype(float)
    waited = np.minimum(patience, queue)
    unknown = np.full(500, np.nan)
    late = Lever(NAME, (waited > 60).astype(float), unknown, unknown, unknown, [], ended=waited)
    answers = outcome(hung_up, np.where(hung_up == 1, waited, np.nan), "yes_no")
    assert why_not_comparable(late, answers) is not None
    later = outcome(hung_up, np.where(hung_up == 1, waited + 900, np.nan), "yes_no")
    assert why_not_comparable(late, later) is None
    no_delay = lever(np.repeat([1.0, 0.0], 250))
    assert why_not_comparable(no_delay, answers) is None


def test_an_outcome_that_ends_the_case_makes_what_comes_on_the_way_incomparable():
    hung_up = np.tile([1.0, 0.0], 200)
    decided = np.full(400, 60.0)
    case_end = np.where(hung_up == 1, 60.0, 300.0)
    unknown = np.full(400, np.nan)
    passed_on = Lever(replace(NAME, kind="handover"), 1 - hung_up, unknown, unknown, unknown, [])
    answers = outcome(hung_up, decided, "yes_no")
    assert why_not_comparable(passed_on, answers, case_end) is not None
    # A term that is missed as the case is closed ends nothing: others are closed as well.
    assert why_not_comparable(passed_on, answers, decided) is None
    late = lever(1 - hung_up)
    assert why_not_comparable(late, answers, case_end) is None


def column_of(name, values):
    return Column(name, Text.same(name), np.asarray(values, dtype=float))


def test_a_lever_that_the_other_facts_decide_has_no_overlap_and_the_fact_is_named():
    exposed = np.repeat([1.0, 0.0], 100)
    everybody = np.full(200, True)
    columns = [column_of("noise", np.arange(200) % 2), column_of("the same work", exposed * 40)]
    reason = no_overlap(columns, everybody, exposed, (exposed - exposed.mean()) * 0.1)
    assert reason is not None
    assert "the same work" in reason["en"]
    assert no_overlap(columns, everybody, exposed, exposed - exposed.mean()) is None


@pytest.mark.parametrize("seed", range(3))
def test_an_earlier_step_that_takes_half_of_the_delay_leaves_nothing_to_compare(seed):
    # Trees smear what decides without exception; what goes with their edges is no effect.
    random = np.random.default_rng(seed)
    hours = random.exponential(16, 3000)
    exposed = (hours > 24).astype(float)
    columns = [column_of("half", hours / 2), column_of("noise", random.normal(size=3000))]
    everybody = np.full(3000, True)
    among = Comparison(columns, everybody, np.arange(3000))
    reason = no_overlap(columns, everybody, exposed, among.left_over("late", exposed))
    assert reason is not None
    assert "half" in reason["en"]


def test_a_handful_of_cases_worth_of_lever_is_too_little_whatever_its_share():
    exposed = np.repeat([1.0, 0.0], [40, 560])
    column = [column_of("x", np.arange(600.0))]
    everybody = np.full(600, True)
    residual = exposed - exposed.mean()
    assert no_overlap(column, everybody, exposed, residual * 0.4) is not None
    assert no_overlap(column, everybody, exposed, residual * 0.6) is None


def test_columns_that_do_not_tell_cases_apart_are_never_said_to_be_held_equal():
    everybody = np.full(600, True)
    same, told = column_of("same", np.full(600, 3.0)), column_of("told", np.arange(600.0))
    assert nothing_held_equal([], everybody) is not None
    assert nothing_held_equal([same], everybody) is not None
    assert nothing_held_equal([same, told], everybody) is None
    assert nothing_held_equal([told], np.arange(600) == 3) is not None


def test_too_few_others_say_nothing_about_what_is_to_be_expected_without_the_lever():
    exposed = np.repeat([1.0, 0.0], [500, 45])
    columns = [column_of("x", np.random.default_rng(2).normal(size=545))]
    among = Comparison(columns, np.full(545, True), np.arange(545))
    answers = 4 + np.random.default_rng(3).normal(size=545)
    assert among.scores("rating", answers, "late", exposed) is None


def test_an_identifier_explains_nothing_although_it_fits_everything():
    column = Column("id", Text.same("id"), np.arange(500.0), tuple(map(str, range(500))))
    assert explained_share(column, np.random.default_rng(1).normal(size=500)) == 0


@pytest.mark.long
def test_what_is_almost_the_label_is_found_out_on_the_telco_data(shared_data):
    def column(file, name):
        rows = (
            CalamineWorkbook.from_path(shared_data / "telco-churn-extended" / file)
            .get_sheet_by_index(0)
            .to_python()
        )
        return [row[rows[0].index(name)] for row in rows[1:]]

    status = "Telco_customer_churn_status.xlsx"
    churn = np.array([float(v) for v in column(status, "Churn Value")])
    satisfaction = np.array([float(v) for v in column(status, "Satisfaction Score")])
    score = np.array([float(v) for v in column(status, "Churn Score")])
    reasons = column(status, "Churn Reason")
    names = sorted(set(reasons))
    codes = np.array([float(names.index(v)) for v in reasons])

    def share(values, levels=()):
        return explained_share(Column("x", Text.same("x"), values, levels), churn)

    assert share(satisfaction) >= DETERMINES["yes_no"]
    assert share(codes, tuple(names)) >= DETERMINES["yes_no"]
    assert share(score) >= DETERMINES["yes_no"]
    tenure = column("Telco_customer_churn_services.xlsx", "Tenure in Months")
    assert share(np.array([float(v) for v in tenure])) < 0.2


def test_a_reason_that_only_those_who_left_have_says_who_left():
    left = np.repeat([0.0, 1.0], 200)
    reasons = np.where(left == 1, np.arange(400) % 5, np.nan)
    levels = tuple("abcde")
    assert explained_share(Column("why", Text.same("why"), reasons, levels), left) == 1
    # What is missing by chance explains next to nothing.
    random = np.random.default_rng(2)
    by_chance = np.where(random.random(400) < 0.5, np.arange(400) % 5, np.nan)
    assert explained_share(Column("why", Text.same("why"), by_chance, levels), left) < 0.05
