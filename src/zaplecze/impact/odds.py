"""What a lever does to the odds of a better rating, beside the difference of means.

Ratings are ordered categories: from bad to middling may be another step than from middling to good.
"""

import math

import numpy as np

from zaplecze.errors import InputError
from zaplecze.impact.arrays import Floats
from zaplecze.impact.comparison import Comparison
from zaplecze.impact.facts import OutcomeFacts
from zaplecze.impact.finding import Interval, Odds
from zaplecze.impact.lever import Lever
from zaplecze.impact.linear import Z95
from zaplecze.impact.ordered import proportional_odds
from zaplecze.language import N_, Text, number, say

MOST_LEVELS = 10
"""Ratings with more levels are as good as amounts."""

METHOD = N_(
    "proportional odds given the outcome and the exposure to be expected, cross-fitted in 5 folds by "
    "customer, errors clustered by customer"
)


def odds_of_better(
    among: Comparison,
    lever: Lever,
    outcome: OutcomeFacts,
    felt: Floats,
    words: Text,
    *,
    higher_is_better: bool,
) -> Odds | None:
    """The odds of a better OUTCOME (called WORDS) with LEVER, as times those of comparable cases.

    Cases are comparable when the same outcome (the prognostic score, Hansen 2008) and the same
    exposure (the propensity score, Rosenbaum and Rubin 1983) was to be expected of them; FELT is what is
    left over of the outcome. None of what is no rating of at most ten levels, and where its odds have
    no bounds.
    """
    answers, exposed = outcome.values[among.rows], lever.exposed[among.rows]
    if outcome.kind != "rating" or len(np.unique(answers)) > MOST_LEVELS:
        return None
    chance = exposed - among.left_over(lever.name.id, lever.exposed)
    columns = [exposed, answers - felt, chance, (chance - chance.mean()) ** 2]
    customer = among.customer[among.rows]
    try:
        model = proportional_odds(answers, np.column_stack(columns), clusters=customer)
    except InputError:
        return None
    log_odds = float(model.coefficients[0]) * (1 if higher_is_better else -1)
    width = Z95 * float(model.coefficient_errors[0])
    ratio, interval = math.exp(log_odds), (math.exp(log_odds - width), math.exp(log_odds + width))
    return Odds(ratio, interval, model.n, METHOD, _sentence(words, ratio, interval))


def _sentence(words: Text, ratio: float, interval: Interval) -> Text:
    # Two leading figures of the smallest, but no fewer than two decimals.
    digits = max(2, min(1 - math.floor(math.log10(interval[0])), 8))
    low, high = (number(bound, digits) for bound in interval)
    return say(
        N_(
            "“{outcome}”: the odds of a better rating are {odds} times those of comparable cases (95 % "
            "interval {low} to {high})."
        ),
        outcome=words,
        odds=number(ratio, digits),
        low=low,
        high=high,
    )
