"""``zaplecze workload``: one JSON document, tables in three languages, pictures, exit 2 with a remedy."""

import json

import pytest

from zaplecze.cli import console, main
from zaplecze.language import LANGUAGES

LINE = ["--calls", "600", "--aht", "300", "--patience", "120"]
DAY = "interval,calls,aht\n08:00,20,300\n08:30,40,300\n09:00,60,280\n09:30,30,300\n"


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("ZAPLECZE_LANGUAGE", "en")
    yield
    console.choose_language(None)


def document(capsys, *words):
    assert main(["workload", *map(str, words), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def refusal(capsys, *words):
    assert main(["workload", *map(str, words)]) == 2
    return capsys.readouterr().err


def test_service_gives_the_keys_that_were_agreed(capsys):
    found = document(capsys, "service", *LINE, "--agents", 49, "--within", 60)
    assert {
        "load_erlangs", "occupancy", "wait_probability", "abandon_probability", "asa_seconds",
        "wait_p90_seconds", "queue_length", "service_level", "attempts",
    } <= set(found)  # fmt: skip
    assert set(found["service_level"]) >= {"offered", "answered", "virtual"}
    assert found["service_level"]["offered"] == pytest.approx(0.907, abs=5e-4)


def test_an_overloaded_line_has_no_waits_in_json(capsys):
    found = document(capsys, "service", "--calls", 600, "--aht", 300, "--agents", 45)
    assert found["overloaded"] is True
    assert found["asa_seconds"] is None


def test_agents_and_heads(capsys):
    found = document(
        capsys, "agents", "--calls", 600, "--aht", 300, "--target", 0.9, "--within", 60,
        "--shrinkage", 0.3, "--deviation", 0.08,
    )  # fmt: skip
    assert (found["agents"], found["heads"]) == (56, 80)
    assert found["service"]["service_level"]["offered"] > 0.9
    assert found["risk"]["met_probability"] < 0.6


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_service_level_is_shown_without_its_definition(capsys, monkeypatch, language):
    monkeypatch.setenv("ZAPLECZE_LANGUAGE", language)
    assert main(["workload", "service", *LINE, "--agents", "49", "--within", "60"]) == 0
    names = {
        "en": "60 s, of answered calls",
        "pl": "60 s, spośród odebranych połączeń",
        "uk": "60 с, з прийнятих дзвінків",
    }
    assert names[language] in capsys.readouterr().out


def test_redials_tell_the_wave_and_draw_it(capsys, tmp_path):
    out = tmp_path / "wave.svg"
    found = document(
        capsys, "redials", *LINE, "--redial", 0.7, "--reconnect", 0.1, "--agents-before", 45,
        "--agents-after", 57, "--within", 60, "--hours", 3, "--out", out,
    )  # fmt: skip
    assert found["attempts_change"] == pytest.approx(-0.235, abs=5e-4)
    assert len(found["hours"]) == 3
    assert "First a wave" in out.read_text(encoding="utf-8")


def test_deflection_with_a_day_in_shifts(capsys, tmp_path):
    (tmp_path / "day.csv").write_text(DAY)
    found = document(
        capsys, "deflection", "--calls", 36, "--aht", 300, "--per", 1800, "--share", 0.1,
        "--relative-aht", 1, "--day", tmp_path / "day.csv", "--shift", 1,
    )  # fmt: skip
    assert [len(found["savings"]), len(found["days"])] == [1, 1]
    assert found["days"][0]["people_after"] <= found["days"][0]["people_before"]


def test_a_team_of_six_is_told_none_or_one(capsys):
    words = ["deflection", "--calls", "36", "--aht", "300", "--target", "0.9", "--within", "60"]
    assert main(["workload", *words]) == 0
    assert "None or one agent less" in capsys.readouterr().out


def test_a_day_from_a_file_with_shifts_and_picture(capsys, tmp_path):
    file, out = tmp_path / "day.csv", tmp_path / "day.svg"
    file.write_text(DAY)
    found = document(
        capsys, "day", file, "--shift", 1, "--days-a-week", 7, "--out", out, "--minimum", 2,
    )  # fmt: skip
    assert [each["interval"] for each in found["intervals"]] == ["08:00", "08:30", "09:00", "09:30"]
    assert found["definition"] == "offered"
    assert found["shifts"]["proven"]
    assert out.read_text(encoding="utf-8").startswith("<svg")


def test_lines_and_deferred_work_from_files(capsys, tmp_path):
    lines, items = tmp_path / "lines.toml", tmp_path / "items.csv"
    lines.write_text("[lines.a]\ncalls=600\naht=240\nforward={b=0.5}\n[lines.b]\naht=100\n")
    items.write_text("items,people\n10,1\n0,1\n0,1\n")
    assert [each["name"] for each in document(capsys, "lines", lines)["lines"]] == ["a", "b"]
    found = document(capsys, "deferred", items, "--handling", 3600, "--deadline", 2)
    assert found["on_time_share"] == 1.0


@pytest.mark.long
def test_the_bank_from_records_to_a_plan_and_a_forecast(capsys, tmp_path, shared_data):
    bank = shared_data / "call-centre-anonymous-bank" / "data_anonymous_bank_february.txt.gz"
    form = ["--time-format", "%y%m%d %H:%M:%S"]
    week, picture = tmp_path / "week.csv", tmp_path / "bank.svg"
    found = document(
        capsys, "profile", bank, "--time", "date+vru_exit", *form, "--wait", "q_time",
        "--outcome", "outcome", "--answered", "AGENT", "--abandoned", "HANG", "--handling",
        "ser_time", "--kind", "type", "--loads", week, "--out", picture,
    )  # fmt: skip
    mean = found["all"]["patience"]["exponential_mean_seconds"]
    assert "18" in picture.read_text(encoding="utf-8")
    planned = document(
        capsys, "day", week, "--target", 0.9, "--within", 60, "--patience", mean, "--shift", 8
    )
    assert planned["shifts"]["people"] > 10
    drawn = tmp_path / "forecast.svg"
    ahead = document(
        capsys, "forecast", bank, "--time", "date+vru_entry", *form, "--days", 3, "--out", drawn
    )
    assert [day["day"] for day in ahead["days"]] == ["1999-03-01", "1999-03-02", "1999-03-03"]
    assert "were not tried" in ahead["method"]["en"]
    assert drawn.exists()


def test_no_calls_take_nobody_but_the_minimum(capsys):
    found = document(
        capsys, "agents", "--calls", 0, "--aht", 300, "--minimum", 2, "--deviation", 0.1
    )
    assert (found["agents"], found["service"], found["reason"]) == (2, None, "no calls")
    assert main(["workload", "agents", "--calls", "0", "--aht", "300"]) == 0
    assert "no calls: only the minimum of agents" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        (["agents", "--calls", "600", "--aht", "300", "--target", "90"], "Did you mean 0.9"),
        (["service", "--calls", "0", "--aht", "300", "--agents", "5"], "There are no calls"),
        (["service", "--calls", "9", "--aht", "-1", "--agents", "5"], "above zero"),
        (["redials", *LINE, "--agents-before", "5", "--agents-after", "6", "--hours", "0"], "--hours"),
        (["day", "nowhere.csv"], "There is no file"),
        (["lines", "nowhere.toml"], "cannot be read"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_exit_two(capsys, words, remedy):
    assert remedy in refusal(capsys, *words)


def test_shifts_are_counted_in_intervals(capsys, tmp_path):
    file = tmp_path / "day.csv"
    file.write_text(DAY)
    assert "whole multiples" in refusal(capsys, "day", file, "--shift", "0.7")
    fewer = ("deflection", "--calls", "36", "--aht", "300", "--per", "1800", "--day", file)
    assert "whole multiples" in refusal(capsys, *fewer, "--shift", "0.7")


def test_minutes_for_seconds_are_warned_about(capsys):
    assert main(["workload", "service", "--calls", "600", "--aht", "5", "--agents", "5"]) == 0
    assert "check the unit" in capsys.readouterr().err
