"""``zaplecze impact contacts``: contacts that would not have come without delays."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypedDict

import typer

from zaplecze.cli import console
from zaplecze.cli.logs import imported
from zaplecze.cli.options import DataOption, JsonOption, gathered
from zaplecze.errors import InputError
from zaplecze.language import N_, Text, ends, number, percent, say

if TYPE_CHECKING:
    from zaplecze.impact.demand import FailureDemand, StepDemand
    from zaplecze.impact.demand.contacts import Source
    from zaplecze.workspace import Workspace


class Limits(TypedDict):
    """How long a case is followed."""

    within_days: float | None
    departure: str | None


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What a contact is: one that the workspace names, or one of four, and the columns of a file."""

    name: Annotated[
        str | None,
        typer.Option(
            help=N_("Contacts that the workspace names; needed only where there are several.")
        ),
    ] = None
    step: Annotated[
        list[str] | None,
        typer.Option(help=N_("A step of the log that is a contact; may be given several times.")),
    ] = None
    outcome: Annotated[
        str | None,
        typer.Option(help=N_("An outcome of the workspace that has a time: complaint, departure.")),
    ] = None
    at_most: Annotated[
        float | None, typer.Option(help=N_("Of a rating: the answers that count as complaints."))
    ] = None
    returns: Annotated[
        bool, typer.Option("--returns", help=N_("A later case of the same customer is a contact."))
    ] = False
    contacts: Annotated[
        Path | None,
        typer.Option(help=N_("A file, a row a contact: CSV, Parquet or Excel.")),
    ] = None
    contact_time: Annotated[
        str | None, typer.Option(help=N_("Column of the time in the file of contacts."))
    ] = None
    contact_case: Annotated[
        str | None, typer.Option(help=N_("Column of the case in the file of contacts."))
    ] = None
    contact_customer: Annotated[
        str | None, typer.Option(help=N_("Column of the customer in the file of contacts."))
    ] = None

    def of(self, workspace: "Workspace") -> "Source | str":
        """What the options say, or the name that WORKSPACE has for it.

        Raises `InputError` unless they say one thing.
        """
        if self.name is not None and not self._given:
            return self.name
        if not self._given and workspace.contacts:
            [name, *others] = workspace.contacts
            if not others:
                return name
            raise InputError(
                say(
                    N_("Which contacts? The workspace has {names}. Choose with --name."),
                    names=", ".join(workspace.contacts),
                )
            )
        return self._source()

    @property
    def _given(self) -> bool:
        return any([self.step, self.outcome, self.returns, self.contacts])

    def _source(self) -> "Source":
        from zaplecze.impact.demand import (
            FileContacts,
            OutcomeContacts,
            ReturnContacts,
            StepContacts,
        )

        given = [self.name, self.step, self.outcome, self.returns, self.contacts]
        if sum(bool(each) for each in given) != 1:
            raise InputError(
                say(
                    N_(
                        "What is a contact? Give one of --name, --step, --outcome, --returns and "
                        "--contacts."
                    )
                )
            )
        if self.step:
            return StepContacts(tuple(self.step))
        if self.outcome:
            return OutcomeContacts(self.outcome, self.at_most)
        if self.returns:
            return ReturnContacts()
        if self.contact_time is None:
            raise InputError(
                say(N_("--contacts needs --contact-time: the name of the column of the time."))
            )
        return FileContacts(
            self.contacts, self.contact_time, self.contact_case, self.contact_customer
        )


@gathered
def contacts(
    *,
    workspace: Annotated[Path, typer.Argument(help=N_("The workspace file, zaplecze.toml."))],
    data: DataOption = None,
    chosen: Chosen,
    within: Annotated[
        float | None,
        typer.Option(metavar="DAYS", help=N_("Follow a case for so many days after its start.")),
    ] = None,
    departure: Annotated[
        str | None,
        typer.Option(help=N_("Outcome after which a case is followed no longer: customer lost.")),
    ] = None,
    picture: Annotated[Path | None, typer.Option(help=N_("SVG file for the picture."))] = None,
    as_json: JsonOption = False,
) -> None:
    """Failure demand: contacts that would not have come without delays, by step and department."""
    from zaplecze.impact.demand import demand_named, failure_demand
    from zaplecze.workspace import load

    described = load(workspace)
    source, folder = chosen.of(described), data or workspace.parent
    limits: Limits = {"within_days": within, "departure": departure}
    with imported(described, folder) as log:
        if isinstance(source, str):
            found = demand_named(log, described, folder, source, **limits)
        else:
            found = failure_demand(log, described, source, **limits)
    if picture is not None:
        _draw(found, picture)
    if as_json:
        console.print_json(found.to_dict())
    else:
        _print(found)


def _draw(found: "FailureDemand", picture: Path) -> None:
    from zaplecze.report.figures.demand import demand_figure

    console.write_picture(demand_figure(found, console.language()), picture)


def _print(found: "FailureDemand") -> None:
    language = console.language()
    if found.steps:
        console.print_table(
            found.sentence,
            [
                (say(N_("Delay")), "left"),
                (say(N_("Department")), "left"),
                (say(N_("Cases")), "right"),
                (say(N_("Contacts after it")), "right"),
                (say(N_("Expected")), "right"),
                (say(N_("Would not have come")), "right"),
                (say(N_("Interval (95 %)")), "right"),
                (say(N_("Does it bring contacts?")), "left"),
            ],
            [[cell[language] for cell in _row(step)] for step in found.steps],
        )
    else:
        print(console.said(found.sentence))
    _print_departments(found)
    _tell_notes(found)


def _row(step: "StepDemand") -> list[Text]:
    from zaplecze.impact.demand.words import bounds

    told = step.q_value is not None
    low, high = bounds(step.interval)
    none = Text.same("–")
    return [
        step.delay.label,
        step.delay.department_label,
        number(step.cases),
        number(step.came),
        number(step.expected) if told else none,
        number(step.excess) if told else none,
        say(N_("{low} to {high}"), low=low, high=high) if told else none,
        VERDICTS[step.verdict],
    ]


VERDICTS = {
    "yes": say(N_("yes")),
    "no": say(N_("no")),
    "cannot tell": say(N_("cannot tell")),
    "not comparable": say(N_("not comparable")),
}


def _print_departments(found: "FailureDemand") -> None:
    from zaplecze.impact.demand.words import bounds

    if len(found.departments) < 2:
        return
    rows = []
    for each in found.departments:
        low, high = bounds(each.interval)
        cells = [each.label, number(each.excess), say(N_("{low} to {high}"), low=low, high=high)]
        rows.append([console.said(cell) for cell in cells])
    columns: list[console.Column] = [
        (say(N_("Department")), "left"),
        (say(N_("Would not have come")), "right"),
        (say(N_("Interval (95 %)")), "right"),
    ]
    console.print_table(say(N_("By department")), columns, rows)


def _tell_notes(found: "FailureDemand") -> None:
    if found.excess_per_year is not None and found.verdict == "yes":
        console.tell(say(N_("In a year: {count}."), count=number(found.excess_per_year)))
    if found.share_interval is not None:
        low, high = ends(*found.share_interval, percent)
        console.tell(say(N_("Share of all contacts: {low} to {high}."), low=low, high=high))
    for step in found.steps:
        if step.reason is not None:
            console.tell(say(N_("{what}: {why}"), what=step.delay.label, why=step.reason))
    if len(found.steps) > 1:
        console.tell(
            say(
                N_(
                    "A contact can follow several delays: each counts it among its contacts, and what "
                    "would not have come is shared among them."
                )
            )
        )
    for refused in found.refused:
        console.tell(say(N_("{what}: {why}"), what=refused.label, why=refused.reason))
    for caveat in found.caveats:
        console.tell(caveat)
    console.tell(found.method)
