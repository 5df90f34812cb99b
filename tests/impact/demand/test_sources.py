"""Contacts from steps, files, outcomes and later cases, each linked to one case; and the command."""

import csv
import datetime as dt
import json

import numpy as np
import pytest

from zaplecze import eventlog
from zaplecze.cli import main
from zaplecze.errors import InputError
from zaplecze.impact.demand import (
    FileContacts,
    OutcomeContacts,
    ReturnContacts,
    StepContacts,
    failure_demand,
)
from zaplecze.workspace import load

CASES = 400
WORKSPACE = """
name = "Shop"
[sources.orders]
file = "orders.csv"
[sources.calls]
file = "calls.csv"
[case]
key = "order"
source = "orders"
customer = "client"
[[events]]
source = "orders"
[events.activities]
Order = "placed"
Ship = "shipped"
[steps.Ship]
target_hours = 48
department = "Warehouse"
[attributes.client]
adjust = false
[outcomes.complained]
kind = "yes_no"
column = "complained"
time = "shipped"
[outcomes.stars]
kind = "rating"
column = "stars"
scale = [1, 5]
"""
CALLS = """
[[events]]
source = "calls"
case = "order"
activity = "what"
time = "at"
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """Orders that are late in a third of the cases, with two calls a late day and few others."""
    folder = tmp_path_factory.mktemp("shop")
    random = np.random.default_rng(4)
    first = dt.datetime(2025, 3, 3, 8, tzinfo=dt.UTC)
    orders, calls = [], []
    for order in range(CASES):
        placed = first + dt.timedelta(hours=2 * order)
        days = random.exponential(1.8)
        shipped = placed + dt.timedelta(days=days)
        client = "" if order % 10 == 0 else f"c{order % 90}"
        told = [f"o{order}", client, placed, shipped, "yes" if days > 2 else "no", 1 + order % 5]
        orders.append([str(each)[:19] for each in told])
        often = random.poisson(0.8), random.poisson(2 * max(days - 2, 0))
        at = [*(random.random(often[0]) * 9), *(2 + random.random(often[1]) * max(days - 2, 0))]
        for day in at:
            when = placed + dt.timedelta(days=float(day))
            calls.append([f"o{order}", client, "Call", str(when)[:19]])
    for name, head, rows in (
        ("orders.csv", ["order", "client", "placed", "shipped", "complained", "stars"], orders),
        ("calls.csv", ["order", "client", "what", "at"], calls),
    ):
        with (folder / name).open("w", newline="") as file:
            csv.writer(file).writerows([head, *rows])
    (folder / "orders.toml").write_text(WORKSPACE)
    (folder / "calls.toml").write_text(WORKSPACE + CALLS)
    return folder


@pytest.fixture(scope="module")
def asked(shop):
    """Asks the log of orders alone, or the one that has calls as steps."""
    described = {name: load(shop / f"{name}.toml") for name in ("orders", "calls")}
    logs = {name: eventlog.build(each, shop, shop / name) for name, each in described.items()}

    def ask(source, of="orders", **options):
        return failure_demand(logs[of], described[of], source, **options)

    yield ask
    for log in logs.values():
        log.close()


@pytest.mark.long
def test_calls_are_the_same_whether_they_are_steps_or_rows_of_a_file(shop, asked):
    steps = asked(StepContacts(("Call",)), "calls", within_days=9)
    rows = asked(FileContacts(shop / "calls.csv", "at", case="order"), within_days=9)
    assert steps.verdict == "yes"
    assert steps.excess == pytest.approx(rows.excess, rel=0.1)
    assert abs(steps.contacts - rows.contacts) < 0.1 * rows.contacts
    assert [step.delay.id for step in steps.steps] == ["late:Ship"]
    assert steps.departments[0].department == "Warehouse"


@pytest.mark.long
def test_a_contact_that_was_exported_twice_counts_once(shop, asked):
    rows = (shop / "calls.csv").read_text().splitlines()
    (shop / "twice.csv").write_text("\n".join([*rows, *rows[1:]]) + "\n")
    once = asked(FileContacts(shop / "calls.csv", "at", case="order"), within_days=9)
    twice = asked(FileContacts(shop / "twice.csv", "at", case="order"), within_days=9)
    assert twice.excess == pytest.approx(once.excess)
    told = " ".join(caveat["en"] for caveat in twice.caveats)
    assert f"counted once: {len(rows) - 1}." in told


@pytest.mark.long
def test_a_call_of_a_customer_belongs_to_the_latest_case_begun_before_it(shop, asked):
    found = asked(FileContacts(shop / "calls.csv", "at", customer="client"), within_days=9)
    told = " ".join(caveat["en"] for caveat in found.caveats)
    # A tenth of the cases is nobody's; calls about an older order go to the newer one.
    assert found.cases == CASES - CASES // 10
    assert f"customer is not known are left out: {CASES // 10}." in told
    assert "belong to no case" in told


def test_a_later_case_of_the_same_customer_ends_the_following_of_the_one_before(asked):
    found = asked(ReturnContacts(), within_days=30)
    assert not found.recurrent
    # Each of the 81 known customers comes back until there are no orders left.
    assert 200 < found.contacts <= CASES - CASES // 10 - 81
    assert found.followed_days < 30 * found.cases


def test_complaints_at_the_end_of_the_step_are_part_of_the_step(asked):
    found = asked(OutcomeContacts("complained"), within_days=12)
    assert found.steps[0].verdict == "not comparable"
    assert found.excess is None


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (StepContacts(("Cal",)), "no step 'Cal'"),
        (OutcomeContacts("nothing"), "no outcome 'nothing'"),
        (OutcomeContacts("stars"), "no event in time"),
        (FileContacts("calls.csv", "at"), "Whose contacts"),
        (FileContacts("calls.csv", "when", case="order"), "no column 'when'"),
        (
            FileContacts("calls.csv", "what", case="order"),
            "row 2, column 'what': 'Call' is no time",
        ),
    ],
)
def test_what_cannot_be_contacts_is_told_with_its_name(shop, asked, monkeypatch, source, message):
    monkeypatch.chdir(shop)
    with pytest.raises(InputError, match=message):
        asked(source)


def test_nobody_can_be_followed_for_no_time(asked):
    with pytest.raises(InputError, match="above 0"):
        asked(StepContacts(("Call",)), "calls", within_days=0)


@pytest.mark.long
def test_the_command_prints_one_document_and_draws_the_picture(shop, capsys):
    picture = shop / "calls.svg"
    code = main(
        ["impact", "contacts", str(shop / "calls.toml"), "--step", "Call", "--within", "9",
         "--picture", str(picture), "--json"]
    )  # fmt: skip
    assert code == 0
    told = json.loads(capsys.readouterr().out)
    assert told["verdict"] == "yes"
    assert told["interval"][0] < told["excess"] < told["interval"][1]
    drawn = picture.read_text()
    assert drawn.startswith("<svg")
    assert "Warehouse" in drawn
    assert told["sentence"]["en"] in drawn


@pytest.mark.long
def test_a_person_gets_a_table_and_its_doubts(shop, capsys):
    code = main(
        ["--language", "pl", "impact", "contacts", str(shop / "calls.toml"), "--step", "Call"]
    )
    said = capsys.readouterr()
    assert code == 0
    assert "Warehouse" in said.out
    assert "To nie eksperyment" in said.err


def test_without_saying_what_a_contact_is_the_command_asks_for_it(shop, capsys):
    assert main(["impact", "contacts", str(shop / "calls.toml")]) == 2
    assert "--returns" in capsys.readouterr().err
