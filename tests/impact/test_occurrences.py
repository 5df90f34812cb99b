"""When steps were done and gone back to: by arrays as by the groups of an engine."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import zaplecze
from zaplecze.impact import occurrences
from zaplecze.impact.occurrences import step_times

EVENT = st.tuples(
    st.sampled_from("abc"),
    st.sampled_from("PQRS"),
    st.integers(0, 6),
    st.integers(0, 4),
)


def log_of(events):
    start = np.array([1_700_000_000 + at * 3600 for _, _, at, _ in events], dtype="datetime64[s]")
    length = np.array([hours * 3600 for *_, hours in events], dtype="timedelta64[s]")
    table = pa.table(
        {
            "case": [case for case, *_ in events],
            "step": [step for _, step, *_ in events],
            "start": pa.array(start),
            "end": pa.array(start + length),
        }
    )
    return zaplecze.read(table, case="case", activity="step", time="start", end="end")


@pytest.mark.long
@pytest.mark.parametrize("states", [False, True])
@settings(max_examples=6)
@given(events=st.lists(EVENT, min_size=1, max_size=25))
def test_arrays_give_what_groups_give(states, events):
    log = log_of(events)
    keys = np.arange(log.info.cases)
    found = step_times(log, keys, states=states)
    grouped = {step.activity: step for step in occurrences._grouped(log, keys, states)}
    for step in found:
        other = grouped[step.activity]
        assert step.position == other.position
        for column in ("began", "done", "finished", "rounds", "returned", "returned_at"):
            np.testing.assert_array_equal(getattr(step, column), getattr(other, column))
    log.close()


def test_a_step_gone_back_to_is_told_with_its_first_and_last_time():
    log = log_of([("a", "P", 0, 1), ("a", "Q", 2, 1), ("a", "P", 4, 2)])
    (step,) = (each for each in step_times(log, np.arange(1), states=False) if each.activity == "P")
    hours = [float(value - 1_700_000_000) / 3600 for value in (step.done[0], step.finished[0])]
    assert hours == [1, 6]
    assert step.rounds[0] == 2
    assert (step.second_round - 1_700_000_000) / 3600 == [3]
