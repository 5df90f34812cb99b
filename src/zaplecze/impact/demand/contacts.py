"""What customers did, and when: contacts, complaints or departures, each belonging to one case."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zaplecze.errors import InputError
from zaplecze.eventlog import EventLog, casting
from zaplecze.eventlog.arrow import integers
from zaplecze.eventlog.plain import PlainTable
from zaplecze.impact.arrays import Floats, numbers
from zaplecze.impact.facts import Facts
from zaplecze.language import N_, Text, say
from zaplecze.workspace import Workspace


@dataclass(frozen=True)
class StepContacts:
    """Steps of the log that are contacts of the customer: a call, a reminder, a question."""

    steps: tuple[str, ...]


@dataclass(frozen=True)
class OutcomeContacts:
    """An outcome of the workspace that happens at a known time, once a case at most.

    A rating counts where it is AT_MOST so much; otherwise the bound of its price decides.
    """

    name: str
    at_most: float | None = None


@dataclass(frozen=True)
class ReturnContacts:
    """A later case of the same customer: who calls again, or opens another ticket."""


@dataclass(frozen=True)
class FileContacts:
    """A file or Arrow table, a row a contact: its time, and its case or its customer."""

    table: Any
    time: str
    case: str | None = None
    customer: str | None = None


Source = StepContacts | OutcomeContacts | ReturnContacts | FileContacts


@dataclass(frozen=True)
class Contacts:
    """Contacts of cases; ``case`` is the place of the case, ``time`` in seconds since 1970.

    ``recurrent`` says that one case may have several. ``over`` is when a case is no longer
    followed although time goes on (it was answered, or the customer has a newer case), NaN for
    never; ``since`` and ``until`` bound what was recorded. ``unlinked`` rows belong to no case,
    ``repeated`` ones say again what another row of the same case says for the same instant;
    ``hidden`` cases could have contacts that nobody can link, as it is not known whose they are.
    ``asked_for``: customers were asked, and did not come by themselves.
    """

    what: Text
    case: NDArray[np.int64]
    time: Floats
    recurrent: bool
    over: Floats
    since: float
    until: float
    unlinked: int = 0
    repeated: int = 0
    asked_for: bool = False
    hidden: NDArray[np.bool_] | None = None


def read_contacts(
    source: Source, log: EventLog, cases: pa.Table, facts: Facts, workspace: Workspace
) -> Contacts:
    """The contacts that SOURCE means, in LOG or beside it, each linked to one of the CASES.

    CASES are the ``case``, ``case_id`` and customer of FACTS, in their order. Raises `InputError`
    for names that are not there, times that cannot be read, and outcomes that are no events in time.
    """
    match source:
        case StepContacts():
            return _of_steps(source, log, cases, facts, workspace)
        case OutcomeContacts():
            return _of_outcome(source, facts, workspace)
        case ReturnContacts():
            return _returns(cases, facts, workspace)
        case FileContacts():
            return _of_file(source, cases, facts, workspace)


def check_steps(source: Source, log: EventLog) -> None:
    """Raise `InputError` where LOG has no step of a name that SOURCE gives."""
    steps = source.steps if isinstance(source, StepContacts) else ()
    if unknown := [step for step in steps if step not in log.activities]:
        raise InputError(
            say(
                N_("The log has no step '{step}'. Its steps are: {steps}."),
                step=unknown[0], steps=", ".join(log.activities[:30]),
            )
        )  # fmt: skip


def _of_steps(
    source: StepContacts, log: EventLog, cases: pa.Table, facts: Facts, workspace: Workspace
) -> Contacts:
    found = log.connection.execute(
        'SELECT "case", epoch_us("start") / 1e6 AS at FROM events '
        "WHERE list_contains($codes, activity) ORDER BY ALL",
        {"codes": [log.activities.index(step) for step in source.steps]},
    ).to_arrow_table()
    keys, key = integers(cases.column("case")), integers(found.column("case"))
    place = np.minimum(np.searchsorted(keys, key), len(keys) - 1)
    alone = len(source.steps) == 1
    what = workspace.step_label(source.steps[0]) if alone else say(N_("contacts"))
    return _linked(
        what,
        np.where(keys[place] == key, place, -1),
        numbers(found, "at"),
        over=np.full(facts.cases, np.nan),
        until=float(np.nanmax(facts.end)),
    )


def _of_outcome(source: OutcomeContacts, facts: Facts, workspace: Workspace) -> Contacts:
    if source.name not in facts.outcomes:
        raise InputError(
            say(
                N_("The workspace has no outcome '{name}' in its data. There are: {known}."),
                name=source.name, known=", ".join(facts.outcomes) or "–",
            )
        )  # fmt: skip
    outcome = facts.outcomes[source.name]
    if outcome.kind not in ("yes_no", "count", "rating") or np.isnan(outcome.time).all():
        raise InputError(
            say(
                N_(
                    "The outcome '{name}' is no event in time. Choose a yes or no, a count or a "
                    "rating, and give it the key 'time'."
                ),
                name=source.name,
            )
        )
    happened = outcome.values > 0
    if outcome.kind == "rating":
        happened = outcome.values <= _bound(source, workspace)
    case = np.flatnonzero(happened & ~np.isnan(outcome.time))
    answered = np.where(np.isnan(outcome.values), np.nan, outcome.time)
    asked_for = outcome.kind == "rating"
    what = workspace.outcome_label(source.name)
    if asked_for:
        most = f"{_bound(source, workspace):g}"
        what = say(N_("{outcome}: {most} or less"), outcome=what, most=most)
    return Contacts(
        what,
        case,
        outcome.time[case],
        recurrent=False,
        over=answered if asked_for else np.where(happened, outcome.time, np.nan),
        since=-np.inf,
        until=facts.observed_until,
        unlinked=int((happened & np.isnan(outcome.time)).sum()),
        asked_for=asked_for,
    )


def _bound(source: OutcomeContacts, workspace: Workspace) -> float:
    price = workspace.outcomes[source.name].price
    of_price = None if price is None else price.at_most
    bound = of_price if source.at_most is None else source.at_most
    if bound is None:
        raise InputError(
            say(
                N_(
                    "From which answer on does the rating '{name}' count as a complaint? Say it "
                    "with --at-most, for example --at-most 2."
                ),
                name=source.name,
            )
        )
    return bound


def _returns(cases: pa.Table, facts: Facts, workspace: Workspace) -> Contacts:
    """Every case of a customer but the first is a contact that belongs to the case before it."""
    if workspace.case.customer is None:
        raise InputError(
            say(
                N_(
                    "Who comes back cannot be seen: the workspace does not say whose a case is. "
                    "Add the key 'customer' to [case]."
                )
            )
        )
    before, after = _consecutive(facts)
    again = np.full(facts.cases, np.nan)
    again[before] = facts.start[after]
    return Contacts(
        say(N_("new cases of the same customer")),
        before,
        facts.start[after],
        recurrent=False,
        over=again,
        since=-np.inf,
        until=float(np.nanmax(facts.start)),
        hidden=_of_nobody(cases, workspace.case.customer),
    )


def _of_nobody(cases: pa.Table, customer: str) -> NDArray[np.bool_]:
    return np.asarray(cases.column(customer).is_null().to_numpy())


def _of_file(source: FileContacts, cases: pa.Table, facts: Facts, workspace: Workspace) -> Contacts:
    if (source.case is None) == (source.customer is None):
        raise InputError(
            say(
                N_(
                    "Whose contacts are these? Name the column of the case or that of the "
                    "customer, and only one of them."
                )
            )
        )
    by_case = source.case is not None
    whose = "case_id" if by_case else workspace.case.customer
    if whose is None:
        raise InputError(
            say(
                N_(
                    "Contacts of customers can be linked only where the workspace says whose a "
                    "case is. Add the key 'customer' to [case]."
                )
            )
        )
    with PlainTable(source.table) as rows:
        time = _times(rows, source.time)
        key = casting.text(rows.column(str(source.case or source.customer)))
        rows.connection.register("own", cases.select([whose]).rename_columns(["key"]))
        place = rows.array(
            f"coalesce((SELECT o.place FROM (SELECT key::VARCHAR AS key, "
            f"min(row_number) AS place FROM (SELECT key, row_number() OVER () - 1 AS row_number "
            f"FROM own) GROUP BY ALL) o WHERE o.key = {key}), -1)"
        ).astype(np.int64)
    if not by_case:
        known = place >= 0
        place[known] = _latest_case(facts, facts.customer[place[known]], time[known])
    return _linked(
        say(N_("contacts")),
        place,
        time,
        over=np.full(facts.cases, np.nan) if by_case else _superseded(facts),
        until=min(float(np.nanmax(facts.end)), float(time.max())),
        since=float(time.min()),
        hidden=None if by_case else _of_nobody(cases, whose),
    )


def _times(rows: PlainTable, name: str) -> Floats:
    column = rows.column(name)
    read = casting.time(column)
    bad = rows.first_where(name, f"{read} IS NULL")
    if bad is not None:
        raise InputError(
            say(
                N_(
                    "{file}, row {row}, column '{column}': '{value}' is no time. Write it like "
                    "2026-05-03 14:30."
                ),
                file=rows.file, row=bad[0], column=name, value=bad[1] or "",
            )
        )  # fmt: skip
    return rows.array(f"epoch_us({read}) / 1e6").astype(np.float64)


def _linked(
    what: Text,
    place: NDArray[np.int64],
    time: Floats,
    *,
    over: Floats,
    until: float,
    since: float = -np.inf,
    hidden: NDArray[np.bool_] | None = None,
) -> Contacts:
    """Contacts of which some may belong to no case (place -1); the same instant counts once."""
    known = np.flatnonzero(place >= 0)
    order = known[np.lexsort((time[known], place[known]))]
    new = np.ones(len(order), dtype=bool)
    new[1:] = (np.diff(place[order]) != 0) | (np.diff(time[order]) != 0)
    kept = order[new]
    return Contacts(
        what,
        place[kept],
        time[kept],
        recurrent=True,
        over=over,
        since=since,
        until=until,
        unlinked=len(place) - len(known),
        repeated=len(order) - len(kept),
        hidden=hidden,
    )


def _order(facts: Facts) -> NDArray[np.int64]:
    """The cases by customer and start."""
    return np.lexsort((facts.start, facts.customer))


def _consecutive(facts: Facts) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Every case that a later one of the same customer follows, and that later one."""
    order = _order(facts)
    same = facts.customer[order[1:]] == facts.customer[order[:-1]]
    same &= facts.start[order[1:]] > facts.start[order[:-1]]
    return order[:-1][same], order[1:][same]


def _superseded(facts: Facts) -> Floats:
    """When the customer's next case starts; NaN where there is none."""
    before, after = _consecutive(facts)
    next_start = np.full(facts.cases, np.nan)
    next_start[before] = facts.start[after]
    return next_start


def _latest_case(facts: Facts, customer: NDArray[np.int64], time: Floats) -> NDArray[np.int64]:
    """The latest case of CUSTOMER that had started before TIME; -1 where there was none."""
    order = _order(facts)
    owner, start = facts.customer[order], np.nan_to_num(facts.start[order], nan=np.inf)
    of_contact = np.lexsort((time, customer))
    found = np.full(len(time), -1)
    # Cases and contacts of all customers on one line, cases first where the times are equal.
    whose = np.concatenate([owner, customer[of_contact]])
    when = np.concatenate([start, time[of_contact]])
    contact = np.concatenate([np.zeros(len(owner), bool), np.ones(len(time), bool)])
    line = np.lexsort((contact, when, whose))
    last = np.maximum.accumulate(np.where(contact[line], -1, np.arange(len(line))))
    here = np.flatnonzero(contact[line])
    case_at = line[np.maximum(last[here], 0)]
    fits = (last[here] >= 0) & (whose[case_at] == whose[line[here]])
    found[of_contact[line[here] - len(owner)]] = np.where(
        fits, order[np.minimum(case_at, len(order) - 1)], -1
    )
    return found
