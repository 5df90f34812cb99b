"""The board of a log: measures found, alarms told with segment and money, everything explained."""

import datetime as dt
import json

import numpy as np
import pytest

from zaplecze import eventlog
from zaplecze.errors import InputError
from zaplecze.impact.watch import watch, words
from zaplecze.language import LANGUAGES
from zaplecze.report.figures.watch import alarm_figure
from zaplecze.workspace import load

pytestmark = pytest.mark.long

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
START = dt.datetime(2025, 1, 6, 6, tzinfo=dt.UTC)
BROKEN_DAY = 190

WORKSPACE = """
name = "Shop"
currency = "PLN"
time_zone = "Europe/Warsaw"

[sources.rows]
file = "rows.csv"

[case]
key = "case"
source = "rows"
noun = {en = "orders", pl = "zamówień", uk = "замовлень"}

[[events]]
source = "rows"

[events.activities]
Order = "ordered"
Packing = "packed"

[steps.Packing]
label = {en = "Packing", pl = "Pakowanie", uk = "Пакування"}
target_hours = 6

[attributes.region]

[attributes.month]
kind = "category"

[outcomes.complaint]
kind = "yes_no"
column = "complained"
time = "asked"
label = {en = "complaint", pl = "reklamacja", uk = "скарга"}
price = {amount = 100, low = 80, high = 140}
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """Thirty orders a day; from day 190 on packing in the North is slow and complaints follow."""
    folder = tmp_path_factory.mktemp("shop")
    random = np.random.default_rng(1)
    lines = ["case,ordered,packed,region,complained,asked,month"]
    for day in range(250):
        for _ in range(random.poisson(30)):
            north = random.random() < 0.4
            slow = 3.0 if north and day >= BROKEN_DAY else 1.0
            ordered = START + dt.timedelta(days=day, hours=8 * random.random())
            packed = ordered + dt.timedelta(hours=3 * slow * np.exp(0.4 * random.normal()))
            unhappy = random.random() < (0.5 if slow > 1 else 0.1)
            row = [
                str(len(lines)), f"{ordered:%Y-%m-%dT%H:%M:%SZ}", f"{packed:%Y-%m-%dT%H:%M:%SZ}",
                "North" if north else "South", "yes" if unhappy else "no",
                f"{packed + dt.timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}",
                f"{ordered.month}",
            ]  # fmt: skip
            lines.append(",".join(row))
    (folder / "rows.csv").write_text("\n".join(lines) + "\n")
    (folder / "zaplecze.toml").write_text(WORKSPACE, encoding="utf-8")
    workspace = load(folder / "zaplecze.toml")
    log = eventlog.build(workspace, folder, folder / "log")
    yield log, workspace
    log.close()


@pytest.fixture(scope="module")
def board(shop):
    return watch(*shop, now=NOW, false_alarms_per_year=0.5)


@pytest.mark.long
def test_the_sensible_measures_are_watched(board):
    assert [each.measure for each in board.watched] == [
        "arrivals", "wait:Packing", "late:Packing", "outcome:complaint",
    ]  # fmt: skip
    # Complaints are too rare for days.
    assert [each.period for each in board.watched] == ["day", "day", "week", "week"]
    assert board.country == "PL"
    assert all("holidays" in each.season for each in board.watched)


def test_what_broke_alarms_with_its_day_and_what_did_not_stays_quiet(board):
    broken_on = (START + dt.timedelta(days=BROKEN_DAY)).date()
    alarms = {alarm.measure: alarm for alarm in board.alarms if alarm.lasting}
    assert set(alarms) == {"wait:Packing", "late:Packing", "outcome:complaint"}
    for alarm in alarms.values():
        low, high = alarm.since_interval
        assert low - dt.timedelta(days=6) <= broken_on <= high + dt.timedelta(days=7)
        assert (alarm.raised - broken_on).days <= 21
        assert (alarm.direction, alarm.verdict, alarm.current) == ("up", "worse", True)
        assert alarm.before.estimate < alarm.after.interval[0]
        assert alarm.change.interval[0] > 0


def test_the_segment_that_moved_is_named_and_only_that_one(board):
    for alarm in board.alarms:
        assert alarm.segment is not None
        assert (alarm.segment.attribute, alarm.segment.level) == ("region", "North")
        assert alarm.segment.p_value < 0.05
        assert "North" in alarm.segment_sentence["pl"]


def test_the_month_is_no_segment_that_could_have_moved(board):
    # North and South only: a month begins and ends with the days that are compared.
    assert {alarm.segments_tested for alarm in board.alarms} == {2}


def test_the_wait_of_a_segment_is_told_by_its_median_as_the_measure_is(board):
    [wait] = [alarm for alarm in board.alarms if alarm.measure == "wait:Packing"]
    segment = wait.segment
    hours = [x / 3600 for x in (segment.before, segment.after, segment.rest_before)]
    assert hours == pytest.approx([3, 9, 3], rel=0.1)


def test_a_priced_outcome_says_what_it_costs_a_year_and_others_are_not_priced(board):
    costs = {alarm.measure: alarm.cost for alarm in board.alarms}
    assert costs["wait:Packing"] is None
    cost = costs["outcome:complaint"]
    # 30 orders a day; complaints rise from 10 % to 26 %.
    assert cost.per_year == pytest.approx(30 * 365 * 0.16 * 100, rel=0.25)
    assert cost.interval[0] < cost.per_year < cost.interval[1]
    assert (cost.currency, cost.basis) == ("PLN", "assumed")


def test_what_is_over_is_not_said_to_cost_on(board):
    cost = next(alarm.cost for alarm in board.alarms if alarm.cost)
    assert "If it lasts, it costs" in str(words.cost_sentence(cost, current=True))
    over = str(words.cost_sentence(cost, current=False))
    assert over.startswith("No longer so; until the next change it cost at a rate of PLN")


def test_the_document_is_plain_json_and_words_are_in_three_languages(board):
    document = json.loads(json.dumps(board.to_dict(), allow_nan=False))
    first = document["alarms"][0]
    assert dt.date.fromisoformat(first["raised"]) > dt.date.fromisoformat(first["since"])
    assert set(first["sentence"]) == set(LANGUAGES)
    assert len(document["watched"][0]["points"]) == document["watched"][0]["periods"]


def test_the_picture_shows_the_message_and_both_levels(board):
    for alarm in board.alarms:
        drawing = alarm_figure(board, alarm, "en")
        assert alarm.sentence["en"].split(":")[0].replace("“", "“") in drawing
        assert " since</text>" in drawing
        assert " usual</text>" in drawing


def test_no_alarm_says_what_would_have_been_seen(shop):
    board = watch(*shop, now=NOW, measures=["arrivals"], false_alarms_per_year=0.1)
    assert board.alarms == []
    found = board.watched[0].detectable
    assert 0.02 < found.relative < 0.3
    assert board.sentence["en"] == (
        f"No alarms, 1 measure watched. A shift of {found.relative:.0%}".replace("%", "\N{NO-BREAK SPACE}%")
        + " within 8 weeks would have been seen in 8 of 10 cases: Number of new orders."
    )  # fmt: skip


@pytest.mark.simulation
def test_the_same_data_give_the_same_board(shop):
    first, second = (watch(*shop, now=NOW, measures=["arrivals"]) for _ in range(2))
    assert first == second


def test_the_time_that_a_case_takes_is_watched_in_time_and_breaks_with_the_work(shop, tmp_path):
    log, _ = shop
    took = '[outcomes.took]\nkind = "duration"\nlabel = "time until packed"\n'
    (tmp_path / "zaplecze.toml").write_text(WORKSPACE + took, encoding="utf-8")
    board = watch(log, load(tmp_path / "zaplecze.toml"), now=NOW, measures=["outcome:took"])
    [watched] = board.watched
    assert (watched.kind, watched.unit) == ("mean", "seconds")
    broken = (START + dt.timedelta(days=BROKEN_DAY)).date()
    [alarm] = [each for each in board.alarms if abs((each.since - broken).days) <= 3]
    assert alarm.raised <= broken + dt.timedelta(days=7)
    # Three hours and a little; of two in five orders three times as much.
    assert alarm.before.estimate == pytest.approx(3 * 3600 * np.exp(0.08), rel=0.1)
    assert alarm.after.estimate == pytest.approx(1.8 * 3 * 3600 * np.exp(0.08), rel=0.1)
    assert " h instead of " in alarm.sentence["en"]


def test_what_lies_ahead_is_not_judged_and_said(shop):
    early = START + dt.timedelta(days=150)
    board = watch(*shop, now=early, measures=["arrivals"])
    assert board.watched[0].last < early.date()
    assert any("begin today or later" in note["en"] for note in board.notes)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"measures": ["arrival"]}, "there is no measure 'arrival'. There are: arrivals, "),
        ({"false_alarms_per_year": 0.0}, "Give a number from 0.01 to 12"),
        ({"country": "XX"}, "no public holidays are known for 'XX'"),
    ],
)
def test_impossible_wishes_are_answered_with_what_is_possible(shop, options, words):
    with pytest.raises(InputError, match=words.replace(".", r"\.")):
        watch(*shop, now=NOW, **options)


def test_a_history_that_is_too_short_says_how_much_is_needed(shop):
    board = watch(*shop, now=START + dt.timedelta(days=40))
    assert board.watched == []
    assert all("The history is too short" in each.reason["en"] for each in board.unwatched)
    assert board.sentence["en"].startswith("Nothing can be watched yet")


@pytest.mark.simulation
def test_the_public_orders_show_their_black_friday_and_their_late_christmas(shared_data, tmp_path):
    from pathlib import Path

    example = Path(__file__).resolve().parents[3] / "examples" / "olist.toml"
    workspace = load(example)
    log = eventlog.build(workspace, shared_data / "olist", tmp_path / "log")
    board = watch(log, workspace, now=NOW, measures=["wait:Delivery"], country="BR")
    rising = [a for a in board.alarms if a.direction == "up" and a.lasting]
    assert any(dt.date(2017, 11, 15) <= alarm.since <= dt.date(2017, 12, 10) for alarm in rising)
    log.close()
