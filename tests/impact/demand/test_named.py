"""Contacts that a workspace names: their failure demand in a run, in money and in a business case."""

import datetime as dt
import io
import json

import numpy as np
import pytest
from pptx import Presentation

from zaplecze import chain, eventlog, process
from zaplecze.cli import main
from zaplecze.errors import InputError, WorkspaceError
from zaplecze.impact import Followed, follow
from zaplecze.impact.demand import demands
from zaplecze.impact.finding import Findings
from zaplecze.impact.watch import watch
from zaplecze.money.case.assumption import Assumption
from zaplecze.money.case.measured import measured, source_of
from zaplecze.report.document import document
from zaplecze.report.sections import sections
from zaplecze.report.slides.deck import deck
from zaplecze.report.workbook import workbook
from zaplecze.workspace import load

NOW = dt.datetime(2025, 6, 1, tzinfo=dt.UTC)
START = dt.datetime(2024, 1, 1, 8, tzinfo=dt.UTC)
CASES = 1500
FILE = """
name = "x"
[sources.a]
file = "a.csv"
[sources.calls]
file = "calls.csv"
[case]
key = "case"
[[events]]
source = "a"
case = "case"
activity = "activity"
time = "time"
[steps.Pay]
department = "Finance"
target_hours = 24
"""
CALLS = """
[contacts.calls]
label = { en = "calls", pl = "telefony", uk = "дзвінки" }
source = "calls"
time = "at"
case = "order"
within_days = 12
"""
PRICE = "price = { amount = 10, low = 5, high = 15 }\n"


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Half of the orders are paid a day or more late; a day of it brings 0.4 calls more."""
    random = np.random.default_rng(4)
    events, calls, truth = ["case,activity,time"], ["order,at"], 0
    for case in range(CASES):
        begin = START + dt.timedelta(days=case * 300 / CASES)
        late = float(random.exponential(3)) if random.random() < 0.5 else 0.0
        took = 1 + late if late else float(random.uniform(0.1, 0.9))
        events += [f"{case},Order,{begin}", f"{case},Pay,{begin + dt.timedelta(days=took)}"]
        events.append(f"{case},Archive,{begin + dt.timedelta(days=took + 12)}")
        usual, brought = random.poisson(0.05 * 12), random.poisson(0.4 * min(late, 11.0))
        truth += brought
        at = [*random.uniform(0.01, 12, usual), *random.uniform(1, 1 + late, brought)]
        calls += [f"{case},{begin + dt.timedelta(days=float(day))}" for day in at]
    folder = tmp_path_factory.mktemp("named")
    (folder / "a.csv").write_text("\n".join(events))
    (folder / "calls.csv").write_text("\n".join(calls))
    (folder / "truth.json").write_text(json.dumps(truth))
    return folder


@pytest.fixture(scope="module")
def made(data, tmp_path_factory):
    """What a run looks at, and its findings."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "zaplecze.toml").write_text(FILE + CALLS + PRICE)
    workspace = load(folder / "zaplecze.toml")
    log = eventlog.build(workspace, data, folder / "log")
    followed = follow(log, workspace, data, now=NOW)
    found = chain.find(log, workspace, followed.demand, now=NOW)
    graph = process.graph(log, workspace)
    log.close()
    return followed, found, graph


def test_contacts_of_a_source_are_followed_and_come_back_from_json(data, made):
    followed, _, _ = made
    [demand] = followed.demand
    [step] = demand.found.steps
    truth = json.loads((data / "truth.json").read_text())
    assert step.interval[0] < truth < step.interval[1]
    restored = Followed.from_json(followed.to_json())
    assert restored.demand[0].found.steps[0].excess == pytest.approx(step.excess)
    assert json.loads(followed.to_json())["demand"][0]["name"] == "calls"


def test_what_a_delay_brings_is_a_finding_that_costs_contacts_times_price(made):
    followed, found, _ = made
    [demand] = followed.demand
    finding = next(f for f in found.findings if f.outcome == "contacts:calls")
    assert finding.verdict == "yes"
    assert finding.effect.estimate * finding.exposed == pytest.approx(demand.found.excess)
    assert finding.money.per_year == pytest.approx(demand.found.excess_per_year * 10)
    assert finding.money.interval[0] < finding.money.per_year < finding.money.interval[1]
    assert found.total.per_year == pytest.approx(finding.money.per_year)
    assert "calls" in finding.sentence["en"]
    assert Findings.from_json(found.to_json()).avoidable == found.avoidable


def test_a_benefit_takes_avoidable_contacts_and_their_price_from_the_findings(made):
    _, found, _ = made
    taken = {
        take: measured(Assumption(finding="contacts:calls", take=take), found)
        for take in ("avoidable", "price", "money")
    }
    assert taken["avoidable"].base == pytest.approx(found.avoidable[0].yearly.estimate)
    assert taken["price"].base == 10
    assert taken["money"].base == pytest.approx(10 * taken["avoidable"].base)
    low, high = found.avoidable[0].yearly.interval
    assert taken["avoidable"].quantile(0.025) == pytest.approx(low, rel=0.02)
    assert taken["avoidable"].quantile(0.975) == pytest.approx(high, rel=0.02)
    of_finding = measured(Assumption(finding="late:Pay → contacts:calls", take="avoidable"), found)
    assert of_finding.base == pytest.approx(taken["avoidable"].base)
    with pytest.raises(InputError, match="exposed"):
        measured(Assumption(finding="contacts:calls", take="exposed"), found)


def test_a_case_with_its_own_volume_takes_avoidable_contacts_per_case(made):
    followed, found, _ = made
    demand = followed.demand[0].found
    taken = {
        (name, take): measured(Assumption(finding=name, take=take), found)
        for name, take in (
            ("contacts:calls", "avoidable_per_case"),
            ("late:Pay → contacts:calls", "avoidable_per_case"),
            ("late:Pay → contacts:calls", "share"),
        )
    }
    of_all, of_delay, share = taken.values()
    assert of_all.base == pytest.approx(demand.excess / demand.cases)
    assert of_all.quantile(0.025) == pytest.approx(demand.interval[0] / demand.cases, rel=0.02)
    assert of_delay.base == pytest.approx(of_all.base)
    assert share.base == pytest.approx(demand.steps[0].cases / demand.cases)


def test_a_number_from_a_finding_says_which(made):
    _, found, _ = made
    contacts = Assumption(finding="contacts:calls", take="avoidable")
    assert "“calls”" in source_of(contacts, found)["en"]
    delay = Assumption(finding="late:Pay → contacts:calls", take="effect")
    assert found.findings[0].lever.label["en"] in source_of(delay, found)["en"]
    told = Assumption(finding="contacts:calls", take="avoidable", source={"en": "a book"})
    assert source_of(told, found)["en"] == "a book"


@pytest.mark.long
@pytest.mark.parametrize("language", ["en", "pl", "uk"])
def test_the_report_has_a_section_and_the_workbook_a_sheet(made, language):
    followed, found, graph = made
    section = next(s for s in sections(found, followed, language) if s.key == "contacts")
    assert section.lead == followed.demand[0].found.sentence[language]
    assert len(section.pictures) == len(section.tables) == 1
    assert workbook(found, language, followed)
    content = document(found, graph, language, followed=followed)
    slides = Presentation(io.BytesIO(deck(content, found, graph, None, followed))).slides
    drawn = [each for each in slides if section.lead.startswith(each.shapes.title.text[:40])]
    assert len(drawn) == 1
    assert any(shape.has_chart for shape in drawn[0].shapes)


def test_a_time_that_cannot_be_read_is_named_with_its_row(data, tmp_path):
    (tmp_path / "a.csv").write_text((data / "a.csv").read_text())
    (tmp_path / "calls.csv").write_text("order,at\n1,2024-01-03 10:00\n2,soon\n")
    (tmp_path / "zaplecze.toml").write_text(FILE + CALLS)
    workspace = load(tmp_path / "zaplecze.toml")
    log = eventlog.build(workspace, tmp_path, tmp_path / "log")
    with pytest.raises(InputError, match=r"row 2, column 'at': 'soon'"):
        demands(log, workspace, tmp_path)
    log.close()


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("[contacts.x]\n", "'steps', 'outcome', 'returns' and 'source'"),
        ('[contacts.x]\nsteps = ["Pay"]\nreturns = true\n', "Give one of the keys"),
        ('[contacts.x]\nsource = "calls"\ntime = "at"\n', "either 'case' or 'customer'"),
        ('[contacts.x]\noutcome = "nobody"\n', "Nothing has this name"),
        ('[contacts.x]\nsource = "nothing"\ntime = "at"\ncase = "order"\n', "Nothing has this name"),
        ('[contacts.x]\nsteps = ["Pay"]\nat_most = 2\n', "'at_most' belongs to an outcome"),
        (
            '[outcomes.n]\nkind = "count"\nsource = "calls"\non = { order = "case" }\n'
            "price = { amount = 3 }\n" + CALLS + PRICE,
            "counted twice",
        ),
    ],
)  # fmt: skip
def test_contacts_that_do_not_hang_together_are_told_so(tmp_path, more, told):
    (tmp_path / "zaplecze.toml").write_text(FILE + more)
    with pytest.raises(WorkspaceError, match=told):
        load(tmp_path / "zaplecze.toml")


def test_the_command_takes_the_contacts_that_the_workspace_names(data, tmp_path, capsys):
    (tmp_path / "one.toml").write_text(FILE + CALLS)
    run = ["impact", "contacts", str(tmp_path / "one.toml"), "--data", str(data), "--json"]
    assert main(run) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["what"]["pl"], told["horizon_days"]) == ("telefony", 12)
    several = CALLS + CALLS.replace("contacts.calls", "contacts.again")
    (tmp_path / "two.toml").write_text(FILE + several)
    run[2] = str(tmp_path / "two.toml")
    assert main(run) == 2
    assert "calls, again. Choose with --name" in capsys.readouterr().err
    assert main([*run, "--name", "again", "--within", "5"]) == 0
    assert json.loads(capsys.readouterr().out)["horizon_days"] == 5
    assert main([*run, "--name", "letters"]) == 2
    assert "'letters'" in capsys.readouterr().err


def test_contacts_that_the_workspace_names_are_watched(data, tmp_path):
    (tmp_path / "zaplecze.toml").write_text(FILE + CALLS)
    workspace = load(tmp_path / "zaplecze.toml")
    log = eventlog.build(workspace, data, tmp_path / "log")
    measures = ["contacts:calls"]
    [watched] = watch(log, workspace, now=NOW, measures=measures, data=data).watched
    assert watched.kind == "count"
    assert watched.label["uk"] == "дзвінки (кількість)"
    calls = len((data / "calls.csv").read_text().splitlines()) - 1
    assert 0.8 * calls < watched.observations <= calls
    # Nine in ten come within eleven days of the order: before that there are too few.
    assert watched.first >= START.date() + dt.timedelta(days=7)
    log.close()
