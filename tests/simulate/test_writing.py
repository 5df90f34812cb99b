"""The files of a simulated company: what they hold, and that the import can use them."""

import csv
import gzip
import io
import json
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tests.simulate.conftest import folder_bytes

from zaplecze import eventlog
from zaplecze.errors import InputError
from zaplecze.eventlog import EventLog
from zaplecze.language import LANGUAGES
from zaplecze.simulate import Company, write_company, writing
from zaplecze.workspace import Workspace, load

pytestmark = pytest.mark.long


def rows_of(company: Company, file: str, delimiter: str = ",") -> list[list[str]]:
    path = company.folder / file
    packed = path.read_bytes()
    text = (gzip.decompress(packed) if path.suffix == ".gz" else packed).decode()
    return list(csv.reader(io.StringIO(text), delimiter=delimiter))


def records(company: Company, file: str, delimiter: str = ",") -> list[dict[str, str]]:
    """The rows that have as many values as the file has columns."""
    header, *rows = rows_of(company, file, delimiter)
    return [dict(zip(header, row, strict=True)) for row in rows if len(row) == len(header)]


def truth_of(company: Company) -> dict[str, Any]:
    truth: dict[str, Any] = json.loads(company.truth.read_text())
    return truth


@pytest.fixture(scope="module")
def log(written: Company, tmp_path_factory: pytest.TempPathFactory) -> EventLog:
    folder = tmp_path_factory.mktemp("log") / "store"
    return eventlog.build(load(written.workspace), written.folder, folder)


# The files ----------------------------------------------------------------------------------------


def test_the_same_seed_writes_the_same_bytes(written: Company, tmp_path: Path) -> None:
    again = write_company(tmp_path / "again", cases=3_000, seed=2)
    assert folder_bytes(again.folder) == folder_bytes(written.folder)


def test_another_seed_writes_another_company(written: Company, tmp_path: Path) -> None:
    other = write_company(tmp_path / "other", cases=3_000, seed=3)
    same = folder_bytes(written.folder)
    assert [name for name, held in folder_bytes(other.folder).items() if held == same[name]] == [
        "costs.csv",
        "zaplecze.toml",
    ]


def test_never_more_than_a_stretch_is_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []
    drawn = writing.draw
    monkeypatch.setattr(writing, "STRETCH", 700)
    monkeypatch.setattr(writing, "draw", lambda s, seed: sizes.append(s.size) or drawn(s, seed))
    company = write_company(tmp_path / "company", cases=3_000, seed=2)
    assert sizes == [700, 700, 700, 700, 200]
    orders = records(company, "orders.csv")
    assert [row["order_id"] for row in orders] == [f"O{n:08}" for n in range(1, 3_001)]
    assert [row["ordered_at"] for row in orders] == sorted(row["ordered_at"] for row in orders)
    check_dirt(company)


def test_counts_are_the_rows_of_the_files(written: Company) -> None:
    for file, count in written.counts.items():
        if file.endswith((".csv", ".csv.gz")):
            delimiter = ";" if file == "shipping.csv" else ","
            assert count == len(rows_of(written, file, delimiter)) - 1, file
    assert truth_of(written)["rows"] == written.counts


def test_the_files_hold_as_much_dirt_as_the_truth_says(written: Company) -> None:
    check_dirt(written)


def check_dirt(company: Company) -> None:
    """Count the useless rows anew, from the files alone."""
    order_ids = {row["order_id"] for row in records(company, "orders.csv")}
    found = {
        "process_events.csv.gz": dirty_events(records(company, "process_events.csv.gz"), order_ids),
        "shipping.csv": dirty_keys(records(company, "shipping.csv", ";"), order_ids),
        "calls.csv": dirty_keys(records(company, "calls.csv"), order_ids),
        "complaints.csv": dirty_keys(records(company, "complaints.csv"), order_ids),
        "surveys.csv": Counter(
            "outside_scale"
            for row in records(company, "surveys.csv")
            if row["satisfaction"] not in {"", "1", "2", "3", "4", "5"}
        ),
    }
    for row in records(company, "shipping.csv", ";"):
        found["shipping.csv"]["unreadable_time"] += row["installed_at"].startswith("31.02.")
    for file in ("process_events.csv.gz", "calls.csv"):
        header, *rows = rows_of(company, file)
        found[file]["malformed_row"] += sum(len(row) != len(header) for row in rows)
    truth = truth_of(company)
    assert {file: dict(counts) for file, counts in found.items()} == truth["dirt_by_file"]
    assert dict(sum(found.values(), Counter())) == truth["dirt"]


def dirty_keys(rows: list[dict[str, str]], order_ids: set[str]) -> Counter[str]:
    """Rows that name no order, or one that nobody placed."""
    return Counter(
        "unknown_case" if row["order_id"] else "no_case"
        for row in rows
        if row["order_id"] not in order_ids
    )


def dirty_events(rows: list[dict[str, str]], order_ids: set[str]) -> Counter[str]:
    found = dirty_keys(rows, order_ids)
    ids = Counter(row["event_id"] for row in rows)
    found["duplicate"] = sum(count - 1 for count in ids.values())
    found["no_activity"] = sum(not row["activity"] for row in rows)
    found["no_time"] = sum(not row["started_at"] for row in rows)
    unreadable = [row for row in rows if row["started_at"] in ("n/a", "2025-02-30 10:00:00")]
    found["unreadable_time"] = len(unreadable)
    found["end_before_start"] = sum(
        row["finished_at"] < row["started_at"] for row in rows if row not in unreadable
    )
    return found


def test_comments_survive_their_commas_and_quotation_marks(written: Company) -> None:
    comments = {row["comment"] for row in records(written, "surveys.csv")}
    assert "Wszystko sprawnie, monter uprzejmy i punktualny." in comments
    assert 'Na infolinii usłyszałem "proszę czekać" i połączenie się zerwało.' in comments


def test_people_did_only_work_of_the_time_in_which_they_were_employed(written: Company) -> None:
    people = {row["employee"]: row for row in records(written, "people.csv")}
    for row in records(written, "process_events.csv.gz"):
        person, day = people[row["employee"]], row["finished_at"][:10]
        if row["event_id"].startswith("X"):
            continue
        assert person["department"] == row["department"]
        assert person["hired_on"] <= day
        assert day < (person["left_on"] or "9")


@pytest.mark.parametrize("cases", [999, 10_000_001, 0, -5])
def test_sizes_that_cannot_be_simulated_are_refused(tmp_path: Path, cases: int) -> None:
    with pytest.raises(InputError, match="1,000 to 10,000,000"):
        write_company(tmp_path / "company", cases=cases)
    assert not (tmp_path / "company").exists()


def test_somebody_s_own_workspace_is_not_overwritten(tmp_path: Path) -> None:
    own = tmp_path / "zaplecze.toml"
    own.write_text("name = 'Ours'")
    with pytest.raises(InputError, match="Name another folder"):
        write_company(tmp_path, cases=1_000)
    assert own.read_text() == "name = 'Ours'"


def test_a_simulated_company_can_be_written_again(tmp_path: Path) -> None:
    write_company(tmp_path, cases=1_000, seed=1)
    assert truth_of(write_company(tmp_path, cases=1_000, seed=4))["seed"] == 4


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "company").write_text("")
    with pytest.raises(InputError, match=r"company: the company cannot be written"):
        write_company(tmp_path / "company", cases=1_000)


def test_progress_goes_from_nothing_to_all(tmp_path: Path) -> None:
    heard: list[float] = []
    write_company(tmp_path, cases=1_000, progress=lambda stage, done: heard.append(done))
    assert heard == [0.0, 1.0]


# The workspace ------------------------------------------------------------------------------------


def test_the_workspace_names_every_department_and_step_that_the_truth_names(
    written: Company,
) -> None:
    workspace: Workspace = load(written.workspace)
    for effect in truth_of(written)["effects"]:
        assert workspace.steps[effect["step"]].department == effect["department"]
        assert effect["department"] in workspace.departments
        assert effect["outcome"] in workspace.outcomes


def test_every_word_of_the_workspace_is_there_in_three_languages(written: Company) -> None:
    def check(table: dict[str, Any], place: str) -> int:
        if "en" in table:
            assert set(table) == set(LANGUAGES), place
            return 1
        return sum(check(v, f"{place}.{k}") for k, v in table.items() if isinstance(v, dict))

    document = tomllib.loads(written.workspace.read_text(encoding="utf-8"))
    assert check(document, "") > 30
    for table in ("steps", "departments", "attributes", "outcomes"):
        assert all("label" in entry for entry in document[table].values())


# The import ---------------------------------------------------------------------------------------


@pytest.mark.long
def test_the_import_keeps_every_order_and_refuses_exactly_the_dirt(
    written: Company, log: EventLog
) -> None:
    assert log.info.cases == 3_000
    truth = truth_of(written)
    refused: Counter[str] = Counter()
    for rows in log.info.refused:
        refused[rows.reason] += rows.rows
    assert refused == truth["dirt"]
    dirty_events = sum(truth["dirt_by_file"]["process_events.csv.gz"].values())
    assert log.info.events == 3 * 3_000 + written.counts["process_events.csv.gz"] - dirty_events


def test_the_import_sees_the_lateness_that_the_truth_counts(
    written: Company, log: EventLog
) -> None:
    late = log.connection.sql(
        'SELECT count(*) FROM cases JOIN (SELECT "case", max("end") AS done FROM events '
        f'WHERE activity = {log.activities.index("Installation")} GROUP BY 1) USING ("case") '
        'WHERE done > "due.Installation"'
    ).fetchall()[0][0]
    assert late == truth_of(written)["late_orders"]


def test_the_import_sees_every_answer_complaint_call_and_loss(
    written: Company, log: EventLog
) -> None:
    answers, complaints, calls = log.connection.sql(
        "SELECT count(satisfaction), sum(complaint), sum(calls) FROM cases"
    ).fetchall()[0]
    truth = truth_of(written)
    dirt = {file: sum(counts.values()) for file, counts in truth["dirt_by_file"].items()}
    assert answers == truth["answers"]
    assert complaints == written.counts["complaints.csv"] - dirt["complaints.csv"]
    assert calls == written.counts["calls.csv"] - dirt["calls.csv"]
    lost, dated = log.connection.sql(
        'SELECT sum(churn), count("churn.time") FROM cases'
    ).fetchall()[0]
    assert lost == dated > 0


def test_repeated_steps_are_seen_as_often_as_the_truth_says(
    written: Company, log: EventLog
) -> None:
    exposed = {e["lever"]: e["exposed"] for e in truth_of(written)["effects"]}
    for activity, least, lever in (
        ("Account set up", 2, "rework:Account set up"),
        ("Contract prepared", 2, "rework:Contract prepared"),
        ("Invoice corrected", 1, "exception:Invoice corrected"),
    ):
        code = log.activities.index(activity)
        seen = log.connection.sql(
            f'SELECT count(*) FROM (SELECT "case" FROM events WHERE activity = {code} '
            f"GROUP BY 1 HAVING count(*) >= {least})"
        ).fetchall()[0][0]
        assert seen == exposed[lever]
