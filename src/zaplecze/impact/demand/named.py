"""The kinds of contacts that a workspace names: their failure demand, also as findings."""

import tempfile
from pathlib import Path

from zaplecze.errors import InputError
from zaplecze.eventlog import EventLog
from zaplecze.eventlog.casting import text, time
from zaplecze.eventlog.importer import engine
from zaplecze.eventlog.sources import Loaded, load_all
from zaplecze.impact.demand.analysis import failure_demand
from zaplecze.impact.demand.contacts import (
    FileContacts,
    OutcomeContacts,
    ReturnContacts,
    Source,
    StepContacts,
)
from zaplecze.impact.demand.result import Demand, FailureDemand, StepDemand
from zaplecze.impact.finding import Avoidable, Effect, Estimate, Finding
from zaplecze.language import N_, Text, joined, say
from zaplecze.progress import Progress, silent
from zaplecze.workspace import CONTACTS, Contacts, Workspace

METHOD = N_("additive rates of contacts before and after the delay, errors clustered by customer")
RAW_METHOD = N_("difference of contacts per case, errors clustered by customer")


def demands(
    log: EventLog, workspace: Workspace, data: Path, progress: Progress = silent
) -> list[Demand]:
    """The failure demand of every kind of contacts of WORKSPACE; sources of contacts lie in DATA.

    Raises `InputError` as `failure_demand` does, and where a source cannot be read.
    """
    made = []
    for done, (name, kind) in enumerate(workspace.contacts.items()):
        label = label_of(name, kind, workspace)
        progress(
            say(N_("Failure demand: “{contacts}”"), contacts=label), done / len(workspace.contacts)
        )
        found = demand_named(log, workspace, data, name)
        made.append(Demand(name, label, kind.outcome is not None, found))
    return made


def demand_named(
    log: EventLog,
    workspace: Workspace,
    data: Path,
    name: str,
    *,
    within_days: float | None = None,
    departure: str | None = None,
) -> FailureDemand:
    """The failure demand of the contacts that WORKSPACE calls NAME, as it describes them.

    WITHIN_DAYS and DEPARTURE are taken instead of its own where they are given. Raises as `demands` does,
    and for a NAME that there is not.
    """
    if (kind := workspace.contacts.get(name)) is None:
        raise InputError(
            say(
                N_("The workspace has no contacts '{name}'. There are: {known}."),
                name=name,
                known=", ".join(workspace.contacts) or "–",
            )
        )
    return failure_demand(
        log,
        workspace,
        _source(name, kind, workspace, data),
        within_days=within_days or kind.within_days,
        departure=departure or kind.departure,
        what=label_of(name, kind, workspace),
    )


def as_findings(demand: Demand, workspace: Workspace) -> list[Finding]:
    """What each delay brings per case, to be priced and ranked with all other findings.

    None of contacts that are an outcome: what delays do to it is a finding already.
    """
    if demand.of_outcome:
        return []
    return [_finding(step, demand, workspace) for step in demand.found.steps]


def avoidable(demand: Demand, workspace: Workspace) -> Avoidable:
    """The contacts of a year that would not have come, as a number that others reckon with."""
    found, kind = demand.found, workspace.contacts[demand.name]
    outcome = workspace.outcomes[kind.outcome] if kind.outcome is not None else None
    price = outcome.price if outcome is not None else kind.price
    bounds = price.bounds if price is not None else None
    return Avoidable(
        CONTACTS + demand.name,
        demand.label,
        found.verdict,
        _times(found, found.yearly),
        price.amount if price is not None else None,
        bounds,
        found.sentence,
        _times(found, 1 / found.cases if found.cases else None),
    )


def _times(found: FailureDemand, factor: float | None) -> Estimate | None:
    """What was FOUND beyond expectation, times FACTOR; None where either cannot be told."""
    if found.excess is None or found.interval is None or factor is None:
        return None
    low, high = (bound * factor for bound in found.interval)
    return Estimate(found.excess * factor, (low, high), found.contacts, METHOD)


def _finding(step: StepDemand, demand: Demand, workspace: Workspace) -> Finding:
    found, outcome = demand.found, CONTACTS + demand.name
    per_case = [value / step.cases for value in (step.excess, *step.interval)]
    effect = None
    if step.q_value is not None:
        facts = found.held_equal
        effect = Effect(
            per_case[0],
            (per_case[1], per_case[2]),
            found.cases,
            METHOD,
            [fact["en"] for fact in facts],
            joined(facts) if facts else None,
        )
    return Finding(
        id=f"{step.delay.id} → {outcome}",
        lever=step.delay,
        outcome=outcome,
        outcome_label=demand.label,
        outcome_kind="count" if found.recurrent else "yes_no",
        higher_is_better=False,
        noun=found.noun,
        n=found.cases,
        exposed=step.cases,
        share=step.cases / found.cases,
        exposed_per_year=None if found.yearly is None else step.cases * found.yearly,
        means=step.means,
        raw=Estimate(step.raw, step.raw_interval, found.cases, RAW_METHOD),
        effect=effect,
        robustness=None,
        verdict=step.verdict,
        reason=step.reason,
        dose=[],
        parts=[],
        caveats=found.caveats,
        priced=effect if workspace.contacts[demand.name].price is not None else None,
        q_value=step.q_value,
    )


def label_of(name: str, kind: Contacts, workspace: Workspace) -> Text:
    """What the contacts NAME of WORKSPACE are called."""
    if kind.label is not None:
        return kind.label
    if kind.outcome is not None:
        return workspace.outcome_label(kind.outcome)
    return workspace.step_label(kind.steps[0]) if len(kind.steps) == 1 else Text.same(name)


def _source(name: str, kind: Contacts, workspace: Workspace, data: Path) -> Source:
    if kind.steps:
        return StepContacts(tuple(kind.steps))
    if kind.outcome is not None:
        return OutcomeContacts(kind.outcome, kind.at_most)
    if kind.source is None:
        return ReturnContacts()
    return source_of(name, kind, workspace, data)


def source_of(where: str, kind: Contacts, workspace: Workspace, data: Path) -> FileContacts:
    """The rows of the source of KIND in DATA (``at``, ``whose``), with times that are read as it says."""
    name = str(kind.source)
    source = workspace.sources[name]
    if source.file is not None or source.database is not None:
        workspace = workspace.model_copy(update={"sources": {name: source}})
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        with engine(data, room) as connection:
            loaded = load_all(connection, workspace, data, room, silent)[name]
            at = loaded.column(str(kind.time), "contacts", where, "time")
            key = "case" if kind.case else "customer"
            whose = loaded.column(str(kind.case or kind.customer), "contacts", where, key)
            bad = connection.execute(
                f"SELECT rowid, {text(at)} FROM {loaded.sql} WHERE {time(at)} IS NULL "
                "ORDER BY rowid LIMIT 1"
            ).fetchone()
            if bad is not None:
                raise _no_time(loaded, at.name, bad)
            rows = connection.execute(
                f"SELECT {time(at)} AS at, {text(whose)} AS whose FROM {loaded.sql} ORDER BY rowid"
            ).to_arrow_table()
    if kind.case:
        return FileContacts(rows, "at", case="whose")
    return FileContacts(rows, "at", customer="whose")


def _no_time(loaded: Loaded, column: str, bad: tuple[object, ...]) -> InputError:
    return InputError(
        say(
            N_(
                "{file}, row {row}, column '{column}': '{value}' is no time. Correct it, or say how "
                "times are written with 'time_format' in [sources.{source}]."
            ),
            file=loaded.file,
            row=loaded.row_number(int(str(bad[0]))),
            column=column,
            value=str(bad[1] or ""),
            source=loaded.name,
        )
    )
