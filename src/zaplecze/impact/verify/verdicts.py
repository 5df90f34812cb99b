"""The verdict in four words and a sentence that says no more than the method carries."""

from dataclasses import dataclass

from zaplecze.impact.verify.methods import Found
from zaplecze.impact.verify.result import Better, Detectable, Interval, Verdict
from zaplecze.impact.verify.words import as_given, figure, span
from zaplecze.language import LANGUAGES, N_, Text, decimals, percent, say


@dataclass(frozen=True)
class Result:
    """The effect in units of the outcome, and what a difference must reach to matter.

    ``margin`` is that difference; ``hoped`` tells whether a person gave it. ``relative`` is the effect
    with its interval as shares of what would have been, where it is to be told so.
    """

    outcome: str
    better: Better
    estimate: float
    interval: Interval
    margin: float | None
    hoped: bool
    relative: tuple[float, Interval] | None = None

    @property
    def improvement(self) -> Interval:
        """The interval turned so that above 0 is better."""
        low, high = self.interval
        return (-high, -low) if self.better == "lower" else (low, high)

    @property
    def uncertainty(self) -> float:
        """Half of the interval."""
        return (self.interval[1] - self.interval[0]) / 2


def judge(result: Result, found: Found, planned: Detectable | None) -> tuple[Verdict, list[Text]]:
    """The verdict on RESULT and its sentences, the message first.

    First come the reasons for which nobody can tell, then failed checks, then the interval: a
    verdict of success needs all of it on the better side, "did not" needs all of it below what
    would matter.
    """
    low, high = result.improvement
    if found.doubts:
        return "cannot tell", [_so_far(result), *found.doubts]
    if (reason := _not_comparable(result, found)) is not None:
        return "not comparable", [reason]
    mean = found.regression_to_the_mean
    if low > 0:
        if mean is not None and not mean.accounted_for:
            return "cannot tell", [_so_far(result), mean.sentence]
        extra = [mean.sentence] if mean else []
        if result.hoped and result.margin is not None and high < result.margin:
            extra.append(_less_than_hoped(result))
        return "worked", [_worked(result), found.basis, *extra]
    if high < 0:
        return "did not", [_worse(result), found.basis]
    if result.margin is not None and high < result.margin:
        smaller = [] if result.hoped else [_not_ruled_out(result, high)]
        return "did not", [_nothing(result), *smaller, found.basis]
    more = [planned.sentence] if planned else []
    return "cannot tell", [_open(result), *more]


def together(sentences: list[Text]) -> Text:
    """Whole sentences one after the other."""
    return Text((lang, " ".join(each[lang] for each in sentences)) for lang in LANGUAGES)


def _not_comparable(result: Result, found: Found) -> Text | None:
    if found.pretrend.passed is False:
        if found.method == "its":
            return say(
                N_(
                    "Not comparable: the course of {outcome} was not straight before the change, "
                    "so that it cannot be drawn on. Bring units without the change to compare with."
                ),
                outcome=result.outcome,
            )
        return say(
            N_(
                "Not comparable: in {outcome} the units with and without the change drifted apart "
                "before it already. Bring others to compare with that moved alike."
            ),
            outcome=result.outcome,
        )
    if found.placebo.passed is False:
        return say(
            N_(
                "Not comparable: the same method finds an effect in the time before, when nothing "
                "was changed. Bring other units to compare with, or a longer time before."
            )
        )
    return None


def _so_far(result: Result) -> Text:
    return say(
        N_("Nobody can tell from these data: {outcome} differs by {estimate} ({range})."),
        **{key: words for key, words in _size(result).items() if key != "size"},
    )


def _worked(result: Result) -> Text:
    if result.better == "lower":
        return say(
            N_("It worked: {outcome} is lower by {size} ({range})."), **_size(result)
        )  # fmt: skip
    return say(N_("It worked: {outcome} is higher by {size} ({range})."), **_size(result))


def _worse(result: Result) -> Text:
    if result.better == "lower":
        return say(
            N_("It did not work, things got worse: {outcome} is higher by {size} ({range})."),
            **_size(result),
        )
    return say(
        N_("It did not work, things got worse: {outcome} is lower by {size} ({range})."),
        **_size(result),
    )


def _nothing(result: Result) -> Text:
    words = {**_size(result), "margin": _margin(result)}
    if result.hoped:
        return say(
            N_(
                "It did not work: {outcome} changed by {estimate} ({range}), which rules out the "
                "hoped-for {margin}."
            ),
            **words,
        )
    return say(
        N_(
            "It did not work: {outcome} changed by {estimate} ({range}), less than half of what it "
            "usually swings from one period to the next ({margin})."
        ),
        **words,
    )


def _not_ruled_out(result: Result, most: float) -> Text:
    return say(
        N_(
            "An improvement of up to {most} is not ruled out; say with 'worth' which one would matter."
        ),
        most=figure(most, result.uncertainty),
    )


def _open(result: Result) -> Text:
    return say(
        N_(
            "Nobody can tell yet: {outcome} changed by {estimate} ({range}), which fits an "
            "improvement as well as none."
        ),
        **_size(result),
    )


def _less_than_hoped(result: Result) -> Text:
    return say(N_("It stays below the hoped-for {margin}."), margin=_margin(result))


def _margin(result: Result) -> Text:
    margin = result.margin or 0.0
    return as_given(margin) if result.hoped else figure(margin, margin / 20)


def _size(result: Result) -> dict[str, Text | str | int]:
    if result.relative is not None:
        share, (low, high) = result.relative
        digits = decimals(50 * (high - low))
        return {
            "outcome": result.outcome,
            "size": percent(abs(share), digits),
            "estimate": percent(share, digits, signed=True),
            "range": say(
                N_("{low} to {high}"),
                low=percent(low, digits, signed=True),
                high=percent(high, digits, signed=True),
            ),
        }
    return {
        "outcome": result.outcome,
        "size": figure(abs(result.estimate), result.uncertainty),
        "estimate": figure(result.estimate, result.uncertainty, signed=True),
        "range": span(result.interval),
    }
