import numpy as np
import pytest
from tests.impact.small import HOUR, facts_of, workspace_of

from zaplecze.impact.blame import parts_of
from zaplecze.impact.lateness import Promise
from zaplecze.impact.lever import Lever, lever_name
from zaplecze.language import Text

STEPS = {
    "A": {"target_hours": 20, "department": "Shop"},
    "B": {"target_hours": 10, "department": "Stock"},
    "C": {"due": {"column": "c", "promised": True}, "department": "Carrier"},
}


def test_a_step_that_saves_time_may_have_less_than_nothing_within_its_interval():
    cases, workspace = 60, workspace_of(STEPS)
    facts = facts_of({"A": np.full(cases, 10), "B": np.full(cases, 28), "C": np.full(cases, 40)})
    # A makes up for B or for C, not for both: a third of minus one case. In every sixth it is on plan.
    deviation = np.tile([[-10.0, 8.0, 5.0]] * 5 + [[0.0, 8.0, 5.0]], (10, 1)) * HOUR
    promise = Promise(facts.steps[-1], facts.steps[-1].done - 1, facts.steps, deviation)
    nothing = np.full(cases, np.nan)
    name = lever_name(workspace, "C", "promise", Text.same("C"))
    late = Lever(name, np.ones(cases), nothing, nothing, nothing, [], promise=promise)
    parts = {part.step: part for part in parts_of(late, workspace, facts.customer)}
    assert parts["A"].share == pytest.approx(-1 / 3 * 5 / 6)
    assert sum(part.share for part in parts.values()) == pytest.approx(1)
    for part in parts.values():
        assert part.interval[0] <= part.share <= part.interval[1]
    assert parts["A"].interval[1] < 0
