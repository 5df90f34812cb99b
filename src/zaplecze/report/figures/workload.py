"""Pictures of workload: a planned day, the wave after a change, what call records show, a forecast."""

import math
from collections.abc import Sequence

from zaplecze.language import N_, Language, Text, date, number, percent, say
from zaplecze.report.figures.plot import HEIGHT, Panel, every, headings
from zaplecze.report.figures.rows import PAPER
from zaplecze.report.figures.svg import LINE, Canvas, Ink, wrap
from zaplecze.workload import Cover, Forecast, Path, Patience, Profile
from zaplecze.workload.day import Plan
from zaplecze.workload.profile import DAY_SECONDS, Group
from zaplecze.workload.service import NAMES

_RIGHT = 190.0
_BETWEEN = 3.2 * LINE
_COURSES: tuple[tuple[Ink, bool], ...] = (
    ("ink", False),
    ("accent", False),
    ("good", True),
    ("bad", False),
)
"""Ink and whether it is dashed: of all calls, then of kinds, told apart without their colours."""
_MOST_KINDS = 3


def plan_figure(
    found: Plan, language: Language, cover: Cover | None = None, width: int = PAPER
) -> str:
    """Agents over the intervals of a day or week, over the work that comes; shifts where given."""
    canvas = Canvas(width)
    peak = max(found.intervals, key=lambda each: each.agents)
    message = say(
        N_("{agents} agents at the peak ({interval}), {hours} agent hours in all"),
        agents=number(found.peak_agents),
        interval=f"{peak.day} {peak.interval}" if _days(found) > 1 else peak.interval,
        hours=number(found.agent_hours),
    )
    note = say(
        N_("Agents by interval of {minutes} min; service level {definition}, within {seconds} s"),
        minutes=number(found.per_seconds / 60),
        definition=say(NAMES[found.definition]),
        seconds=number(found.within_seconds),
    )
    top = headings(canvas, message[language], [note[language]])
    agents = [float(each.agents) for each in found.intervals]
    present = [float(n) for row in cover.present for n in row] if cover else []
    panel = Panel.under(
        canvas, top, last=len(agents), highest=max([*agents, *present]), right=_RIGHT,
        language=language,
    )  # fmt: skip
    work = [each.load_erlangs for each in found.intervals]
    panel.columns(work, "wash")
    panel.grid()
    if present:
        panel.stairs(present, "grey", width=1.5)
    panel.stairs(agents, "accent")
    panel.below(_interval_names(found))
    labels: list[tuple[float, str, Ink]] = [
        (agents[-1], say(N_("agents needed"))[language], "accent"),
        (work[-1] / 2, say(N_("work that comes"))[language], "soft"),
    ]
    if present:
        labels.append((present[-1], say(N_("agents in shifts"))[language], "grey"))
    panel.at_end(labels)
    return canvas.to_svg(panel.bottom + 2 * LINE, message[language])


def _days(found: Plan) -> int:
    return len({each.day for each in found.intervals})


def _interval_names(found: Plan) -> list[tuple[float, str]]:
    days = [each.day for each in found.intervals]
    if _days(found) > 1:
        first = [k for k, day in enumerate(days) if k == 0 or day != days[k - 1]]
        length = len(days) / len(first)
        return [(k + length / 2, days[k]) for k in first]
    return every([each.interval for each in found.intervals], 10)


def path_figure(found: Path, language: Language, width: int = PAPER) -> str:
    """Attempts and answered calls an hour, and the service level, hour by hour after a change."""
    canvas = Canvas(width)
    message = say(
        N_("First a wave ({wave} answered), then fewer attempts ({attempts})"),
        wave=percent(found.wave, 0, signed=True),
        attempts=percent(found.attempts_change, 0, signed=True),
    )
    note = say(
        N_("From {before} to {after} agents at hour 0. Calls an hour; below, the service level {definition}"),
        before=_agents(found.agents_before), after=_agents(found.agents_after),
        definition=say(NAMES[found.definition]),
    )  # fmt: skip
    top = headings(canvas, message[language], [note[language]])
    moments = [found.before, *found.hours]
    panel = Panel.under(
        canvas, top, last=len(found.hours), highest=max(m.attempts for m in moments), right=_RIGHT,
        language=language,
    )  # fmt: skip
    panel.grid()
    # Each hour stands at its middle; what was before, at the change.
    places = [0.0, *(k + 0.5 for k in range(len(found.hours)))]
    panel.course([(x, m.attempts) for x, m in zip(places, moments, strict=True)], "grey")
    panel.course([(x, m.answered) for x, m in zip(places, moments, strict=True)], "accent")
    last = found.hours[-1]
    panel.at_end(
        [
            (last.attempts, say(N_("attempts"))[language], "soft"),
            (last.answered, say(N_("answered"))[language], "accent"),
        ]
    )
    lower = Panel.under(
        canvas, panel.bottom + _BETWEEN, last=len(found.hours), highest=1.0, right=_RIGHT,
        language=language, height=HEIGHT / 2,
    )  # fmt: skip
    lower.grid(per_cent=True)
    lower.course([(x, m.service_level) for x, m in zip(places, moments, strict=True)], "accent")
    lower.at_end([(last.service_level, say(N_("service level"))[language], "accent")])
    hours = every([str(k) for k in range(len(found.hours) + 1)], 13)
    lower.below(hours)
    canvas.text(
        lower.x.left,
        lower.bottom + 2 * LINE,
        say(N_("hours after the change"))[language],
        ink="soft",
    )
    caveat = _words_below(canvas, lower.bottom + 3.4 * LINE, found.caveat[language])
    return canvas.to_svg(caveat, message[language])


def profile_figure(found: Profile, language: Language, width: int = PAPER) -> str:
    """Calls by time of day, the share that hangs up, and how long callers are ready to wait."""
    canvas = Canvas(width)
    message = say(
        N_("{share} of {calls} calls hung up; half of the callers would wait {median}"),
        share=percent(found.all.abandoned_share, 0),
        calls=number(found.calls),
        median=_median(found.all),
    )
    period = say(N_("{first} to {last}"), first=found.first_day, last=found.last_day)
    top = headings(canvas, message[language], [period[language]])
    names = every([slot.interval for slot in found.slots], 10)
    top = _caption(
        canvas,
        top,
        say(
            N_("Calls a day by interval of {minutes} min"),
            minutes=number(found.interval_seconds / 60),
        ),
        language,
    )
    panel = Panel.under(
        canvas, top, last=len(found.slots), highest=max(s.mean_calls for s in found.slots),
        right=_RIGHT, language=language, height=HEIGHT * 0.75,
    )  # fmt: skip
    panel.grid()
    panel.stairs([slot.mean_calls for slot in found.slots], "accent")
    panel.below(names)
    top = _caption(canvas, panel.bottom + _BETWEEN, say(N_("Share of them that hung up")), language)
    panel = Panel.under(
        canvas, top, last=len(found.slots), highest=_highest_share(found), right=_RIGHT,
        language=language, height=HEIGHT * 0.5,
    )  # fmt: skip
    panel.grid(per_cent=True)
    busy = max(slot.mean_calls for slot in found.slots) / 20
    panel.stairs(
        [slot.abandoned_share or 0.0 if slot.mean_calls >= busy else 0.0 for slot in found.slots],
        "bad",
    )
    panel.below(names)
    top = _caption(
        canvas, panel.bottom + _BETWEEN,
        say(N_("Share still waiting by seconds, if nobody were answered; the band is 95 % of doubt")),
        language,
    )  # fmt: skip
    bottom = _patience(canvas, top, found, language)
    return canvas.to_svg(bottom, message[language])


def _highest_share(found: Profile) -> float:
    """The largest share of intervals that are not nearly empty, which would show chance only."""
    busy = max(slot.mean_calls for slot in found.slots) / 20
    return max(s.abandoned_share or 0.0 for s in found.slots if s.mean_calls >= busy) or 0.1


def _patience(canvas: Canvas, top: float, found: Profile, language: Language) -> float:
    groups = [found.all, *found.kinds[:_MOST_KINDS]]
    waits = found.all.patience
    last = _well_seen(waits.seconds, waits.low, waits.high)
    panel = Panel.under(canvas, top, last=last, highest=1.0, right=_RIGHT, language=language)
    panel.band(
        [(0.0, 1.0, 1.0), *((t, lo, hi) for t, lo, hi in zip(waits.seconds, waits.low, waits.high, strict=True) if t <= last)]
    )  # fmt: skip
    panel.grid(per_cent=True)
    labels: list[tuple[float, str, Ink]] = []
    for group, (ink, dashed) in zip(groups, _COURSES, strict=False):
        curve = group.patience
        width = 2.5 if group is found.all else 1.5
        panel.course(_steps(curve, last), ink, width=width, dashed=dashed)
        labels.append((curve.at(last), group.name or say(N_("all calls"))[language], ink))
    if waits.exponential_mean_seconds:
        mean = waits.exponential_mean_seconds
        panel.course(
            [(last * k / 60, math.exp(-last * k / 60 / mean)) for k in range(61)],
            "grey",
            dashed=True,
        )
        labels.append((math.exp(-last / mean), say(N_("as Erlang A has it"))[language], "grey"))
    panel.at_end(labels)
    step = next(s for s in (10, 20, 60, 120, 300, 600, 1800, 3600) if last / s <= 8 or s == 3600)
    panel.below([(float(t), str(t)) for t in range(0, int(last) + 1, step)])
    return panel.bottom + 2 * LINE


def _steps(curve: Patience, last: float) -> list[tuple[float, float]]:
    """The curve as it is: level until somebody hangs up."""
    points, level = [(0.0, 1.0)], 1.0
    for second, share in zip(curve.seconds, curve.still_waiting, strict=True):
        if second > last:
            break
        points += [(second, level), (second, share)]
        level = share
    return [*points, (last, level)]


def _well_seen(seconds: Sequence[float], low: Sequence[float], high: Sequence[float]) -> float:
    """Up to where the curve is known to a fifth; beyond it a few callers decide."""
    known = [t for t, lo, hi in zip(seconds, low, high, strict=True) if hi - lo < 0.2]
    return known[-1] if known else (seconds[-1] if seconds else 1.0)


def forecast_figure(found: Forecast, language: Language, width: int = PAPER) -> str:
    """Calls a day: what came, what is expected, and between what it will lie."""
    canvas = Canvas(width)
    first, last = found.days[0], found.days[-1]
    total = sum(day.total.mean for day in found.days)
    message = say(
        N_("{calls} calls are expected from {first} to {last}"),
        calls=number(total), first=date(first.day), last=date(last.day),
    )  # fmt: skip
    notes = [
        say(
            N_("Calls a day; the band holds {share} of days. {sentence}"),
            share=percent(found.coverage_wanted, 0),
            sentence=found.sentence,
        )[language]
    ]
    top = headings(canvas, message[language], notes)
    past = found.past_totals
    highest = max([*past, *(day.total.high for day in found.days)])
    panel = Panel.under(
        canvas, top, last=len(past) + len(found.days) - 1, highest=highest, right=_RIGHT,
        language=language,
    )  # fmt: skip
    ahead = [(float(len(past) + k), day.total) for k, day in enumerate(found.days)]
    panel.band([(at, each.low, each.high) for at, each in ahead])
    panel.grid()
    panel.course([(float(k), value) for k, value in enumerate(past)], "ink", width=1.5)
    panel.course([(at, each.mean) for at, each in ahead], "accent", dashed=True)
    for (at, each), day in zip(ahead, found.days, strict=True):
        if day.holiday:
            canvas.dot(panel.x(at), panel.y(each.mean), "accent", hollow=True)
    panel.at_end([(ahead[-1][1].mean, say(N_("expected"))[language], "accent")])
    panel.below(
        [
            (
                0.0,
                date(found.past_to.fromordinal(found.past_to.toordinal() - len(past) + 1))[
                    language
                ],
            )
        ],
        centred=False,
    )
    canvas.text(
        panel.x(ahead[-1][0]),
        panel.bottom + LINE,
        date(last.day)[language],
        ink="soft",
        anchor="end",
    )
    return canvas.to_svg(panel.bottom + 2 * LINE, message[language])


def _caption(canvas: Canvas, y: float, words: Text, language: Language) -> float:
    canvas.text(0, y, words[language], ink="soft")
    return y + LINE


def _median(group: Group) -> Text:
    median = group.patience.median_seconds
    if median is None:
        return say(N_("longer than anybody was seen to wait"))
    return say(N_("{n} s"), n=number(min(median, DAY_SECONDS)))


def _agents(value: float) -> Text:
    return number(value, 0 if float(value).is_integer() else 1)


def _words_below(canvas: Canvas, y: float, words: str) -> float:
    """Words below a drawing; returns the pixel below them."""
    for line in wrap(words, canvas.width, 4):
        canvas.text(0, y, line, ink="soft")
        y += LINE
    return y
