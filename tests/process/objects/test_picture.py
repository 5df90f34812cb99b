"""The picture of steps and objects."""

import xml.etree.ElementTree as ET

import pytest
from tests.process.objects.conftest import ocel

from zaplecze.language import LANGUAGES
from zaplecze.process import objects, objects_svg

pytestmark = pytest.mark.long

SVG = "{http://www.w3.org/2000/svg}"


def drawn(view, language="en", **options):
    return ET.fromstring(objects_svg(view, language, **options))


def lines(root):
    return [
        (group.find(f"{SVG}title").text, group.find(f"{SVG}path"))
        for group in root.iter(f"{SVG}g")
        if group.get("class") == "edge"
    ]


def test_every_type_has_a_stroke_of_its_own_and_a_place_in_the_legend(shop):
    root = drawn(objects(shop), paths=1.0)
    looks = {(path.get("stroke"), path.get("stroke-dasharray")) for _, path in lines(root)}
    assert len(looks) == 4
    (legend,) = [g for g in root.iter(f"{SVG}g") if g.get("class") == "legend"]
    assert sorted(text.text for text in legend.iter(f"{SVG}text")) == [
        "customer (1)", "item (3)", "order (2)", "parcel (1)",
    ]  # fmt: skip


def test_all_paths_are_drawn_where_all_are_asked_for(shop):
    view = objects(shop)
    terminals = sum(len(life.starts) + len(life.ends) for life in view.object_types)
    titles = [title for title, _ in lines(drawn(view, paths=1.0))]
    assert len(titles) == len(view.graph.edges) + terminals
    assert any(
        title
        == "“item” that went from “pick” directly to “pack”: 3. In events: 3. Median wait: 8 h."
        for title in (each.replace("\N{NO-BREAK SPACE}", " ") for each in titles)
    )


def test_everything_that_is_drawn_has_a_title(shop):
    for group in drawn(objects(shop)).iter(f"{SVG}g"):
        if group.get("class") in ("edge", "node", "marker"):
            assert group.find(f"{SVG}title").text


def test_what_is_left_out_is_told(tmp_path):
    ways = {"o1": "abc", "o2": "abc", "o3": "ac"}
    events = [(step, hour, [name]) for name, way in ways.items() for hour, step in enumerate(way)]
    view = objects(ocel(tmp_path / "x.json", events))
    root = drawn(view, paths=0.0)
    words = " ".join(text.text for text in root.iter(f"{SVG}text"))
    every = len(lines(drawn(view, paths=1.0)))
    assert len(lines(root)) < every
    assert f"Shown: {len(lines(root))} of {every} paths" in words


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_log_gives_the_same_picture_in_every_language(shop, language):
    assert objects_svg(objects(shop), language) == objects_svg(objects(shop), language)


def test_several_types_that_repeat_a_step_have_their_loops_side_by_side(tmp_path):
    view = objects(
        ocel(tmp_path / "x.json", [("a", hour, ["o1", "i1", "p1", "c1"]) for hour in range(3)])
    )
    found = [path.get("d") for title, path in lines(drawn(view)) if "from “a” directly to" in title]
    assert len(found) == len(set(found)) == 4


def test_nothing_to_show_is_said(tmp_path):
    view = objects(ocel(tmp_path / "x.json", [("a", 0, [])], [("o1", "o2")]))
    words = " ".join(text.text for text in drawn(view).iter(f"{SVG}text"))
    assert "No event of this log belongs to an object" in words


def test_names_that_are_markup_are_words(tmp_path):
    view = objects(ocel(tmp_path / "x.json", [("<b> & 'x'", 0, ["o1"])]))
    assert "<b> & 'x'" in "".join(drawn(view).itertext())
