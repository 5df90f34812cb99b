"""What cannot be judged is said in words: what is wrong, where, and what to bring."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.impact.verify import worlds

from zaplecze.errors import InputError
from zaplecze.impact.verify import verify

WEEKS = [f"{d}" for d in np.datetime64("2025-01-06") + 7 * np.arange(30)]


def write(tmp_path, rows, header="week,minutes"):
    path = tmp_path / "data.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def plain(change=None):
    """Thirty weeks, some of them changed."""
    rows = {week: f"{week},{50 + (k * 7) % 5}" for k, week in enumerate(WEEKS)}
    return [row for week, row in (rows | (change or {})).items() if row is not None]


def refused(path, **options):
    given = {"outcome": "minutes", "time": "week", "treated_from": WEEKS[20]} | options
    with pytest.raises(InputError) as caught:
        verify(path, **given)
    return str(caught.value)


@pytest.mark.parametrize(
    ("rows", "options", "words"),
    [
        (plain(), {"treated_from": "2030-01-07"}, ["after the data", "2025-07-28", "'worth'"]),
        (plain(), {"treated_from": "2020-01-06"}, ["before the data", "2025-01-06"]),
        (plain()[:1], {}, ["only one period"]),
        (plain({WEEKS[7]: None, WEEKS[9]: None}), {}, ["gaps", "2 weeks", WEEKS[7]]),
        ([*plain(), f"{WEEKS[3]},51"], {}, ["row 32", WEEKS[3], "twice", "--by week"]),
        ([f"{w},7" for w in WEEKS], {}, ["outcome is 7 in every row"]),
        (plain({WEEKS[4]: f"{WEEKS[4]},about 5"}), {}, ["row 6", "minutes", "about 5"]),
        (plain({WEEKS[4]: "spring,5"}), {}, ["row 6", "week", "spring"]),
        (plain({WEEKS[4]: ",5"}), {}, ["row 6", "week"]),
        (plain({WEEKS[4]: f"{WEEKS[4]}T10:00:00+02:00,5"}), {}, ["time zone", "week"]),
        (plain(), {"outcome": "minute"}, ["minute", "Did you mean 'minutes'"]),
        (plain(), {"treated_from": "soon"}, ["soon", "neither a column"]),
        (plain(), {"treated_from": None}, ["--treated-from", "--worth"]),
        (plain(), {"method": "did"}, ["--unit"]),
        (plain(), {"family": "poisson", "method": "its", "offset": "week"}, ["week"]),
        (plain(), {"worth": -1}, ["--worth -1"]),
        (plain(), {"reading": "often"}, ["--reading often", "2/5"]),
        (plain(), {"time_zone": "Warsaw"}, ["Warsaw", "Europe/Warsaw"]),
        (plain()[18:23], {}, ["5 periods", "too few"]),
        (plain({WEEKS[4]: f"{WEEKS[4]},5,6,7"}), {}, ["row 6", "does not fit"]),
    ],
)
def test_a_fault_of_the_series_is_named_with_its_remedy(tmp_path, rows, options, words):
    message = refused(write(tmp_path, rows), **options)
    for each in words:
        assert each in message, message


def test_rows_that_repeat_another_are_told_where_rows_are_cases(tmp_path):
    rows = [f"{k},{w}T{8 + k % 9:02d}:00:00,{50 + k % 7}" for k, w in enumerate(WEEKS * 4)]
    options = {"outcome": "minutes", "time": "at", "by": "week", "treated_from": WEEKS[20]}
    path = write(tmp_path, [*rows, *rows[:11]], "case,at,minutes")
    assert any("11 rows say in every" in str(c) for c in verify(path, **options).caveats)
    assert not any(
        "in every" in str(c)
        for c in verify(write(tmp_path, rows, "case,at,minutes"), **options).caveats
    )


def test_a_missing_file_is_named(tmp_path):
    assert "none.csv" in refused(tmp_path / "none.csv")


def test_times_of_several_zones_need_a_calendar(tmp_path):
    rows = [
        f"{w}T00:30:00+0{1 + (k > 12)}:00,{50 + k % 5}" for k, w in enumerate(WEEKS)
    ]  # fmt: skip
    path = write(tmp_path, rows)
    assert "--time-zone" in refused(path)
    found = verify(path, outcome="minutes", time="week", by="week", treated_from=WEEKS[20],
                   time_zone="Europe/Warsaw")  # fmt: skip
    assert found.periods_before == 20


def test_counts_must_be_counts(tmp_path):
    path = write(tmp_path, plain({WEEKS[4]: f"{WEEKS[4]},5.5"}))
    assert "5.5" in refused(path, family="poisson")


def test_counts_that_stop_altogether_have_no_ratio(tmp_path):
    rows = [f"{w},{5 if k < 20 else 0}" for k, w in enumerate(WEEKS)]
    assert "Nothing at all was counted" in refused(write(tmp_path, rows), family="poisson")


def test_an_offset_of_nothing_is_named(tmp_path):
    rows = [f"{w},{50 + k % 5},{0 if k == 2 else 9}" for k, w in enumerate(WEEKS)]
    path = write(tmp_path, rows, "week,minutes,contacts")
    assert "row 4" in refused(path, family="poisson", offset="contacts")


def test_a_decimal_comma_and_semicolons_are_understood(tmp_path):
    rows = [f"{w};{50 + k % 5},5" for k, w in enumerate(WEEKS)]
    path = write(tmp_path, rows, "week;minutes")
    found = verify(path, outcome="minutes", time="week", treated_from=WEEKS[20])
    assert found.series.observed[1] == 51.5


@pytest.mark.parametrize(
    ("times", "label"),
    [
        ([f"{y}-{m:02d}" for y in (2022, 2023, 2024) for m in range(1, 13)], "2023-09"),
        ([f"2024-W{w:02d}" for w in range(1, 37)], "2024-05-20"),
        ([f"{y}Q{q}" for y in range(2016, 2025) for q in range(1, 5)], "2021-Q1"),
        ([f"{d:02d}.{1 + d // 32:02d}.2024" for d in range(1, 32)], "2024-01-21"),
        ([str(y) for y in range(1989, 2025)], "2009"),
    ],
)
def test_periods_are_written_in_many_ways(tmp_path, times, label):
    rows = [f"{time},{50 + (k * 7) % 5}" for k, time in enumerate(times)]
    found = verify(write(tmp_path, rows), outcome="minutes", time="week", treated_from=times[20])
    assert found.series.times[20] == label
    assert found.series.go_live == 20


def test_parquet_is_read_like_csv(tmp_path):
    table = worlds.series(1, effect=-8)
    pq.write_table(table, tmp_path / "data.parquet")
    options = {"outcome": "minutes", "time": "week", "treated_from": "2025-05-05"}
    assert verify(tmp_path / "data.parquet", **options) == verify(table, **options)


def unit_table(change):
    table = worlds.units(1, count=12, size=8, start=4, treated=6).to_pydict()
    change(table)
    return pa.table(table)


UNIT = {"outcome": "minutes", "time": "period", "unit": "team", "treated_from": "from"}


def refused_units(change, **options):
    with pytest.raises(InputError) as caught:
        verify(unit_table(change), **(UNIT | options))
    return str(caught.value)


def test_units_with_two_dates_are_named():
    def change(table):
        k = table["from"].index(5)
        table["from"][k] = 6

    assert "several times of going live (5, 6)" in refused_units(change)


def test_a_unit_that_goes_back_is_named():
    def change(table):
        pairs = zip(table["from"], table["period"], strict=True)
        table["from"] = [int(0 < f <= p < 8) for f, p in pairs]

    assert "go back" in refused_units(change)


def test_nobody_to_compare_with_is_said():
    def change(table):
        table["from"] = [5] * len(table["from"])

    assert "nothing to compare with" in refused_units(change, method="did")


def test_several_dates_need_the_staggered_method():
    def change(table):
        table["from"] = [
            f and 5 + (int(team[1:]) % 2)
            for f, team in zip(table["from"], table["team"], strict=True)
        ]

    assert "staggered" in refused_units(change, method="did")


def test_a_mixture_needs_more_units_without_the_change():
    message = refused_units(lambda table: None, method="sdid")
    assert "few units among many: 6" in message


def test_an_unknown_unit_is_named():
    message = refused_units(lambda table: None, treated_from=5, treated_units=["T999"])
    assert "T999" in message


def test_counts_belong_to_one_series():
    assert "--method its" in refused_units(lambda table: None, family="poisson")


def test_a_unit_with_missing_periods_is_left_out_and_named():
    def change(table):
        table["minutes"][3] = None

    found = verify(unit_table(change), **UNIT)
    assert found.units == 11
    assert any("T000" in str(caveat) for caveat in found.caveats)


def test_two_periods_before_are_too_few_to_judge():
    table = worlds.units(1, count=20, size=6, start=2, treated=10, effect=-30)
    found = verify(table, **UNIT)
    assert found.verdict == "cannot tell"
    assert "too few periods before" in found.sentence["en"]


def test_a_short_series_is_not_judged(tmp_path):
    found = verify(
        write(tmp_path, plain()[15:]), outcome="minutes", time="week", treated_from=WEEKS[21]
    )
    assert found.verdict == "cannot tell"
    assert "6 periods before" in found.sentence["en"]
