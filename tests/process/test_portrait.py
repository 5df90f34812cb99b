"""A log told in words."""

import json

import pytest
from tests.process.conftest import Event

from zaplecze.cli import main
from zaplecze.eventlog import build, workspace_for
from zaplecze.language import LANGUAGES
from zaplecze.process import flow, portrait
from zaplecze.workspace import Workspace

DAY = 86_400


def said(log, topic, workspace=None):
    found = [p for p in portrait(log, workspace) if p.topic == topic]
    return [str(words).replace("\N{NO-BREAK SPACE}", " ") for p in found for words in p.sentences]


def imported(tmp_path, lines):
    (tmp_path / "log.csv").write_text("case,step,at,who\n" + "\n".join(lines) + "\n")
    workspace = workspace_for(
        tmp_path / "log.csv", case="case", activity="step", time="at", resource="who"
    )
    return build(workspace, tmp_path, tmp_path / "log")


def declared(*ends):
    return Workspace.model_validate(
        {
            "name": "Test",
            "sources": {"log": {"file": "log.csv"}},
            "case": {"key": "case", "source": "log", "ends": list(ends)},
        }
    )


@pytest.fixture
def desk(tmp_path):
    rows = ["x,start,nonsense,Ann"]
    for case in range(40):
        # From January to April, most in January; then a silence, and one in April.
        day, month = (1 + case % 20, 1) if case < 39 else (15, 4)
        rows.append(f"{case},start,2026-{month:02}-{day:02} 08:00,Ann")
        if case != 38:
            rows.append(f"{case},stop,2026-{month:02}-{day:02} 09:30,{'Bob' if case % 2 else ''}")
    return imported(tmp_path, rows)


def test_what_it_holds_and_from_when_to_when(desk):
    assert said(desk, "holds") == [
        "40 cases and 79 events of 2 kinds of step, 2.0 events a case on average.",
        "From 1 January 2026 to 15 April 2026. Days are those of the time zone UTC.",
    ]


def test_how_complete_it_is(desk):
    words = said(desk, "complete")
    assert "75.9 % of the events say who did it." in words
    assert "No event says which department it belongs to." in words
    assert "The longest time in which nothing happened: 85 days, after 20 January 2026." in words


def test_a_month_in_which_hardly_anything_happened_is_told_but_not_one_that_is_cut_off(tmp_path):
    rows = [f"{m}-{d},a,2026-{m:02}-{d:02} 08:00,Ann" for m in (1, 2, 4, 5) for d in range(1, 29)]
    rows += ["3,a,2026-03-05 08:00,Ann", "6,a,2026-06-01 08:00,Ann", "6,a,2026-06-02 08:00,Ann"]
    (thin,) = [w for w in said(imported(tmp_path, rows), "complete") if "Hardly" in w]
    assert thin.startswith("Hardly anything happened in: 2026-03.")


def test_what_was_refused_and_why(desk):
    assert said(desk, "refused") == [
        "Rows read: 80. Rows and values refused: 1.",
        "1 time: The value is not a date or time in the expected format.",
    ]


def test_that_everything_is_used_is_told(tmp_path):
    log = imported(tmp_path, ["1,a,2026-01-01 08:00,Ann", "1,b,2026-01-01 09:00,Ann"])
    assert said(log, "refused") == ["All 2 rows that were read are used."]


def test_declared_ends_are_not_doubted(desk):
    words = said(desk, "open", declared("stop"))
    assert words[0].startswith("Finished: 39 (97.5 %), with “stop” as the last step. Open: 1.")
    assert words[1] == "Half of the finished cases took at most 1.5 h, 95 % at most 1.5 h."


def test_inferred_ends_are_named_and_doubted_where_many_old_cases_stay_open(make_log):
    events = [Event(f"done {n}", "A", n * DAY) for n in range(30)]
    events += [Event(f"done {n}", "Z", n * DAY + 60) for n in range(30)]
    events += [Event(f"stuck {n}", step, n * DAY) for n in range(15) for step in ("A",)]
    words = said(make_log(events), "open")
    assert words[0].startswith("No last step is declared. Taken as finished: 30 (66.7 %), with “Z”")
    assert words[-1].startswith("So many old cases are rarely all open")


def test_the_flow_doubts_inferred_ends_too_and_declared_ones_never(make_log, capsys):
    events = [Event(f"stuck {n}", "A", n * DAY) for n in range(15)]
    events += [Event("done", "A", 0), Event("done", "Z", 60), Event("late", "Y", 99 * DAY)]
    events += [Event(f"stuck {n}", "A", n * DAY + 9) for n in range(15)]
    log = make_log(events)
    found = flow(log)
    assert found.doubt is not None
    assert flow(log, declared("A")).doubt is None
    assert main(["process", "flow", str(log.folder)]) == 0
    assert found.doubt["en"] in capsys.readouterr().out


def test_the_usual_way_and_how_many_cover_most_cases(make_log):
    ways = ["AB"] * 6 + ["AC"] * 3 + ["AD"]
    log = make_log(
        Event(str(case), step, case * DAY + i) for case, way in enumerate(ways)
        for i, step in enumerate(way)
    )  # fmt: skip
    assert said(log, "way") == [
        "Different ways: 3. The most frequent one is taken by 60.0 %: A → B.",
        "It takes the 2 most frequent ways to cover 80 % of the cases.",
    ]


def test_what_can_be_asked_depends_on_what_there_is(desk, make_log):
    assert any("'zaplecze process batches'" in words for words in said(desk, "ask"))
    bare = make_log([Event("1", "A", 0), Event("1", "B", 1)])
    words = said(bare, "ask")
    assert not any("batches" in each for each in words)
    assert any("add ratings, complaints or contacts" in each for each in words)


def test_a_log_without_events_is_described(make_log):
    found = portrait(make_log([], idle=["1"]))
    assert [p.topic for p in found] == ["holds", "ask"]


def test_it_speaks_three_languages(desk):
    for paragraph in portrait(desk):
        for words in (paragraph.title, *paragraph.sentences):
            assert set(words) == set(LANGUAGES)


def test_the_command_tells_it(desk, capsys):
    assert main(["--language", "en", "log", "info", str(desk.folder)]) == 0
    assert "What can be asked of it" in capsys.readouterr().out
    assert main(["log", "info", str(desk.folder), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    topics = [paragraph["topic"] for paragraph in document["portrait"]]
    assert topics == ["holds", "complete", "refused", "open", "way", "people", "ask"]
    assert set(document["portrait"][0]["title"]) == set(LANGUAGES)
