"""The service of departments to each other, on logs small enough to count by hand."""

import datetime as dt
import json

import numpy as np
import pytest
from typer.testing import CliRunner

from zaplecze import eventlog, process
from zaplecze.cli import app
from zaplecze.errors import InputError
from zaplecze.impact.internal import index, internal_service, parts, read_answers
from zaplecze.report.figures.internal import index_figure, index_note, matrix_figure, matrix_note
from zaplecze.workspace import load

START = dt.datetime(2024, 1, 1, 8, tzinfo=dt.UTC)
FILE = """
name = "x"
[sources.a]
file = "a.csv"
[case]
key = "case"
ends = ["Close"]
[[events]]
source = "a"
case = "case"
activity = "activity"
time = "start"
end = "end"
department = "team"
[steps.Check]
target_hours = 2
"""
SURVEY = """
[sources.answers]
file = "answers.csv"
[internal_service.survey]
source = "answers"
department = "about"
score = "score"
scale = [1, 5]
respondent = "who"
"""

SALES, BACK = "Sales", "Back office"


def events(case, *rows):
    """Rows of one case, a day after the one before: activity, team, hour of begin, hours of work."""
    day = START + dt.timedelta(days=case)
    for activity, team, begin, hours in rows:
        at = day + dt.timedelta(hours=begin)
        yield f"{case},{activity},{at},{at + dt.timedelta(hours=hours)},{team}"


def usual(case, lies=1.0):
    """Sales sells, the back office checks and sends, sales closes."""
    return events(
        case,
        ("Sell", SALES, 0, 0.5),
        ("Check", BACK, 0.5 + lies, 1),
        ("Send", BACK, 2.5 + lies, 0.5),
        ("Close", SALES, 4 + lies, 0.5),
    )


def sent_back(case):
    """The back office sends the order back, and sales has to sell again."""
    return events(
        case,
        ("Sell", SALES, 0, 0.5),
        ("Check", BACK, 1, 0.5),
        ("Sell", SALES, 2, 0.5),
        ("Send", BACK, 5, 0.5),
        ("Close", SALES, 6, 0.5),
    )


def written(folder, cases, more="", answers=None):
    """A workspace with these cases in FOLDER; returns the file."""
    lines = [line for case in cases for line in case]
    (folder / "a.csv").write_text("\n".join(["case,activity,start,end,team", *lines]))
    if answers is not None:
        (folder / "answers.csv").write_text("\n".join(["about,score,who", *answers]))
    (folder / "zaplecze.toml").write_text(FILE + more)
    return folder / "zaplecze.toml"


def served(folder, cases, more="", answers=None, **options):
    folder.mkdir(exist_ok=True)
    file = written(folder, cases, more, answers)
    workspace = load(file)
    log = eventlog.build(workspace, folder, folder / "log")
    found = internal_service(log, workspace, answers=read_answers(workspace, folder), **options)
    log.close()
    return found


def department(found, name):
    return next(each for each in found.departments if each.department == name)


def score(found, name, part):
    return next(each for each in department(found, name).scores if each.part == part)


def test_work_done_again_is_returned_and_work_that_only_passes_back_is_not(tmp_path):
    found = served(tmp_path, [usual(k) for k in range(40)] + [sent_back(k) for k in range(40, 50)])
    passing = next(each for each in found.passings if each.giver == SALES)
    # Forty orders come back to be closed, ten to be sold again.
    assert (passing.count, passing.back, passing.returned, passing.settled) == (60, 60, 10, 60)
    assert score(found, SALES, "right_first_time").value == pytest.approx(100 * 50 / 60)
    assert score(found, BACK, "right_first_time").value == 100


def test_a_step_that_ought_not_to_be_needed_makes_work_returned(tmp_path):
    mended = [
        events(k, ("Sell", SALES, 0, 1), ("Check", BACK, 2, 1), ("Mend", SALES, 4, 1),
               ("Close", SALES, 6, 1))
        for k in range(30)
    ]  # fmt: skip
    found = served(tmp_path, mended, "[steps.Mend]\nexception = true\n")
    assert next(p for p in found.passings if p.giver == SALES).returned == 30


def test_hand_overs_are_those_of_the_process(tmp_path):
    file = written(tmp_path, [usual(k, k % 7) for k in range(50)])
    workspace = load(file)
    log = eventlog.build(workspace, tmp_path, tmp_path / "log")
    here, there = internal_service(log, workspace), process.handovers(log, workspace)
    log.close()
    assert [(p.giver, p.receiver, p.count, p.cases, p.wait_seconds) for p in here.passings] == [
        (h.source, h.target, h.count, h.cases, h.wait_seconds) for h in there.handovers
    ]


def test_promises_are_those_of_the_department_and_of_the_work_that_it_was_given(tmp_path):
    # The check has two hours from the end of the sale: 1 + 1 is in time, 3 + 1 is not.
    found = served(tmp_path, [usual(k, 3 if k < 10 else 1) for k in range(40)])
    kept = score(found, BACK, "promises")
    assert (kept.value, kept.n) == (75, 40)
    owed = next(each for each in found.passings if each.receiver == BACK).promises
    assert owed is not None
    assert (owed.cases, owed.share) == (40, 0.75)
    assert all(each.part != "promises" for each in department(found, SALES).scores)


def test_taking_over_is_judged_by_the_time_agreed(tmp_path):
    more = "[internal_service]\ntakeover_hours = 2\n"
    found = served(tmp_path, [usual(k, 3 if k < 10 else 1) for k in range(40)], more)
    assert score(found, BACK, "takeover").value == 75
    assert next(each for each in found.passings if each.receiver == BACK).within == 0.75


def test_without_an_agreed_time_departments_are_compared_with_each_other(tmp_path):
    found = served(tmp_path, [usual(k, 3) for k in range(40)])
    # Sales takes every order back after an hour, the back office lets each lie three.
    assert score(found, SALES, "takeover").value == 75
    assert score(found, BACK, "takeover").value == 25


def test_the_index_is_the_weighted_mean_and_weights_can_be_changed(tmp_path):
    more = "[internal_service.weights]\ntakeover = 3\npromises = 0\n"
    cases = [usual(k, 3) for k in range(40)]
    found = served(tmp_path, cases, more)
    assert found.weights == {"takeover": 0.75, "right_first_time": 0.25, "promises": 0.0}
    assert department(found, BACK).index == pytest.approx(0.75 * 25 + 0.25 * 100)
    log = eventlog.open_log(tmp_path / "log")
    again = internal_service(log, load(tmp_path / "zaplecze.toml"), weights={"takeover": 0})
    log.close()
    assert department(again, BACK).index == 100
    assert department(again, BACK).any_weights == (100, 100)


def test_colleagues_answers_count_and_those_about_strangers_are_told(tmp_path):
    answers = [f"{BACK},{1 + k % 5},p{k % 15}" for k in range(20)]
    answers += ["Legal,3,p1", f"{BACK},,p2"]
    found = served(tmp_path, [usual(k) for k in range(40)], SURVEY, answers)
    survey = score(found, BACK, "survey")
    assert (survey.value, survey.n) == (50, 20)
    assert survey.weight == pytest.approx(0.25)
    told = " ".join(str(caveat) for caveat in found.caveats)
    assert "Legal" in told
    assert "1 row without" in told


def test_an_answer_outside_its_scale_is_named_with_its_row(tmp_path):
    workspace = load(written(tmp_path, [usual(0)], SURVEY, [f"{BACK},4,a", f"{BACK},7,b"]))
    with pytest.raises(InputError, match=r"answers\.csv, row 2: score = '7'"):
        read_answers(workspace, tmp_path)


def test_a_survey_column_that_is_missing_is_named(tmp_path):
    more = SURVEY.replace('"who"', '"whom"')
    workspace = load(written(tmp_path, [usual(0)], more, [f"{BACK},4,a"]))
    with pytest.raises(InputError, match="whom"):
        read_answers(workspace, tmp_path)


def test_a_department_with_too_few_hand_overs_gets_no_index_but_a_reason(tmp_path):
    found = served(tmp_path, [usual(k) for k in range(12)])
    assert all(each.index is None for each in found.departments)
    assert "only 24 hand-overs" in str(department(found, BACK).reason)
    assert "Cannot tell" in str(found.sentence)


def test_a_log_without_departments_is_refused_with_what_to_bring(tmp_path):
    lines = [f"{k},{a},2024-01-0{d}T08:00" for k in range(3) for d, a in enumerate("AB", 1)]
    (tmp_path / "a.csv").write_text("\n".join(["case,activity,time", *lines]))
    run = CliRunner().invoke(
        app,
        ["impact", "service", str(tmp_path / "a.csv"), "--case", "case", "--activity", "activity",
         "--time", "time"],
    )  # fmt: skip
    assert isinstance(run.exception, InputError)
    assert "--department" in str(run.exception)


def test_what_became_of_work_at_the_end_of_the_log_is_left_open(tmp_path):
    waiting = events(45, ("Sell", SALES, 0, 1), ("Check", BACK, 2, 1))
    found = served(tmp_path, [*(usual(k) for k in range(45)), waiting])
    passing = next(each for each in found.passings if each.giver == SALES)
    assert (passing.count, passing.settled) == (46, 45)
    assert any("1 hand-over is not known yet" in str(caveat) for caveat in found.caveats)


def test_a_department_that_gets_worse_is_seen_and_one_that_stays_is_not(tmp_path):
    random = np.random.default_rng(1)
    cases = [usual(k, 1 + 0.01 * k + random.exponential(0.5)) for k in range(330)]
    more = "[internal_service]\ntakeover_hours = 4\n[internal_service.weights]\npromises = 0\n"
    found = served(tmp_path, cases, more, by="month")
    courses = {each.department: each.course for each in found.departments}
    assert courses[BACK].verdict == "worse"
    assert courses[SALES].verdict == "no change shown"
    assert courses[BACK].interval[1] < 0
    # The log begins in the middle of a day, so January is not whole.
    assert [point.starts for point in courses[BACK].points][:2] == ["2024-02-01", "2024-03-01"]


def test_the_interval_is_wilsons_where_observations_are_independent():
    # 81 of 263: Newcombe (1998), table I.
    share = 81 / 263
    low, high = index.wilson(share, np.sqrt(share * (1 - share) / 263), 100_000)
    assert (low, high) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert index.wilson(1.0, 0.0, 50)[1] == 1.0
    assert 0.9 < index.wilson(1.0, 0.0, 50)[0] < 1.0


def simulated(seed):
    """An index of two parts in which the cases of a customer are alike; the truth is 0.65."""
    random = np.random.default_rng(seed)
    customers = 120
    quick = random.beta(4, 4, customers)
    right = random.beta(8, 2, customers)
    cluster = random.integers(0, customers, 900)
    late = (random.random(900) < quick[cluster]).astype(float)
    fine = (random.random(900) < right[cluster]).astype(float)
    zeros = np.zeros(900, dtype=np.int64)
    parts = {
        "takeover": index.Observations(zeros, late, cluster, zeros),
        "right_first_time": index.Observations(zeros, fine, cluster, zeros),
    }
    low, high = index.joined(parts, {"takeover": 0.5, "right_first_time": 0.5}).interval
    return low <= 0.65 <= high


def test_intervals_cover_the_truth_as_often_as_they_say():
    # 95 % of 400, give or take three standard errors.
    assert 0.917 <= np.mean([simulated(seed) for seed in range(400)]) <= 0.983


def test_a_weight_on_what_nobody_knows_is_said_and_not_swallowed(tmp_path):
    cases = [list(usual(k)) for k in range(40)]
    found = served(tmp_path, cases, weights={"survey": 3})
    assert any("“colleagues’ answers”, so that this weight" in str(c) for c in found.caveats)
    assert "survey" not in found.weights
    silent = served(tmp_path / "again", cases)
    assert not any("counts nowhere" in str(caveat) for caveat in silent.caveats)
    nothing = {"takeover": 0, "right_first_time": 0, "promises": 0, "survey": 1}
    with pytest.raises(InputError, match="Nothing is known of “colleagues’ answers”"):
        served(tmp_path / "nothing", cases, weights=nothing)


def test_an_index_of_one_part_says_so(tmp_path):
    cases = [usual(k) for k in range(40)]
    found = served(tmp_path, cases, weights={"takeover": 0, "promises": 0})
    assert any("“right first time” alone" in str(caveat) for caveat in found.caveats)


def test_other_weights_can_turn_ranks_around():
    means = [{"takeover": 0.9, "promises": 0.5}, {"takeover": 0.5, "promises": 0.9}]
    assert index.ranks(means, [0.001, 0.001], seed=0) == [(1, 2), (1, 2)]
    better = [{"takeover": 0.9, "promises": 0.9}, {"takeover": 0.5, "promises": 0.5}]
    assert index.ranks(better, [0.001, 0.001], seed=0) == [(1, 1), (2, 2)]


def test_no_part_makes_up_for_another_in_the_geometric_mean():
    zeros, spread = np.zeros(40, dtype=np.int64), np.arange(40)
    parts = {
        "takeover": index.Observations(zeros, np.full(40, 0.25), spread, zeros),
        "promises": index.Observations(zeros, np.ones(40), spread, zeros),
    }
    shares = {"takeover": 0.5, "promises": 0.5}
    assert index.geometric(parts, shares) == pytest.approx(0.5)
    assert index.joined(parts, shares).value == pytest.approx(0.625)


def test_the_command_prints_json_draws_and_takes_weights(tmp_path):
    written(tmp_path, [usual(k, k % 5) for k in range(60)])
    workspace = str(tmp_path / "zaplecze.toml")
    runner = CliRunner()
    runner.invoke(app, ["log", "import", workspace, "--out", str(tmp_path / "log")])
    run = runner.invoke(
        app,
        ["impact", "service", str(tmp_path / "log"), "--workspace", workspace, "--json",
         "--weights", "takeover=2,promises=1", "--picture", str(tmp_path / "p.svg")],
        catch_exceptions=False,
    )  # fmt: skip
    document = json.loads(run.stdout)
    assert document["weights"] == {"takeover": 0.5, "right_first_time": 0.25, "promises": 0.25}
    assert {each["department"] for each in document["departments"]} == {SALES, BACK}
    assert "Back office" in (tmp_path / "p.svg").read_text(encoding="utf-8")
    assert (tmp_path / "p-index.svg").exists()


def test_a_weight_that_is_none_is_named(tmp_path):
    run = CliRunner().invoke(app, ["impact", "service", "x", "--weights", "speed=2"])
    assert "speed=2" in str(run.exception)


@pytest.mark.parametrize("language", ["en", "pl", "uk"])
@pytest.mark.parametrize("width", [320, 840])
def test_pictures_say_what_they_show(tmp_path, language, width):
    found = served(tmp_path, [usual(k, k % 5) for k in range(60)])
    assert "Back office" in matrix_figure(found, language, width)
    assert "Sales" in index_figure(found, language, width)


def test_a_picture_by_itself_has_its_message_and_one_in_the_report_leaves_it_to_the_report(
    tmp_path,
):
    found = served(tmp_path, [usual(k, k % 5) for k in range(60)])
    start = found.sentence["en"][:20]
    alone, within = (index_figure(found, "en", 840, headed=shown) for shown in (True, False))
    assert f">{start}" in alone
    assert f">{start}" not in within


def test_a_ridit_is_the_share_that_lies_longer_and_half_of_what_lies_as_long():
    found = parts.ridits(np.array([3.0, 1.0, 2.0, 2.0]))
    assert found.tolist() == [0.125, 0.875, 0.5, 0.5]
    assert parts.ridits(np.array([])).tolist() == []


def done_only(case, store_days=9.0, sold=1.0):
    """Completions alone: sales sells, the store sends it long after, sales closes at once."""
    rows = (("Sell", SALES, 24 * sold), ("Send", BACK, 24 * (sold + store_days)))
    closed = ("Close", SALES, 24 * (sold + store_days) + 1)
    return events(case, *((*row, 0) for row in (*rows, closed)))


def test_where_only_completions_are_known_turnarounds_are_shown_and_not_compared(tmp_path):
    found = served(tmp_path, [done_only(k) for k in range(40)])
    store = department(found, BACK)
    assert not store.timed
    assert store.takeover_seconds.median == pytest.approx(9 * 86_400)
    assert "takeover" not in {each.part for d in found.departments for each in d.scores}
    told = next(words["en"] for words in found.caveats if "when they began" in words["en"])
    assert BACK in told
    for language in ("en", "pl", "uk"):
        assert BACK in index_note(found)[language]
        assert BACK in matrix_note(found)[language]
    # An agreed time is a promise by whoever agreed to it.
    agreed = served(tmp_path, [done_only(k) for k in range(40)], AGREED)
    assert score(agreed, BACK, "takeover").value == 0


AGREED = """
[internal_service]
takeover_hours = 24
"""
DUE = """
[steps.Sell]
due = { column = "sold_by" }
[steps.Send]
due = { column = "sent_by" }
"""


def test_nobody_answers_for_what_another_department_brought_late(tmp_path):
    """Sold two days late and sent a day late: sending took less than it was allowed."""
    cases = [done_only(k, store_days=2.0, sold=3.0) for k in range(40)]
    file = written(tmp_path, cases, "")
    limits = ["case,sold_by,sent_by"]
    for k in range(40):
        day = START + dt.timedelta(days=k)
        limits.append(f"{k},{day + dt.timedelta(days=1)},{day + dt.timedelta(days=4)}")
    (tmp_path / "cases.csv").write_text("\n".join(limits))
    file.write_text(
        FILE.replace("[case]", '[sources.cases]\nfile = "cases.csv"\n[case]\nsource = "cases"')
        + DUE
    )
    workspace = load(file)
    log = eventlog.build(workspace, tmp_path, tmp_path / "due")
    found = internal_service(log, workspace)
    log.close()
    assert score(found, SALES, "promises").value == 0
    assert score(found, BACK, "promises").value == 100
