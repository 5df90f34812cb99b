"""Sheets beside the findings: changes, alarms, internal service, failure demand, who answered."""

from collections.abc import Sequence

from zaplecze.impact.demand import Demand, StepDemand
from zaplecze.impact.finding import Findings
from zaplecze.impact.followed import Changed, Followed
from zaplecze.impact.internal import DepartmentService, Passing
from zaplecze.impact.watch import Alarm
from zaplecze.language import N_, Language, say
from zaplecze.report import words
from zaplecze.report.sections import VERDICTS
from zaplecze.report.sheet import Book, Content, Heading

_HOUR = 3600.0


def follow_sheets(book: Book, findings: Findings, followed: Followed, language: Language) -> None:
    """A sheet for each of these of which there is anything."""
    if followed.changes:
        rows = [_change(each, language) for each in followed.changes]
        _sheet(book, N_("Changes"), CHANGES, rows, language)
    if followed.watch is not None and followed.watch.alarms:
        rows = [_alarm(each, language) for each in followed.watch.alarms]
        _sheet(book, N_("Alarms"), ALARMS, rows, language)
    if followed.service is not None:
        rows = [_department(each, language) for each in followed.service.departments]
        _sheet(book, N_("Internal service"), DEPARTMENTS, rows, language)
        rows = [_passing(each, language) for each in followed.service.passings]
        _sheet(book, N_("Hand-overs"), PASSINGS, rows, language)
    if followed.demand:
        rows = [
            _brought(each, step, language) for each in followed.demand for step in each.found.steps
        ]
        _sheet(book, N_("Failure demand"), DEMAND, rows, language)
    if findings.respondents:
        _sheet(book, N_("Who answered"), RESPONDENTS, _respondents(findings, language), language)


def _sheet(
    book: Book,
    name: str,
    headings: Sequence[Heading],
    rows: Sequence[Sequence[Content]],
    language: Language,
) -> None:
    book.sheet(name, say(name)[language]).table(headings, rows, frozen_columns=1)


CHANGES = [
    Heading(N_("Change"), 30),
    Heading(N_("Live since"), 12),
    Heading(N_("Measure"), 34),
    Heading(N_("Effect"), 11, "difference"),
    Heading(N_("95 % interval, low"), 12, "difference"),
    Heading(N_("95 % interval, high"), 12, "difference"),
    Heading(N_("Verdict"), 14),
    Heading(N_("In words"), 90),
]


def _change(each: Changed, language: Language) -> list[Content]:
    found = each.verification
    low, high = found.interval if found and found.interval else (None, None)
    words = found.sentence if found else each.reason
    return [
        each.label[language],
        each.when,
        each.measure_label[language],
        found.estimate if found else None,
        low,
        high,
        say(VERDICTS[found.verdict if found else "cannot tell"])[language],
        words[language] if words else None,
    ]


ALARMS = [
    Heading(N_("Measure"), 34),
    Heading(N_("Since"), 12),
    Heading(N_("Alarm given on"), 12),
    Heading(N_("Before"), 12, "level"),
    Heading(N_("After"), 12, "level"),
    Heading(N_("In words"), 90),
    Heading(N_("Where"), 60),
    Heading(N_("What it costs"), 60),
]


def _alarm(each: Alarm, language: Language) -> list[Content]:
    return [
        each.label[language],
        each.since.isoformat(),
        each.raised.isoformat(),
        each.before.estimate,
        each.after.estimate,
        each.sentence[language],
        each.segment_sentence[language],
        each.cost_sentence[language],
    ]


DEPARTMENTS = [
    Heading(N_("Department"), 24),
    Heading(N_("Receives"), 10, "count"),
    Heading(N_("Gives"), 10, "count"),
    Heading(N_("Index"), 9, "level"),
    Heading(N_("95 % interval, low"), 12, "level"),
    Heading(N_("95 % interval, high"), 12, "level"),
    Heading(N_("Rank"), 8, "count"),
    Heading(N_("Best rank"), 8, "count"),
    Heading(N_("Worst rank"), 8, "count"),
    Heading(N_("Taking work over"), 12, "level"),
    Heading(N_("Right first time"), 12, "level"),
    Heading(N_("Promises kept"), 12, "level"),
    Heading(N_("Colleagues’ answers"), 12, "level"),
    Heading(N_("Geometric mean"), 12, "level"),
    Heading(N_("In words"), 70),
    Heading(N_("Trend"), 60),
]


def _department(each: DepartmentService, language: Language) -> list[Content]:
    scores = {score.part: score.value for score in each.scores}
    low, high = each.interval or (None, None)
    best, worst = each.rank_interval or (None, None)
    return [
        each.label[language],
        float(each.received),
        float(each.given),
        each.index,
        low,
        high,
        each.rank,
        best,
        worst,
        scores.get("takeover"),
        scores.get("right_first_time"),
        scores.get("promises"),
        scores.get("survey"),
        each.geometric,
        each.sentence[language],
        each.course.sentence[language] if each.course else None,
    ]


PASSINGS = [
    Heading(N_("From department"), 24),
    Heading(N_("To department"), 24),
    Heading(N_("How often"), 10, "count"),
    Heading(N_("Cases"), 10, "count"),
    Heading(N_("Median wait, hours"), 12, "level"),
    Heading(N_("95 % wait at most, hours"), 12, "level"),
    Heading(N_("Within the time agreed"), 12, "share"),
    Heading(N_("Straight back"), 10, "count"),
    Heading(N_("Returned"), 10, "count"),
    Heading(N_("Share returned"), 10, "share"),
    Heading(N_("Promises kept"), 10, "share"),
]


def _passing(each: Passing, language: Language) -> list[Content]:
    median, p95 = each.wait_seconds.median, each.wait_seconds.p95
    return [
        each.giver_label[language],
        each.receiver_label[language],
        float(each.count),
        float(each.cases),
        None if median is None else median / _HOUR,
        None if p95 is None else p95 / _HOUR,
        each.within,
        float(each.back),
        float(each.returned),
        each.returned_share,
        each.promises.share if each.promises else None,
    ]


DEMAND = [
    Heading(N_("Contacts"), 24),
    Heading(N_("Delay"), 40),
    Heading(N_("Department"), 20),
    Heading(N_("Cases"), 10, "count"),
    Heading(N_("Contacts after it"), 12, "count"),
    Heading(N_("Expected"), 12, "level"),
    Heading(N_("Would not have come"), 12, "difference"),
    Heading(N_("95 % interval, low"), 12, "difference"),
    Heading(N_("95 % interval, high"), 12, "difference"),
    Heading(N_("Verdict"), 14),
    Heading(N_("In words"), 90),
]


def _brought(each: Demand, step: StepDemand, language: Language) -> list[Content]:
    told = step.q_value is not None
    low, high = step.interval if told else (None, None)
    return [
        each.label[language],
        step.delay.label[language],
        step.delay.department_label[language],
        float(step.cases),
        float(step.came),
        step.expected if told else None,
        step.excess if told else None,
        low,
        high,
        say(words.VERDICTS[step.verdict])[language],
        step.sentence[language],
    ]


RESPONDENTS = [
    Heading(N_("Outcome"), 24),
    Heading(N_("Fact"), 44),
    Heading(N_("Among those who answered"), 14, "factor"),
    Heading(N_("Among all"), 14, "factor"),
    Heading(N_("Difference in standard deviations"), 14, "factor"),
    Heading(N_("Of these answered"), 12, "share"),
]


def _respondents(findings: Findings, language: Language) -> list[list[Content]]:
    return [
        [
            found.outcome_label[language],
            each.label[language] if each.level is None else f"{each.label[language]}: {each.level}",
            each.answered,
            each.everyone,
            each.difference,
            each.answer_rate,
        ]
        for found in findings.respondents
        for each in found.contrasts
    ]
