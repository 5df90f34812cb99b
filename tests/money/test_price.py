from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaplecze.impact import Effect, Estimate, Finding, LeverName
from zaplecze.language import Text
from zaplecze.money import by_lever, price, total
from zaplecze.workspace import Workspace

WORDS = Text.same("A")


def workspace(**unit):
    return Workspace.model_validate(
        {
            "name": "x",
            "currency": "PLN",
            "sources": {"a": {"file": "a.csv"}},
            "case": {"key": "id", "source": "a"},
            "outcomes": {"complaint": {"kind": "yes_no", "price": unit or None}},
        }
    )


def effect(estimate, error=0.01):
    return Effect(estimate, (estimate - 1.96 * error, estimate + 1.96 * error), 1000, "test")


def finding(identity="late:A", estimate=0.1, verdict="yes", **changes):
    made = Finding(
        id=identity,
        lever=LeverName(identity, WORDS, "late", "A", WORDS, "IT", WORDS),
        outcome="complaint",
        outcome_label=WORDS,
        outcome_kind="yes_no",
        higher_is_better=False,
        noun=WORDS,
        n=1000,
        exposed=100,
        share=0.1,
        exposed_per_year=1200.0,
        means=(0.2, 0.1),
        raw=Estimate(0.1, (0.05, 0.15), 1000, "test"),
        effect=effect(estimate),
        robustness=None,
        verdict=verdict,
        reason=None,
        dose=[],
        parts=[],
        caveats=[],
        priced=effect(estimate),
    )
    return replace(made, **changes)


def test_money_is_exposed_times_effect_times_price():
    [found] = price([finding()], workspace(amount=50.0, basis="measured"))
    assert found.money is not None
    assert found.money.per_year == pytest.approx(1200 * 0.1 * 50)
    assert found.money.basis == "measured"
    low, high = found.money.interval
    # 90 % of a normal with standard error 0.01, times 1200 x 50.
    assert low == pytest.approx(6000 - 1.645 * 600, rel=0.02)
    assert high == pytest.approx(6000 + 1.645 * 600, rel=0.02)


def test_the_range_of_an_assumed_price_widens_the_range_of_the_money():
    [exact] = price([finding()], workspace(amount=50.0))
    [ranged] = price([finding()], workspace(amount=50.0, low=20.0, high=90.0))
    assert ranged.money.interval[0] < exact.money.interval[0]
    assert ranged.money.interval[1] > exact.money.interval[1]
    assert ranged.money.basis == "assumed"


@pytest.mark.parametrize("verdict", ["no", "cannot tell", "not comparable"])
def test_only_what_hurts_is_priced(verdict):
    [found] = price([finding(verdict=verdict)], workspace(amount=50.0))
    assert found.money is None
    assert found.own is None


def test_an_outcome_without_a_price_has_no_money():
    [found] = price([finding()], workspace())
    assert found.money is None


def test_the_most_expensive_comes_first_and_the_unpriced_last():
    findings = [
        finding("small", 0.01),
        finding("none", verdict="no"),
        finding("large", 0.5),
    ]
    ranked = price(findings, workspace(amount=50.0))
    assert [f.id for f in ranked] == ["large", "small", "none"]


def test_lateness_that_the_promise_holds_is_not_counted_again():
    promise = finding("promise:B", 0.3)
    contained = finding("late:A", 0.2, counted_in=["promise:B"], direct=effect(0.0, 0.05))
    with_rest = finding("slow:B", 0.2, counted_in=["promise:B"], direct=effect(0.05, 0.01))
    ranked = price([promise, contained, with_rest], workspace(amount=100.0))
    own = {f.id: f.own.per_year if f.own else 0.0 for f in ranked}
    assert own["promise:B"] == pytest.approx(36_000)
    assert own["late:A"] == 0
    assert own["slow:B"] == pytest.approx(6_000)
    added = total(ranked, workspace(amount=100.0))
    assert added is not None
    assert added.per_year == pytest.approx(42_000)
    assert added.interval[0] < 42_000 < added.interval[1]


def test_nothing_priced_has_no_total():
    assert total([finding(verdict="no")], workspace(amount=1.0)) is None


@given(
    st.floats(0.001, 0.9),
    st.floats(1, 1000),
    st.floats(0.1, 1.0),
    st.floats(1.0, 5.0),
)
def test_inputs_multiply_to_the_money_and_the_range_holds_it(estimate, amount, down, up):
    unit = workspace(amount=amount, low=amount * down, high=amount * up)
    [found] = price([finding(estimate=estimate, exposed_per_year=10.0)], unit)
    product = 1.0
    for factor in found.money.inputs:
        product *= factor.value
    assert found.money.per_year == pytest.approx(product)
    assert found.money.interval[0] <= found.money.interval[1]


def test_a_lever_is_ranked_by_all_its_outcomes_together():
    other = replace(finding("late:A", 0.1), id="late:A on calls")
    ranked = price([finding("late:B", 0.15), finding("late:A", 0.1), other], workspace(amount=10.0))
    [first, second] = by_lever(ranked, workspace(amount=10.0))
    assert first.lever.id == "late:A"
    assert first.money.per_year == pytest.approx(2400)
    assert len(first.findings) == 2
    assert second.money.per_year == pytest.approx(1800)
    assert first.money.interval[0] < 2400 < first.money.interval[1]


def test_what_does_not_run_through_the_promise_is_all_its_own():
    direct = finding("rework:A", 0.1, counted_in=["promise:B"], direct=effect(0.11))
    [found] = price([direct], workspace(amount=10.0))
    assert found.own == found.money
    assert found.counted_in == []


def test_what_hurts_but_has_no_price_comes_before_what_does_not_hurt():
    findings = [finding("a", verdict="no"), finding("b"), finding("c", verdict="cannot tell")]
    assert [f.id for f in price(findings, workspace())] == ["b", "c", "a"]


def test_a_rating_costs_only_where_it_is_given():
    rating = finding(outcome_kind="rating", higher_is_better=True, answered=0.4)
    [found] = price([rating], workspace(amount=50.0, at_most=2))
    assert found.money.per_year == pytest.approx(1200 * 0.4 * 0.1 * 50)
    assert [factor.value for factor in found.money.inputs] == pytest.approx([1200, 0.4, 0.1, 50])


def test_a_log_of_a_few_days_says_nothing_of_a_year():
    [found] = price([finding(exposed_per_year=None)], workspace(amount=50.0))
    assert found.money is None
    assert total([found], workspace(amount=50.0)) is None


def test_an_effect_per_unit_is_no_percentage():
    [yes_no] = price([finding()], workspace(amount=50.0))
    [amount] = price([finding(estimate=112.5, outcome_kind="amount")], workspace(amount=2.0))
    assert "10.0%" in yes_no.money.formula["en"].replace("\xa0", "").replace(" ", "")
    assert "112.50" in amount.money.formula["en"]
    assert "%" not in amount.money.formula["en"]


def test_errors_that_move_together_widen_the_range_of_a_sum():
    priced = price([finding("late:A"), finding("late:B")], workspace(amount=50.0))
    random = np.random.default_rng(1)
    shared, others = random.normal(size=200), random.normal(size=200)
    apart = total(priced, workspace(amount=50.0), {"late:A": shared, "late:B": others})
    together = total(priced, workspace(amount=50.0), {"late:A": shared, "late:B": shared})
    against = total(priced, workspace(amount=50.0), {"late:A": shared, "late:B": -shared})

    def width(money):
        return money.interval[1] - money.interval[0]

    assert width(together) == pytest.approx(2 * width(priced[0].money), rel=0.03)
    assert width(apart) == pytest.approx(np.sqrt(2) * width(priced[0].money), rel=0.1)
    assert width(against) < 0.05 * width(together)


def test_a_direct_effect_must_be_clear_among_all_that_are_looked_at():
    barely = effect(0.03, 0.01)
    many = [finding(f"late:{i}", 0.1, counted_in=["x"], direct=barely) for i in range(12)]
    assert all(f.own is None for f in price(many, workspace(amount=10.0)))
    [alone] = price(many[:1], workspace(amount=10.0))
    assert alone.own is not None
