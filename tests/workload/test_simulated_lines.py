"""Formulas beside lines that are simulated event by event with another's program."""

import ciw
import numpy as np
import pytest

from zaplecze.workload import queue, with_repeats

pytestmark = pytest.mark.simulation


class Undecided(ciw.routing.NodeRouting):
    """Those who leave call again by chance, after a while, or never."""

    def __init__(self, share, back):
        self.share, self.back = share, back

    def next_node(self, ind):
        again = self.simulation.rng.random() < self.share if self.share else False
        return self.simulation.nodes[self.back] if again else self.simulation.nodes[-1]


def simulated(
    rate, aht, agents, patience, *, redial=0.0, reconnect=0.0, delay=1.0, hours=40, seed=1
):
    """Attempts a second, abandoned share and share served within 60 s of all attempts."""
    ciw.seed(seed)
    random = np.random.default_rng(seed)

    class Seeded(ciw.Simulation):
        rng = random

    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate), None, None],
        service_distributions=[
            ciw.dists.Exponential(1 / aht), ciw.dists.Deterministic(0), ciw.dists.Exponential(1 / delay),
        ],
        number_of_servers=[agents, float("inf"), float("inf")],
        reneging_time_distributions=[ciw.dists.Exponential(1 / patience), None, None],
        reneging_destinations=[2, -1, -1],
        routing=ciw.routing.NetworkRouting(
            [Undecided(reconnect, 3), Undecided(redial, 3), ciw.routing.Direct(to=1)]
        ),
    )  # fmt: skip
    run = Seeded(network)
    end, warm = hours * 3600.0, 5 * delay + 3600.0
    run.simulate_until_max_time(end)
    rows = [r for r in run.get_all_records() if r.node == 1 and r.arrival_date > warm]
    gone = np.array([r.record_type == "renege" for r in rows])
    waits = np.array([r.waiting_time for r in rows])
    return len(rows) / (end - warm), gone.mean(), ((waits <= 60) & ~gone).mean(), len(rows)


def test_erlang_a_lies_within_the_noise_of_a_simulation():
    shares, levels, calls = [], [], 0
    for seed in range(4):
        _, gone, served, n = simulated(10 / 60, 300, 49, 120, hours=30, seed=seed)
        shares.append(gone)
        levels.append(served)
        calls += n
    found = queue(10 / 60, 300, 49, 120)
    noise = 3 * np.std(shares, ddof=1) / 2 + 0.002
    assert np.mean(shares) == pytest.approx(float(found.abandon_probability), abs=noise)
    noise = 3 * np.std(levels, ddof=1) / 2 + 0.002
    assert np.mean(levels) == pytest.approx(float(found.service_level(60, "offered")), abs=noise)
    assert calls > 50_000


def test_redials_after_a_long_while_lie_within_the_noise_of_a_simulation():
    found = with_repeats(10 / 60, 300, 50, 120, 0.7, 0.1)
    runs = [
        simulated(10 / 60, 300, 50, 120, redial=0.7, reconnect=0.1, delay=1800, hours=36, seed=seed)
        for seed in range(4)
    ]
    attempts, gone, level = (float(np.mean([run[k] for run in runs])) for k in range(3))
    assert attempts == pytest.approx(float(found.calls_per_second), rel=0.015)
    assert gone == pytest.approx(float(found.abandon_probability), abs=0.012)
    assert level == pytest.approx(float(found.service_level(60, "offered")), abs=0.02)


def test_the_limit_of_the_fixed_point_shows_where_people_redial_at_once():
    found = with_repeats(10 / 60, 300, 55, 120, 0.7, 0.1)
    runs = [
        simulated(10 / 60, 300, 55, 120, redial=0.7, reconnect=0.1, delay=120, hours=36, seed=seed)
        for seed in range(4)
    ]
    level = float(np.mean([run[2] for run in runs]))
    flattered = float(found.service_level(60, "offered")) - level
    assert 0.01 < flattered < 0.07
