"""``zaplecze process handovers``, ``batches`` and ``trend``: how work moves, piles up and changes."""

from typing import TYPE_CHECKING

from zaplecze.cli import console
from zaplecze.cli.filters import filterable
from zaplecze.cli.process import (
    ActivityOption,
    CaseOption,
    Columns,
    DepartmentOption,
    EndOption,
    JsonOption,
    LogArgument,
    ResourceOption,
    TimeOption,
    WorkspaceOption,
    _opened,
    _print_filters,
    _said,
    _tell_of_more,
    _time,
    app,
)
from zaplecze.language import N_, number, percent, say

if TYPE_CHECKING:
    from zaplecze.process import Filter, StepTrend

_ROWS_SHOWN = 30
_WEEKS_SHOWN = 8


@app.command()
@filterable
def handovers(
    chosen: "Filter",
    log: LogArgument,
    workspace: WorkspaceOption = None,
    case: CaseOption = None,
    activity: ActivityOption = None,
    time: TimeOption = None,
    end: EndOption = None,
    resource: ResourceOption = None,
    department: DepartmentOption = None,
    as_json: JsonOption = False,
) -> None:
    """How work passes between departments, how long it lies then, and what comes straight back."""
    from zaplecze import process

    columns = Columns(case, activity, time, end, resource, department)
    with _opened(log, workspace, columns, chosen) as (stored, described):
        found = process.handovers(stored, described)
    if as_json:
        console.print_json(found.to_dict())
        return
    _print_filters(found.filters)
    console.print_table(
        say(N_("Hand-overs, most frequent first")),
        [
            (say(N_("From department")), "left"),
            (say(N_("To department")), "left"),
            (say(N_("How often")), "right"),
            (say(N_("Cases")), "right"),
            (say(N_("Median wait")), "right"),
            (say(N_("95 % wait at most")), "right"),
        ],
        [
            [
                _said(each.source_label),
                _said(each.target_label),
                _said(number(each.count)),
                _said(number(each.cases)),
                _time(each.wait_seconds.median),
                _time(each.wait_seconds.p95),
            ]
            for each in found.handovers[:_ROWS_SHOWN]
        ],
    )
    _tell_of_more(len(found.handovers))
    console.print_table(
        say(N_("Work that comes straight back")),
        [
            (say(N_("Department")), "left"),
            (say(N_("Back from")), "left"),
            (say(N_("How often")), "right"),
            (say(N_("Cases")), "right"),
            (say(N_("Median time away")), "right"),
        ],
        [
            [
                _said(each.department_label),
                _said(each.partner_label),
                _said(number(each.count)),
                _said(number(each.cases)),
                _time(each.away_seconds.median),
            ]
            for each in found.ping_pong[:_ROWS_SHOWN]
        ],
    )
    _tell_of_more(len(found.ping_pong))


@app.command()
@filterable
def batches(
    chosen: "Filter",
    log: LogArgument,
    workspace: WorkspaceOption = None,
    case: CaseOption = None,
    activity: ActivityOption = None,
    time: TimeOption = None,
    end: EndOption = None,
    resource: ResourceOption = None,
    department: DepartmentOption = None,
    as_json: JsonOption = False,
) -> None:
    """Work done in batches: one person or tool finishes a step of several cases in one minute."""
    from zaplecze import process

    columns = Columns(case, activity, time, end, resource, department)
    with _opened(log, workspace, columns, chosen) as (stored, described):
        found = process.batches(stored, described)
    if as_json:
        console.print_json(found.to_dict())
        return
    _print_filters(found.filters)
    console.print_table(
        say(N_("Work done in batches, largest share first")),
        [
            (say(N_("Step")), "left"),
            (say(N_("How often")), "right"),
            (say(N_("In batches")), "right"),
            (say(N_("Batches")), "right"),
            (say(N_("Largest batch")), "right"),
        ],
        [
            [
                _said(step.label),
                _said(number(step.events)),
                _said(percent(step.share)),
                _said(number(step.batches)),
                _said(number(step.largest)),
            ]
            for step in found.steps
        ],
    )


@app.command()
@filterable
def trend(
    chosen: "Filter",
    log: LogArgument,
    workspace: WorkspaceOption = None,
    case: CaseOption = None,
    activity: ActivityOption = None,
    time: TimeOption = None,
    end: EndOption = None,
    resource: ResourceOption = None,
    department: DepartmentOption = None,
    as_json: JsonOption = False,
) -> None:
    """Steps from week to week: how often, after what wait, done on time or not."""
    from zaplecze import process

    columns = Columns(case, activity, time, end, resource, department)
    with _opened(log, workspace, columns, chosen) as (stored, described):
        found = process.trend(stored, described)
    if as_json:
        console.print_json(found.to_dict())
        return
    _print_filters(found.filters)
    console.print_table(
        say(N_("Steps in the latest whole weeks")),
        [
            (say(N_("Step")), "left"),
            (say(N_("Week from")), "left"),
            (say(N_("How often")), "right"),
            (say(N_("Median wait")), "right"),
            (say(N_("Done on time")), "right"),
        ],
        [row for step in found.steps for row in _weeks(step)],
    )


def _weeks(step: "StepTrend") -> list[list[str]]:
    return [
        [
            _said(step.label),
            week.starts,
            _said(number(week.events)),
            _time(week.wait_seconds.median),
            _said(percent(week.on_time.share)) if week.on_time else "–",
        ]
        for week in [each for each in step.weeks if each.whole][-_WEEKS_SHOWN:]
    ]
