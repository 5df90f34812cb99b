"""Formulas beside lines that are simulated event by event with another's program."""

import ciw
import numpy as np
import pytest

from zaplecze.workload import queue, with_repeats

pytestmark = pytest.mark.simulation

RATE = 600 / 3600


class Callers(ciw.routing.NodeRouting):
    """Those who were answered or hung up call again by chance, after a while, or never."""

    def __init__(self, redial, reconnect, seed):
        self.redial, self.reconnect = redial, reconnect
        self.random = np.random.default_rng(seed)

    def next_node(self, ind):
        return self._later(self.reconnect)

    def next_node_for_jockeying(self, ind):
        return self._later(self.redial)

    def _later(self, share):
        again = self.random.random() < share
        return self.simulation.nodes[2] if again else self.simulation.nodes[-1]


def simulated(agents, *, redial=0.0, reconnect=0.0, delay=1.0, hours=40, seed=1):
    """Attempts a second, share abandoned and share served within 60 s of all attempts.

    600 first calls an hour of 5 minutes each, patience 2 minutes; the beginning is left out.
    """
    ciw.seed(seed)
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(RATE), None],
        service_distributions=[ciw.dists.Exponential(1 / 300), ciw.dists.Exponential(1 / delay)],
        number_of_servers=[agents, float("inf")],
        reneging_time_distributions=[ciw.dists.Exponential(1 / 120), None],
        routing=ciw.routing.NetworkRouting(
            [Callers(redial, reconnect, seed), ciw.routing.Direct(to=1)]
        ),
    )
    run = ciw.Simulation(network)
    end, warm = hours * 3600.0, 5 * delay + 3600.0
    run.simulate_until_max_time(end)
    rows = [r for r in run.get_all_records() if r.node == 1 and r.arrival_date > warm]
    gone = np.array([r.record_type == "renege" for r in rows])
    waits = np.array([r.waiting_time for r in rows])
    return len(rows) / (end - warm), gone.mean(), ((waits <= 60) & ~gone).mean()


def repeated(agents, **options):
    """Means and standard errors of four simulations."""
    runs = np.array([simulated(agents, seed=seed, **options) for seed in range(4)])
    return runs.mean(axis=0), runs.std(axis=0, ddof=1) / 2


def test_erlang_a_lies_within_the_noise_of_a_simulation():
    means, errors = repeated(49, hours=30)
    found = queue(RATE, 300, 49, 120)
    assert abs(means[1] - found.abandon_probability) < 4 * errors[1] + 0.001
    assert abs(means[2] - found.service_level(60, "offered")) < 4 * errors[2] + 0.001


def test_redials_after_a_long_while_lie_within_the_noise_of_a_simulation():
    found = with_repeats(RATE, 300, 50, 120, 0.7, 0.1)
    means, errors = repeated(50, redial=0.7, reconnect=0.1, delay=1800, hours=36)
    assert abs(means[0] / found.calls_per_second - 1) < 4 * errors[0] / means[0] + 0.003
    assert abs(means[1] - found.abandon_probability) < 4 * errors[1] + 0.0035
    assert abs(means[2] - found.service_level(60, "offered")) < 4 * errors[2] + 0.006


def test_the_limit_of_the_fixed_point_shows_where_people_redial_at_once():
    found = with_repeats(RATE, 300, 55, 120, 0.7, 0.1)
    means, errors = repeated(55, redial=0.7, reconnect=0.1, delay=120, hours=36)
    flattered = float(found.service_level(60, "offered")) - means[2]
    assert 2 * errors[2] < flattered < 0.06
