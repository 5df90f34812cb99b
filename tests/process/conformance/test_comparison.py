"""A log compared with a procedure: what is counted, where, whose, and how those cases fared."""

import json

import pytest
from tests.process.conformance.models import HEAD, bpmn, drawn
from tests.process.conftest import Event

from zaplecze import eventlog
from zaplecze.errors import InputError
from zaplecze.process.conformance import (
    Place,
    compare,
    discover,
    read_bpmn,
    search,
    states,
    write_bpmn,
)
from zaplecze.process.conformance.net import build_net
from zaplecze.process.conformance.trees import Tree, block, leaf
from zaplecze.workspace import load


@pytest.fixture
def claims(tmp_path):
    """Receive, check, pay; the claims desk checks."""
    lanes = (
        '<laneSet id="l"><lane id="l1" name="Claims desk"><flowNodeRef>b</flowNodeRef></lane>'
        "</laneSet>\n"
    )
    nodes = "startEvent s; task a Receive; task b Check; task c Pay; endEvent e"
    return read_bpmn(bpmn(tmp_path / "claims.bpmn", nodes, "s>a a>b b>c c>e", head=HEAD + lanes))


def case(name, *steps, every=10.0):
    """Events a fixed time apart; "Check/Office" says who did it."""
    parts = [(step.partition("/")) for step in steps]
    return [
        Event(name, activity, every * i, department=department or None)
        for i, (activity, _, department) in enumerate(parts)
    ]


def test_fitness_deviations_and_variants_are_counted_by_case(make_log, claims):
    log = make_log(
        [
            *case("1", "Receive", "Check", "Pay"),
            *case("2", "Receive", "Check", "Pay"),
            *case("3", "Receive", "Pay"),
            *case("4", "Receive", "Check", "Check/Office", "Pay"),
        ],
        idle=["5"],
    )
    found = compare(log, claims)
    assert (found.cases, found.idle_cases, found.fitting_cases) == (4, 1, 2)
    assert found.fitness == pytest.approx((1 + 1 + 4 / 5 + 6 / 7) / 4)
    assert found.fitness_bounds == (found.fitness, found.fitness)
    inserted, skipped = found.deviations
    assert (inserted.kind, inserted.activity, inserted.cases, inserted.events) == (
        "inserted", "Check", 1, 1,
    )  # fmt: skip
    assert inserted.departments == {"Office": 1}
    assert inserted.places == [Place("Check", "Pay", 1)]
    assert (skipped.kind, skipped.activity, skipped.events) == ("skipped", "Check", 1)
    assert skipped.departments == {"Claims desk": 1}
    assert skipped.places == [Place("Receive", "Pay", 1)]
    assert [(fit.cases, fit.cost) for fit in found.variants] == [(2, 0), (1, 1), (1, 1)]
    assert found.variants[1].moves == [
        ("agrees", "Receive"), ("agrees", "Check"), ("inserted", "Check"), ("agrees", "Pay"),
    ]  # fmt: skip
    assert found.variants[-1].moves[1] == ("skipped", "Check")


def test_several_deviations_of_a_case_count_their_events_and_the_case_once(make_log, claims):
    log = make_log(
        [*case("1", "Receive", "Receive", "Receive", "Check", "Pay"),
         *case("2", "Receive", "Receive", "Check", "Pay")]
    )  # fmt: skip
    (deviation,) = compare(log, claims).deviations
    assert (deviation.cases, deviation.events) == (2, 3)


def test_a_missing_step_belongs_to_the_workspaces_department_or_to_who_usually_does_it(
    make_log, claims, tmp_path
):
    log = make_log(
        [*case("1", "Receive", "Check", "Pay/Till"), *case("2", "Receive", "Check"),
         *case("3", "Check", "Pay/Till")]
    )  # fmt: skip
    file = tmp_path / "zaplecze.toml"
    file.write_text(
        'name = "T"\n[sources.s]\nfile = "a.csv"\n[case]\nkey = "k"\nsource = "s"\n'
        '[steps.Receive]\ndepartment = "Post room"\n[departments."Post room"]\nlabel = "Post"\n'
    )
    found = {d.activity: d.departments for d in compare(log, claims, load(file)).deviations}
    assert found == {"Pay": {"Till": 1}, "Receive": {"Post room": 1}}


def test_cases_with_and_without_a_deviation_are_compared_as_they_are(tmp_path, claims):
    rows = ["case,step,at,stars,angry"]
    for number in range(8):
        skips = number < 3
        steps = ["Receive", "Pay"] if skips else ["Receive", "Check", "Pay"]
        hours = 10 if skips else 2
        for i, step in enumerate(steps):
            day = 1 + (i * hours) // 24
            hour = (i * hours) % 24
            rows.append(
                f"{number},{step},2026-01-{day:02} {hour:02}:00,{2 if skips else 5},{skips}"
            )
    (tmp_path / "events.csv").write_text("\n".join(rows) + "\n")
    (tmp_path / "zaplecze.toml").write_text(
        'name = "T"\n[sources.e]\nfile = "events.csv"\n[case]\nkey = "case"\n'
        '[[events]]\nsource = "e"\nactivity = "step"\ntime = "at"\n'
        '[outcomes.rating]\nkind = "rating"\nsource = "e"\non = "case"\naggregate = "first"\n'
        'column = "stars"\nscale = [1, 5]\n'
        '[outcomes.complaint]\nkind = "yes_no"\nsource = "e"\non = "case"\naggregate = "first"\n'
        'column = "angry"\nyes = ["True"]\n'
    )
    workspace = load(tmp_path / "zaplecze.toml")
    log = eventlog.build(workspace, tmp_path, tmp_path / "log")
    (deviation,) = compare(log, claims, workspace).deviations
    hour = 3_600
    times = deviation.throughput_seconds
    assert (times.with_it, times.without_it) == (10 * hour, 4 * hour)
    assert (times.cases_with, times.cases_without) == (3, 5)
    assert (deviation.wait_seconds.with_it, deviation.wait_seconds.without_it) == (10 * hour, 4 * hour)  # fmt: skip
    rating, complaint = deviation.outcomes["rating"], deviation.outcomes["complaint"]
    assert (rating.with_it, rating.without_it) == (2.0, 5.0)
    assert (complaint.with_it, complaint.without_it) == (1.0, 0.0)
    said = [str(sentence).replace("\N{NO-BREAK SPACE}", " ") for sentence in deviation.sentences]
    assert said == [
        "In 37.5 % of the cases (3) the step 'Check' is missing where the procedure asks for it.",
        "Median time from start to end: 10 h with this deviation, 4 h without.",
        "rating, on average: 2.00 with this deviation, 5.00 without.",
        "complaint, on average: 100.0 % with this deviation, 0.0 % without.",
    ]


def test_what_does_not_match_is_told(make_log, claims):
    found = compare(make_log([*case("1", "Receive", "Call")]), claims)
    assert [str(note) for note in found.notes] == [
        "In the procedure, but never in the log: 'Check' and 'Pay'.",
        "In the log, but not in the procedure: 'Call'.",
    ]
    assert {(d.kind, d.activity) for d in found.deviations} == {
        ("skipped", "Check"), ("skipped", "Pay"), ("inserted", "Call"),
    }  # fmt: skip


def test_names_match_but_for_spaces_and_capitals_and_by_labels_of_the_workspace(
    make_log, claims, tmp_path
):
    file = tmp_path / "zaplecze.toml"
    file.write_text(
        'name = "T"\n[sources.s]\nfile = "a.csv"\n[case]\nkey = "k"\nsource = "s"\n'
        '[steps.CHK_01]\nlabel = { en = "Check", pl = "Sprawdzenie" }\n'
    )
    log = make_log([*case("1", "receive ", "CHK_01", "PAY")])
    assert compare(log, claims, load(file)).fitness == 1.0


def test_a_name_that_two_activities_have_is_refused(make_log, claims):
    log = make_log([*case("1", "receive", "RECEIVE", "Check", "Pay")])
    with pytest.raises(InputError, match=r"task 'Receive' \(id a, line \d+\): several activities"):
        compare(log, claims)


def test_a_procedure_that_has_nothing_in_common_with_the_log_is_refused(make_log, claims):
    with pytest.raises(InputError, match="procedure has 'Receive', the log 'Walk'"):
        compare(make_log([*case("1", "Walk", "Run")]), claims)


def test_events_of_the_procedure_are_steps_where_the_log_has_them(make_log, tmp_path):
    nodes = (
        "startEvent s Claim arrives; task a Check; intermediateCatchEvent i Wait; endEvent e Over"
    )
    procedure = read_bpmn(bpmn(tmp_path / "p.bpmn", nodes, "s>a a>i i>e"))
    assert compare(make_log(case("1", "Check")), procedure).fitness == 1.0
    seen = make_log([*case("1", "Claim arrives", "Check", "Over"), *case("2", "Check", "Over")])
    found = compare(seen, procedure)
    assert [(d.kind, d.activity) for d in found.deviations] == [("skipped", "Claim arrives")]


def test_a_log_without_events_follows_everything(make_log, claims):
    found = compare(make_log([], idle=["1"]), claims)
    assert (found.cases, found.idle_cases, found.fitness) == (0, 1, 1.0)
    assert list(found.variants) == []


def test_the_document_is_plain_json(make_log, claims):
    document = json.loads(json.dumps(compare(make_log(case("1", "Receive")), claims).to_dict()))
    assert document["variants"][0]["moves"] == [
        ["agrees", "Receive"], ["skipped", "Check"], ["skipped", "Pay"],
    ]  # fmt: skip
    assert {"cases", "fitting_cases", "fitness", "deviations", "variants"} <= set(document)


WIDE = block("parallel", *(leaf(str(i)) for i in range(15)))


@pytest.mark.long
def test_a_procedure_too_wide_to_spread_out_is_searched(make_log):
    steps = [str(i) for i in range(15)]
    procedure = drawn(WIDE)
    net = build_net(procedure, ())
    assert states.state_graph(net) is None
    found = compare(make_log([*case("1", *steps), *case("2", *steps[3:], "0")]), procedure)
    assert {fit.cost for fit in found.variants} == {0, 2}
    assert found.bounded_cases == 0


@pytest.mark.long
def test_where_a_limit_is_reached_bounds_are_given_and_said(make_log, monkeypatch):
    monkeypatch.setattr(search, "MOST_LOOKED_AT", 17)
    steps = [str(i) for i in range(15)]
    log = make_log([*case("1", *steps), *case("2", *steps[8:], *steps[9:], "x", *steps[:3])])
    found = compare(log, drawn(WIDE))
    assert found.fitness is None
    low, high = found.fitness_bounds
    assert low < high
    (bounded,) = [fit for fit in found.variants if fit.cost is None]
    assert bounded.moves == []
    # Six of the second half twice, "x", and five steps that are missing.
    assert bounded.cost_bounds[0] <= 6 + 1 + 5 <= bounded.cost_bounds[1]
    assert found.bounded_cases == bounded.cases == 1
    assert "not found within the limits: 1" in str(found.notes[-1])
    assert found.deviations == []


@pytest.mark.parametrize(("limit", "most"), [("MOST_KEPT", 20), ("LONGEST", 29)])
def test_a_variant_too_long_to_keep_its_costs_gets_bounds(
    make_log, claims, monkeypatch, limit, most
):
    monkeypatch.setattr(f"zaplecze.process.conformance.alignments.{limit}", most)
    log = make_log([*case("1", "Receive", "Check", "Pay"), *case("2", *["Check"] * 30)])
    found = compare(log, claims)
    assert [fit.cost_bounds for fit in found.variants] == [(0, 33), (0, 0)]
    assert found.fitting_cases == 1


def test_variants_are_aligned_in_pieces_where_their_costs_do_not_fit_at_once(
    make_log, claims, monkeypatch
):
    events = [
        event
        for number, steps in enumerate(
            (["Receive", "Check", "Pay"], ["Check"], ["Pay", "Pay"], ["Receive", "Pay", "Check"])
        )
        for event in case(str(number), *steps)
    ]
    whole = compare(make_log(events), claims).to_dict()
    monkeypatch.setattr("zaplecze.process.conformance.alignments.MOST_KEPT", 15)
    assert compare(make_log(events), claims).to_dict() == whole


RECEIPT = (
    "→('Confirmation of receipt', ×(→('T16 Report reasons to hold request', *('T17 Check report"
    " Y to stop indication', 'T18 Adjust report Y to stop indicition'), 'T19 Determine report Y"
    " to stop indication', 'T20 Print report Y to stop indication'), →('T11 Create document X "
    "request unlicensed', *('T12 Check document X request unlicensed', 'T13 Adjust document X "
    "request unlicensed'), 'T14 Determine document X request unlicensed'), →(×(τ, +(×(τ, "
    "*('T07-2 Draft intern advice aspect 2', τ)), →(+(×(τ, *('T07-1 Draft intern advice aspect "
    "1', τ)), →(×(τ, →(+(*('T08 Draft and send request for advice', τ), ×(τ, +(×(τ, *('T09-3 "
    "Process or receive external advice from party 3', τ)), ×(τ, 'T03 Adjust confirmation of "
    "receipt')))), ×(τ, 'T09-1 Process or receive external advice from party 1'))), ×(τ, "
    "*('T07-3 Draft intern advice hold for aspect 3', τ)), ×(τ, *('T07-5 Draft intern advice "
    "aspect 5', τ)), ×(τ, →(×(τ, 'T09-2 Process or receive external advice from party 2'), "
    "'T09-4 Process or receive external advice from party 4')))), ×(τ, 'T07-4 Draft internal "
    "advice to hold for type 4')))), *('T02 Check confirmation of receipt', τ), *('T04 "
    "Determine confirmation of receipt', τ), 'T05 Print and send confirmation of receipt', "
    "*('T06 Determine necessity of stop advice', τ), 'T10 Determine necessity to stop "
    "indication')), ×(τ, 'T15 Print document X request unlicensed'))"
)
HELPDESK = (
    "→(×(τ, 'Insert ticket'), ×(→(×(τ, →(*('Create SW anomaly', τ), ×(τ, *('Resolve SW anomaly', "
    "τ)))), *('Require upgrade', τ)), +(*('Take in charge ticket', τ), →(*('Assign seriousness', "
    "τ), ×(τ, 'Schedule intervention'), ×(τ, *('Wait', τ))))), ×(τ, →('RESOLVED', 'INVALID')), "
    "×(τ, →('VERIFIED', ×(τ, 'DUPLICATE'))), *('Resolve ticket', τ), *('Closed', τ))"
)
CLOSED = "→(×(τ, 'Unmatched'), *(*('Accepted', τ), *('Queued', τ)), *('Completed', τ))"
INCIDENTS = "→(+(*('Accepted', τ), ×(τ, *('Queued', τ))), *('Completed', τ))"


def parsed(words: str) -> Tree:
    """The inverse of a tree's text."""
    python = words.replace("τ", "Tree()").replace("'Tree()'", "τ")
    for sign, name in (("→", "sequence"), ("×", "choice"), ("+", "parallel"), ("*", "loop")):
        python = python.replace(f"{sign}(", f"T('{name}', ")

    def tree(operator, *children):
        return Tree(operator, tuple(leaf(c) if isinstance(c, str) else c for c in children))

    return eval(python, {"T": tree, "Tree": Tree})


@pytest.mark.long
@pytest.mark.parametrize(
    ("file", "model", "cost"),
    [
        # As pm4py 2.7.23 and r4pm 0.6.2 count for these models, found by pm4py's inductive miner
        # with a noise of 0.2.
        ("receipt-coselog/receipt.xes.gz", RECEIPT, 2_465),
        ("helpdesk-italian/helpdesk.xes.gz", HELPDESK, 751),
        ("bpic2013-volvo-incidents/bpic2013_closed.xes.gz", CLOSED, 144),
        pytest.param(
            "bpic2013-volvo-incidents/bpic2013_incidents.xes.gz",
            INCIDENTS,
            725,
            marks=pytest.mark.simulation,
        ),
    ],
)
def test_costs_on_public_logs_are_those_of_other_tools(shared_data, tmp_path, file, model, cost):
    source = shared_data / file
    log = eventlog.build(eventlog.workspace_for(source), source.parent, tmp_path / "log")
    found = compare(log, drawn(parsed(model)))
    assert sum(fit.cases * fit.cost for fit in found.variants) == cost
    assert sum(d.events for d in found.deviations) == cost


def test_costs_are_those_of_pm4py_where_it_is_installed(shared_data, tmp_path):
    pm4py = pytest.importorskip("pm4py")
    source = shared_data / "helpdesk-italian/helpdesk.xes.gz"
    log = eventlog.build(eventlog.workspace_for(source), source.parent, tmp_path / "log")
    procedure = discover(log, 0.3)
    write_bpmn(procedure, tmp_path / "p.bpmn")
    net = pm4py.convert_to_petri_net(pm4py.read_bpmn(str(tmp_path / "p.bpmn")))
    theirs = pm4py.conformance_diagnostics_alignments(pm4py.read_xes(str(source)), *net)
    found = compare(log, procedure)
    assert sum(f.cases * f.cost for f in found.variants) == sum(t["cost"] // 10_000 for t in theirs)
    mean = sum(t["fitness"] for t in theirs) / len(theirs)
    assert found.fitness == pytest.approx(mean, abs=1e-4)
