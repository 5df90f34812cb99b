"""From a log and its contacts to failure demand: follow, estimate, guard, judge."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zaplecze.errors import InputError
from zaplecze.eventlog import EventLog
from zaplecze.impact.arrays import Floats, collected
from zaplecze.impact.demand.answer import answer
from zaplecze.impact.demand.contacts import (
    Contacts,
    Source,
    StepContacts,
    check_steps,
    read_contacts,
)
from zaplecze.impact.demand.delays import find_delays
from zaplecze.impact.demand.following import follow
from zaplecze.impact.demand.result import FailureDemand
from zaplecze.impact.doers import with_doers
from zaplecze.impact.facts import Facts, load_facts
from zaplecze.language import N_, Text, say
from zaplecze.process import Filter, filtered
from zaplecze.workspace import Workspace


def failure_demand(
    log: EventLog,
    workspace: Workspace,
    source: Source,
    *,
    within_days: float | None = None,
    departure: str | None = None,
    what: Text | None = None,
) -> FailureDemand:
    """Contacts of customers that would not have come without the delays of steps, with interval.

    LOG is a whole log, not a filtered one. SOURCE says what a contact is. Cases are followed from
    their start for WITHIN_DAYS (else for as long as nine in ten contacts and nearly all delays
    take). DEPARTURE names a yes or no of WORKSPACE that ends the following: the customer is gone.
    WHAT is how contacts are called, where SOURCE has no good name.

    Rates by an additive model (Schaubel, Zeng and Cai 2006) of the time before delays, carried over
    to the time after them; what came beyond is split over the delays. Errors are clustered by
    customer. Raises `InputError` for names that are not there, contacts without times, a workspace
    without any deadline or target, and a WITHIN_DAYS that is not above 0.
    """
    check_steps(source, log)
    if within_days is not None and not within_days > 0:
        raise InputError(
            say(
                N_("Cases cannot be followed for {days} days. Give a number above 0."),
                days=str(within_days),
            )
        )
    hidden = source.steps if isinstance(source, StepContacts) else ()
    shown = filtered(log, Filter(hidden=hidden))
    try:
        workspace = with_doers(shown, workspace)
        facts = load_facts(shown, workspace)
        contacts = read_contacts(source, log, _keys(shown, workspace), facts, workspace)
    finally:
        if shown is not log:
            shown.close()
    contacts = replace(contacts, what=what or contacts.what)
    return demand_of(facts, workspace, contacts, hidden, within_days, departure)


def _keys(log: EventLog, workspace: Workspace) -> pa.Table:
    names = ["case", "case_id"]
    if workspace.case.customer is not None:
        names.append(workspace.case.customer)
    return collected(log.cases.sort("case").select(*names))


def demand_of(
    facts: Facts,
    workspace: Workspace,
    contacts: Contacts,
    contact_steps: tuple[str, ...] = (),
    within_days: float | None = None,
    departure: str | None = None,
) -> FailureDemand:
    """`failure_demand` of facts and contacts that are at hand; raises as that does."""
    delays = find_delays(facts, workspace, contact_steps)
    if not delays:
        raise InputError(
            say(
                N_(
                    "No step is ever late or done again, as far as the workspace says. Give steps "
                    "a deadline ('due') or a target ('target_hours')."
                )
            )
        )
    departed = _departed(facts, departure)
    followed = follow(facts, workspace, delays, contacts, within_days, departed)
    known: NDArray[np.bool_] = np.any(~np.isnan(followed.study.since), axis=1)
    delays = [delay for delay, some in zip(delays, known.tolist(), strict=True) if some]
    study = replace(
        followed.study,
        clock=followed.study.clock[known],
        since=followed.study.since[known],
        until=followed.study.until[known],
    )
    followed = replace(followed, study=study, trimmed=followed.trimmed[known])
    return answer(facts, workspace, contacts, delays, followed)


def _departed(facts: Facts, departure: str | None) -> Floats | None:
    if departure is None:
        return None
    outcome = facts.outcomes.get(departure)
    if outcome is None or outcome.kind != "yes_no" or np.isnan(outcome.time).all():
        raise InputError(
            say(
                N_(
                    "'{name}' does not say when customers left. Name a yes or no of the workspace "
                    "that has the key 'time'."
                ),
                name=departure,
            )
        )
    return np.where(outcome.values > 0, outcome.time, np.nan)
