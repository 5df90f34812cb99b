"""Plain files: what the values are, what is left out and why, and a famous series."""

import datetime as dt
import json

import numpy as np
import pytest

from zaplecze.cli import main
from zaplecze.errors import InputError
from zaplecze.impact.watch import watch_file

NOW = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)

# Car drivers killed or seriously injured in Great Britain, a month each, 1969 to 1984; on
# 31 January 1983 seat belts became compulsory. Harvey and Durbin (1986), JRSS A 149, 187–227.
DRIVERS = [
    1687, 1508, 1507, 1385, 1632, 1511, 1559, 1630, 1579, 1653, 2152, 2148, 1752, 1765, 1717, 1558,
    1575, 1520, 1805, 1800, 1719, 2008, 2242, 2478, 2030, 1655, 1693, 1623, 1805, 1746, 1795, 1926,
    1619, 1992, 2233, 2192, 2080, 1768, 1835, 1569, 1976, 1853, 1965, 1689, 1778, 1976, 2397, 2654,
    2097, 1963, 1677, 1941, 2003, 1813, 2012, 1912, 2084, 2080, 2118, 2150, 1608, 1503, 1548, 1382,
    1731, 1798, 1779, 1887, 2004, 2077, 2092, 2051, 1577, 1356, 1652, 1382, 1519, 1421, 1442, 1543,
    1656, 1561, 1905, 2199, 1473, 1655, 1407, 1395, 1530, 1309, 1526, 1327, 1627, 1748, 1958, 2274,
    1648, 1401, 1411, 1403, 1394, 1520, 1528, 1643, 1515, 1685, 2000, 2215, 1956, 1462, 1563, 1459,
    1446, 1622, 1657, 1638, 1643, 1683, 2050, 2262, 1813, 1445, 1762, 1461, 1556, 1431, 1427, 1554,
    1645, 1653, 2016, 2207, 1665, 1361, 1506, 1360, 1453, 1522, 1460, 1552, 1548, 1827, 1737, 1941,
    1474, 1458, 1542, 1404, 1522, 1385, 1641, 1510, 1681, 1938, 1868, 1726, 1456, 1445, 1456, 1365,
    1487, 1558, 1488, 1684, 1594, 1850, 1998, 2079, 1494, 1057, 1218, 1168, 1236, 1076, 1174, 1139,
    1427, 1487, 1483, 1513, 1357, 1165, 1282, 1110, 1297, 1185, 1222, 1284, 1444, 1575, 1737, 1763,
]  # fmt: skip


def write(path, header, rows):
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def daily_counts(path, days=300, at=240, factor=1.5, form="%Y-%m-%d"):
    random = np.random.default_rng(3)
    start = dt.date(2025, 1, 6)
    rows = [
        f"{start + dt.timedelta(days=i):{form}},{random.poisson(40 * (factor if i >= at else 1))},1000"
        for i in range(days)
    ]
    return write(path, "day,complaints,orders", rows)


@pytest.mark.long
def test_the_seat_belt_law_is_seen_and_dated_to_the_month(tmp_path):
    rows = [f"{1969 + i // 12}-{i % 12 + 1:02d},{n}" for i, n in enumerate(DRIVERS)]
    file = write(tmp_path / "drivers.csv", "month,drivers", rows)
    board = watch_file(
        file, time="month", value="drivers", now=NOW, better="lower", false_alarms_per_year=0.05
    )
    assert (board.watched[0].period, board.watched[0].kind) == ("month", "count")
    latest = board.alarms[0]
    low, high = latest.since_interval
    assert low <= dt.date(1983, 2, 1) <= high
    assert latest.raised <= dt.date(1983, 8, 1)
    assert latest.verdict == "better"
    # Harvey and Durbin: 18 % fewer, 23 % with other models.
    assert -0.32 < latest.relative.estimate < -0.15


def test_a_rate_is_a_count_for_its_offset(tmp_path):
    file = daily_counts(tmp_path / "counts.csv")
    board = watch_file(
        file, time="day", value="complaints", offset="orders", now=NOW, false_alarms_per_year=0.2
    )
    alarm = board.alarms[0]
    assert alarm.unit == "rate"
    assert alarm.before.estimate == pytest.approx(0.040, rel=0.05)
    assert alarm.after.estimate == pytest.approx(0.060, rel=0.08)
    assert board.watched[0].points[0].value < 0.1


def test_days_may_be_written_as_in_poland(tmp_path):
    file = daily_counts(tmp_path / "counts.csv", form="%d.%m.%Y")
    board = watch_file(file, time="day", value="complaints", now=NOW, false_alarms_per_year=0.2)
    assert board.watched[0].first == dt.date(2025, 1, 6)
    assert (
        board.alarms[0].since_interval[0]
        <= dt.date(2025, 9, 3)
        <= board.alarms[0].since_interval[1]
    )


def test_yes_and_no_are_watched_as_a_share_by_segment(tmp_path):
    random = np.random.default_rng(5)
    rows = []
    for i in range(200):
        for region in ("east", "west"):
            p = 0.6 if region == "east" and i >= 150 else 0.2
            rows += [
                f"2025-{1 + i // 28:02d}-{1 + i % 28:02d},{'yes' if random.random() < p else 'no'},{region}"
                for _ in range(25)
            ]
    file = write(tmp_path / "answers.csv", "day,unhappy,region", rows)
    board = watch_file(file, time="day", value="unhappy", segment="region", now=NOW)
    alarm = board.alarms[0]
    assert alarm.kind == "share"
    assert alarm.before.estimate == pytest.approx(0.2, abs=0.03)
    assert (alarm.segment.level, alarm.segments_tested) == ("east", 2)
    assert any("yes and no" in note["en"] for note in board.notes)


def test_rows_that_cannot_be_used_are_counted_with_the_first_of_them(tmp_path):
    file = daily_counts(tmp_path / "counts.csv", factor=1)
    broken = ["someday,3,1000", "2031-01-01,4,1000", "2025-11-20,many,1000", "2025-11-21,,1000"]
    with file.open("a") as stream:
        stream.write("\n".join(broken) + "\n")
    board = watch_file(file, time="day", value="complaints", now=NOW)
    told = " ".join(note["en"] for note in board.notes)
    assert "the first is row 301 ('someday')" in told
    assert "the first is row 302 ('2031-01-01')" in told
    assert "the first is row 303 ('many')" in told
    assert "1 row has no value, the first is row 304" in told


def test_a_gap_is_not_judged_and_said(tmp_path):
    file = daily_counts(tmp_path / "counts.csv", factor=1)
    lines = file.read_text().splitlines()
    file.write_text("\n".join(lines[:150] + lines[190:]) + "\n")
    board = watch_file(file, time="day", value="complaints", now=NOW)
    assert board.alarms == []
    assert "1 gap in the data is not judged" in board.watched[0].notes[0]["en"]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([f"2025-01-{d:02d} 10:00{'+01:00' if d % 2 else ''},{d}" for d in range(1, 29)], "some times carry a zone"),
        (["soon,1", "later,2"], "most rows cannot be used"),
    ],
)  # fmt: skip
def test_times_that_make_no_sense_are_refused_with_a_remedy(tmp_path, rows, words):
    file = write(tmp_path / "rows.csv", "when,n", rows)
    with pytest.raises(InputError, match=words):
        watch_file(file, time="when", value="n", now=NOW)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"time": "When"}, "the file 'counts.csv' has no column 'When'"),
        ({"time_zone": "Warsaw"}, "there is no time zone 'Warsaw'"),
        ({"kind": "share"}, "neither yes nor no"),
    ],
)
def test_wrong_options_are_named(tmp_path, options, words):
    file = daily_counts(tmp_path / "counts.csv", days=30)
    with pytest.raises(InputError, match=words):
        watch_file(file, **({"time": "day", "value": "complaints", "now": NOW} | options))


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([f"2025-01-{d:02d},{d}" for d in range(1, 29)], "The history is too short: 4 weeks"),
        ([f"2025-{m:02d}-{d:02d},20" for m in range(1, 8) for d in range(1, 29)], "All values are the same"),
    ],
)  # fmt: skip
def test_a_series_from_which_nothing_can_be_learnt_says_why(tmp_path, rows, words):
    file = write(tmp_path / "rows.csv", "day,n", rows)
    board = watch_file(file, time="day", value="n", now=NOW)
    assert words in board.unwatched[0].reason["en"]


@pytest.mark.long
def test_the_command_prints_json_and_draws(tmp_path, capsys):
    file = daily_counts(tmp_path / "counts.csv")
    drawing = tmp_path / "alarm.svg"
    columns = ["--file", str(file), "--time", "day", "--value", "complaints", "--country", "PL"]
    assert main(["impact", "watch", *columns, "--json", "--picture", str(drawing)]) == 0
    out, err = capsys.readouterr()
    assert len(json.loads(out)["alarms"]) == 1
    assert drawing.read_text().startswith("<svg")
    assert "alarm.svg" in err


def test_the_command_needs_a_workspace_or_a_file(capsys):
    assert main(["impact", "watch"]) == 2
    assert "Give either a workspace file, or --file" in capsys.readouterr().err
    assert main(["impact", "watch", "--file", "x.csv"]) == 2
    assert "--file needs --time and --value" in capsys.readouterr().err


@pytest.mark.long
def test_the_level_now_of_a_slow_trend_is_where_it_stands_and_not_its_mean_on_the_way(tmp_path):
    random, start = np.random.default_rng(4), dt.date(2025, 1, 6)
    truth = 100 + 30 * np.clip((np.arange(420) - 299) / 120, 0, 1)
    rows = [
        f"{start + dt.timedelta(days=day)},{mean + random.normal(0, 4):.2f}"
        for day, mean in enumerate(truth)
    ]
    file = write(tmp_path / "waits.csv", "day,minutes", rows)
    board = watch_file(file, time="day", value="minutes", kind="mean", now=NOW)
    [alarm] = board.alarms
    assert alarm.form == "trend"
    assert board.watched[0].level == pytest.approx(truth[-1], abs=3)
    assert board.watched[0].level == pytest.approx(alarm.after.estimate, abs=1)


def test_days_that_are_there_twice_count_once_and_stay_counts(tmp_path):
    file = daily_counts(tmp_path / "counts.csv")
    rows = file.read_text().splitlines()
    once = watch_file(file, time="day", value="complaints", now=NOW)
    twice = write(tmp_path / "twice.csv", rows[0], [*rows[1:], *rows[5:25]])
    board = watch_file(twice, time="day", value="complaints", now=NOW)
    assert board.watched[0].points == once.watched[0].points
    assert any("20 rows say again" in str(note) for note in board.notes)


def test_days_with_two_different_counts_are_named(tmp_path):
    file = daily_counts(tmp_path / "counts.csv")
    rows = file.read_text().splitlines()
    write(file, rows[0], [*rows[1:], "2025-03-01,999,1000"])
    with pytest.raises(InputError, match="1 March 2025 has several"):
        watch_file(file, time="day", value="complaints", now=NOW)
    board = watch_file(file, time="day", value="complaints", kind="mean", now=NOW)
    assert board.watched[0].kind == "mean"


def by_region(path, grown=1.0, worse=1.0):
    """Complaints and orders of three regions a day; from day 240 on B has GROWN and is WORSE."""
    random = np.random.default_rng(5)
    start, rows = dt.date(2025, 1, 6), []
    for i in range(300):
        for region in "ABC":
            late = region == "B" and i >= 240
            orders = 500 * (grown if late else 1.0)
            count = random.poisson(0.04 * orders * (worse if late else 1.0))
            rows.append(f"{start + dt.timedelta(days=i)},{region},{count},{orders:.0f}")
    return write(path, "day,region,complaints,orders", rows)


def test_the_rate_of_a_segment_is_told_as_the_measure_itself(tmp_path):
    board = watch_file(
        by_region(tmp_path / "worse.csv", worse=2.0),
        time="day", value="complaints", segment="region", offset="orders", now=NOW,
    )  # fmt: skip
    segment = board.alarms[0].segment
    assert segment.level == "B"
    told = (segment.before, segment.after, segment.rest_before, segment.rest_after)
    assert told == pytest.approx((0.04, 0.08, 0.04, 0.04), rel=0.1)


def test_a_segment_with_more_to_count_from_has_no_higher_rate(tmp_path):
    # All regions get worse alike, and B has three times the orders meanwhile.
    file = by_region(tmp_path / "grown.csv", grown=3.0)
    rows = file.read_text().splitlines()
    worse = [
        ",".join([day, region, str(int(count) * 2), orders]) if day >= "2025-09-03" else row
        for row in rows[1:]
        for day, region, count, orders in [row.split(",")]
    ]
    write(file, rows[0], worse)
    board = watch_file(
        file, time="day", value="complaints", segment="region", offset="orders", now=NOW
    )
    assert board.alarms[0].direction == "up"
    assert board.alarms[0].segments_tested == 3
    assert board.alarms[0].segment is None
