"""XES logs."""

import gzip

import pytest
from tests.eventlog.desk import LONG, ask, at, refusals, trail

from zaplecze.errors import InputError
from zaplecze.eventlog import build, workspace_for

XES = """<?xml version="1.0" encoding="UTF-8"?>
<log xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <global scope="event"><string key="org:group" value="UNKNOWN"/></global>
  <string key="author" value="nobody"><string key="inside" value="x"/></string>
  <trace>
    <string key="concept:name" value="A&amp;B"/><float key="amount" value="12.5"/>
    <event>
      <string key="concept:name" value="start"/>
      <date key="time:timestamp" value="2024-05-01T10:00:00.000+02:00"/>
      <string key="org:group" value="Sales"><string key="deep" value="y"/></string>
    </event>
    <event>
      <string key="concept:name" value="stop"/>
      <date key="time:timestamp" value="2024-05-01T09:30:00Z"/>
      <int key="pages" value="3"/>
    </event>
  </trace>
  <trace><string key="concept:name" value="empty"/></trace>
</log>
"""


def xes_log(desk, content, name="log.xes"):
    path = desk.write(name, content)
    return build(workspace_for(path, department="org:group"), desk.data, desk.store)


@pytest.mark.parametrize("name", ["log.xes", "log.xes.gz"])
def test_xes_needs_no_columns_named(desk, name):
    content = XES.encode()
    log = xes_log(desk, gzip.compress(content) if name.endswith(".gz") else content, name)
    assert trail(log) == [
        ("A&B", "start", at("2024-05-01 08:00")),
        ("A&B", "stop", at("2024-05-01 09:30")),
    ]
    assert ask(log, "SELECT department FROM events ORDER BY position") == [(0,), (None,)]


def test_xes_tells_what_it_leaves_out(desk):
    log = xes_log(desk, XES)
    assert refusals(log) == [("log", None, "case_without_events", None, None, "empty")]
    assert log.info.warnings[0]["en"].endswith("1 attribute inside another attribute was left out.")


def test_attributes_of_traces_and_events_are_columns(desk):
    desk.write("log.xes", XES)
    log = desk.build(
        """
name = "Test"
[sources.log]
file = "log.xes"
[case]
key = "case:concept:name"
[[events]]
source = "log"
activity = "concept:name"
time = "time:timestamp"
attributes = ["pages"]
[attributes.amount]
column = "case:amount"
"""
    )
    assert ask(log, "SELECT pages FROM events ORDER BY position") == [(None,), (3.0,)]
    assert ask(log, "SELECT amount FROM cases") == [(12.5,)]


def test_a_log_in_xes_keeps_its_people_departments_and_attributes(desk):
    path = desk.write("log.xes", XES.replace('"pages"', '"position"'))
    log = build(workspace_for(path), desk.data, desk.store)
    assert log.departments == ["Sales"]
    assert log.info.attributes == {"amount": "number"}
    assert [warning["en"] for warning in log.info.warnings][1:] == [
        "log.xes: the column 'position' has a name that the event log uses itself, and was left "
        "out. Rename it to keep it."
    ]


LIFE = """<log>
<trace><string key="concept:name" value="A"/>
<event><string key="concept:name" value="check"/><string key="lifecycle:transition" value="start"/>
<date key="time:timestamp" value="2024-05-01T10:00:00Z"/></event>
<event><string key="concept:name" value="check"/><string key="lifecycle:transition" value="{}"/>
<date key="time:timestamp" value="2024-05-01T12:00:00Z"/></event>
</trace></log>
"""


def test_starts_and_completions_of_xes_are_one_event(desk):
    path = desk.write("log.xes", LIFE.format("complete"))
    log = build(workspace_for(path), desk.data, desk.store)
    assert trail(log, 'name, start, "end"') == [
        ("check", at("2024-05-01 10:00"), at("2024-05-01 12:00"))
    ]


def test_other_transitions_of_xes_are_events_of_their_own(desk):
    path = desk.write("log.xes", LIFE.format("In Progress"))
    log = build(workspace_for(path), desk.data, desk.store)
    assert trail(log, 'name, start, "lifecycle:transition"') == [
        ("check", at("2024-05-01 10:00"), "start"),
        ("check", at("2024-05-01 12:00"), "In Progress"),
    ]


@pytest.mark.parametrize("content", [XES[:700], "<log>&nothing;</log>", "case,activity\n"])
def test_broken_xes_is_told(desk, content):
    with pytest.raises(InputError, match=r"'log\.xes' cannot be read"):
        xes_log(desk, content)


def test_values_that_mean_missing_are_missing_in_every_kind_of_source(desk):
    desk.write("log.xes", XES.replace("Sales", "EMPTY"))
    toml = LONG.replace('"log.csv"', '"log.xes"\nmissing = ["EMPTY"]')
    toml = toml.replace('"case"', '"case:concept:name"').replace('"activity"', '"concept:name"')
    log = desk.build(toml.replace('"time"', '"time:timestamp"') + 'department = "org:group"\n')
    assert log.departments == []


def step(transition, hour, instance):
    return (
        '<event><string key="concept:name" value="check"/>'
        f'<string key="lifecycle:transition" value="{transition}"/>'
        f'<string key="concept:instance" value="{instance}"/>'
        f'<date key="time:timestamp" value="2024-05-01T{hour}:00:00Z"/></event>'
    )


def instances(*steps):
    events = "\n".join(step(*each) for each in steps)
    return f'<log><trace><string key="concept:name" value="A"/>{events}</trace></log>'


def test_starts_and_completions_are_paired_by_their_instance(desk):
    work = [("start", 10, "a"), ("start", 11, "b"), ("complete", 12, "b"), ("complete", 15, "a")]
    path = desk.write("log.xes", instances(*work))
    log = build(workspace_for(path), desk.data, desk.store)
    assert ask(log, 'SELECT hour(start), hour("end") FROM events') == [(10, 15), (11, 12)]


def test_instances_that_only_number_the_events_pair_nothing(desk):
    path = desk.write("log.xes", instances(("start", 10, "1"), ("complete", 12, "2")))
    log = build(workspace_for(path), desk.data, desk.store)
    assert ask(log, 'SELECT hour(start), hour("end") FROM events') == [(10, 12)]


DTD = '<?xml version="1.0"?><!DOCTYPE log [<!ENTITY a "b"><!ENTITY c "&a;&a;">]>'


def test_entities_are_refused_before_they_can_grow(desk):
    with pytest.raises(InputError, match=r"log\.xes: line 1 declares abbreviations"):
        xes_log(desk, DTD + XES.partition("?>")[2].replace("A&amp;B", "&c;"))


def test_a_packed_log_that_was_cut_off_is_told(desk):
    content = gzip.compress(XES.encode() * 1)
    with pytest.raises(InputError, match=r"'log\.xes\.gz' cannot be read: it is cut off"):
        xes_log(desk, content[:-40], "log.xes.gz")


def test_a_packed_log_that_is_damaged_is_told(desk):
    content = bytearray(gzip.compress(XES.encode()))
    content[-6] ^= 1
    with pytest.raises(InputError, match=r"'log\.xes\.gz' cannot be unpacked: it is damaged"):
        xes_log(desk, bytes(content), "log.xes.gz")


def test_wrong_nesting_is_told_with_its_place(desk):
    with pytest.raises(InputError, match="is wrongly nested: in line 17"):
        xes_log(desk, XES.replace("</event>\n  </trace>", "</trace>"))


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("  <trace>\n", "  <trace><trace></trace>\n", 6),
        ("<int ", "<event></event><int ", 16),
        ('value="Sales">', 'value="Sales"><event></event>', 11),
    ],
)
def test_traces_and_events_where_none_may_be_are_told_with_their_line(desk, old, new, line):
    with pytest.raises(InputError, match=f"'log.xes' is wrongly nested: in line {line} "):
        xes_log(desk, XES.replace(old, new, 1))


LOOSE = (
    '<event><string key="concept:name" value="loose"/><string key="order" value="7"/>'
    '<date key="time:timestamp" value="2024-05-03T09:30:00Z"/></event>'
)


@pytest.mark.long
@pytest.mark.parametrize("before", ["  <trace>\n", "</log>"])
def test_events_outside_every_trace_are_refused_and_counted(desk, before):
    whole = xes_log(desk, XES)
    log = xes_log(desk, XES.replace(before, LOOSE + before, 1))
    assert [row[2] for row in refusals(log)].count("no_case") == 1
    assert log.info.events == whole.info.events


def test_a_log_of_loose_events_asks_for_the_case_and_can_be_told(desk):
    path = desk.write("log.xes", f"<log>{LOOSE * 2}</log>")
    with pytest.raises(InputError, match=r"^--case: nothing says which cases the 2 events of log"):
        build(workspace_for(path), desk.data, desk.store)
    log = build(workspace_for(path, case="order"), desk.data, desk.store)
    assert (log.info.cases, log.info.events) == (1, 2)


def test_a_group_called_empty_is_no_department(desk):
    group = '<string key="org:group" value="{}"/>'
    events = "".join(
        LOOSE.replace("<event>", "<event>" + group.format(name)) for name in ("EMPTY", "Sales")
    )
    path = desk.write("log.xes", f"<log>{events}</log>")
    log = build(workspace_for(path, case="order"), desk.data, desk.store)
    assert log.departments == ["Sales"]
    assert ask(log, "SELECT count(department) FROM events") == [(1,)]
    (warning,) = log.info.warnings
    assert "1 value of the column 'org:group' says only that nothing is known" in warning["en"]


def test_a_log_that_was_cut_off_is_told_with_its_line_in_every_language(desk):
    with pytest.raises(InputError) as told:
        xes_log(desk, XES[:700])
    line = str(XES[:700].count("\n") + 1)
    assert all(line in words and "element" not in words for words in told.value.text.values())


def test_traces_without_a_name_and_events_without_a_time_are_refused(desk):
    more = '<trace><event><string key="concept:name" value="x"/></event></trace></log>'
    late = XES.replace('<date key="time:timestamp" value="2024-05-01T09:30:00Z"/>', "")
    log = xes_log(desk, late.replace("</log>", more))
    assert sorted((row[2], row[5]) for row in refusals(log)) == [
        ("case_without_events", "empty"), ("no_case", None), ("no_time", "A&B"),
    ]  # fmt: skip


def test_a_log_without_events_is_told(desk):
    with pytest.raises(InputError, match=r"'log\.xes' is empty"):
        xes_log(desk, "<log><trace/></log>")
