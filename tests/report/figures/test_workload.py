"""Pictures of workload: every language, well-formed, their message and definition in words."""

import xml.etree.ElementTree as ET

import pytest

from zaplecze.language import LANGUAGES, say
from zaplecze.report.figures.plot import every
from zaplecze.report.figures.workload import path_figure, plan_figure
from zaplecze.workload import Demand, Load, Target, cover, path, plan
from zaplecze.workload.service import NAMES

DAY = [Load("", f"{h:02d}:00", 20 + 5 * h % 40, 300) for h in range(8, 18)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_day_is_drawn_with_shifts_and_names_its_service_level(language):
    found = plan(DAY, Demand(0, 3600, 1), Target(0.8, 20, "answered"))
    drawn = plan_figure(found, language, cover(found.by_day(), shift_intervals=4))
    root = ET.fromstring(drawn)
    words = " ".join(text.text or "" for text in root.iter("{http://www.w3.org/2000/svg}text"))
    assert say(NAMES["answered"])[language] in words
    assert root.get("aria-label")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wave_is_drawn_with_the_limit_of_the_method(language):
    found = path(
        Demand(600, 3600, 300, 120, 0.7, 0.1), agents_before=45, agents_after=57,
        within_seconds=60, hours=4,
    )  # fmt: skip
    root = ET.fromstring(path_figure(found, language))
    words = " ".join(text.text or "" for text in root.iter("{http://www.w3.org/2000/svg}text"))
    assert found.caveat[language][:40] in words


def test_names_under_a_panel_are_as_many_as_there_is_room_for():
    assert [words for _, words in every([str(k) for k in range(48)], 10)] == [
        str(k) for k in range(0, 48, 5)
    ]
