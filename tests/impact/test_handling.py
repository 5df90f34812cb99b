"""Levers of a small log: what is read from it, whom it concerns, and when it was known."""

import numpy as np
import pytest
from typer.testing import CliRunner

from zaplecze import eventlog, impact, process
from zaplecze.cli import app
from zaplecze.errors import InputError
from zaplecze.impact.facts import load_facts
from zaplecze.impact.levers import find_levers
from zaplecze.process import conformance
from zaplecze.workspace import load

HEADER = "case,activity,start,end,team,system,squad"
CASES = 200
DRAWING = ("Register", "Check", "Decide", "Close")
FILE = """
name = "x"
[sources.a]
file = "a.csv"
[case]
key = "case"
ends = ["Close"]
[[events]]
source = "a"
activity = "activity"
time = "start"
end = "end"
department = "team"
attributes = ["system", "squad"]
[outcomes.took]
kind = "duration"
[procedure]
file = "procedure.bpmn"
[log]
application = "system"
resource_group = "squad"
"""


def event(case, activity, start, minutes, team="Back", system="SAP", squad="s1"):
    begin = np.datetime64("2024-03-04T08:00") + np.timedelta64(start, "m")
    return (
        f"{case},{activity},{begin},{begin + np.timedelta64(minutes, 'm')},{team},{system},{squad}"
    )


def lines():
    """Two hundred cases: some come back, some skip the check, some close twice, two are open."""
    for case in range(CASES):
        begin = case * 1440
        back, other = case % 10 == 0, case % 4 == 1
        yield event(case, "Register", begin, 5, "Front")
        if case % 5 != 2:
            yield event(case, "Check", begin + 30, 90 if case % 6 == 0 else 10, "Back")
        if back:
            yield event(case, "Inquire", begin + 140, 5, "Front")
        system, squad = ("Excel", "s2") if other else ("SAP", "s1")
        yield event(case, "Decide", begin + 200, 10, "Back", system, squad)
        if case < CASES - 2:
            yield event(case, "Close", begin + 240, 5, "Back")


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    folder = tmp_path_factory.mktemp("company")
    (folder / "a.csv").write_text("\n".join([HEADER, *lines()]) + "\n", encoding="utf-8")
    (folder / "zaplecze.toml").write_text(FILE, encoding="utf-8")
    straight = "\n".join(
        [HEADER, *(event(0, step, 10 * place, 5) for place, step in enumerate(DRAWING))]
    )
    (folder / "straight.csv").write_text(straight + "\n", encoding="utf-8")
    plain = FILE.replace("a.csv", "straight.csv").split("[outcomes")[0]
    (folder / "straight.toml").write_text(plain, encoding="utf-8")
    one = eventlog.build(load(folder / "straight.toml"), folder, folder / "one")
    conformance.write_bpmn(conformance.discover(one), folder / "procedure.bpmn")
    return folder


@pytest.fixture(scope="module")
def workspace(company):
    return load(company / "zaplecze.toml")


@pytest.fixture(scope="module")
def log(company, workspace):
    return eventlog.build(workspace, company, company / "log")


@pytest.fixture(scope="module")
def facts(log, workspace):
    return load_facts(log, workspace)


@pytest.fixture(scope="module")
def found(facts, workspace):
    return {lever.name.id: lever for lever in find_levers(facts, workspace)}


def hours_in(facts, lever):
    """When the exposed knew, in hours from the start of their case."""
    return np.unique(((lever.known_at - facts.start) / 3600)[lever.exposed == 1]).tolist()


@pytest.mark.long
def test_hand_overs_are_those_that_the_process_room_counts(log, facts):
    counted = process.handovers(log)
    assert len(facts.handling.handed_over.rows) == sum(h.count for h in counted.handovers)
    assert len(facts.handling.passed_back.rows) == sum(p.count for p in counted.ping_pong)


def test_more_hand_overs_than_usual_are_known_from_the_first_that_is_too_many(facts, found):
    lever = found["handover"]
    # Front to back is usual; to the front once more is the second hand-over. Who skips the check
    # and inquires stays at the front until then.
    expected = [case % 10 == 0 for case in range(CASES)]
    assert lever.exposed.tolist() == [float(each) for each in expected]
    assert hours_in(facts, lever) == [140 / 60]
    assert np.nanmax(lever.amount) == 2


def test_what_is_passed_straight_back_is_a_lever_of_its_own(facts, found):
    lever = found["returned"]
    assert lever.exposed.sum() == 20
    assert hours_in(facts, lever) == [140 / 60]


def test_cases_that_ended_before_it_could_have_come_are_no_comparison(facts, found):
    lever = found["handover"]
    assert lever.over is not None
    assert not (lever.over & (lever.exposed == 1)).any()
    ended = facts.end < lever.since
    assert lever.over.tolist() == (ended & (lever.exposed == 0)).tolist()


def test_long_work_is_known_once_it_is_too_long_and_its_wait_is_held_equal(facts, found):
    lever = found["duration:Check"]
    assert np.nansum(lever.exposed) == sum(c % 6 == 0 and c % 5 != 2 for c in range(CASES))
    assert np.isnan(lever.exposed[2])
    assert "Check waited" in {column.name for column in lever.before}
    assert (
        hours_in(facts, lever) == [pytest.approx((30 + 90) / 60)]
        or min(hours_in(facts, lever)) > 30 / 60
    )


def test_applications_and_groups_are_compared_with_the_most_frequent(found):
    for name in ("application:Decide=Excel", "group:Decide=s2"):
        lever = found[name]
        assert lever.exposed.tolist() == [float(case % 4 == 1) for case in range(CASES)]
    assert "SAP" in found["application:Decide=Excel"].name.label["pl"]


def test_a_missing_step_is_known_from_when_it_could_have_begun(facts, found):
    lever = found["skipped:Check"]
    assert lever.exposed.tolist() == [float(case % 5 == 2) for case in range(CASES)]
    assert hours_in(facts, lever) == [pytest.approx(5 / 60)]
    others = ((lever.since - facts.start) / 3600)[lever.exposed == 0]
    assert np.unique(others).tolist() == [pytest.approx(5 / 60)]


def test_a_step_without_a_place_is_known_from_its_start(facts, found):
    # The step is done where a hand-over too many is made: it is that lever already.
    assert "inserted:Inquire" not in found
    [deviating] = [d for d in facts.deviations if d.kind == "inserted"]
    assert np.nansum(deviating.deviates) == 20
    since = ((deviating.at - facts.start) / 3600)[deviating.deviates == 1]
    assert np.unique(since).tolist() == [140 / 60]


def test_an_open_case_may_still_get_its_last_step_and_its_length_is_not_known(facts):
    assert "Close" not in {d.activity for d in facts.deviations if d.kind == "skipped"}
    assert np.flatnonzero(np.isnan(facts.outcomes["took"].values)).tolist() == [198, 199]


def test_the_table_has_a_row_a_case_and_only_documented_columns(log, workspace):
    table = impact.levers(log, workspace)
    assert table.num_rows == CASES
    documented = {name.removesuffix(":STEP") for name in impact.COLUMNS}
    names = {name.partition(":")[0] for name in table.column_names} - {"case", "case_id"}
    assert names <= documented
    assert names >= {"handovers", "started_at", "duration_seconds", "skipped", "application"}
    row = table.slice(10, 1).to_pylist()[0]
    assert row["duration_seconds:Check"] == 600
    assert row["wait_seconds:Check"] == 25 * 60
    assert (row["returned_at"] - row["began_at:Check"]).total_seconds() == 135 * 60


def test_too_many_departments_for_one_step_are_refused_with_their_number(tmp_path):
    rows = [event(c, "Decide", c * 10, 5, f"team {c % 12}") for c in range(12 * 31)]
    (tmp_path / "a.csv").write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    plain = FILE.split("[procedure]")[0].replace('ends = ["Close"]\n', "")
    (tmp_path / "w.toml").write_text(plain, encoding="utf-8")
    workspace = load(tmp_path / "w.toml")
    log = eventlog.build(workspace, tmp_path, tmp_path / "log")
    found = impact.lever_facts(log, workspace)
    [refused] = found.refused
    assert refused.variable == "department:Decide"
    assert all("12" in refused.reason[language] for language in ("en", "pl", "uk"))
    assert not [e for e in found.exposures if e.lever.kind == "department"]


def test_an_application_that_no_event_has_is_an_error_in_words(log, workspace):
    from zaplecze.workspace import LogTable

    wrong = workspace.model_copy(update={"log": LogTable(application="sytem")})
    with pytest.raises(InputError, match="sytem"):
        load_facts(log, wrong)


def test_the_command_writes_the_table_and_tells_whom_each_lever_concerns(company, tmp_path):
    out = tmp_path / "levers.parquet"
    arguments = ["impact", "levers", str(company / "zaplecze.toml"), "--out", str(out), "--json"]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    assert out.stat().st_size > 1000
    assert '"id": "skipped:Check"' in result.stdout
    wrong = CliRunner().invoke(app, [*arguments[:4], "table.xls"])
    assert isinstance(wrong.exception, InputError)
