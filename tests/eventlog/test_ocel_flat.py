"""Object-centric logs as one table of separated values."""

import gzip
import json

import pytest
from tests.eventlog.desk import ask, at, trail

from zaplecze.cli import main
from zaplecze.errors import InputError
from zaplecze.eventlog import build, export, is_object_centric, objects, workspace_for
from zaplecze.eventlog.ocel import ObjectType, Together
from zaplecze.process import objects as object_view

FLAT = """ocel:eid,ocel:activity,ocel:timestamp,ocel:type:order,ocel:type:item,weight,note
e1,place,2024-01-01 08:00:00.000Z,['o1'],"['i1', 'i2']",1.5,urgent
e2,pack,2024-01-01 09:00:00.000Z, ,"[""i1""]",2,
e3,send,2024-01-01 10:00:00.000Z,o1, ,,
"""


@pytest.fixture
def flat(desk):
    return desk.write("log.csv", FLAT)


def test_the_columns_tell_an_object_centric_table_from_others(desk, flat):
    assert is_object_centric(flat)
    assert not is_object_centric(desk.write("other.csv", "case,activity,time\n"))
    assert not is_object_centric(desk.data / "missing.csv")


def test_objects_are_counted_without_double_counting(flat):
    counts = objects(flat)
    assert counts.object_types == [ObjectType("item", 2, 2, 0), ObjectType("order", 1, 2, 0)]
    assert counts.together == [Together(("item", "order"), 1)]
    assert counts.events == 3


@pytest.mark.long
def test_one_type_becomes_the_cases(desk, flat):
    log = build(workspace_for(flat, object_type="item"), desk.data, desk.store)
    assert trail(log, 'case_id, name, start, "ocel:eid", weight, note') == [
        ("i1", "place", at("2024-01-01 08:00"), "e1", 1.5, "urgent"),
        ("i1", "pack", at("2024-01-01 09:00"), "e2", 2.0, None),
        ("i2", "place", at("2024-01-01 08:00"), "e1", 1.5, "urgent"),
    ]
    assert log.info.objects == {"order": 1, "item": 2}
    with pytest.raises(InputError, match=r"order \(1\) and item \(2\)"):
        build(workspace_for(flat), desk.data, desk.store)


@pytest.mark.long
def test_a_workspace_reads_it_as_objects_or_as_a_plain_table(desk, flat):
    toml = (
        'name = "T"\n[sources.log]\nfile = "log.csv"\n{}[case]\nkey = "{}"\n[[events]]\n'
        'source = "log"\nactivity = "{}"\ntime = "{}"\n'
    )
    as_objects = ('object_type = "order"\n', "case:concept:name", "concept:name", "time:timestamp")
    assert desk.build(toml.format(*as_objects)).info.events == 2
    as_rows = ("", "ocel:eid", "ocel:activity", "ocel:timestamp")
    assert desk.build(toml.format(*as_rows)).info.cases == 3


@pytest.mark.long
def test_it_is_seen_from_its_objects_and_becomes_ocel_2(desk, flat, capsys):
    assert main(["process", "objects", str(flat), "--json"]) == 0
    seen = json.loads(capsys.readouterr().out)
    assert (seen["events"], seen["objects"]) == (3, 3)
    log = build(workspace_for(flat, object_type="order"), desk.data, desk.store)
    export(log, desk.data / "log.jsonocel")
    again = object_view(desk.data / "log.jsonocel")
    assert (again.events, again.objects, again.links) == (3, 3, 5)


def test_a_packed_table_with_semicolons_is_read(desk):
    rows = FLAT.replace("'i1', 'i2'", "'i1'").replace(",", ";")
    assert objects(desk.write("log.csv.gz", gzip.compress(rows.encode()))).events == 3


def test_events_without_identifiers_are_numbered(desk):
    path = desk.write(
        "log.csv",
        "ocel:activity,ocel:timestamp,ocel:type:x\nA,2024-01-01,['1']\nB,2024-01-02,['1']\n",
    )
    log = build(workspace_for(path), desk.data, desk.store)
    assert ask(log, 'SELECT "ocel:eid" FROM events ORDER BY start') == [(1.0,), (2.0,)]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("\"['i1', 'i2']\"", "\"['i1', \"", "row 1, column 'ocel:type:item': '.*' is no list of obj"),
        ("2,\n", "2\n", "row 2: the row has 6 values, and there are 7 columns"),
        ("ocel:timestamp", "when", "there is no 'ocel:timestamp'"),
        ("e3,", "e2,", "two events 'e2'"),
        ("o1, ,,", "i1, ,,", "two objects 'i1'"),
    ],
)  # fmt: skip
def test_faults_are_told_with_their_place(desk, old, new, words):
    with pytest.raises(InputError, match=words):
        objects(desk.write("log.csv", FLAT.replace(old, new)))


@pytest.mark.long
def test_the_public_log_of_orders_is_read_whole(shared_data):
    counts = objects(shared_data / "ocel-examples" / "ocel_order_simulated.csv.gz")
    assert counts.events == 22_367
    assert {each.name: each.objects for each in counts.object_types} == {
        "items": 8_159, "orders": 2_000, "packages": 1_325,
    }  # fmt: skip
