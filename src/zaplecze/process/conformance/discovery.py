"""A procedure found in a log: what usually happens, drawn as one writes a procedure."""

from collections import Counter

from zaplecze.errors import InputError
from zaplecze.eventlog import EventLog
from zaplecze.language import N_, Language, say
from zaplecze.process.conformance.blocks import to_procedure
from zaplecze.process.conformance.comparison import variants_of
from zaplecze.process.conformance.inductive import mine
from zaplecze.process.conformance.procedure import Procedure

NOISE = 0.2
"""Ways on that are taken less than a fifth as often as the usual one are left out."""


def discover(log: EventLog, noise: float = NOISE, language: Language = "en") -> Procedure:
    """The procedure that the cases of LOG follow, found by the inductive miner.

    NOISE, 0 to 1: how rare, as a share of the most frequent alternative, a way on must be to be left
    out. With 0 every case follows what is found. It bears the name of the log in LANGUAGE. Raises
    `InputError` when the log has no events or too many activities to draw.
    """
    table = variants_of(log)
    if not table.num_rows:
        raise InputError(say(N_("The log has no events, so there is no procedure to find in it.")))
    columns = (table.column(name).to_pylist() for name in ("activities", "cases"))
    cases = Counter({tuple(codes): count for codes, count in zip(*columns, strict=True)})
    tree = mine(cases, log.activities, noise)
    return to_procedure(tree, log.info.name[language])
