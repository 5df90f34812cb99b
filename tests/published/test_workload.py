"""Published figures of waiting lines and of practice, to the printed precision."""

import numpy as np
import pytest

from zaplecze.workload import (
    Demand,
    Target,
    agents_for,
    deflect,
    erlang_b,
    erlang_c,
    path,
    queue,
    service,
)


@pytest.mark.parametrize(
    ("calls", "per", "aht", "agents", "within", "load", "occupancy", "wait", "asa", "level"),
    [
        (360, 1800, 240, 55, 15, 48.00, 0.87, 0.2387, 8.2, 0.8459),
        (300, 900, 180, 65, 45, 60.00, 0.92, 0.4201, 15.1, 0.8796),
    ],
)
def test_erlang_c_as_mitan_worked_it_out(
    calls, per, aht, agents, within, load, occupancy, wait, asa, level
):
    found = service(Demand(calls, per, aht), agents, within)
    assert found.load_erlangs == pytest.approx(load, abs=5e-3)
    assert found.occupancy == pytest.approx(occupancy, abs=5e-3)
    assert found.wait_probability == pytest.approx(wait, abs=5e-5)
    assert found.asa_seconds == pytest.approx(asa, abs=0.05)
    assert found.service_level["offered"] == pytest.approx(level, abs=5e-5)


@pytest.mark.parametrize(
    ("calls", "per", "aht", "target", "within", "agents"),
    [(360, 1800, 240, 0.70, 15, 53), (300, 900, 180, 0.95, 45, 67)],
)
def test_agents_for_a_target_as_mitan_found_them(calls, per, aht, target, within, agents):
    assert agents_for(Demand(calls, per, aht), Target(target, within)).agents == agents


def test_erlang_b_and_c_of_the_tables():
    assert erlang_b([25, 10, 132], [20, 10, 123]) == pytest.approx(
        [0.0502218, 0.2145823, 0.0312428], abs=5e-8
    )
    assert erlang_c([25, 132], [20, 123]) == pytest.approx([0.2091028, 0.3211162], abs=5e-8)


def test_erlang_c_of_ten_thousand_agents():
    published = [0.224762906466532, 0.880598544313114]
    assert erlang_c([10100, 10010], 10000) == pytest.approx(published, rel=1e-12)


def test_erlang_a_as_garnett_mandelbaum_and_reiman_printed_it():
    found = queue(48 / 60, 60, 50, 120)
    assert float(found.abandon_probability) == pytest.approx(0.030912, abs=5e-7)
    assert float(found.wait_seconds) == pytest.approx(3.7095, abs=5e-5)
    assert float(found.wait_quantile(0.9)) == pytest.approx(12.445, abs=5e-4)
    assert float(found.queue_length) == pytest.approx(2.968, abs=5e-4)
    assert float(found.occupancy) == pytest.approx(0.93032, abs=5e-6)
    assert float(found.wait_probability) == pytest.approx(0.467774, abs=5e-7)


def test_the_same_line_without_abandonment():
    found = queue(48 / 60, 60, 50)
    assert float(found.wait_seconds) == pytest.approx(20.8337, abs=5e-5)
    assert float(found.wait_quantile(0.9)) == pytest.approx(58.139, abs=5e-4)
    assert float(found.queue_length) == pytest.approx(16.667, abs=5e-4)
    assert float(found.occupancy) == pytest.approx(0.96)


def test_erlang_a_of_lines_that_grow():
    sizes = np.array([100.0, 500.0, 10000.0])
    found = queue(sizes / 180, 180, sizes, 300)
    assert found.wait_probability == pytest.approx([0.5750364, 0.5686837, 0.5646684], abs=5e-8)
    assert found.abandon_probability == pytest.approx(
        [0.03480467, 0.01557310, 0.003482677], abs=5e-9
    )
    assert found.service_level(20, "offered") == pytest.approx(
        [0.7588477, 0.9539934, 0.9965173], abs=5e-8
    )


def test_one_line_has_four_service_levels_by_definition():
    level = service(Demand(600, 3600, 300, 120), 49, 60).service_level
    assert level["offered"] == pytest.approx(0.907, abs=5e-4)
    assert level["answered"] == pytest.approx(0.986, abs=5e-4)
    assert level["without_short_abandons"] == pytest.approx(0.984, abs=5e-4)
    assert level["virtual"] == pytest.approx(0.976, abs=5e-4)


def test_what_deflection_saves_depends_on_which_calls_go():
    found = deflect(Demand(600, 3600, 300), Target(0.9, 60))
    saved = {(s.share, s.relative_aht): s.agents_saved_share for s in found.savings}
    assert found.savings[0].agents_before == 56
    assert saved[0.10, 1.0] == pytest.approx(0.089, abs=5e-4)
    assert saved[0.10, 0.6] == pytest.approx(0.054, abs=5e-4)
    assert saved[0.15, 1.0] == pytest.approx(0.125, abs=5e-4)
    assert saved[0.15, 0.6] == pytest.approx(0.071, abs=5e-4)


def test_better_answering_brings_a_wave_and_then_fewer_attempts():
    demand = Demand(600, 3600, 300, 120, redial=0.7, reconnect=0.1)
    found = path(demand, agents_before=45, agents_after=57, within_seconds=60)
    assert found.before.service_level == pytest.approx(0.30, abs=5e-3)
    assert found.after.service_level >= 0.90
    assert found.attempts_change == pytest.approx(-0.235, abs=5e-4)
    assert found.answered_change == pytest.approx(0.200, abs=5e-4)
    assert found.agents_change == pytest.approx(0.267, abs=5e-4)
    assert found.hours[0].answered == pytest.approx(680, abs=2)
    assert found.hours[0].answered > found.after.answered
