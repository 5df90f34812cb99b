"""Object-centric logs: the same in every form, counted once, flattened with what that costs told."""

import json
import sqlite3

import pytest
from tests.eventlog.desk import ask, at, refusals, trail
from tests.eventlog.object_logs import first_json, first_xml, in_json, in_sqlite, in_xml, written

from zaplecze.cli import main
from zaplecze.errors import InputError
from zaplecze.eventlog import ObjectCounts, build, objects, workspace_for
from zaplecze.eventlog.ocel import ObjectType, Relation, Together

SECOND = ["log.jsonocel", "log.json", "log.xmlocel", "log.xml.gz", "log.sqlite"]
FIRST = ["first.jsonocel", "first.jsonocel.gz", "first.xmlocel"]


def flattened(desk, path, object_type="item", zone="Europe/Warsaw"):
    workspace = workspace_for(path, object_type=object_type, time_zone=zone)
    return build(workspace, desk.data, desk.store)


def told(log):
    return [warning["en"] for warning in log.info.warnings]


@pytest.mark.long
@pytest.mark.parametrize("name", SECOND + FIRST)
def test_every_form_gives_the_same_log_with_the_values_of_the_beginning(desk, name):
    log = flattened(desk, written(desk, name))
    assert trail(log, 'case_id, name, start, "ocel:eid", weight') == [
        ("i1", "pack", at("2024-01-01 09:00"), "e2", 1.5),
        ("i1", "weigh", at("2024-01-01 09:00"), "e3", 2.0),
        ("i2", "pack", at("2024-01-01 09:00"), "e2", 1.5),
    ]
    assert log.info.attributes == {"price": "number", "code": "category"}
    # Version 1.0 has no changes: the price is the only one there is.
    price = 5.0 if name.startswith("first") else 7.0
    assert ask(log, "SELECT case_id, price, code FROM cases ORDER BY case_id") == [
        ("i1", price, "007"), ("i2", 6.0, None),
    ]  # fmt: skip
    assert refusals(log) == [("log", None, "case_without_events", None, None, "i3")]


@pytest.mark.long
@pytest.mark.parametrize("name", ["log.json", "log.xmlocel", "log.sqlite"])
def test_the_kinds_of_attributes_are_those_that_the_file_declares(desk, name):
    log = flattened(desk, written(desk, name), "order")
    assert ask(log, "SELECT case_id, total, vip FROM cases") == [("o1", 12.5, "true")]
    assert log.info.attributes == {"total": "number", "vip": "category"}


@pytest.mark.long
@pytest.mark.parametrize("name", ["log.json", "log.sqlite"])
def test_what_flattening_repeats_and_leaves_out_is_told(desk, name):
    log = flattened(desk, written(desk, name))
    assert told(log) == [
        "log: 1 event belongs to several objects of the type 'item' and is repeated in the case of "
        "each, so that 2 events became 3.",
        "log: 2 events belong to no object of the type 'item' and were left out.",
        "log: 1 value of an attribute was left out, because it was set only after its case had "
        "begun.",
    ]


def test_an_event_that_is_linked_twice_to_one_object_stands_there_once(desk):
    content = in_json().decode().replace(
        '{"objectId": "o1", "qualifier": "of"}',
        '{"objectId": "o1", "qualifier": "of"}, {"objectId": "o1", "qualifier": "by"}',
    )  # fmt: skip
    log = flattened(desk, desk.write("log.json", content), "order")
    assert trail(log, 'name, "ocel:qualifier"') == [("place", "by, of"), ("pack", "by, of")]


def test_a_value_that_came_after_the_beginning_is_no_attribute_of_the_case(desk):
    content = in_json().replace(
        b'"value": "6", "time": "1970-01-01', b'"value": "6", "time": "2024-01-02'
    )
    log = flattened(desk, desk.write("log.json", content))
    assert ask(log, "SELECT case_id, price FROM cases ORDER BY 1") == [("i1", 7.0), ("i2", None)]
    assert told(log)[-1].startswith("log: 2 values of attributes were left out")


def test_attributes_with_the_names_of_columns_are_kept_beside_them(desk):
    content = in_json().replace(
        b'"name": "clerk", "value"', b'"name": "case:concept:name", "value"'
    )
    log = flattened(
        desk, desk.write("log.json", content.replace(b'"total"', b'"concept:name"')), "order"
    )
    assert trail(log, 'case_id, name, "event:case:concept:name"')[0] == ("o1", "place", "Ann")
    assert ask(log, 'SELECT "concept:name.1" FROM cases') == [(12.5,)]


def test_times_with_a_zone_keep_it(desk):
    content = in_json().replace(b"2024-01-01T09:00:00", b"2024-01-01T09:00:00+05:00")
    log = flattened(desk, desk.write("log.json", content), "order")
    assert trail(log, "name, start") == [
        ("place", at("2024-01-01 04:00")), ("pack", at("2024-01-01 09:00")),
    ]  # fmt: skip


def test_events_without_a_time_are_refused_with_their_case(desk):
    content = in_json().replace(b'"time": "2024-01-01T09:00:00", ', b"")
    log = flattened(desk, desk.write("log.json", content), "order")
    assert [row[2:] for row in refusals(log) if row[2] == "no_time"] == [
        ("no_time", "time:timestamp", None, "o1")
    ]


def test_values_with_an_unreadable_time_are_refused(desk):
    content = in_json().replace(b"2024-01-01T12:00:00", b"noon")
    log = flattened(desk, desk.write("log.json", content))
    assert ("log", None, "unreadable_time", None, None, "i1") in refusals(log)


@pytest.mark.long
def test_links_to_objects_that_are_not_there_are_counted(desk):
    content = in_json().replace(b'{"objectId": "i2", "qualifier": "of"}', b'{"objectId": "x"}')
    log = flattened(desk, desk.write("log.json", content))
    assert told(log)[-1].startswith("log: 1 link between an event and an object was left out")


@pytest.mark.long
def test_a_workspace_chooses_the_type_and_the_zone(desk):
    written(desk, "log.sqlite")
    log = desk.build(
        """
name = "Test"
[sources.work]
file = "log.sqlite"
object_type = "order"
time_zone = "America/New_York"
[case]
key = "case:concept:name"
[[events]]
source = "work"
activity = "concept:name"
time = "time:timestamp"
resource = "clerk"
[attributes.total]
column = "case:total"
"""
    )
    assert trail(log, "name, start, resource") == [
        ("place", at("2024-01-01 14:00"), 0), ("pack", at("2024-01-01 15:00"), None),
    ]  # fmt: skip
    assert ask(log, "SELECT total FROM cases WHERE events > 0") == [(12.5,)]


COUNTED = ObjectCounts(
    events=4,
    object_types=[ObjectType("item", 3, 2, 1), ObjectType("order", 2, 2, 1)],
    event_types={"pack": 1, "place": 1, "sweep": 1, "weigh": 1},
    relations=[Relation("order", "item", 2)],
    together=[Together(("item", "order"), 1)],
)


@pytest.mark.parametrize("name", SECOND + FIRST)
def test_objects_and_events_are_counted_once(desk, name):
    found = objects(written(desk, name))
    assert found.object_types == COUNTED.object_types
    assert found.event_types == COUNTED.event_types
    assert found.together == COUNTED.together
    assert found.relations == ([] if name.startswith("first") else COUNTED.relations)


def test_without_a_type_those_there_are_are_told(desk):
    path = written(desk, "log.json")
    with pytest.raises(
        InputError, match=r"order \(2\) and item \(3\)\. Choose it with --object-type, or"
    ):
        flattened(desk, path, None)
    with pytest.raises(InputError, match=r"no objects of the type 'Order'.*order \(2\)"):
        flattened(desk, path, "Order")


def test_a_type_to_which_nothing_happens_is_told(desk):
    content = in_json().replace(b'"id": "o2", "type": "order"', b'"id": "o2", "type": "idle"')
    with pytest.raises(InputError, match="no event belongs to an object of the type 'idle'"):
        flattened(desk, desk.write("log.json", content), "idle")


def test_a_type_is_refused_where_there_are_no_objects(desk):
    path = desk.write(
        "log.csv", "case:concept:name,concept:name,time:timestamp\nA,x,2024-05-01T10:00:00Z\n"
    )
    with pytest.raises(InputError, match=r"'log\.csv' is no object-centric log"):
        flattened(desk, path)


def broken(name, old, new):
    content = {"log.json": in_json, "log.xml": in_xml, "first.json": first_json}
    content["first.xml"] = first_xml
    found = content[name]()
    assert old in found
    return found.replace(old, new, 1)


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("first.json", b'"1.0"', b'"3.1"', "the version '3.1' of OCEL cannot be read"),
        ("first.xml", b'value="1.0"', b'value="3.1"', "the version '3.1' of OCEL"),
        ("log.json", b'{"objectTypes"', b'{"version": "4", "objectTypes"', "the version '4'"),
        ("log.xml", b"<log>", b'<log version="4">', "the version '4'"),
        ("log.json", b'"attributes": [{"name": "clerk", "value": "Ann"}]', b'"attributes": [3]',
         r"at events\[0\]\.attributes\[0\] there is 3, which does not belong"),
        ("log.json", b'"id": "e2", ', b"", r"at events\[1\] there is no 'id'"),
        ("log.json", b'"id": "e2"', b'"id": "e1"', "there are two events 'e1'"),
        ("log.xml", b' id="i2"', b' id="i1"', "there are two objects 'i1'"),
        ("log.json", b'"events"', b'"objects"', "'objects' twice"),
        ("log.json", b'"Ann"', b'"\\ud800"', "surrogates not allowed"),
        ("log.json", b'"events"', b'"happened"', "this is not an object-centric log"),
        ("log.xml", b"<events>", b"<events><objects/>",
         r"at log/events/objects:\d+ there is <objects>"),
        ("log.xml", b' object-id="o1"', b"", "relationship:\\d+ there is no 'object-id'"),
        ("log.xml", b"<log>", b"<log><trace/>", "this is not an object-centric log"),
        ("first.xml", b'"omap"', b'"other"', "<list key='other'>"),
    ],
)  # fmt: skip
def test_what_is_not_ocel_is_told_with_its_place(desk, name, old, new, message):
    path = desk.write(name, broken(name, old, new))
    with pytest.raises(InputError, match=rf"{name}: .*{message}"):
        objects(path)


@pytest.mark.parametrize(
    "name", ["log.json", "log.xml", "log.xml.gz", "log.sqlite", "first.xmlocel"]
)
def test_a_file_that_was_cut_off_is_told(desk, name):
    path = written(desk, name)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 2 // 3])
    with pytest.raises(InputError, match=rf"{name}: the file cannot be read: .*cut off"):
        objects(path)


@pytest.mark.parametrize(
    "declared",
    [
        '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">',
        '<!ENTITY a SYSTEM "file:///etc/passwd">',
        '<!ENTITY % a "x">',
    ],
)
def test_entities_are_refused_before_they_grow(desk, declared):
    content = in_xml().decode().replace("<log>", f"<!DOCTYPE log [\n{declared}]><log>", 1)
    with pytest.raises(InputError, match=r"log\.xml: line 3 declares abbreviations"):
        objects(desk.write("log.xml", content))


@pytest.mark.parametrize(
    "table", ["event", "object", "event_object", "object_object", "object_item", "event_place"]
)
def test_a_missing_table_is_told(desk, table):
    in_sqlite(desk.data / "log.sqlite", without=table)
    with pytest.raises(InputError, match=rf"log\.sqlite: the table '{table}' is missing"):
        objects(desk.data / "log.sqlite")


def test_a_missing_column_is_told(desk):
    path = written(desk, "log.sqlite")
    with sqlite3.connect(path) as database:
        database.execute("ALTER TABLE event_pack RENAME ocel_time TO happened")
    with pytest.raises(InputError, match="at event_pack there is no 'ocel_time'"):
        objects(path)


@pytest.mark.parametrize(("table", "name"), [("event", "e3"), ("object", "i2")])
def test_what_is_described_but_not_listed_is_told(desk, table, name):
    path = written(desk, "log.sqlite")
    with sqlite3.connect(path) as database:
        database.execute(f"DELETE FROM {table} WHERE ocel_id = '{name}'")
    with pytest.raises(InputError, match=f"at {table} there is no '{name}'"):
        objects(path)


def test_a_change_of_an_unknown_field_is_told(desk):
    path = written(desk, "log.sqlite")
    with sqlite3.connect(path) as database:
        database.execute(
            "UPDATE object_item SET ocel_changed_field = 'colour' WHERE ocel_id = 'i2'"
        )
    with pytest.raises(InputError, match=r"at object_item\.ocel_changed_field there is 'colour'"):
        objects(path)


def test_a_database_of_something_else_is_told(desk):
    path = desk.data / "log.sqlite"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE customers (name TEXT)")
    with pytest.raises(InputError, match="this is not an object-centric log"):
        objects(path)


@pytest.mark.long
@pytest.mark.parametrize("ending", ["jsonocel", "xmlocel", "sqlite"])
def test_a_published_example_is_one_log_in_all_its_forms(shared_data, tmp_path, ending):
    path = shared_data / "ocel-examples" / f"ocel20_example.{ending}"
    # The forms with clock times were written one hour ahead of UTC.
    workspace = workspace_for(path, object_type="Invoice", time_zone="Etc/GMT-1")
    log = build(workspace, path.parent, tmp_path / "log")
    assert trail(log, "case_id, name, start")[-3:] == [
        ("R3", "Set Payment Block", at("2022-02-03 06:30")),
        ("R3", "Remove Payment Block", at("2022-02-03 22:30")),
        ("R3", "Insert Payment", at("2022-02-28 22:00")),
    ]
    assert (log.info.cases, log.info.events) == (3, 9)


def test_a_published_log_of_version_1_has_its_published_size(shared_data):
    found = objects(shared_data / "ocel-examples" / "recruiting-red.jsonocel.gz")
    assert found.events == 6_607
    assert sum(each.objects for each in found.object_types) == 1_051


@pytest.mark.long
def test_the_command_line_counts_and_flattens(desk, capsys):
    path = written(desk, "log.sqlite")
    assert main(["log", "info", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"file": "log.sqlite", **COUNTED.to_dict()}
    assert main(["log", "info", str(path)]) == 0
    assert "Shared events" in capsys.readouterr().out
    into = ["log", "import", str(path), "--out", str(desk.store)]
    assert main(into) == 2
    assert "order (2) and item (3)" in capsys.readouterr().err
    assert main([*into, "--object-type", "item", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["cases"] == 2
