"""Sections of the report beside the findings: who answered, changes, alarms, internal service."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass, field

from zaplecze.impact.demand import Demand
from zaplecze.impact.finding import Findings
from zaplecze.impact.followed import Changed, Followed
from zaplecze.impact.internal import InternalService
from zaplecze.impact.verify.words import figure, span
from zaplecze.impact.watch import Alarm, Watch
from zaplecze.language import N_, Language, Text, date, duration, ends, number, percent, say
from zaplecze.report import demandpart
from zaplecze.report.figures.internal import (
    index_figure,
    index_note,
    matrix_figure,
    matrix_message,
    matrix_note,
)
from zaplecze.report.figures.verification import subtitle as verification_note
from zaplecze.report.figures.verification import verification_figure
from zaplecze.report.figures.watch import alarm_figure
from zaplecze.report.figures.watch import subtitle as alarm_note
from zaplecze.report.pictures import Picture
from zaplecze.report.proposal import Answer
from zaplecze.report.respondents import respondents_table
from zaplecze.report.tables import NOTHING, Column, Table
from zaplecze.report.words import between, day

LEAST_WIDTH = 440
"""Courses over time are drawn no narrower than this, and made smaller on a phone."""

MOST_ALARMS = 3
"""Alarms with a picture; the others stand in the table."""

MOST_ROWS = 30
"""Rows of a long table; the workbook has all of them."""

VERDICTS = {
    "worked": N_("worked"),
    "did not": N_("did not"),
    "cannot tell": N_("cannot tell"),
    "not comparable": N_("not comparable"),
}


@dataclass(frozen=True)
class Section:
    """A part of the report with a heading of its own; ``key`` is its address.

    ``paired`` pictures stand two beside each other on paper.
    """

    key: str
    title: str
    lead: str
    pictures: list[Picture] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    paired: bool = False


def sections(findings: Findings, followed: Followed | None, language: Language) -> list[Section]:
    """What there is to say beside the findings, in the order of the report."""
    return list(_sections(findings, followed or Followed(), language))


def _sections(findings: Findings, followed: Followed, language: Language) -> Iterator[Section]:
    if followed.changes:
        yield _changes(followed.changes, language)
    if followed.watch is not None:
        yield _alarms(followed.watch, language)
    if followed.service is not None:
        yield _service(followed.service, language)
    if followed.demand:
        yield _contacts(followed.demand, language)
    if findings.respondents:
        yield _respondents(findings, language)


def _contacts(demand: list[Demand], language: Language) -> Section:
    told = [each.found.sentence for each in demand if each.found.verdict == "yes"]
    return Section(
        "contacts",
        say(demandpart.TITLE)[language],
        " ".join(sentence[language] for sentence in told),
        demandpart.demand_pictures(demand, language),
        demandpart.demand_tables(demand, language),
        [note[language] for note in demandpart.demand_notes(demand)],
    )


def answer(followed: Followed | None) -> Answer | None:
    """What we got for the last change, for the board; None where none was verified."""
    found = (
        next((each for each in followed.changes if each.verification), None) if followed else None
    )
    if found is None or found.verification is None:
        return None
    verified = found.verification
    details = [say("{change}: {day}", change=found.label, day=day(found.when))]
    heading = say(N_("What we got for the last change"))
    return Answer(heading, say(VERDICTS[verified.verdict]), verified.headline, details)


def _changes(changes: list[Changed], language: Language) -> Section:
    pictures = [
        _change_picture(each, language)
        for each in changes
        if each.verification is not None and each.verification.estimate is not None
    ]
    notes = [
        say(N_("{change}: {reason}"), change=each.label, reason=each.reason)[language]
        for each in changes
        if each.reason is not None
    ]
    caveats = [
        say("{measure}: {caveat}", measure=each.measure_label, caveat=caveat)[language]
        for each in changes
        if each.verification is not None
        for caveat in each.verification.caveats
    ]
    return Section(
        "changes",
        say(N_("What we got for the last changes"))[language],
        "",
        pictures,
        [changes_table(changes, language)],
        list(dict.fromkeys([*notes, *caveats])),
        paired=True,
    )


def _change_picture(each: Changed, language: Language) -> Picture:
    found = each.verification
    assert found is not None
    message = say("{change} – {headline}", change=each.label, headline=found.headline)
    # A verification knows what it measures by one name, which is the English one.
    english = each.measure_label["en"]
    note = Text(
        (lang, verification_note(found, lang).replace(english, label))
        for lang, label in each.measure_label.items()
    )
    return Picture.of(
        message,
        note,
        lambda width: verification_figure(found, language, max(width, LEAST_WIDTH), headed=False),
        changes_table([each], language),
        language,
        "changes",
    )


def changes_table(changes: list[Changed], language: Language) -> Table:
    """Every change with what came of it."""
    return _table(
        N_("Changes and what came of them"),
        [
            (N_("Change"), False),
            (N_("Live since"), False),
            (N_("Measure"), False),
            (N_("Effect"), True),
            (N_("95 % interval"), True),
            (N_("Verdict"), False),
            (N_("Method"), False),
        ],
        [_change_row(each, language) for each in changes],
        language,
    )


def _change_row(each: Changed, language: Language) -> list[str]:
    found = each.verification
    row = [each.label[language], day(each.when)[language], each.measure_label[language]]
    if found is None or found.estimate is None or found.interval is None:
        verdict = VERDICTS[found.verdict if found else "cannot tell"]
        return [*row, NOTHING, NOTHING, say(verdict)[language], NOTHING]
    half = (found.interval[1] - found.interval[0]) / 2
    return [
        *row,
        figure(found.estimate, half, signed=True)[language],
        span(found.interval)[language],
        say(VERDICTS[found.verdict])[language],
        found.method_text[language],
    ]


def _alarms(watch: Watch, language: Language) -> Section:
    drawn = [_alarm_picture(watch, alarm, language) for alarm in shown_alarms(watch)]
    notes = [watch.method, *watch.notes]
    notes += [
        say(N_("Not watched: {measure}. {reason}"), measure=each.label, reason=each.reason)
        for each in watch.unwatched
    ]
    tables = [alarms_table(watch, language)] if watch.alarms else []
    return Section(
        "alarms",
        say(N_("Alarms"))[language],
        watch.sentence[language],
        drawn,
        tables,
        [note[language] for note in notes],
        paired=True,
    )


def shown_alarms(watch: Watch) -> list[Alarm]:
    """Those with a picture: the latest of each measure, where in hindsight there is a change."""
    return [alarm for alarm in watch.alarms if alarm.current and alarm.lasting][:MOST_ALARMS]


def _alarm_picture(watch: Watch, alarm: Alarm, language: Language) -> Picture:
    watched = next(each for each in watch.watched if each.measure == alarm.measure)
    return Picture.of(
        alarm.sentence,
        alarm_note(watched, alarm),
        lambda width: alarm_figure(watch, alarm, language, max(width, LEAST_WIDTH), headed=False),
        alarms_table(watch, language, [alarm]),
        language,
        "alarms",
    )


def alarms_table(watch: Watch, language: Language, only: list[Alarm] | None = None) -> Table:
    """Every alarm of WATCH (or ONLY these), the latest first."""
    return _table(
        N_("Alarms, the latest first"),
        [
            (N_("Since"), False),
            (N_("What"), False),
            (N_("Where"), False),
            (N_("What it costs"), False),
        ],
        [
            [
                date(alarm.since)[language],
                alarm.sentence[language],
                alarm.segment_sentence[language],
                alarm.cost_sentence[language],
            ]
            for alarm in (watch.alarms if only is None else only)
        ],
        language,
    )


def _service(found: InternalService, language: Language) -> Section:
    matrix = Picture.of(
        matrix_message(found),
        matrix_note(found),
        functools.partial(_matrix, found, language),
        passings_table(found, language),
        language,
        "service",
    )
    pictures = [matrix]
    if any(each.index is not None for each in found.departments):
        index = Picture.of(
            found.sentence,
            index_note(found),
            lambda width: index_figure(found, language, width, headed=False),
            departments_table(found, language),
            language,
            "service",
        )
        pictures.insert(0, index)
    told = [*found.method, *found.caveats]
    if max(len(found.departments), len(found.passings)) > MOST_ROWS:
        told.append(say(N_("Long tables end here; the workbook has all of their rows.")))
    notes = [note[language] for note in told]
    title = say(N_("How departments serve each other"))[language]
    return Section("service", title, "", pictures, [], notes)


def _matrix(found: InternalService, language: Language, width: int) -> str:
    return matrix_figure(found, language, width, headed=False)


def departments_table(found: InternalService, language: Language) -> Table:
    """The index of every department, with its parts and its trend."""
    return _table(
        N_("Departments, the lowest index first"),
        [
            (N_("Department"), False),
            (N_("Index"), True),
            (N_("95 % interval"), True),
            (N_("Parts"), False),
            (N_("Trend"), False),
        ],
        [
            [
                each.label[language],
                number(each.index)[language] if each.index is not None else NOTHING,
                _bounds(each.interval, language),
                ", ".join(
                    f"{score.label[language]} {number(score.value)[language]}"
                    for score in each.scores
                ),
                (each.course.sentence if each.course else each.reason or Text.same(""))[language],
            ]
            for each in found.departments[:MOST_ROWS]
        ],
        language,
    )


def passings_table(found: InternalService, language: Language) -> Table:
    """What passes between each pair of departments."""
    return _table(
        N_("What passes between departments, most frequent first"),
        [
            (N_("From department"), False),
            (N_("To department"), False),
            (N_("How often"), True),
            (N_("Median wait"), True),
            (N_("Returned"), True),
            (N_("Promises kept"), True),
        ],
        [
            [
                each.giver_label[language],
                each.receiver_label[language],
                number(each.count)[language],
                _time(each.wait_seconds.median, language),
                _share(each.returned_share, language),
                _share(each.promises.share if each.promises else None, language),
            ]
            for each in found.passings[:MOST_ROWS]
        ],
        language,
    )


def _respondents(findings: Findings, language: Language) -> Section:
    notes = [each.sentence for each in findings.respondents]
    notes += [
        words
        for each in findings.respondents
        if (words := each.level.sentence if each.level else each.reason) is not None
    ]
    notes.append(findings.respondents[0].method)
    return Section(
        "respondents",
        say(N_("Who answered, against all"))[language],
        "",
        [],
        [respondents_table(each, language) for each in findings.respondents],
        [note[language] for note in notes],
    )


def _bounds(interval: tuple[float, float] | None, language: Language) -> str:
    if interval is None:
        return NOTHING
    return between(*ends(*interval))[language]


def _time(seconds: float | None, language: Language) -> str:
    return NOTHING if seconds is None else duration(seconds)[language]


def _share(share: float | None, language: Language) -> str:
    return NOTHING if share is None else percent(share)[language]


def _table(
    caption: str, columns: list[tuple[str, bool]], rows: list[list[str]], language: Language
) -> Table:
    return Table(
        say(caption)[language],
        [Column(say(heading)[language], is_number) for heading, is_number in columns],
        rows,
    )
