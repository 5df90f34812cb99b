"""The part of an effect that does not run through later levers, and the words for it."""

from dataclasses import replace

import numpy as np
import pytest
from tests.impact.small import workspace_of
from tests.report.orders import orders

from zaplecze.impact.apart import held, later_levers, told_apart
from zaplecze.impact.facts import OutcomeFacts
from zaplecze.impact.lever import Lever, lever_name
from zaplecze.language import LANGUAGES, Text

HARM = next(f for f in orders().findings if f.verdict == "yes" and f.effect is not None)


def lever(step, at):
    known = np.full(40, float(at))
    name = lever_name(workspace_of({}), step, "rework", Text.same(step))
    return Lever(name, np.tile([1.0, 0.0], 20), known, known, np.ones(40), [])


def test_what_later_levers_do_is_set_apart_with_a_price_and_without():
    rating = OutcomeFacts("rating", "rating", np.ones(40), np.ones(40))
    pairs = [(lever("A", 1), rating), (lever("B", 2), rating)]
    for priced in (None, HARM.effect and replace(HARM.effect, estimate=0.2)):
        findings = [replace(HARM, id=step, priced=priced) for step in "AB"]
        assert [where for _, where in later_levers(0, pairs, findings)] == ["B"]
        assert later_levers(1, pairs, findings) == []
    better = [replace(HARM, verdict="no"), HARM]
    assert later_levers(0, pairs, better) == []
    assert [column.name for column in held([(pairs[1][0], "B")])] == [
        "rework:B held",
        "rework:B amount held",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_direct_effect_that_turns_round_tells_that_levers_are_not_apart(language):
    later = [(lever("B", 2), "B")]
    less = replace(HARM.effect, estimate=-0.3, interval=(-0.4, -0.2))
    turned = replace(HARM.effect, estimate=0.3, interval=(0.2, 0.4))
    words = [told_apart(HARM, direct, later, "EUR")[language] for direct in (less, turned, None)]
    assert len(set(words)) == 3
    assert all("B" in each for each in words)
    assert "cannot be told" in told_apart(HARM, turned, later, "EUR")["en"]
    assert "remains" in told_apart(HARM, less, later, "EUR")["en"]
