"""Every kind of lever, from the files to the interval: over many companies it covers the truth."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.draws import DRAWS, between

from zaplecze import eventlog
from zaplecze.impact.comparison import Comparisons
from zaplecze.impact.facts import load_facts
from zaplecze.impact.guards import usable_cases
from zaplecze.impact.levers import find_levers
from zaplecze.impact.linear import difference
from zaplecze.process import conformance
from zaplecze.workspace import load

CASES = 1200
BEGIN = np.datetime64("2024-03-04T08:00:00", "s")
FILE = """
name = "Kinds"
[sources.events]
file = "events.parquet"
[sources.orders]
file = "orders.parquet"
[case]
source = "orders"
key = "case"
[attributes.size]
source = "orders"
column = "size"
[[events]]
source = "events"
activity = "step"
time = "start"
end = "end"
department = "team"
attributes = ["system", "squad"]
[outcomes.rating]
kind = "amount"
better = "higher"
source = "orders"
column = "rating"
time = "answered"
[steps.Check]
minutes = { amount = 60 }
[procedure]
file = "procedure.bpmn"
[log]
application = "system"
resource_group = "squad"
"""
CHOSEN = {
    "department": "department:Decide=Legal",
    "group": "group:Check=s2",
    "application": "application:Close=Excel",
    "duration": "duration:Check",
    "skipped": "skipped:Archive",
    "inserted": "inserted:Inquire",
}


class Company:
    """CASES orders of different sizes; large ones are unlucky more often, and rate lower anyway."""

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)
        self.size = self.random.standard_normal(CASES)
        self.effects, self.unlucky = {}, {}
        self.rows = []

    def draw(self, kind):
        """Who is exposed to the lever of this KIND; it costs them so many points."""
        chance = 1 / (1 + np.exp(0.6 - self.size))
        self.unlucky[kind] = self.random.random(CASES) < chance
        self.effects[kind] = -self.random.uniform(0.3, 1.5)
        return self.unlucky[kind]

    def event(self, case, step, hour, minutes=10, team="Back", system="SAP", squad="s1"):
        start = BEGIN + np.timedelta64(case * 14_400 + int(hour * 3600), "s")
        end = start + np.timedelta64(minutes * 60, "s")
        self.rows.append((f"o{case}", step, start, end, team, system, squad))

    def write(self, folder):
        rating = 6 - self.size + self.random.standard_normal(CASES)
        for kind, exposed in self.unlucky.items():
            rating += self.effects[kind] * exposed
        columns = [list(column) for column in zip(*self.rows, strict=True)]
        names = ["case", "step", "start", "end", "team", "system", "squad"]
        pq.write_table(pa.table(dict(zip(names, columns, strict=True))), folder / "events.parquet")
        answered = np.datetime64("2026-01-01T00:00", "s") + np.arange(CASES)
        orders = {"case": [f"o{case}" for case in range(CASES)], "size": self.size}
        orders |= {"rating": rating, "answered": answered}
        pq.write_table(pa.table(orders), folder / "orders.parquet")


def straight(seed):
    """Who decides, which squad checks, in what is closed; long checks; steps left out or put in."""
    made = Company(seed)
    (legal, squad, excel, slow, skipped, asked) = (made.draw(kind) for kind in CHOSEN)
    for case in range(CASES):
        made.event(case, "Register", 0)
        long = made.random.integers(80, 110) if slow[case] else made.random.integers(8, 12)
        made.event(case, "Check", 1, int(long), squad="s2" if squad[case] else "s1")
        if asked[case]:
            made.event(case, "Inquire", 2.9)
        made.event(case, "Decide", 3.2, team="Legal" if legal[case] else "Sales")
        if not skipped[case]:
            made.event(case, "Archive", 3.5)
        made.event(case, "Close", 3.8, system="Excel" if excel[case] else "SAP")
    return made, CHOSEN


def handed_over(seed):
    """Some orders go to one more department, never back."""
    made = Company(seed)
    further = made.draw("handover")
    for case in range(CASES):
        made.event(case, "Register", 0, team="Front")
        made.event(case, "Decide", 1, team="Back")
        made.event(case, "Close", 2, team="Legal" if further[case] else "Back")
    return made, {"handover": "handover"}


def passed_back(seed):
    """Some orders come straight back to the department that they came from."""
    made = Company(seed)
    returned = made.draw("returned")
    for case in range(CASES):
        made.event(case, "Register", 0, team="Front")
        made.event(case, "Decide", 1, team="Back")
        made.event(case, "Ask", 2, team="Front" if returned[case] else "Back")
        made.event(case, "Close", 3, team="Back")
    return made, {"returned": "returned"}


def procedure(folder, steps):
    times = BEGIN + 3600 * np.arange(len(steps))
    case = ["one"] * len(steps)
    pq.write_table(pa.table({"case": case, "step": steps, "time": times}), folder / "one.parquet")
    workspace = eventlog.workspace_for(
        folder / "one.parquet", case="case", activity="step", time="time"
    )
    one = eventlog.build(workspace, folder, folder / "one")
    conformance.write_bpmn(conformance.discover(one), folder / "procedure.bpmn")
    one.close()


def readings(make, seed, folder):
    """By kind of lever: is the truth in the adjusted interval, and in the raw one?"""
    made, wanted = make(seed)
    made.write(folder)
    steps = ("Register", "Check", "Decide", "Archive", "Close")
    procedure(folder, steps if make is straight else sorted({row[1] for row in made.rows}))
    (folder / "zaplecze.toml").write_text(FILE, encoding="utf-8")
    workspace = load(folder / "zaplecze.toml")
    log = eventlog.build(workspace, folder, folder / "log")
    facts = load_facts(log, workspace)
    log.close()
    levers = {lever.name.id: lever for lever in find_levers(facts, workspace)}
    comparisons, outcome = Comparisons(facts.customer), facts.outcomes["rating"]
    found = {}
    for kind, name in wanted.items():
        lever = levers[name]
        rows = usable_cases(lever, outcome).rows
        among = comparisons.of(lever.before, rows)
        [adjusted] = among.slopes(
            among.left_over("rating", outcome.values), [among.left_over(name, lever.exposed)]
        )
        raw = difference(outcome.values[rows], lever.exposed[rows] == 1, facts.customer[rows])
        found[kind] = [
            abs(each.estimate - made.effects[kind]) <= 1.96 * each.error for each in (adjusted, raw)
        ]
    return found


WORLDS = [straight, handed_over, passed_back]


@pytest.mark.long
@pytest.mark.parametrize("make", WORLDS)
def test_every_kind_of_lever_is_found_in_the_files(make, tmp_path):
    made, wanted = make(1)
    assert readings(make, 1, tmp_path).keys() == wanted.keys() == made.effects.keys()


@pytest.mark.simulation
@pytest.mark.parametrize("make", WORLDS)
def test_over_many_companies_intervals_of_every_kind_of_lever_cover_the_truth(make, tmp_path):
    covered, raw = {}, {}
    for seed in range(DRAWS):
        folder = tmp_path / str(seed)
        folder.mkdir()
        for kind, (adjusted, unadjusted) in readings(make, seed, folder).items():
            covered[kind] = covered.get(kind, 0) + adjusted
            raw[kind] = raw.get(kind, 0) + unadjusted
    for kind, times in covered.items():
        assert between(times / DRAWS, 0.90, 0.99), kind
        assert raw[kind] / DRAWS < 0.5, kind
