"""Medians and percentiles in two passes are those of a sort."""

import duckdb
import narwhals as nw
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaplecze.process.spreads import QUANTILES, quantiles

YEARS_50 = 50 * 365 * 86_400
SECONDS = st.one_of(
    st.integers(-YEARS_50 * 10**6, YEARS_50 * 10**6).map(lambda us: us / 1e6),
    st.sampled_from([0.0, -1e-6, 1e-6, 86_400.0, 3_600.0]),
)


def in_passes(codes, values):
    table = pa.table({"a": pa.array(codes, pa.uint16()), "b": pa.array([c % 3 for c in codes], pa.uint16()), "v": pa.array(values, pa.float64())})  # fmt: skip
    with duckdb.connect() as connection:
        connection.register("t", table)
        frame = nw.from_native(connection.table("t"))
        return quantiles(frame, ["a", "b"], "v")


@given(st.lists(st.tuples(st.integers(0, 65_535), SECONDS), min_size=1, max_size=60))
def test_quantiles_in_passes_are_those_of_sorted_values(rows):
    # A handful of groups, among them the highest code.
    codes = [65_535 - code % 4 for code, _ in rows]
    values = [value for _, value in rows]
    found = in_passes(codes, values)
    for code in set(codes):
        own = [value for other, value in zip(codes, values, strict=True) if other == code]
        assert found.pop((code, code % 3)) == pytest.approx(np.quantile(own, QUANTILES), rel=1e-12, abs=1e-9)  # fmt: skip
    assert found == {}


def test_many_equal_values_are_no_trouble():
    random = np.random.default_rng(1)
    values = np.where(random.random(20_000) < 0.7, 0.0, random.lognormal(9, 2, 20_000))
    codes = random.integers(0, 5, 20_000)
    found = in_passes(codes.tolist(), values)
    for code in range(5):
        expected = np.quantile(values[codes == code], QUANTILES)
        assert found[code, code % 3] == pytest.approx(expected, rel=1e-12)


def test_nothing_measured_has_no_quantiles():
    assert in_passes([], []) == {}
