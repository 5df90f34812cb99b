"""Case files and budgets that nobody means: answered in words that name the place, never by a fault."""

import math

import numpy as np
import pytest
from tests.money.case.sample import case_of

from zaplecze.errors import InputError
from zaplecze.money.case import read_budgets, work_out_case
from zaplecze.money.case.crews import CallLine
from zaplecze.workload import Target

CALLS = """
[staffing.desk]
calls = "1000"
handling_seconds = "180"
patience_seconds = 240
profile = [1, 2, 4]
service_level = 0.8
within_seconds = 20

[lines.desk]
kind = "cost"
owner = "Service"
amount = "desk"
per = "month"
"""


def line(amount, rest=""):
    return f'\n[lines.more]\nkind = "saving"\nowner = "x"\namount = "{amount}"\nper = "month"\n{rest}\n'  # fmt: skip


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (line("1e300"), "more money than there is"),
        ('\n[[actuals]]\nline = "licence"\nmonth = 2026-02-01\namount = 1e300\nevidence = "x"\n', "1e+18 or less"),
        (line("1 / 0"), "divides by is zero"),
        (line("-" * 900 + "1"), "too long for a calculation"),
        (line("+".join(["1"] * 900)), "too long for a calculation"),
        ('\n[assumptions.x]\ndistribution = "lognormal"\nmean = 1\nsd = 1e200\n', "a thousand times the mean"),
        ('\n[[actuals]]\nline = "licence"\nmonth = 9999-12-31\namount = 5\nevidence = "x"\n', "after the end of the case"),
        (CALLS.replace('"1000"', '"1e12"'), "[staffing.desk], calls"),
        (CALLS.replace('"1000"', '"-5"'), "comes to -5"),
        (CALLS.replace('"180"', '"0"'), "between 1 and 1e+06"),
        (CALLS.replace("patience_seconds", 'redial = "1.2"\npatience_seconds'), "redial"),
    ],
)  # fmt: skip
def test_a_case_that_nobody_means_is_refused_in_words(tmp_path, more, words):
    with pytest.raises(InputError) as refused:
        work_out_case(case_of(tmp_path, more=more))
    assert words in str(refused.value)


def test_a_correlation_given_twice_is_refused(tmp_path):
    numbers = "".join(f"[assumptions.{n}]\nlow = 1\nlikely = 2\nhigh = 3\n" for n in ("one", "two"))
    pairs = "".join(
        f"[[correlations]]\nbetween = {pair}\nrank = {rank}\n"
        for pair, rank in (('["one", "two"]', 0.5), ('["two", "one"]', -0.5))
    )
    with pytest.raises(InputError, match="correlated above already"):
        case_of(tmp_path, more=f"\n{numbers}{pairs}")


def test_a_seed_below_zero_is_refused(tmp_path):
    with pytest.raises(InputError, match="0 or more"):
        case_of(tmp_path, ("seed = 3", "seed = -1"))


def test_a_case_at_the_end_of_the_calendar_is_refused(tmp_path):
    with pytest.raises(InputError, match="last year of the calendar"):
        case_of(tmp_path, ("start = 2026-01-01", "start = 9999-06-01"))


@pytest.mark.parametrize("days", ["end = 9999-12-31", "start = 9999-12-31"])
def test_lines_may_reach_beyond_the_case(tmp_path, days):
    result = work_out_case(case_of(tmp_path, more=line("10", days)))
    more = next(each for each in result.lines if each.name == "more")
    assert more.total == pytest.approx(10 * result.months if days.startswith("end") else 0)


def test_a_scenario_may_leave_out_every_line(tmp_path):
    case = case_of(tmp_path)
    case = case_of(tmp_path, more=f"\n[scenarios.none]\nwithout = {list(case.lines)}\n")
    [scenario] = work_out_case(case).scenarios
    assert scenario.plan.npv == 0


def test_what_comes_close_to_a_division_by_zero_is_named_and_turns_nothing(tmp_path):
    near = "\n[assumptions.pole]\nlow = 5\nlikely = 10\nhigh = 11\n" + line("1 / (12 - pole)")
    result = work_out_case(case_of(tmp_path, more=near))
    assert "pole" not in {each.assumption for each in result.spider}
    assert any("divided by zero" in str(note) and "pole" in str(note) for note in result.notes)
    turning = [each for each in result.switching_values if each.assumption == "pole"]
    assert all(each.value is None or abs(each.value - 12) > 1e-3 for each in turning)
    assert all(math.isfinite(v) for leg in result.spider for v in leg.npv)


def test_an_assumption_that_moves_nothing_has_no_correlation(tmp_path):
    idle = "\n[assumptions.idle]\nlow = 1\nlikely = 2\nhigh = 3\n"
    simulation = work_out_case(case_of(tmp_path, more=idle)).simulation
    if simulation is not None:
        assert all(math.isfinite(each.rank_correlation) for each in simulation.contributions)


def test_lines_of_a_million_agents_are_counted_by_thousandths():
    day = CallLine(Target(0.8, 20), 1800, 240, np.array([0.4, 0.6]))
    calls = np.array([1e8])
    [agents] = day.staffed(calls, np.array([180.0]), np.zeros(1))
    load = calls[0] * np.array([0.4, 0.6]) * 180 / 1800
    # So many that chance averages out: as many are answered as do not give up within 20 s.
    assert agents == pytest.approx(load * math.exp(-20 / 240), rel=0.002)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"department,line,side,plan\nIT,x,back office,1,5\n", ":2: there are more values"),
        ("department,line,side,plan\nósma,x,back office,1\n".encode("cp1250"), "cannot be read"),
        (b'department,line,side,plan\nIT,x,back office,"1 000,5"\n', "without spaces, like 1000.5"),
        (b"department,line,side,plan\nIT,x,back office,nan\n", "finite number"),
        (b"", "columns department, line, side, plan are missing"),
    ],
)
def test_budgets_that_cannot_be_read_are_refused_in_words(tmp_path, content, words):
    file = tmp_path / "budgets.csv"
    file.write_bytes(content)
    with pytest.raises(InputError) as refused:
        read_budgets(file)
    assert words in str(refused.value)
