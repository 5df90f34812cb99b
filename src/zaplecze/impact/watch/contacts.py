"""The contacts that a workspace names, as measures: how many came a day."""

from pathlib import Path

from zaplecze.eventlog import EventLog
from zaplecze.impact.demand.named import label_of, source_of
from zaplecze.impact.watch.measures import Measure, Priced, days_of, segmented
from zaplecze.language import N_, say
from zaplecze.workspace import CONTACTS, Contacts, Price, Workspace


def contact_measures(log: EventLog, workspace: Workspace, data: Path | None) -> list[Measure]:
    """A measure for each kind of contacts that are steps of LOG, or rows of a source in DATA.

    An outcome is a measure already, and so are new cases. Raises `InputError` for a source that cannot be
    read.
    """
    found = []
    for name, kind in workspace.contacts.items():
        rows = _rows(log, workspace, data, name, kind)
        if rows is not None:
            found.append(_measure(workspace, name, kind, rows))
    return segmented(log, workspace, found)


def _measure(workspace: Workspace, name: str, kind: Contacts, rows: str) -> Measure:
    price = None if kind.price is None else Price(**kind.price.model_dump())
    return Measure(
        CONTACTS + name,
        say(N_("Number of: {outcome}"), outcome=label_of(name, kind, workspace)),
        "count",
        "number",
        "lower",
        rows,
        priced=Priced(price, higher_is_better=False) if price else None,
    )


def _rows(
    log: EventLog, workspace: Workspace, data: Path | None, name: str, kind: Contacts
) -> str | None:
    """The query behind the measure; None where there is none."""
    if kind.steps:
        codes = [log.activities.index(step) for step in kind.steps if step in log.activities]
        came = f'(SELECT "case", start AS at FROM events WHERE list_contains({codes}::INTEGER[], activity))'
        whose = 'c."case" = k."case"'
    elif kind.source is not None and data is not None:
        came = f"contacts_{list(workspace.contacts).index(name)}"
        log.connection.register(came, source_of(name, kind, workspace, data).table)
        # Whose case a customer's contact belongs to is not asked here.
        whose = "c.case_id = k.whose" if kind.case else "false"
    else:
        return None
    return (
        f'SELECT c."case", {days_of(log, workspace)("k.at")} AS day, 1::DOUBLE AS value, '
        "1::DOUBLE AS weight, (epoch_us(k.at) - epoch_us(c.start)) / 86400e6 AS lag "
        f"FROM {came} k LEFT JOIN cases c ON {whose}"
    )
