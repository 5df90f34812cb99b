"""Whether a case pays: by all its draws, or by its plan where nothing is uncertain."""

from pathlib import Path

import pytest
from tests.money.case.sample import case_of

from zaplecze.money.case import CaseResult, work_out_case

COSTLY = ("low = 8000\nlikely = 10000\nhigh = 15000", "low = 80000\nlikely = 90000\nhigh = 99000")
DOUBTFUL = ("low = 8000\nlikely = 10000\nhigh = 15000", "low = 8000\nlikely = 20000\nhigh = 60000")
CERTAIN = [
    ("low = 0.05\nlikely = 0.10\nhigh = 0.20", "value = 0.1"),
    ('distribution = "normal"\nmean = 150\nsd = 20', "value = 150"),
]


def _result(folder: Path, *changes: tuple[str, str]) -> CaseResult:
    return work_out_case(case_of(folder, *changes))


@pytest.mark.parametrize(
    ("change", "verdict", "words"),
    [
        ((), "pays", "Answers in a week: it pays."),
        ((COSTLY,), "does not pay", "Answers in a week: it does not pay."),
        ((DOUBTFUL,), "cannot tell", "Answers in a week: whether it pays cannot be told."),
    ],
)
def test_nine_in_ten_draws_on_one_side_of_zero_are_a_verdict(tmp_path, change, verdict, words):
    result = _result(tmp_path, *change)
    assert result.simulation is not None
    low, high = (result.simulation.npv.quantiles[share] for share in ("0.05", "0.95"))
    assert (low > 0, high > 0) == {"pays": (True, True), "does not pay": (False, False)}.get(
        verdict, (False, True)
    )
    assert result.verdict == result.to_dict()["verdict"] == verdict
    assert result.sentence["en"].startswith(words)


@pytest.mark.parametrize(("cost", "verdict"), [("10000", "pays"), ("90000", "does not pay")])
def test_where_all_is_certain_the_plan_is_the_verdict(tmp_path, cost, verdict):
    drawn = 'distribution = "triangular"\nlow = 8000\nlikely = 10000\nhigh = 15000'
    result = _result(tmp_path, *CERTAIN, (drawn, f"value = {cost}"))
    assert result.simulation is None
    assert result.verdict == verdict


def test_a_case_that_only_loses_is_told_so_and_not_to_check_its_signs(tmp_path):
    result = _result(tmp_path, ("complaints * avoided * cost", "0 * avoided"))
    assert result.plan.irr is None
    assert "There is no rate of return: no month brings more than it costs." in [
        note["en"] for note in result.notes
    ]
