"""People who call again, in the end and on the way there."""

import pytest

from zaplecze.errors import InputError
from zaplecze.workload import Demand, path, service, with_repeats


def test_the_total_rate_is_the_fixed_point():
    found = with_repeats(1 / 6, 300, 45, 120, 0.7, 0.1)
    lost = float(found.abandon_probability)
    total = float(found.calls_per_second)
    assert total == pytest.approx(1 / 6 + 0.7 * total * lost + 0.1 * total * (1 - lost), rel=1e-9)


def test_without_repeats_nothing_is_added():
    assert float(with_repeats(1 / 6, 300, 45, 120).calls_per_second) == pytest.approx(1 / 6)


def test_where_nobody_hangs_up_only_reconnects_add():
    found = service(Demand(600, 3600, 300, reconnect=0.2), 80, 20)
    assert found.attempts == pytest.approx(750)


def test_more_reconnects_than_redials_are_solved_too():
    found = with_repeats(1 / 6, 300, 70, 120, 0.1, 0.4)
    lost = float(found.abandon_probability)
    total = float(found.calls_per_second)
    assert total * (1 - 0.1 * lost - 0.4 * (1 - lost)) == pytest.approx(1 / 6, rel=1e-9)


def test_without_a_change_nothing_changes():
    demand = Demand(600, 3600, 300, 120, 0.7, 0.1)
    found = path(demand, agents_before=50, agents_after=50, within_seconds=60, hours=5)
    for moment in found.hours:
        assert moment.attempts == pytest.approx(found.before.attempts, rel=1e-6)


def test_the_path_ends_where_the_fixed_point_is():
    demand = Demand(600, 3600, 300, 120, 0.7, 0.1)
    found = path(demand, agents_before=45, agents_after=57, within_seconds=60, hours=30)
    assert found.hours[-1].attempts == pytest.approx(found.after.attempts, rel=5e-3)
    attempts = [moment.attempts for moment in found.hours]
    assert attempts == sorted(attempts, reverse=True)


def test_short_delays_bring_the_end_sooner():
    demand = Demand(600, 3600, 300, 120, 0.7, 0.1)

    def third_hour(delay):
        return path(
            demand, agents_before=45, agents_after=57, within_seconds=60, hours=3,
            redial_delay_seconds=delay,
        ).hours[-1].attempts  # fmt: skip

    assert third_hour(600) < third_hour(7200) < third_hour(86400)


def test_a_path_needs_callers_who_hang_up():
    with pytest.raises(InputError, match="mean patience"):
        path(Demand(600, 3600, 300), agents_before=55, agents_after=57, within_seconds=60)


def test_the_limit_of_the_fixed_point_is_told():
    found = service(Demand(600, 3600, 300, 120, redial=0.5), 50, 60)
    assert any("up to 5 points worse" in str(text) for text in found.caveats)
