"""What is said about a deviation: how frequent it is, and how its cases fared."""

from collections.abc import Callable, Iterator

from zaplecze.language import N_, Text, duration, ends, number, percent, say
from zaplecze.process.conformance.result import Contrast, Contrasts, Kind
from zaplecze.process.conformance.spots import Sides


def frequency(kind: Kind, activity: str, cases: int, sides: Sides) -> Text:
    """In how many of the CASES something is missing or out of place."""
    message = {
        "skipped": N_(
            "In {share} of the cases ({cases}) the step '{activity}' is missing where the "
            "procedure asks for it."
        ),
        "inserted": N_(
            "In {share} of the cases ({cases}) the step '{activity}' was done where the "
            "procedure has no place for it."
        ),
    }[kind]
    return say(
        message,
        share=percent(cases / int(sides.fits.cases.sum())),
        cases=number(cases),
        activity=sides.label(activity),
    )


def comparisons(figures: Contrasts, sides: Sides) -> Iterator[Text]:
    """How the cases with the deviation fared beside the others."""
    times = figures.throughput_seconds
    if times.with_it is not None and times.without_it is not None:
        yield say(
            N_("Median time from start to end: {with_it} with this deviation, {without_it} without."),
            with_it=duration(times.with_it),
            without_it=duration(times.without_it),
        )  # fmt: skip
        yield from _difference(times, duration)
    for name, contrast in figures.outcomes.items():
        if contrast.with_it is None or contrast.without_it is None:
            continue
        yield say(
            N_("{outcome}, on average: {with_it} with this deviation, {without_it} without."),
            outcome=sides.outcome_label(name),
            with_it=sides.amount(name, contrast.with_it),
            without_it=sides.amount(name, contrast.without_it),
        )
        if sides.log.info.outcomes.get(name) == "yes_no":
            yield from _difference(contrast, _points)
        else:
            yield from _difference(contrast, _signed)
    contrasts = [times, *figures.outcomes.values()]
    if any(contrast.interval for contrast in contrasts):
        yield say(
            N_(
                "These are differences between cases as they are, not effects of the deviation: "
                "cases that deviate may differ in other ways, too. 'zaplecze impact effects' takes "
                "account of these."
            )
        )


def _difference(contrast: Contrast, words: Callable[[float, int], Text]) -> Iterator[Text]:
    if contrast.interval is None or contrast.difference is None:
        return
    low, high = ends(*contrast.interval, words)
    yield say(
        N_(
            "The difference is {difference} (between {low} and {high} at 95 %; {cases_with} cases "
            "with it, {cases_without} without)."
        ),
        difference=words(contrast.difference, 0),
        low=low,
        high=high,
        cases_with=number(contrast.cases_with),
        cases_without=number(contrast.cases_without),
    )


def _points(share: float, more: int) -> Text:
    return say(N_("{n} percentage points"), n=number(100 * share, 1 + more, signed=True))


def _signed(value: float, more: int) -> Text:
    return number(value, 2 + more, signed=True)
