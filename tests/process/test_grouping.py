"""Values are put together by their codes, in the order in which they came."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaplecze.process.grouping import Gathered, Groups, by_code

CODES = st.one_of(st.integers(0, 3), st.sampled_from([65_535, 65_536, 10**9]))


@given(st.lists(st.lists(st.tuples(CODES, st.integers(-5, 5)))))
def test_every_value_stands_with_its_code_and_after_earlier_ones(pieces):
    expected: dict[int, list[int]] = {}
    found = Gathered(sum(map(len, pieces)))
    for piece in pieces:
        for code, value in piece:
            expected.setdefault(code, []).append(value)
        codes, values = (np.array([row[k] for row in piece], dtype=np.int64) for k in (0, 1))
        found.add(Groups.of(codes, values))
    together = [(code, np.concatenate(each).tolist()) for code, each in found.items()]
    assert together == sorted(expected.items())


@pytest.mark.parametrize("largest", [10, 70_000])
def test_the_order_keeps_equal_codes_as_they_are(largest):
    codes = np.array([largest, 0, largest, 0])
    assert by_code(codes).tolist() == [1, 3, 0, 2]
