"""Lines that forward to each other, and work that may wait."""

import pytest

from zaplecze.errors import InputError
from zaplecze.workload import Demand, LineOfCalls, Target, deferred, network, read_lines

FIRST = Demand(600, 3600, 240, 120)


def test_forwarded_calls_are_those_answered_times_their_share():
    found = network(
        [
            LineOfCalls("first", FIRST, Target(), forward={"second": 0.2}),
            LineOfCalls("second", Demand(0, 3600, 480), Target()),
        ]
    )
    first, second = found.lines
    assert second.calls_forwarded == pytest.approx(0.2 * first.service.answered, rel=1e-8)
    assert second.service.attempts == pytest.approx(second.calls_forwarded)
    assert found.agents == first.agents + second.agents


def test_calls_that_come_back_are_counted_again():
    found = network(
        [
            LineOfCalls("first", Demand(600, 3600, 240), Target(), forward={"technical": 0.5}),
            LineOfCalls("technical", Demand(0, 3600, 480), Target(), forward={"first": 0.2}),
        ]
    )
    # x = 600 + 0.2 · 0.5 x where nobody hangs up.
    assert found.lines[0].service.attempts == pytest.approx(600 / 0.9, rel=1e-8)


@pytest.mark.parametrize(
    ("forward", "words"),
    [
        ({"nowhere": 0.1}, "which is no line"),
        ({"first": 1.0}, "circle without end"),
        ({"first": 0.6, "second": 0.6}, "more than all"),
        ({"second": 20}, "Did you mean 0.2"),
    ],
)
def test_impossible_forwarding_is_refused(forward, words):
    lines = [
        LineOfCalls("first", FIRST, Target(), forward=forward),
        LineOfCalls("second", Demand(10, 3600, 480), Target()),
    ]
    with pytest.raises(InputError, match=words):
        network(lines)


def test_lines_are_read_from_a_file(tmp_path):
    file = tmp_path / "lines.toml"
    file.write_text(
        "[lines.first]\ncalls = 600\naht = 240\npatience = 120\nforward = { second = 0.2 }\n"
        "[lines.second]\naht = 480\nwithin = 60\ndefinition = 'answered'\nagents = 20\n"
    )
    first, second = read_lines(file)
    assert first.demand == FIRST
    assert first.forward == {"second": 0.2}
    assert second.target == Target(0.8, 60, "answered")
    assert second.agents == 20


@pytest.mark.parametrize(
    "line", ["ahd = 240", "aht = 'long'", "calls = 10", "aht = 1\nforward = 3"]
)
def test_a_wrong_key_of_a_line_is_named(tmp_path, line):
    file = tmp_path / "lines.toml"
    file.write_text(f"[lines.first]\n{line}\n")
    with pytest.raises(InputError, match=r"\[lines.first\]"):
        read_lines(file)


def test_work_is_done_in_the_order_in_which_it_came_and_late_work_is_counted():
    found = deferred([10, 0, 0, 0], 3600, 2, [1, 4, 4, 4], interval_seconds=3600)
    assert found.done == [0, 4, 4, 2]
    assert found.late == [0, 0, 0, 2]
    assert found.on_time_share == pytest.approx(0.8)
    assert found.unfinished == 0


def test_the_people_needed_are_just_enough():
    items = [40, 10, 10, 10, 10, 0, 0]
    needed = deferred(items, 1800, 2, [1] * 7, interval_seconds=28800).people_needed
    enough = deferred(items, 1800, 2, [needed] * 7, interval_seconds=28800)
    fewer = deferred(items, 1800, 2, [needed * 0.99] * 7, interval_seconds=28800)
    assert enough.on_time_share == pytest.approx(1.0)
    assert fewer.on_time_share < 1 - 1e-6


def test_work_whose_deadline_lies_in_a_closed_time_cannot_be_on_time():
    found = deferred([10, 0, 0, 0], 3600, 1, [5, 0, 5, 5], interval_seconds=3600)
    assert found.people_needed is None
    assert found.on_time_share == 0


def test_items_and_people_have_to_fit():
    with pytest.raises(InputError, match="same number of intervals"):
        deferred([1, 2], 3600, 1, [1], interval_seconds=3600)
