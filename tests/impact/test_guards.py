import numpy as np
import pytest
from python_calamine import CalamineWorkbook

from zaplecze.impact.facts import Column, OutcomeFacts
from zaplecze.impact.finding import LeverName
from zaplecze.impact.guards import (
    DETERMINES,
    cannot_tell,
    explained_share,
    no_overlap,
    not_comparable,
    usable_cases,
)
from zaplecze.impact.levers import Lever
from zaplecze.language import LANGUAGES, Text

NAME = LeverName("late:A", Text.same("A"), "late", "A", Text.same("A"), "IT", Text.same("IT"))


def lever(exposed, known_at=None):
    exposed = np.asarray(exposed, dtype=float)
    known_at = np.full(len(exposed), np.nan) if known_at is None else np.asarray(known_at, float)
    return Lever(NAME, exposed, known_at, np.full(len(exposed), np.nan), [])


def outcome(values, time=None):
    values = np.asarray(values, dtype=float)
    time = np.full(len(values), np.nan) if time is None else np.asarray(time, float)
    return OutcomeFacts("rating", values, time)


def test_a_case_whose_outcome_came_first_is_left_out_and_counted():
    usable = usable_cases(
        lever([1, 1, 0, np.nan], known_at=[10, 10, 10, 10]),
        outcome([1, 2, 3, 4], time=[5, 20, 20, 20]),
    )
    assert usable.rows.tolist() == [False, True, True, False]
    assert usable.answered_before == 1


def test_a_delay_known_only_after_most_answers_cannot_explain_them():
    exposed = np.repeat([1.0, 0.0], 100)
    answers = outcome(np.tile([1.0, 5.0], 100), time=np.repeat([1.0, 99.0], 100))
    late = lever(exposed, known_at=np.full(200, 50.0))
    reason = cannot_tell(late, answers, usable_cases(late, answers))
    assert reason is not None
    assert "100" in reason["uk"]


@pytest.mark.parametrize(
    ("exposed", "values"),
    [
        (np.repeat([1.0, 0.0], [5, 500]), np.tile([1.0, 2.0, 3.0, 4.0, 5.0], 101)),
        (np.repeat([1.0, 0.0], [100, 100]), np.full(200, 3.0)),
    ],
    ids=["too few exposed", "the same answer everywhere"],
)
def test_data_that_cannot_tell_say_why(exposed, values):
    late, answers = lever(exposed), outcome(values)
    reason = cannot_tell(late, answers, usable_cases(late, answers))
    assert reason is not None
    assert all(reason[language] for language in LANGUAGES)


def test_enough_cases_can_tell():
    late = lever(np.repeat([1.0, 0.0], [100, 100]))
    answers = outcome(np.tile([1.0, 5.0], 100))
    assert cannot_tell(late, answers, usable_cases(late, answers)) is None


def test_an_outcome_that_ends_the_step_makes_waits_incomparable():
    random = np.random.default_rng(1)
    patience, queue = random.exponential(60, 500), random.exponential(60, 500)
    hung_up = (patience < queue).astype(float)
    waited = np.minimum(patience, queue)
    late = Lever(
        NAME,
        (waited > 60).astype(float),
        np.minimum(waited, 60),
        waited / 3600,
        [],
        ended=waited,
    )
    answers = outcome(hung_up, time=np.where(hung_up == 1, waited, np.nan))
    assert not_comparable(late, answers) is not None
    complaints_later = outcome(hung_up, time=np.where(hung_up == 1, waited + 900, np.nan))
    assert not_comparable(late, complaints_later) is None
    assert not_comparable(lever(np.repeat([1.0, 0.0], 250)), answers) is None


def test_a_lever_that_the_other_facts_decide_has_no_overlap():
    exposed = np.repeat([1.0, 0.0], 100)
    assert no_overlap(exposed, (exposed - exposed.mean()) * 0.01) is not None
    assert no_overlap(exposed, exposed - exposed.mean()) is None


def test_an_identifier_explains_nothing_although_it_fits_everything():
    column = Column("id", Text.same("id"), np.arange(500.0), tuple(map(str, range(500))))
    assert explained_share(column, np.random.default_rng(1).normal(size=500)) == 0


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
