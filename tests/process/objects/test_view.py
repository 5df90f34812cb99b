"""The view from the objects: events counted once, flattening, waiting for each other."""

import json
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.process.conftest import Event
from tests.process.objects.conftest import TYPES, ocel

from zaplecze.cli import main
from zaplecze.eventlog import build, workspace_for
from zaplecze.language import LANGUAGES
from zaplecze.process import objects

HOUR = 3_600


def by(found, **wanted):
    """The one of FOUND whose attributes are as WANTED."""
    (match,) = [f for f in found if all(getattr(f, k) == v for k, v in wanted.items())]
    return match


def test_an_event_of_several_objects_is_counted_once(shop):
    view = objects(shop)
    assert (view.events, view.objects, view.links) == (11, 7, 18)
    assert {a.name: a.events for a in view.graph.activities} == {
        "pick": 3, "place": 2, "pay": 2, "send": 2, "pack": 1, "sweep": 1,
    }  # fmt: skip
    assert by(view.graph.activities, name="pack").objects == {"item": 3, "parcel": 1}
    picked = by(view.graph.edges, object_type="item", source="pick", target="pack")
    assert (picked.events, picked.objects, picked.passages) == (3, 3, 3)
    assert picked.wait_seconds.median == 8 * HOUR
    placed = by(view.graph.edges, object_type="customer", source="place", target="place")
    assert (placed.events, placed.objects, placed.passages) == (1, 1, 1)


def test_a_pair_of_events_that_three_objects_share_is_one_pair(tmp_path):
    view = objects(
        ocel(tmp_path / "x.json", [("a", 0, ["i1", "i2", "i3"]), ("b", 2, ["i1", "i2"])])
    )
    (edge,) = view.graph.edges
    assert (edge.events, edge.objects, edge.passages) == (1, 2, 2)
    assert edge.wait_seconds.total == 2 * HOUR


def test_the_life_of_each_type(shop):
    view = objects(shop)
    item, order = (
        by(view.object_types, object_type="item"),
        by(view.object_types, object_type="order"),
    )
    assert (item.objects, item.events, item.mean_events, item.most_events) == (3, 6, 3.0, 3)
    assert item.throughput_seconds.median == 12 * HOUR
    assert [(end.activity, end.cases) for end in item.ends] == [("pack", 3)]
    assert [(s.activity, s.cases) for s in order.starts] == [("place", 2)]


def test_objects_without_events_are_counted(tmp_path):
    view = objects(ocel(tmp_path / "x.json", [("a", 0, ["o1"])], [("o1", "o2")]))
    (order,) = view.object_types
    assert (order.objects, order.objects_without_events) == (2, 1)


def test_one_customer_has_several_orders(shop):
    related = by(objects(shop).relations, source="customer", target="order")
    assert (related.pairs, related.stated, related.shared) == (2, 0, 2)
    assert (related.per_source, related.most_per_source, related.per_target) == (2.0, 2, 1.0)


def test_pairs_that_are_stated_and_shared_count_once(shop):
    related = by(objects(shop).relations, source="order", target="item")
    assert (related.pairs, related.stated, related.shared) == (3, 3, 3)
    assert "where they belong together, one of the former has 1.5 of" in str(related.sentence)


def test_flattening_repeats_events_of_several_objects_and_leaves_out_others(shop):
    flat = by(objects(shop).flattening, object_type="item")
    assert (flat.events, flat.rows, flat.left_out) == (6, 9, 5)
    assert [(c.activity, c.factor) for c in flat.convergence] == [
        ("pack", 3.0), ("place", 1.5), ("pick", 1.0),
    ]  # fmt: skip
    said = [str(words) for words in flat.sentences]
    assert said[0] == "Flattening on “item” counts “pack” 3.0 times: 1 event becomes 3."


def test_a_repetition_that_concerns_other_objects_is_told_from_work_done_again(shop):
    view = objects(shop)
    (placed,) = by(view.flattening, object_type="customer").divergence
    assert (placed.activity, placed.objects, placed.repeated) == ("place", 1, 1)
    assert placed.divergent == 1
    assert placed.other_type in ("item", "order")
    (sent,) = by(view.flattening, object_type="parcel").divergence
    assert (sent.activity, sent.repeated, sent.divergent, sent.other_type) == ("send", 1, 0, None)


def test_objects_wait_for_each_other(shop):
    (packed,) = objects(shop).synchronisation
    assert (packed.activity, packed.events) == ("pack", 1)
    assert packed.flow_seconds.median == 10 * HOUR
    assert packed.sojourn_seconds.median == 2 * HOUR
    assert packed.synchronisation_seconds.median == 8 * HOUR
    (items,) = packed.awaited
    assert (items.object_type, items.pooling_seconds.median) == ("item", 8 * HOUR)


def test_the_type_that_comes_last_is_told_with_how_long_it_holds_up(tmp_path):
    view = objects(
        ocel(
            tmp_path / "x.json",
            [("pick", 0, ["i1"]), ("pick", 1, ["i2"]), ("build", 9, ["p1"]),
             ("pack", 10, ["i1", "i2", "p1"])],
        )
    )  # fmt: skip
    parcel, item = by(view.synchronisation, activity="pack").awaited
    assert (parcel.object_type, parcel.last, parcel.held_up_seconds.median) == (
        "parcel",
        1,
        8 * HOUR,
    )
    assert (item.last, item.pooling_seconds.median) == (0, 1 * HOUR)
    assert "most often “parcel” (in 1 of 1 events)" in str(view.sentences[-1])


things = st.lists(st.sampled_from(["o1", "o2", "i1", "i2", "i3"]), max_size=4, unique=True)
random_events = st.lists(
    st.tuples(st.sampled_from("ab"), st.integers(0, 6), things), min_size=1, max_size=12
)


@pytest.mark.long
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=random_events)
def test_the_edges_are_what_counting_one_by_one_gives(tmp_path, events):
    found = objects(ocel(tmp_path / "x.json", events))
    ordered = sorted(enumerate(events), key=lambda e: (e[1][1], e[0]))
    pairs, users, passages = {}, {}, Counter()
    for name in {o for _, _, of in events for o in of}:
        way = [(i, e[0]) for i, e in ordered if name in e[2]]
        for (i, a), (j, b) in pairwise(way):
            key = TYPES[name[0]], a, b
            pairs.setdefault(key, set()).add((i, j))
            users.setdefault(key, set()).add(name)
            passages[key] += 1
    assert {
        (e.object_type, e.source, e.target): (e.events, e.objects, e.passages)
        for e in found.graph.edges
    } == {key: (len(pairs[key]), len(users[key]), passages[key]) for key in pairs}


@pytest.mark.long
def test_a_store_shows_the_same_as_its_file(shop, tmp_path):
    log = build(workspace_for(shop, object_type="order"), tmp_path, tmp_path / "log")
    of_store, of_file = objects(log).to_dict(), objects(shop).to_dict()
    assert of_store == of_file


def test_a_log_of_cases_is_seen_with_its_cases_as_objects(make_log):
    view = objects(make_log([Event("1", "A", 0), Event("1", "B", 60), Event("2", "A", 0)]))
    assert [(t.object_type, t.objects) for t in view.object_types] == [("case", 2)]
    assert any("keeps no objects" in str(words) for words in view.sentences)


def test_what_is_said_is_said_in_three_languages(shop):
    document = objects(shop).to_dict()
    for words in [*document["sentences"], *(m["formula"] for m in document["measures"])]:
        assert set(words) == set(LANGUAGES)


@pytest.mark.long
def test_a_published_log_is_counted_as_its_readers_count_it(shared_data):
    # Figures of pm4py's object-centric directly-follows graph of the same file.
    view = objects(shared_data / "ocel-examples" / "recruiting-red.jsonocel.gz")
    assigned = by(
        view.graph.edges, object_type="applications", source="submit application",
        target="assign recruiter",
    )  # fmt: skip
    assert len(view.graph.edges) == 20
    assert (assigned.events, assigned.objects, assigned.passages) == (916, 916, 916)


def test_the_graph_agrees_with_pm4py(shop):
    pm4py = pytest.importorskip("pm4py")
    found = pm4py.discover_ocdfg(pm4py.read_ocel2(str(shop)))["edges"]
    assert {
        (e.object_type, e.source, e.target): (e.events, e.objects, e.passages)
        for e in objects(shop).graph.edges
    } == {
        (name, *pair): (
            len(couples), len(found["unique_objects"][name][pair]),
            len(found["total_objects"][name][pair]),
        )
        for name, edges in found["event_couples"].items()
        for pair, couples in edges.items()
    }  # fmt: skip


@pytest.mark.long
def test_the_command_prints_the_document_the_table_and_the_picture(shop, tmp_path, capsys):
    assert main(["process", "objects", str(shop), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(objects(shop).to_dict()))
    picture = tmp_path / "picture.svg"
    assert main(["--language", "en", "process", "objects", str(shop), "--out", str(picture)]) == 0
    said = capsys.readouterr()
    assert "Flattening on “item” counts “pack” 3.0 times" in said.out
    assert str(picture) in said.err
    assert picture.read_text().startswith("<svg")


def test_the_command_tells_what_cannot_be_read(tmp_path, capsys):
    (tmp_path / "log.csv").write_text("a,b\n")
    assert main(["--language", "en", "process", "objects", str(tmp_path / "log.csv")]) == 2
    assert "log.csv" in capsys.readouterr().err
