"""What is said about the service of departments to each other."""

from collections.abc import Iterator, Mapping, Sequence

from zaplecze.impact.finding import Interval
from zaplecze.impact.internal.index import FEWEST
from zaplecze.impact.internal.result import DepartmentService
from zaplecze.impact.internal.survey import Answers
from zaplecze.language import N_, Text, duration, ends, joined, number, percents, say, say_plural
from zaplecze.workspace import ServicePart

PARTS: dict[ServicePart, str] = {
    "takeover": N_("taking work over"),
    "right_first_time": N_("right first time"),
    "promises": N_("promises kept"),
    "survey": N_("colleagues’ answers"),
}


def part(name: ServicePart) -> Text:
    """What a part of the index is called."""
    return say(PARTS[name])


def points(value: float, interval: Interval) -> Text:
    """An index with its interval: 71 (64–78)."""
    digits = 0 if interval[1] - interval[0] >= 2 else 1
    low, high = ends(*interval, digits=digits)
    return say(N_("{index} ({low}–{high})"), index=number(value, digits), low=low, high=high)


def too_few(handovers: int) -> Text:
    """Why a department has no index."""
    return say_plural(
        N_("Cannot tell: only {count} hand-over to or from it (at least {fewest} one way)."),
        N_("Cannot tell: only {count} hand-overs to or from it (at least {fewest} one way)."),
        handovers,
        fewest=number(FEWEST["takeover"]),
    )


def one_part(name: ServicePart) -> Text:
    """Why a department of which one part alone is known well has no index."""
    return say(
        N_("Cannot tell: enough is known of “{part}” only, and one part is no index."),
        part=part(name),
    )


def of_department(label: Text, index: float, interval: Interval, worst: Text | None) -> Text:
    """A department in one sentence."""
    if worst is None:
        return say(
            N_("{department}: {index} of 100."), department=label, index=points(index, interval)
        )
    return say(
        N_("{department}: {index} of 100; furthest behind the company’s mean in “{part}”."),
        department=label,
        index=points(index, interval),
        part=worst,
    )


def of_all(departments: Sequence[DepartmentService]) -> Text:
    """All departments in one sentence; DEPARTMENTS come from the lowest index on."""
    ranked = [each for each in departments if each.index is not None]
    if not ranked:
        return say(
            N_(
                "Cannot tell how departments serve each other: no department has at least {fewest} "
                "hand-overs one way. Bring a longer log."
            ),
            fewest=number(FEWEST["takeover"]),
        )
    low, high = ranked[0], ranked[-1]
    if low is high:
        return low.sentence
    apart = low.interval and high.interval and low.interval[1] < high.interval[0]
    message = (
        N_("Internal service is weakest from {low} ({first} of 100) and best from {high} ({last}).")
        if apart
        else N_(
            "Internal service from {low} ({first} of 100) to {high} ({last}) does not differ by "
            "more than chance would allow."
        )
    )
    return say(
        message,
        low=low.label,
        first=number(low.index or 0.0),
        high=high.label,
        last=number(high.index or 0.0),
    )


def method(
    weights: Mapping[ServicePart, float], takeover_hours: float | None, working_time: bool
) -> Iterator[Text]:
    """How the index is made, with its WEIGHTS (adding up to 1)."""
    yield say(
        N_(
            "The index is the mean of its parts, each from 0 to 100, with these weights: {weights}. "
            "Where a department has too little of a part, the others share its weight."
        ),
        weights=_weights(weights),
    )
    if "takeover" in weights:
        yield _taking_over(takeover_hours)
    if working_time:
        yield say(N_("Waits count working time only."))
    yield say(
        N_(
            "Right first time: the share of what a department gives that does not come straight back "
            "for a step that it had done already, or for one that ought not to be needed."
        )
    )
    if "promises" in weights:
        yield say(
            N_(
                "Promises kept: the share of its steps done by their due time or within their target. A due "
                "time moves on by as much as the work came late from another department."
            )
        )
    if "survey" in weights:
        yield say(
            N_(
                "Colleagues’ answers: their mean, from the lower end of the scale (0) to the upper (100)."
            )
        )
    yield say(
        N_(
            "Intervals (95 %) allow for cases of one customer being alike. The range of ranks allows "
            "for chance and for any other choice of weights."
        )
    )  # fmt: skip


def _taking_over(takeover_hours: float | None) -> Text:
    if takeover_hours is None:
        return say(
            N_(
                "Taking work over: the share of all hand-overs of the log that lie longer than those "
                "to this department; 50 is as usual. Give 'takeover_hours' to judge by a promise."
            )
        )
    return say(
        N_("Taking work over: the share of hand-overs taken over within {hours}."),
        hours=duration(takeover_hours * 3600),
    )


def _weights(weights: Mapping[ServicePart, float]) -> Text:
    if len(set(weights.values())) == 1:
        # Thirds would read 34, 33 and 33 %.
        return say(N_("{parts} in equal parts"), parts=joined([part(name) for name in weights]))
    shares = percents(list(weights.values()))
    return joined(
        [
            say("{part} {share}", part=part(name), share=share)
            for name, share in zip(weights, shares, strict=True)
        ]
    )


def weight_on_nothing(asked: Sequence[ServicePart], known: Sequence[ServicePart]) -> Text:
    """That all weight lies on parts of which nothing is known."""
    return say(
        N_("Nothing is known of {asked}, which has all the weight. Give some to {known}."),
        asked=_quoted(asked),
        known=_quoted(known),
    )


def _quoted(names: Sequence[ServicePart]) -> Text:
    return joined([say(N_("“{part}”"), part=part(name)) for name in names])


def unknown_parts(
    weights: Mapping[ServicePart, float], missing: Sequence[ServicePart]
) -> Iterator[Text]:
    """Which parts somebody gave a weight and nothing is known of, and that one part is left alone.

    WEIGHTS are those of the parts of which something is known, MISSING the others that were asked for.
    """
    if missing:
        yield say(
            N_("Nothing is known of {parts}, so that this weight counts nowhere."),
            parts=_quoted(missing),
        )
    known = [name for name, weight in weights.items() if weight > 0]
    if len(known) == 1:
        yield say(
            N_(
                "The index is “{part}” alone. For more, bring when steps begin, targets or due times, or "
                "colleagues’ answers."
            ),
            part=part(known[0]),
        )


def caveats(
    answers: Answers | None,
    departments: Sequence[str],
    without: int,
    open_: int,
    uneven: bool,
    untimed: list[Text],
    states: bool,
) -> Iterator[Text]:
    """What the index leaves open."""
    yield say(
        N_(
            "Departments do different work: compare a department with itself over time before you "
            "compare it with others. The index judges how work passes, not people."
        )
    )
    if untimed:
        yield completions_only(untimed)
    yield say(N_("Work that nobody has taken over by the end of the log does not count."))
    if uneven:
        yield say(
            N_("Not all indices rest on the same parts, so their ranks are only a rough guide.")
        )
    if states:
        yield say(
            N_("The log tells states and not steps, so all work that comes straight back counts as returned.")
        )  # fmt: skip
    if without:
        yield say_plural(
            N_("{count} event of which no department is known neither hands over nor takes over."),
            N_("{count} events of which no department is known neither hand over nor take over."),
            without,
        )
    if open_:
        yield say_plural(
            N_(
                "What became of {count} hand-over is not known yet; it is left out of “right first time”."
            ),
            N_(
                "What became of {count} hand-overs is not known yet; they are left out of “right first time”."
            ),
            open_,
        )
    if answers is not None:
        yield from _left_out(answers, departments)


def completions_only(untimed: list[Text]) -> Text:
    """That of some departments nobody knows when they began."""
    return say(
        N_(
            "The log says when these departments were done, and not when they began: {departments}. The "
            "time from a hand-over to them is their turnaround, their own work included; it is shown, but "
            "not compared with the waits of others. By their own limits they are judged all the same."
        ),
        departments=joined(untimed),
    )


def _left_out(answers: Answers, departments: Sequence[str]) -> Iterator[Text]:
    unknown = sorted(set(answers.department) - set(departments))
    if unknown:
        yield say(
            N_("{file}: answers about these are left out, as the log does not know them: {names}."),
            file=answers.source,
            names=joined([Text.same(name) for name in unknown[:10]]),
        )
    if answers.without_score:
        yield say_plural(
            N_("{file}: {count} row without a department or a score is left out."),
            N_("{file}: {count} rows without a department or a score are left out."),
            answers.without_score,
            file=answers.source,
        )
