"""Tables of the effort that was measured: minutes, clicks, screens and systems of steps and cases."""

from typing import TYPE_CHECKING

from zaplecze.cli import console
from zaplecze.cli.console import said
from zaplecze.language import N_, Text, number, say

if TYPE_CHECKING:
    from zaplecze.process import Steps


def print_measured(found: "Steps") -> None:
    """What steps and cases took, where the log has it."""
    if not found.worked_per_case:
        return
    kinds = _kinds()
    figures: list[console.Column] = [
        (say(N_("Median")), "right"),
        (say(N_("Mean")), "right"),
        (say(N_("95 % at most")), "right"),
        (say(N_("Total")), "right"),
    ]
    console.print_table(
        say(N_("Measured effort of steps")),
        [
            (say(N_("Step")), "left"),
            (say(N_("What")), "left"),
            (say(N_("Events with it")), "right"),
            *figures,
            (say(N_("Per case")), "right"),
        ],
        [
            [
                said(step.label),
                said(kinds[kind]),
                said(number(each.events)),
                *_figures(each.median, each.mean, each.p95),
                said(number(each.total)),
                said(number(each.per_case, 1)),
            ]
            for step in found
            for kind, each in step.worked.items()
        ],
    )
    console.print_table(
        say(N_("Measured effort of whole cases")),
        [(say(N_("What")), "left"), (say(N_("Cases with it")), "right"), *figures],
        [
            [
                said(kinds[case.kind]),
                said(number(case.cases)),
                *_figures(case.median, case.mean, case.p95),
                said(number(case.total)),
            ]
            for case in found.worked_per_case
        ],
    )
    ignored = sum(each.ignored for step in found for each in step.worked.values())
    if ignored:
        console.tell(
            say(N_("Values below zero that do not count: {count}."), count=number(ignored))
        )


def _kinds() -> dict[str, Text]:
    return {
        "minutes": say(N_("minutes of work")),
        "clicks": say(N_("clicks")),
        "screens": say(N_("screens")),
        "systems": say(N_("systems")),
    }


def _figures(*values: float) -> list[str]:
    return [said(number(value, 1)) for value in values]
