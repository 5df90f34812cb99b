"""``zaplecze process conformance`` and ``discover``: the written procedure and the work."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from zaplecze import placing
from zaplecze.cli import console
from zaplecze.cli.console import duration, said
from zaplecze.cli.logs import LogSource
from zaplecze.cli.options import JsonOption, check_share, gathered
from zaplecze.cli.process import app, departments_in_short
from zaplecze.language import N_, Text, ends, number, percent, say
from zaplecze.language import duration as words_of_duration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zaplecze.process.conformance import Conformance, Contrast, Deviation, RuleCheck, Violation
    from zaplecze.workspace import Rule, Workspace

_ROWS_SHOWN = 20


@app.command()
@gathered
def conformance(
    *,
    bpmn: Annotated[
        Path | None, typer.Option(help=N_("The written procedure: a BPMN 2.0 file."))
    ] = None,
    rules: Annotated[
        Path | None,
        typer.Option(help=N_("A TOML file of [[rules]]; those of the workspace count as well.")),
    ] = None,
    source: LogSource,
    as_json: JsonOption = False,
) -> None:
    """Does the work follow the written procedure: fitness, deviations, rules that are broken."""
    from zaplecze.process import conformance as library
    from zaplecze.process import filters_of
    from zaplecze.workspace import load_rules

    procedure = library.read_bpmn(bpmn) if bpmn else None
    in_file = load_rules(rules) if rules else []
    with source.opened() as (stored, described):
        to_check: list[Rule] = [*(described.rules if described else []), *in_file]
        _check_there_is_something_to_follow(procedure is not None, bool(to_check))
        found = library.compare(stored, procedure, described) if procedure else None
        checks = library.check_rules(stored, to_check, described)
        filters = filters_of(stored, described)
    if as_json:
        document: dict[str, Any] = found.to_dict() if found else {"filters": filters}
        if checks:
            document["rules"] = [check.to_dict() for check in checks]
        console.print_json(document)
        return
    console.print_filters(filters)
    if found:
        _show(found, described)
    if checks:
        _show_rules(checks)


@app.command()
@gathered
def discover(
    *,
    out: Annotated[
        Path | None, typer.Option(help=N_("BPMN file to write; otherwise it goes to stdout."))
    ] = None,
    noise: Annotated[
        float,
        typer.Option(
            help=N_("Leave out what is rarer than this share of the usual way on, 0 to 1.")
        ),
    ] = 0.2,
    source: LogSource,
    as_json: JsonOption = False,
) -> None:
    """Draw the usual way of working as a procedure (BPMN 2.0)."""
    from zaplecze.process import conformance as library
    from zaplecze.process import filters_of

    check_share("--noise", noise)
    with source.opened() as (stored, described):
        procedure = library.discover(stored, noise, console.language())
        filters = filters_of(stored, described)
    drawing = library.to_bpmn(procedure).decode("utf-8")
    if out is not None:
        with placing.new_file(out) as file:
            file.write_text(drawing, encoding="utf-8")
        console.tell(say(N_("The procedure is in {file}."), file=str(out)))
    if as_json:
        tasks = [element.name for element in procedure.elements if element.kind == "task"]
        console.print_json({"noise": noise, "filters": filters, "tasks": tasks, "bpmn": drawing})
    elif out is None:
        print(drawing, end="")


def _show(found: "Conformance", workspace: "Workspace | None") -> None:
    for note in found.notes:
        console.tell(note)
    figures = [
        (say(N_("Cases compared")), number(found.cases)),
        (say(N_("Cases that follow the procedure exactly")), _share(found)),
        (say(N_("Fitness, the mean of all cases")), _fitness(found)),
    ]
    console.print_table(
        say(N_("The procedure '{name}' and the work"), name=found.procedure),
        [(Text.same(""), "left"), (Text.same(""), "right")],
        [[said(what), said(figure)] for what, figure in figures],
    )
    if not found.deviations:
        return
    console.print_table(
        say(N_("Deviations, those of most cases first")),
        [
            (say(N_("Step")), "left"),
            (say(N_("Deviation")), "left"),
            (say(N_("Cases")), "right"),
            (say(N_("How often")), "right"),
            (say(N_("Most often after")), "left"),
            (say(N_("Departments")), "left"),
            (say(N_("Median time with it")), "right"),
            (say(N_("Median time without")), "right"),
            (say(N_("Difference (95 %)")), "left"),
        ],
        [_row(deviation, workspace) for deviation in found.deviations[:_ROWS_SHOWN]],
    )
    console.tell_of_more(len(found.deviations), _ROWS_SHOWN)
    _show_parts(found.deviations, workspace)
    console.tell(
        say(
            N_(
                "Cases with and without a deviation are compared as they are: a difference, not an "
                "effect. 'zaplecze impact effects' takes account of what else differs."
            )
        )
    )


def _row(deviation: "Deviation", workspace: "Workspace | None") -> list[str]:
    kinds = {"skipped": say(N_("is missing")), "inserted": say(N_("out of place"))}
    times = deviation.throughput_seconds
    after = deviation.places[0].after
    return [
        said(deviation.label),
        said(kinds[deviation.kind]),
        said(number(deviation.cases)),
        said(number(deviation.events)),
        said(say(N_("the start"))) if after is None else _label(after, workspace),
        departments_in_short(deviation.departments, workspace),
        duration(times.with_it if times else None),
        duration(times.without_it if times else None),
        _difference(times),
    ]


def _difference(times: "Contrast | None") -> str:
    """Of the median times, with its range where enough cases tell."""
    if times is None or times.difference is None:
        return "–"
    if times.interval is None:
        return duration(times.difference)
    low, high = ends(*times.interval, words_of_duration)
    difference = duration(times.difference)
    return said(
        say(N_("{difference} ({low} to {high})"), difference=difference, low=low, high=high)
    )


def _show_parts(deviations: "list[Deviation]", workspace: "Workspace | None") -> None:
    """Where the cases of a deviation fared otherwise: by department and by place."""
    rows = [row for deviation in deviations for row in _parts(deviation, workspace)]
    if not rows:
        return
    console.print_table(
        say(N_("The same by department and by place")),
        [
            (say(N_("Step")), "left"),
            (say(N_("Where")), "left"),
            (say(N_("Cases")), "right"),
            (say(N_("Median time with it")), "right"),
            (say(N_("Difference (95 %)")), "left"),
        ],
        rows[:_ROWS_SHOWN],
    )
    console.tell_of_more(len(rows), _ROWS_SHOWN)


def _parts(deviation: "Deviation", workspace: "Workspace | None") -> "Iterator[list[str]]":
    where = [
        (said(workspace.department_label(name)) if workspace else name, contrasts)
        for name, contrasts in deviation.by_department.items()
    ]
    for place in deviation.places:
        if place.contrasts and len(deviation.places) > 1:
            ends = (_end(place.after, "start", workspace), _end(place.before, "end", workspace))
            where.append((" → ".join(ends), place.contrasts))
    for name, contrasts in where:
        times = contrasts.throughput_seconds
        if times.interval:
            yield [
                said(deviation.label),
                name,
                said(number(times.cases_with)),
                duration(times.with_it),
                _difference(times),
            ]


def _end(activity: str | None, side: Literal["start", "end"], workspace: "Workspace | None") -> str:
    if activity is not None:
        return _label(activity, workspace)
    return said(say(N_("the start")) if side == "start" else say(N_("the end")))


def _show_rules(checks: "list[RuleCheck]") -> None:
    console.print_table(
        say(N_("Rules")),
        [
            (say(N_("Rule")), "left"),
            (say(N_("Cases that it concerns")), "right"),
            (say(N_("Cases that break it")), "right"),
            (say(N_("How often")), "right"),
            (say(N_("Cannot be known")), "right"),
        ],
        [
            [
                said(check.sentence),
                said(number(check.cases)),
                said(number(check.violating_cases)),
                said(number(check.violations)),
                said(number(check.unknown_cases)),
            ]
            for check in checks
        ],
    )
    broken = [(check, violation) for check in checks for violation in check.violating]
    if broken:
        console.print_table(
            say(N_("Cases that break a rule")),
            [
                (say(N_("Case")), "left"),
                (say(N_("How often")), "right"),
                (say(N_("Rule")), "left"),
            ],
            [
                [violation.case_id, said(number(violation.times)), said(check.sentence)]
                for check, violation in _shared_out(broken)
            ],
        )
        console.tell_of_more(len(broken), _ROWS_SHOWN)


def _shared_out(
    broken: "list[tuple[RuleCheck, Violation]]",
) -> "list[tuple[RuleCheck, Violation]]":
    """As many as are shown, so that every rule gets its share."""
    of_each: dict[int, int] = {}
    turns = []
    for place, (check, violation) in enumerate(broken):
        turn = of_each[id(check)] = of_each.get(id(check), 0) + 1
        turns.append((turn, place, check, violation))
    first = sorted(sorted(turns, key=lambda t: t[:2])[:_ROWS_SHOWN], key=lambda t: t[1])
    return [(check, violation) for _, _, check, violation in first]


def _share(found: "Conformance") -> Text:
    share = percent(found.fitting_cases / found.cases) if found.cases else Text.same("–")
    return say(N_("{count} ({share})"), count=number(found.fitting_cases), share=share)


def _fitness(found: "Conformance") -> Text:
    if found.fitness is not None:
        return number(found.fitness, 3)
    low, high = ends(*found.fitness_bounds, digits=3)
    return say(N_("between {low} and {high}"), low=low, high=high)


def _check_there_is_something_to_follow(has_procedure: bool, has_rules: bool) -> None:
    from zaplecze.errors import InputError

    if not has_procedure and not has_rules:
        raise InputError(
            say(
                N_(
                    "There is no procedure to compare with. Give --bpmn a BPMN file, --rules a "
                    "file of rules, or --workspace a workspace that has [[rules]]."
                )
            )
        )


def _label(activity: str, workspace: "Workspace | None") -> str:
    return said(workspace.step_label(activity)) if workspace else activity
