import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zaplecze.errors import InputError
from zaplecze.language import LANGUAGES
from zaplecze.money.expression import parse
from zaplecze.money.formulas import FORMULAS, Given, read_given, solve, work_out


def worked(formula, **words):
    return work_out(FORMULAS[formula], read_given(FORMULAS[formula], words))


def values(result):
    return {step.name: step.value for step in result.steps}


TYPICAL = {"share": 0.3, "posts": 2.0, "minutes": 10.0}


@pytest.mark.parametrize("name", FORMULAS)
def test_every_formula_is_worked_out_in_all_steps_from_its_inputs(name):
    formula = FORMULAS[name]
    given_ = {need.name: Given(TYPICAL.get(need.unit, 40.0)) for need in formula.inputs}
    result = work_out(formula, given_)
    assert [step.name for step in result.steps] == [step.name for step in formula.steps]
    assert result.left_out == {}


@pytest.mark.parametrize("name", FORMULAS)
def test_every_formula_uses_each_of_its_inputs_and_says_so_in_words(name):
    formula = FORMULAS[name]
    used = {each for step in formula.steps for each in step.expression.names}
    assert {need.name for need in formula.inputs} <= used
    words = " ".join(formula.in_words(step)["en"] for step in formula.steps)
    assert all(need.label["en"] in words for need in formula.inputs)
    assert formula.source


def test_a_leaver_costs_what_every_stage_costs():
    result = values(
        worked(
            "turnover",
            monthly_cost="5200", separation_cost="500", vacancy_weeks="4", cover_cost="1500",
            recruitment_cost="3000", training_weeks="2", trainer_cost="400", ramp_months="6",
            start_proficiency="0.4", extra_errors="20", error_cost="15", leavers="12",
        )
    )  # fmt: skip
    assert result["vacancy"] == pytest.approx(4 * (1500 - 1200))
    assert result["training"] == pytest.approx(2 * 1200 + 400)
    # Proficiency rises evenly from 0.4 to 1: on the way 0.3 of the time is lost.
    assert result["months_lost"] == pytest.approx(6 * 0.3)
    assert result["cost"] == pytest.approx(500 + 1200 + 3000 + 2800 + 1.8 * 5200 + 300)
    assert result["cost_per_year"] == pytest.approx(12 * result["cost"])


def test_a_step_that_was_measured_replaces_its_calculation():
    result = worked("turnover", monthly_cost="5000", months_lost="1.3")
    step = next(each for each in result.steps if each.name == "months_lost")
    assert step.given
    assert result.value == pytest.approx(1.3 * 5000)


def test_time_freed_usable_capacity_and_cash_are_kept_apart():
    result = values(
        worked("process", minutes="4", steps="3", volume="12000", hourly_cost="50", post_cost="7000", posts_given_up="3")
    )  # fmt: skip
    assert result["time_value"] == pytest.approx(2400 * 50)
    assert result["capacity_value"] == pytest.approx(20 * 7000)
    assert result["cash"] == pytest.approx(3 * 7000)


def test_no_more_posts_are_cash_than_are_free():
    result = values(
        worked("process", minutes="1", volume="10080", post_cost="7000", posts_given_up="9")
    )
    assert result["cash"] == pytest.approx(1 * 7000)


def test_two_effects_on_one_customer_are_counted_once():
    result = values(
        worked("overlap", customers="1000", first_share="0.5", first_value="10", second_share="0.4", second_value="20", attribution="0.5")
    )  # fmt: skip
    assert result["stacked"] == pytest.approx(13_000)
    assert result["once"] == pytest.approx(5_000 + 4_000)
    assert result["value"] == pytest.approx(4_500)


def test_the_value_of_a_contract_is_the_sum_of_its_years():
    margin, retention, discount = 120.0, 0.8, 0.1
    years = sum(margin * retention**t / (1 + discount) ** t for t in range(1, 400))
    assert worked("churn", margin="120", retention="0.8", discount="0.1").value == pytest.approx(
        years
    )


def test_a_range_is_carried_through_to_the_result():
    result = worked("complaint", minutes="60..95..140", hourly_cost="62")
    assert result.value == pytest.approx(95 / 60 * 62)
    low, high = result.interval
    assert 60 / 60 * 62 < low < result.value < high < 140 / 60 * 62
    assert worked("complaint", minutes="60..95..140", hourly_cost="62").interval == (low, high)


def test_minutes_by_step_are_added():
    assert worked("complaint", minutes="20+35+40", hourly_cost="62").value == pytest.approx(
        95 / 60 * 62
    )


@given(st.floats(10, 1e5))
@settings(max_examples=8)
def test_working_backwards_finds_the_input(volume):
    formula = FORMULAS["process"]
    given_ = read_given(formula, {"minutes": "4", "steps": "3"})
    target = work_out(formula, {**given_, "volume": Given(volume)}).value
    assert solve(formula, given_, "volume", target) == pytest.approx(volume, rel=1e-9)


def test_working_backwards_to_what_cannot_be_is_refused():
    formula = FORMULAS["overlap"]
    words = {
        "customers": "10",
        "first_share": "0.1",
        "first_value": "1",
        "second_share": "0",
        "second_value": "0",
    }
    with pytest.raises(InputError, match="No value of 'attribution'"):
        solve(formula, read_given(formula, words), "attribution", 5.0)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"minutes": "abc"}, "this is no number"),
        ({"minutes": "1..2..3..4"}, "two or three numbers"),
        ({"minutes": "9..5..10"}, "must rise"),
        ({"minute": "9"}, "Did you mean 'minutes'"),
        ({"minutes": "-4", "hourly_cost": "3"}, "cannot be less than zero"),
        ({"minutes": "4", "hourly_cost": "3", "redress_share": "35"}, "between 0 and 1"),
        ({"minutes": "4"}, "inputs are missing: hourly_cost"),
    ],
)
def test_what_cannot_be_is_refused_with_a_remedy(words, message):
    with pytest.raises(InputError, match=message) as refused:
        worked("complaint", **words)
    assert len({refused.value.text[language] for language in LANGUAGES}) == 3


def test_seconds_given_for_minutes_are_asked_about():
    result = worked("complaint", minutes="5700", hourly_cost="62")
    assert ["'minutes' is 5,700" in note["en"] for note in result.notes] == [True]
    assert worked("complaint", minutes="95", hourly_cost="62").notes == []


def test_dividing_by_zero_is_told_and_no_number_is_made_up():
    with pytest.raises(InputError, match="divides by is zero"):
        worked("recruitment", hourly_cost="5", internal_hours="3", hires="0")


@pytest.mark.parametrize(
    "source", ["a.b", "__import__('os')", "a if b else c", "min(a)", "a +", "True", "x[0]"]
)
def test_only_arithmetic_is_read(source):
    with pytest.raises(InputError):
        parse(source)


@given(st.floats(-50, 50), st.floats(1, 50), st.floats(1, 9))
def test_a_calculation_is_the_same_in_python_and_in_a_spreadsheet(a, b, c):
    source = "max(a, b) - (c - b) / (b * c) + floor(a / c) - ceil(a) * -b ** 2"
    expression = parse(source)
    spreadsheet = expression.in_spreadsheet({"a": "a", "b": "b", "c": "c"})
    names = {"MAX": max, "INT": lambda v: v // 1, "ROUND": round, "a": a, "b": b, "c": c}
    again = eval(spreadsheet.replace("^", "**"), {"__builtins__": {}}, names)
    assert again == pytest.approx(expression({"a": a, "b": b, "c": c}), rel=1e-9, abs=1e-9)


def test_what_is_whole_but_for_the_last_digit_is_not_rounded_away():
    nearly = 20 * (1 - 2**-52)
    assert nearly < 20
    assert parse("floor(a)")({"a": nearly}) == 20
    assert parse("ceil(a)")({"a": 20 * (1 + 2**-52)}) == 20
    assert parse("floor(a)")({"a": 19.99999}) == 19
    assert parse("floor(a)").in_spreadsheet({"a": "B2"}) == "INT(ROUND(B2,9))"


def test_posts_that_were_solved_for_are_whole_posts():
    given = {"volume": Given(12_000.0)}
    minutes = solve(FORMULAS["process"], given, "minutes", 20.0)
    found = work_out(FORMULAS["process"], {**given, "minutes": Given(minutes)})
    steps = {step.name: step.value for step in found.steps}
    assert steps["positions"] == pytest.approx(20)
    assert steps["usable_posts"] == 20


def test_a_calculation_in_words_keeps_its_brackets():
    assert parse("a / (b * c) - (a - b)").in_words({})["en"] == "a ÷ (b × c) − (a − b)"
