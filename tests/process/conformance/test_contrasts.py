"""How cases with a deviation fared beside the others, with intervals, by place and department."""

import json

import numpy as np
import pytest
from scipy import stats
from tests.process.conformance.models import HEAD, bpmn
from tests.process.conftest import Event

from zaplecze import eventlog
from zaplecze.language import LANGUAGES
from zaplecze.process.conformance import compare, read_bpmn
from zaplecze.workspace import load


@pytest.fixture
def claims(tmp_path):
    """Receive, check, pay."""
    nodes = "startEvent s; task a Receive; task b Check; task c Pay; endEvent e"
    return read_bpmn(bpmn(tmp_path / "claims.bpmn", nodes, "s>a a>b b>c c>e", head=HEAD))


def way(case, seconds, *steps):
    """The steps of a case from 0 to SECONDS, evenly."""
    times = np.linspace(0, seconds, len(steps))
    parts = [step.partition("/") for step in steps]
    return [
        Event(case, activity, float(at), department=department or None)
        for (activity, _, department), at in zip(parts, times, strict=True)
    ]


@pytest.mark.long
def test_the_difference_of_medians_has_an_interval_that_holds_the_truth(make_log, claims):
    random = np.random.default_rng(3)
    held = 0
    for _ in range(20):
        slow, quick = random.exponential(200, 60), random.exponential(100, 90)
        log = make_log(
            [e for i, t in enumerate(quick) for e in way(f"q{i}", t, "Receive", "Check", "Pay")]
            + [e for i, t in enumerate(slow) for e in way(f"s{i}", t, "Receive", "Pay")]
        )
        times = compare(log, claims).deviations[0].throughput_seconds
        assert (times.cases_with, times.cases_without) == (60, 90)
        assert times.difference == pytest.approx(np.median(slow) - np.median(quick), abs=1e-3)
        low, high = times.interval
        held += low <= 100 * np.log(2) <= high
    assert held >= 16


def rated(tmp_path, claims, skips, others):
    """A log whose cases have a complaint and a rating; SKIPS and OTHERS: (angry, stars) a case."""
    rows = ["case,step,at,stars,angry"]
    for number, (angry, stars) in enumerate([*skips, *others]):
        steps = ["Receive", "Pay"] if number < len(skips) else ["Receive", "Check", "Pay"]
        rows += [
            f"{number},{step},2026-01-{1 + number % 28:02} {8 + i:02}:00,{stars},{angry}"
            for i, step in enumerate(steps)
        ]
    (tmp_path / "events.csv").write_text("\n".join(rows) + "\n")
    joined = 'source = "e"\non = "case"\naggregate = "first"\n'
    (tmp_path / "zaplecze.toml").write_text(
        'name = "T"\n[sources.e]\nfile = "events.csv"\n[case]\nkey = "case"\n'
        '[[events]]\nsource = "e"\nactivity = "step"\ntime = "at"\n'
        f'[outcomes.rating]\nkind = "rating"\n{joined}column = "stars"\nscale = [1, 5]\n'
        f'[outcomes.complaint]\nkind = "yes_no"\n{joined}column = "angry"\nyes = ["yes"]\n'
    )
    workspace = load(tmp_path / "zaplecze.toml")
    log = eventlog.build(workspace, tmp_path, tmp_path / "log")
    return compare(log, claims, workspace).deviations[0]


def test_the_difference_of_shares_is_newcombes(tmp_path, claims):
    # Newcombe 1998, table II, example (a) 56/70 − 48/80: 0.2, from 0.0524 to 0.3339.
    skips = [("yes", 3)] * 56 + [("no", 3)] * 14
    others = [("yes", 3)] * 48 + [("no", 3)] * 32
    complaint = rated(tmp_path, claims, skips, others).outcomes["complaint"]
    assert complaint.difference == pytest.approx(0.2)
    assert complaint.interval == pytest.approx((0.0524, 0.3339), abs=1e-4)


def test_the_difference_of_means_is_near_welchs(tmp_path, claims):
    stars = np.random.default_rng(1).integers(1, 6, 150)
    found = rated(
        tmp_path, claims, [("no", s) for s in stars[:60]], [("no", s) for s in stars[60:]]
    ).outcomes["rating"]
    welch = stats.ttest_ind(stars[:60], stars[60:], equal_var=False).confidence_interval()
    assert found.interval == pytest.approx((welch.low, welch.high), rel=0.05)


def test_the_words_say_that_it_is_a_difference_and_no_effect(tmp_path, claims):
    deviation = rated(
        tmp_path, claims, [("yes", 2)] * 8 + [("no", 4)] * 8, [("no", 5)] * 9 + [("yes", 1)] * 1
    )
    said = [str(words).replace("\N{NO-BREAK SPACE}", " ") for words in deviation.sentences]
    assert any(
        "The difference is +40.0 percentage points (between" in words
        and "16 cases with it, 10 without)" in words
        for words in said
    )
    assert said[-1].startswith("These are differences between cases as they are, not effects")
    for words in deviation.sentences:
        assert set(words) == set(LANGUAGES)


def test_a_few_cases_give_a_difference_without_a_range(make_log, claims):
    log = make_log(
        [e for i in range(5) for e in way(f"s{i}", 100 + i, "Receive", "Pay")]
        + [e for i in range(50) for e in way(f"q{i}", 50 + i, "Receive", "Check", "Pay")]
    )
    times = compare(log, claims).deviations[0].throughput_seconds
    assert times.difference == pytest.approx(102 - 74.5)
    assert times.interval is None


def test_cases_are_compared_by_place_and_by_department(make_log, claims):
    events = [e for i in range(10) for e in way(f"ok{i}", 100 + i, "Receive", "Check", "Pay")]
    for i in range(8):
        events += way(f"a{i}", 300 + i, "Receive", "Call/East", "Check", "Pay")
        events += way(f"b{i}", 700 + i, "Receive", "Check", "Call/West", "Pay")
    (deviation,) = compare(make_log(events), claims).deviations
    east, west = (deviation.by_department[name].throughput_seconds for name in ("East", "West"))
    assert (east.cases_with, east.cases_without, east.difference) == (8, 10, 199)
    assert (west.cases_with, west.difference) == (8, 599)
    places = {(p.after, p.before): p.contrasts.throughput_seconds for p in deviation.places}
    assert places["Receive", "Check"].difference == 199
    assert places["Check", "Pay"].difference == 599
    assert places["Check", "Pay"].interval[0] < 599 < places["Check", "Pay"].interval[1]
    document = json.loads(json.dumps(deviation.to_dict()))
    assert document["by_department"]["East"]["throughput_seconds"]["difference"] == 199
    assert document["places"][0]["contrasts"]["wait_seconds"]["cases_with"] == 8
