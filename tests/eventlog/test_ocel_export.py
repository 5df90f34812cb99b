"""Objects kept beside the cases, and logs written as OCEL 2.0 and read again."""

import sqlite3
from xml.etree import ElementTree

import pytest
from tests.eventlog.object_logs import in_json, in_sqlite, written
from tests.eventlog.test_export import LINES, TOML, contents, there_and_back

from zaplecze.errors import InputError
from zaplecze.eventlog import (
    EventLog,
    build,
    export,
    is_store,
    open_log,
    open_objects,
    workspace_for,
)
from zaplecze.eventlog.ocel.keeping import TABLES

ENDINGS = [
    "jsonocel",
    pytest.param("json.gz", marks=pytest.mark.long),
    pytest.param("xmlocel", marks=pytest.mark.long),
    "xml.gz",
    "sqlite",
]


def kept(log: EventLog) -> dict[str, object]:
    """Everything among the objects of a log."""
    objects = open_objects(log)
    found = {table: objects.connection.execute(f"FROM o.{table}").fetchall() for table in TABLES}
    objects.close()
    return found | {"kinds": sorted(found["kinds"])}


def imported(desk, name: str, object_type: str = "item") -> EventLog:
    path = written(desk, name)
    return build(workspace_for(path, object_type=object_type), desk.data, desk.store)


@pytest.mark.long
@pytest.mark.parametrize("name", ["log.json", "log.xml", "log.sqlite"])
def test_all_objects_are_kept_whatever_type_is_chosen(desk, name):
    log = imported(desk, name)
    assert log.info.objects == {"order": 2, "item": 3}
    found = kept(log)
    assert [event for event, *_ in found["events"]] == ["e1", "e2", "e3", "e4"]
    assert [(name, value) for o, name, _, value in found["object_values"] if o == "i1"] == [
        ("code", "007"), ("price", "5"), ("price", "7"), ("price", "9"),
    ]  # fmt: skip
    assert found["relations"] == [("o1", "i1", "has"), ("o1", "i2", "has")]
    assert is_store(log.folder)


@pytest.mark.long
def test_the_forms_keep_the_same_tables(desk, tmp_path):
    found = []
    for name in ("log.json", "log.xml", "log.sqlite"):
        path = written(desk, name)
        log = build(workspace_for(path, object_type="item"), desk.data, tmp_path / name)
        found.append(kept(log))
    assert found[0] == found[1] == found[2]


@pytest.mark.long
@pytest.mark.parametrize("ending", ENDINGS)
def test_an_object_centric_log_comes_back_from_its_export_as_it_was(desk, tmp_path, ending):
    log = imported(desk, "log.json")
    export(log, tmp_path / f"out.{ending}")
    workspace = workspace_for(tmp_path / f"out.{ending}", object_type="item")
    again = build(workspace, tmp_path, tmp_path / "again")
    assert kept(again) == kept(log)
    assert contents(again) == contents(log)


@pytest.mark.long
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_log_of_cases_comes_back_from_its_export_as_it_was(desk, tmp_path, ending):
    # XML does not keep spaces at the ends of a value.
    desk.write("log.csv", LINES.replace("  spaces ", "spaces"))
    log = desk.build(TOML)
    export(log, tmp_path / f"out.{ending}")
    workspace = workspace_for(tmp_path / f"out.{ending}", object_type="case")
    again = contents(build(workspace, tmp_path, tmp_path / "again"))
    assert again["names"]["events"].pop(1) == "ocel:eid"
    identifiers = [row[9] for row in again["events"]]
    assert identifiers == ["e1", "e2", "e3", "e4"]
    again["events"] = [(*row[:9], *row[10:]) for row in again["events"]]
    again["types"]["events"] = [t for t in again["types"]["events"] if t[0] != "ocel:eid"]
    assert again == contents(log)


@pytest.mark.long
def test_events_that_flattening_repeated_are_one_again(desk, tmp_path):
    log = imported(desk, "log.json")
    flat = there_and_back(log, tmp_path / "flat", "parquet")
    assert flat.info.objects == {}
    assert flat.info.events == 3
    objects = open_objects(flat)
    assert objects.of_cases
    assert objects.connection.execute("SELECT id FROM o.events").fetchall() == [("e2",), ("e3",)]
    assert objects.connection.execute("FROM o.links").fetchall() == [
        ("e2", "i1", "of"), ("e3", "i1", "of"), ("e2", "i2", "of"),
    ]  # fmt: skip
    objects.close()


@pytest.mark.long
def test_what_cannot_be_kept_is_counted(desk):
    content = in_json().replace(b"2024-01-01T11:00:00", b"eleven").replace(b'"o1", "q', b'"x", "q')
    content = content.replace(b'"objectId": "i2", "qualifier": "has"', b'"objectId": "x"')
    path = desk.write("log.json", content)
    log = build(workspace_for(path, object_type="item"), desk.data, desk.store)
    assert any("log.json: 2 entries have no type" in w["en"] for w in log.info.warnings)
    assert [event for event, *_ in kept(log)["events"]] == ["e1", "e2", "e3"]


@pytest.mark.long
def test_several_files_of_objects_are_not_mixed(desk):
    desk.write("a.json", in_json())
    desk.write("b.json", in_json())
    block = '[[events]]\nsource = "{0}"\nactivity = "concept:name"\ntime = "time:timestamp"\n'
    sources = "".join(
        f'[sources.{n}]\nfile = "{n}.json"\nobject_type = "item"\n' for n in ("a", "b")
    )
    log = desk.build(
        'name = "Test"\n' + sources + '[case]\nkey = "case:concept:name"\n'
        + block.format("a") + block.format("b")
    )  # fmt: skip
    assert log.info.objects == {}
    assert any("several object-centric files" in w["en"] for w in log.info.warnings)
    assert not (log.folder / "objects").exists()


@pytest.mark.long
def test_attributes_that_differ_in_capitals_only_fit_into_a_database(desk, tmp_path):
    content = in_json().replace(b'"name": "code", "value"', b'"name": "PRICE", "value"')
    path = desk.write("log.json", content)
    log = build(workspace_for(path, object_type="item"), desk.data, desk.store)
    export(log, tmp_path / "out.sqlite")
    with sqlite3.connect(tmp_path / "out.sqlite") as database:
        found = database.execute("SELECT * FROM object_item")
        names = [name for name, *_ in found.description]
        changed = [row for row in found if row[0] == "i1"][1:]
    assert names == ["ocel_id", "ocel_time", "ocel_changed_field", "PRICE", "price.1"]
    assert [row[2:] for row in changed] == [("price.1", None, 7), ("price.1", None, 9)]


def test_xml_is_well_formed_whatever_is_in_it(desk, tmp_path):
    desk.write("log.csv", 'case,activity,time\n"A&<",x\x01"y\',2024-05-01\n'.replace('"y', "y"))
    export(desk.build(), tmp_path / "out.xml")
    root = ElementTree.parse(tmp_path / "out.xml").getroot()
    assert root.find("objects/object").get("id") == "A&<"
    assert root.find("events/event").get("type") == "x\N{REPLACEMENT CHARACTER}y'"


@pytest.mark.long
def test_a_store_whose_objects_are_damaged_is_told(desk):
    log = imported(desk, "log.json")
    (log.folder / "objects" / "links.parquet").write_text("broken")
    with pytest.raises(InputError, match="damaged"):
        open_objects(open_log(log.folder))


@pytest.mark.long
@pytest.mark.parametrize("ending", ["jsonocel", "xmlocel", "sqlite"])
def test_a_published_example_comes_back_from_its_export(shared_data, tmp_path, ending):
    path = shared_data / "ocel-examples" / f"ocel20_example.{ending}"
    log = build(workspace_for(path, object_type="Invoice"), path.parent, tmp_path / "log")
    export(log, tmp_path / f"out.{ending}")
    workspace = workspace_for(tmp_path / f"out.{ending}", object_type="Invoice")
    assert kept(build(workspace, tmp_path, tmp_path / "again")) == kept(log)


@pytest.mark.parametrize("ending", ["jsonocel", "xmlocel", "sqlite"])
def test_pm4py_reads_the_same_objects(desk, tmp_path, ending):
    pm4py = pytest.importorskip("pm4py")
    in_sqlite(desk.data / "log.sqlite")
    log = build(workspace_for(desk.data / "log.sqlite", object_type="item"), desk.data, desk.store)
    export(log, tmp_path / f"out.{ending}")
    found = pm4py.read_ocel2(str(tmp_path / f"out.{ending}"))
    pairs = found.relations[["ocel:eid", "ocel:oid", "ocel:qualifier"]].itertuples(index=False)
    assert sorted(map(tuple, pairs)) == sorted(kept(log)["links"])
    assert len(found.objects) == 5
