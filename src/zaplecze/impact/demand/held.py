"""What is held equal: facts known when a case starts, as columns of numbers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zaplecze.impact.arrays import Floats
from zaplecze.impact.beforehand import known_at_start
from zaplecze.impact.demand.contacts import Contacts
from zaplecze.impact.facts import Column, Facts
from zaplecze.impact.finding import Refused
from zaplecze.impact.guards import DETERMINES, explained_share
from zaplecze.language import N_, Text, percent, say
from zaplecze.workspace import Workspace

_LEVELS = 8
_RARE_LEVEL = 0.02
_QUARTILES = (0.25, 0.5, 0.75)


@dataclass(frozen=True)
class Held:
    """Columns of ``values`` (cases x columns) and the facts that they say; ``left_out`` found no room."""

    values: Floats
    facts: list[Text]
    left_out: list[Text]
    refused: list[Refused]


def held_equal(
    facts: Facts, workspace: Workspace, contacts: Contacts, rows: NDArray[np.bool_], most: int
) -> Held:
    """At most MOST columns for the cases ROWS, in the order in which the workspace has its facts.

    A fact known only at the end, or one that all but says who had a contact, is refused by name.
    """
    refused = []
    happened = (np.bincount(contacts.case, minlength=facts.cases) > 0).astype(np.float64)
    happened[~rows] = np.nan
    for name, column in facts.attributes.items():
        if workspace.attributes[name].known == "end":
            reason = say(
                N_("Known only at the end of the case, so it cannot explain what came before.")
            )
            refused.append(Refused(name, column.label, "contacts", reason))
    usable = [*known_at_start(facts, workspace, None), *_earlier(facts, contacts)]
    values: list[Floats] = []
    said, left_out = [], []
    for column in usable:
        share = explained_share(column, happened)
        if share >= DETERMINES["yes_no"]:
            reason = say(
                N_("Explains {share} of the outcome by itself: it is another form of the outcome."),
                share=percent(share, 0),
            )
            refused.append(Refused(column.name, column.label, "contacts", reason))
            continue
        columns = _columns(column, rows)
        if len(values) + len(columns) > most:
            left_out.append(column.label)
        elif columns:
            values += columns
            said.append(column.label)
    table = np.column_stack(values) if values else np.empty((int(rows.sum()), 0))
    return Held(np.ascontiguousarray(table), said, left_out, refused)


def _earlier(facts: Facts, contacts: Contacts) -> list[Column]:
    """How often the same customer had been in contact before the case began."""
    if len(np.unique(facts.customer)) == facts.cases:
        return []
    owner = facts.customer[contacts.case]
    whose = np.concatenate([owner, facts.customer])
    when = np.concatenate([contacts.time, np.nan_to_num(facts.start, nan=-np.inf)])
    contact = np.concatenate([np.ones(len(owner)), np.zeros(facts.cases)])
    # A contact that opens the case is no earlier one.
    line = np.lexsort((contact, when, whose))
    before = np.cumsum(contact[line])
    first = np.ones(len(line), dtype=bool)
    first[1:] = whose[line][1:] != whose[line][:-1]
    at_first = (before - contact[line])[first]
    count = np.empty(len(line))
    count[line] = before - at_first[np.cumsum(first) - 1]
    label = say(N_("earlier contacts of the customer"))
    return [Column("earlier contacts", label, np.minimum(count[len(owner) :], 3))]


def _columns(column: Column, rows: NDArray[np.bool_]) -> list[Floats]:
    """One column of zeros and ones for every level or quarter but the first, and one for missing."""
    values = column.values[rows]
    missing = np.isnan(values)
    known = values[~missing]
    if not len(known):
        return []
    found = []
    distinct = np.unique(known)
    if column.categorical or len(distinct) <= _LEVELS:
        sizes = np.array([(values == level).sum() for level in distinct[: 10 * _LEVELS]])
        order = distinct[: 10 * _LEVELS][np.argsort(-sizes, kind="stable")]
        common = [v for v in order[:_LEVELS] if (values == v).mean() >= _RARE_LEVEL]
        found = [(values == level).astype(np.float64) for level in common[1:]]
        rest = ~np.isin(values, common) & ~missing
        found.append(rest.astype(np.float64))
    else:
        edges = np.unique(np.quantile(known, _QUARTILES))
        place = np.searchsorted(edges, np.nan_to_num(values), side="left")
        found = [((place == k) & ~missing).astype(np.float64) for k in range(1, len(edges) + 1)]
    found.append(missing.astype(np.float64))
    return [each for each in found if _RARE_LEVEL / 2 <= each.mean() <= 1 - _RARE_LEVEL / 2]
