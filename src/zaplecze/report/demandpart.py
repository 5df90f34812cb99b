"""What the report says of failure demand: by step and by department, in pictures, tables and notes."""

import functools
from collections.abc import Iterator

from zaplecze.impact.demand import Demand, FailureDemand, StepDemand
from zaplecze.impact.finding import Interval
from zaplecze.language import N_, Language, Text, ends, number, percent, say
from zaplecze.report.figures.demand import demand_figure, demand_note
from zaplecze.report.pictures import Picture
from zaplecze.report.tables import NOTHING, Column, Table
from zaplecze.report.words import VERDICTS, between

TITLE = N_("Contacts that delays bring")

LEAST_WIDTH = 440
"""The course over time is drawn no narrower than this, and made smaller on a phone."""


def demand_pictures(demand: list[Demand], language: Language) -> list[Picture]:
    """Contacts since the delay, and what each delay brings; of kinds of which that can be told."""
    return [
        Picture.of(
            _named(each, demand, _message(each.found)),
            demand_note(each.found),
            functools.partial(_drawn, each.found, language),
            steps_table(each, language),
            language,
        )
        for each in demand
        if any(step.q_value is not None for step in each.found.steps)
    ]


def _message(found: FailureDemand) -> Text:
    """What the delay brings that brings most; the whole where none brings any for certain."""
    sure = [step for step in found.steps if step.verdict == "yes"]
    return max(sure, key=lambda step: step.excess).sentence if sure else found.sentence


def _drawn(found: FailureDemand, language: Language, width: int) -> str:
    return demand_figure(found, language, max(width, LEAST_WIDTH), headed=False)


def demand_tables(demand: list[Demand], language: Language) -> list[Table]:
    """A table of departments and their delays for each kind of contacts."""
    return [departments_table(each, language) for each in demand if each.found.steps]


def demand_notes(demand: list[Demand]) -> list[Text]:
    """What is to be known beside pictures and tables, each thing once."""
    told: dict[str, Text] = {}
    for each in demand:
        for note in _notes(each.found):
            words = _named(each, demand, note)
            told.setdefault(words["en"], words)
        told.setdefault(each.found.method["en"], each.found.method)
    return list(told.values())


def steps_table(each: Demand, language: Language) -> Table:
    """What every delay brings."""
    return Table(
        say(N_("“{contacts}” by delay"), contacts=each.label)[language],
        [
            Column(say(N_("Delay"))[language]),
            Column(say(N_("Department"))[language]),
            Column(say(N_("Cases"))[language], True),
            Column(say(N_("Contacts after it"))[language], True),
            Column(say(N_("Expected"))[language], True),
            Column(say(N_("Would not have come"))[language], True),
            Column(say(N_("95 % interval"))[language], True),
            Column(say(N_("Does it bring contacts?"))[language]),
        ],
        [_step_row(step, language) for step in each.found.steps],
    )


def departments_table(each: Demand, language: Language) -> Table:
    """Departments, and below each what its delays bring."""
    return Table(
        say(N_("“{contacts}” by department and delay"), contacts=each.label)[language],
        [
            Column(say(N_("Department"))[language]),
            Column(say(N_("Delay"))[language]),
            Column(say(N_("Cases"))[language], True),
            Column(say(N_("Would not have come"))[language], True),
            Column(say(N_("95 % interval"))[language], True),
        ],
        list(_department_rows(each.found, language)),
    )


def _department_rows(found: FailureDemand, language: Language) -> Iterator[list[str]]:
    told = {each.department: each for each in found.departments}
    others = [step.delay.department for step in found.steps]
    for department in dict.fromkeys([*told, *others]):
        steps = [step for step in found.steps if step.delay.department == department]
        label = steps[0].delay.department_label[language]
        whole = told.get(department)
        if whole is not None and len(steps) > 1:
            cells = [number(whole.excess)[language], _range(whole.interval, language)]
            yield [label, say(N_("all delays"))[language], NOTHING, *cells]
            label = ""
        for step in sorted(steps, key=lambda step: -step.excess):
            yield [
                label,
                step.delay.label[language],
                number(step.cases)[language],
                *_cells(step, language),
            ]
            label = ""


def _step_row(step: StepDemand, language: Language) -> list[str]:
    return [
        step.delay.label[language],
        step.delay.department_label[language],
        number(step.cases)[language],
        number(step.came)[language],
        number(step.expected)[language] if step.q_value is not None else NOTHING,
        *_cells(step, language),
        say(VERDICTS[step.verdict])[language],
    ]


def _cells(step: StepDemand, language: Language) -> list[str]:
    if step.q_value is None:
        return [NOTHING, NOTHING]
    return [number(step.excess)[language], _range(step.interval, language)]


def _range(interval: Interval, language: Language) -> str:
    return between(*ends(*interval))[language]


def _notes(found: FailureDemand) -> Iterator[Text]:
    if not any(step.q_value is not None for step in found.steps):
        yield found.sentence
    if found.excess_per_year is not None and found.verdict == "yes":
        yield say(N_("In a year: {count}."), count=number(found.excess_per_year))
    if found.share_interval is not None:
        low, high = (percent(share, 0) for share in found.share_interval)
        yield say(N_("Share of all contacts: {low} to {high}."), low=low, high=high)
    for step in found.steps:
        if step.reason is not None:
            yield say(N_("{what}: {why}"), what=step.delay.label, why=step.reason)
    for refused in found.refused:
        yield say(N_("{what}: {why}"), what=refused.label, why=refused.reason)
    yield from found.caveats


def _named(each: Demand, demand: list[Demand], words: Text) -> Text:
    """WORDS with the kind of contacts, where there are several."""
    if len(demand) == 1:
        return words
    return say("{contacts}: {words}", contacts=each.label, words=words)
