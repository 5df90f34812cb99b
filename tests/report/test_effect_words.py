"""Words for effects: how often is no delay, and a lever that hurts two outcomes is one lever."""

from dataclasses import replace

import pytest
from tests.report.orders import orders

from zaplecze.impact import Dose
from zaplecze.language import LANGUAGES, Text
from zaplecze.report import headline
from zaplecze.report.pictures import dose_message


def sized(unit):
    """A finding whose effect grows with its size in UNIT."""
    finding = next(f for f in orders().findings if f.effect is not None)
    sign = -1 if finding.higher_is_better else 1
    dose = [
        Dose(
            float(k),
            k + 1.0,
            unit,
            Text.same(str(k)),
            100,
            replace(finding.effect, estimate=sign * k, interval=(sign * k - 0.1, sign * k + 0.1)),
            1.0,
        )
        for k in (1, 2)
    ]
    return replace(finding, dose=dose)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_counted_in_times_is_no_delay(language):
    delay, times = (dose_message(sized(unit))[language] for unit in ("days", "times"))
    assert delay != times
    assert "delay" not in dose_message(sized("times"))["en"]
    assert "the more often, the worse" in dose_message(sized("times"))["en"]


def test_a_lever_that_hurts_two_outcomes_is_counted_once():
    found = orders()
    [first, *_] = [f for f in found.findings if f.verdict == "yes"]
    twice = [replace(first, id=f"{first.id} {k}", money=None) for k in range(2)]
    levers = [replace(each, money=None) for each in found.levers]
    said = headline(replace(found, findings=twice, levers=levers, total=None))
    assert said["en"].startswith("1 lever goes with harm")
