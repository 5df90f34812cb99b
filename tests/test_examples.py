"""The workspace files of examples/ on the public data sets, against published figures."""

import datetime as dt

import pytest
from tests.conftest import ROOT

from zaplecze import chain
from zaplecze.eventlog import build
from zaplecze.language import LANGUAGES
from zaplecze.money.case import load_case, work_out_case
from zaplecze.money.case.reckoning import Reckoning
from zaplecze.workspace import load

CASES = {path.stem: path for path in (ROOT / "examples").glob("*-case.toml")}
EXAMPLES = {
    path.stem: path
    for path in sorted((ROOT / "examples").glob("*.toml"))
    # Business cases are no workspaces.
    if not path.stem.endswith("-case")
}

# data set: cases, events, rows read in all
FIGURES = {
    "olist": (15_641, 61_764, 131_714),
    "helpdesk-italian": (4_580, 21_348, 21_348),
    "bpic2013-volvo-incidents": (7_554, 65_533, 65_533),
    "receipt-coselog": (1_434, 8_577, 9_906),
    "servicenow-incidents-uci": (24_918, 141_712, 168_944),
    "call-centre-anonymous-bank": (33_344, 79_167, 66_688),
    "telco-churn-extended": (7_043, 0, 36_886),
}


@pytest.fixture(scope="module")
def logs(shared_data, tmp_path_factory):
    """Builds every example once, when it is asked for."""
    built = {}
    folder = tmp_path_factory.mktemp("logs")

    def log(name):
        if name not in built:
            built[name] = build(load(EXAMPLES[name]), shared_data / name, folder / name)
        return built[name]

    return log


def ask(log, query):
    return log.connection.execute(query).fetchall()


def test_every_example_is_tried():
    assert set(EXAMPLES) == set(FIGURES)


@pytest.mark.long
@pytest.mark.parametrize("name", FIGURES)
def test_an_example_has_the_published_number_of_cases_and_events(logs, name):
    info = logs(name).info
    assert (info.cases, info.events, sum(info.rows_read.values())) == FIGURES[name]
    assert info.refused == []
    assert info.warnings == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_a_report_shows_is_said_in_three_languages(name):
    workspace = load(EXAMPLES[name])
    labels = [workspace.name, workspace.note, workspace.case.noun]
    labels += [step.label for step in workspace.steps.values()]
    labels += [department.label for department in workspace.departments.values()]
    labels += [attribute.label for attribute in workspace.attributes.values()]
    labels += [outcome.label for outcome in workspace.outcomes.values()]
    labels += [lever.label for lever in workspace.levers.values()]
    for label in labels:
        assert label is not None
        assert len({label[language] for language in LANGUAGES}) >= 2, label


@pytest.mark.long
def test_late_deliveries_of_olist_and_their_reviews(logs):
    [(orders, late, late_rating, other_rating)] = ask(
        logs("olist"),
        """
        WITH delivered AS (
            SELECT rating, max(e."end") > any_value("due.Delivery") AS late
            FROM cases JOIN events e USING ("case")
            WHERE e.activity = 3 AND rating IS NOT NULL
            GROUP BY "case", rating)
        SELECT count(*), avg(late::INT), avg(rating) FILTER (late), avg(rating) FILTER (NOT late)
        FROM delivered
        """,
    )
    assert orders == 15_063
    assert late == pytest.approx(0.0765, abs=5e-5)
    assert late_rating == pytest.approx(2.17, abs=0.005)
    assert other_rating == pytest.approx(4.28, abs=0.005)


@pytest.mark.long
def test_no_order_of_olist_is_without_what_is_known_at_its_start(logs):
    missing = ask(
        logs("olist"),
        "SELECT count_if(customer IS NULL), count_if(state IS NULL), "
        'count_if("due.Delivery" IS NULL), count_if(rating IS NULL) FROM cases',
    )
    assert missing[0][:3] == (0, 0, 0)
    assert missing[0][3] < 150


@pytest.mark.long
def test_incidents_of_servicenow_that_missed_their_time(logs):
    assert ask(logs("servicenow-incidents-uci"), "SELECT sum(sla_missed) FROM cases") == [(9_115,)]


@pytest.mark.long
def test_applications_whose_procedure_ended_late(logs):
    found = ask(logs("receipt-coselog"), "SELECT count(late), sum(late) FROM cases")
    assert found == [(1_329, 389)]


@pytest.mark.long
def test_callers_of_the_bank_who_hung_up(logs):
    log = logs("call-centre-anonymous-bank")
    assert ask(log, "SELECT sum(hung_up), count(hung_up) FROM cases") == [(5_904, 33_066)]
    seconds = 'epoch("end") - epoch(start)'
    [(negative, longest)] = ask(log, f"SELECT count_if({seconds} < 0), max({seconds}) FROM events")
    assert negative == 0
    assert longest < 2 * 3600


@pytest.mark.long
def test_customers_of_the_telco_who_left(logs):
    log = logs("telco-churn-extended")
    assert ask(log, "SELECT sum(churn), count(churn) FROM cases") == [(1_869, 7_043)]
    # The satisfaction score is nearly the churn itself: the file must not offer it as a cause.
    known = {name: each.known for name, each in load(EXAMPLES[log.folder.name]).attributes.items()}
    assert {known[name] for name in ("satisfaction", "churn_score", "churn_reason")} == {"end"}


@pytest.mark.long
def test_a_tenth_fewer_late_deliveries_is_a_case(olist_run):
    findings = olist_run.findings
    result = work_out_case(load_case(CASES["olist-case"]), findings)
    late = next(each for each in result.assumptions if each.name == "late_orders")
    assert late.value == findings.findings[0].exposed_per_year
    assert late.basis == "measured"
    assert result.simulation is not None
    low, high = (result.simulation.npv.quantiles[share] for share in ("0.05", "0.95"))
    assert low < result.plan.npv < high


@pytest.mark.long
def test_ninety_per_cent_within_a_minute_is_a_case(shared_data, tmp_path):
    name = "call-centre-anonymous-bank"
    now = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
    found = chain.run(EXAMPLES[name], shared_data / name, tmp_path / "out", now=now).findings
    case = load_case(CASES["call-centre-case"])
    result = work_out_case(case, found)
    used = {each.name: each for each in result.assumptions}
    assert used["again"].value == found.avoidable[0].per_case.estimate > 0
    assert (used["again"].basis, used["late_now"].basis) == ("measured", "measured")
    assert used["leaving"].basis == "assumed"
    reckoning = Reckoning.of(case, found)
    hours = reckoning.staffed(reckoning.base)
    # First as many calls as before, then fewer who call again.
    assert hours["now"] < hours["later"] < hours["first"]
    totals = {each.name: each.total for each in result.lines}
    assert totals["hours"] == pytest.approx((hours["first"] - hours["now"]) * 20 * 42 * 24)
    saved = (hours["first"] - hours["later"]) * 20 * 42 * 23
    assert totals["fewer_calls"] == pytest.approx(saved)
    # What was measured does not pay for the people.
    assert result.verdict == "does not pay"
