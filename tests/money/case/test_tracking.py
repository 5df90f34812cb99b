import pytest
from tests.money.case.sample import case_of, file_of

from zaplecze.errors import InputError
from zaplecze.money.case import (
    budget_report,
    compare,
    freeze,
    load_case,
    read_budgets,
    read_frozen,
    work_out_case,
)

ACTUALS = """
[lines.avoided.profile]
measure = "answered within a week"
baseline = 0.5
target = 0.9
due = 2026-07-01

[[actuals]]
line = "project"
month = 2026-01-01
amount = 12000
evidence = "invoice 17"
cause = "price"

[[actuals]]
line = "avoided"
month = 2026-04-10
amount = 100
evidence = "complaint register"
cause = "uptake"
measured = 0.6

[[actuals]]
line = "avoided"
month = 2026-05-10
amount = 900
evidence = "complaint register"
measured = 0.7

[[reforecasts]]
line = "avoided"
since = 2026-06-01
factor = 0.8
reason = "Two teams joined late"
"""


def test_planned_and_actual_stand_beside_each_other(tmp_path):
    tracked = work_out_case(case_of(tmp_path, more=ACTUALS)).tracking
    project, avoided = tracked.lines
    assert (project.planned, project.actual, project.variance) == (10_000, 12_000, 2_000)
    assert project.good is False
    assert project.causes == {"price": 2_000}
    assert avoided.planned == pytest.approx(1500 * (1 / 6 + 3 / 6))
    assert avoided.actual == 1000
    assert avoided.good is None
    assert avoided.causes == {"uptake": pytest.approx(-150), "not explained": pytest.approx(150)}
    assert avoided.progress == pytest.approx(0.5)
    assert tracked.until == "2026-05-31"


def test_the_rest_is_expected_as_re_forecast(tmp_path):
    result = work_out_case(case_of(tmp_path, more=ACTUALS))
    tracked = result.tracking
    assert tracked.expected_net[0] == -12_000
    assert tracked.expected_net[5] == 900
    assert tracked.expected_net[6] == pytest.approx(1500 * 5 / 6 * 0.8)
    assert tracked.expected_net[24] == pytest.approx(1500 * 0.8)
    assert tracked.plan.npv == pytest.approx(result.plan.npv)
    assert tracked.expected.npv < tracked.plan.npv


def test_months_without_evidence_are_listed_and_keep_their_plan(tmp_path):
    more = '\n[[actuals]]\nline = "avoided"\nmonth = 2026-06-01\namount = 1000\nevidence = "x"\n'
    tracked = work_out_case(case_of(tmp_path, more=more)).tracking
    avoided = tracked.lines[1]
    assert avoided.months_without_evidence == [4, 5]
    assert tracked.expected_net[5] == pytest.approx(750)


INVOICE = """
[[actuals]]
line = "project"
month = {day}
amount = 12000
evidence = "invoice 17"
cause = "price"
"""


@pytest.mark.parametrize(
    ("day", "month"), [("2026-01-01", 0), ("2026-01-10", 0), ("2026-02-05", 2), ("2026-05-31", 5)]
)
def test_an_invoice_of_what_is_paid_once_replaces_its_plan_whenever_it_comes(tmp_path, day, month):
    result = work_out_case(case_of(tmp_path, more=INVOICE.format(day=day)))
    project = result.tracking.lines[0]
    assert (project.planned, project.actual, project.variance) == (10_000, 12_000, 2_000)
    assert (project.planned_total, project.expected_total) == (10_000, 12_000)
    assert project.causes == {"price": 2_000}
    assert project.months_without_evidence == []
    (shown,) = project.evidence
    assert (shown.month, shown.planned, shown.actual) == (month, 10_000, 12_000)
    assert result.tracking.expected_net[0] == (-12_000 if month == 0 else 0)


def test_any_day_of_the_calendar_month_of_the_start_belongs_to_it(tmp_path):
    begins = ("start = 2026-01-01", "start = 2026-01-15")
    tracked = work_out_case(
        case_of(tmp_path, begins, more=INVOICE.format(day="2026-01-02"))
    ).tracking
    assert (tracked.months, tracked.lines[0].expected_total) == (0, 12_000)
    with pytest.raises(InputError, match="before the start"):
        case_of(tmp_path, begins, more=INVOICE.format(day="2025-12-31"))


def test_what_came_early_of_a_later_payment_is_not_paid_again(tmp_path):
    later = ('per = "once"', 'per = "once"\nstart = 2026-06-10')
    result = work_out_case(case_of(tmp_path, later, more=INVOICE.format(day="2026-03-02")))
    project = result.tracking.lines[0]
    assert (project.planned, project.expected_total) == (10_000, 12_000)


def test_the_rest_of_a_payment_in_parts_is_expected_as_re_forecast(tmp_path):
    later = ('per = "once"', 'per = "once"\nstart = 2026-06-10')
    rest = '\n[[reforecasts]]\nline = "project"\nsince = 2026-06-01\nfactor = 0.25\nreason = "x"\n'
    result = work_out_case(case_of(tmp_path, later, more=INVOICE.format(day="2026-03-02") + rest))
    project = result.tracking.lines[0]
    assert (project.actual, project.expected_total) == (12_000, 14_500)


def test_the_day_of_the_start_belongs_to_the_first_month_of_what_comes_by_month(tmp_path):
    more = '\n[[actuals]]\nline = "avoided"\nmonth = 2026-01-01\namount = 7\nevidence = "x"\n'
    tracked = work_out_case(case_of(tmp_path, more=more)).tracking
    assert [each.month for each in tracked.lines[1].evidence] == [1]


def test_actuals_are_held_against_the_version_that_was_decided_on(tmp_path):
    decided = case_of(tmp_path)
    frozen = freeze(decided, work_out_case(decided), "board", "2026-01-01", "approved")
    later = case_of(tmp_path, ("value = 1200", "value = 2400"), more=ACTUALS)
    assert work_out_case(later).tracking.lines[1].planned == pytest.approx(2000)
    assert work_out_case(later, None, frozen.monthly).tracking.lines[1].planned == pytest.approx(
        1000
    )


def test_a_frozen_version_says_what_a_later_one_assumes_otherwise(tmp_path):
    first = case_of(tmp_path)
    before = freeze(first, work_out_case(first), "1", "2026-01-01", None)
    file = tmp_path / "1.json"
    file.write_text(before.to_json(), encoding="utf-8")
    second = case_of(
        tmp_path,
        ("high = 0.20", "high = 0.15"),
        more='\n[lines.training]\nkind = "cost"\nowner = "HR"\namount = 500\nper = "once"\n',
    )
    after = freeze(second, work_out_case(second), "2", "2026-02-01", None)
    found = compare(read_frozen(file), after)
    changed = {each.key: (each.before, each.after) for each in found.assumptions}
    assert changed["assumptions.avoided.high"] == (0.2, 0.15)
    assert changed["lines.training.amount"] == (None, "500")
    assert set(changed) == {"assumptions.avoided.high"} | {
        f"lines.training.{key}" for key in ("kind", "owner", "amount", "per")
    }
    assert {each.key for each in found.lines} == {"training"}
    npv = next(each for each in found.results if each.key == "npv")
    assert npv.after - npv.before == pytest.approx(-500)


def test_the_same_version_has_no_differences(tmp_path):
    case = case_of(tmp_path)
    one, other = (freeze(case, work_out_case(case), v, "2026-01-01", None) for v in "ab")
    found = compare(one, other)
    assert (found.assumptions, found.numbers, found.lines, found.results) == ([], [], [], [])


def test_what_is_no_frozen_version_is_refused(tmp_path):
    file = tmp_path / "x.json"
    file.write_text("[]", encoding="utf-8")
    with pytest.raises(InputError, match="no frozen case"):
        read_frozen(file)


BUDGET = """department,line,side,plan,committed,actual,forecast
IT,alerts,back office,1000,200,900,
Legal,letters,back office,500,0,100,450
Brand,campaign,marketing,4000,1000,2000,
"""


def test_budgets_add_up_by_department_and_side(tmp_path):
    file = tmp_path / "budget.csv"
    file.write_text(BUDGET, encoding="utf-8")
    report = budget_report(read_budgets(file))
    back, marketing = report.sides
    assert (back.side, back.plan, back.actual) == ("back office", 1500, 1000)
    # Spent and committed are more than planned: that is what it will cost at least.
    assert back.forecast == 1100 + 450
    assert back.variance == pytest.approx(50)
    assert marketing.available == 1000
    assert report.total.plan == sum(row.plan for row in report.lines) == 5500


def test_a_budget_with_a_wrong_value_is_named_by_row_and_column(tmp_path):
    file = tmp_path / "budget.csv"
    file.write_text(BUDGET.replace("900", "nine").replace("marketing", "sales"), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_budgets(file)
    told = str(refused.value).splitlines()
    assert len(told) == 2
    assert ":2" in told[0]
    assert "actual" in told[0]
    assert "back office, front line, marketing" in told[1]


def test_a_budget_without_a_column_is_refused(tmp_path):
    file = tmp_path / "budget.csv"
    file.write_text("department,line,plan\nIT,alerts,1000\n", encoding="utf-8")
    with pytest.raises(InputError, match="columns side are missing"):
        read_budgets(file)


def test_a_case_may_hold_budgets_too(tmp_path):
    more = '\n[[budgets]]\ndepartment = "IT"\nline = "alerts"\nside = "back office"\nplan = 10\nactual = 12\n'
    case = load_case(file_of(tmp_path, more=more))
    assert work_out_case(case).budgets.total.variance == 2
