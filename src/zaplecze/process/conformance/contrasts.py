"""How the cases with a deviation fared beside those without it: time, waits, outcomes.

A comparison of cases as they are, not an effect: whoever deviates may differ in other ways too.
"""

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from zaplecze.eventlog import EventLog
from zaplecze.process.conformance.alignments import Ints
from zaplecze.process.conformance.result import Contrast


@dataclass(frozen=True)
class Contrasts:
    """The figures of one deviation; see `Deviation`."""

    throughput_seconds: Contrast | None
    wait_seconds: Contrast | None
    outcomes: dict[str, Contrast]


def contrasts(log: EventLog, deviating: list[Ints]) -> list[Contrasts]:
    """The figures of every deviation, whose variants (numbers of the store) DEVIATING lists."""
    if not deviating:
        return []
    connection, outcomes = log.connection, list(log.info.outcomes)
    values = "".join(
        f", TRY_CAST({_quoted(name)} AS DOUBLE) AS o{i}" for i, name in enumerate(outcomes)
    )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE z_cases AS SELECT c.variant, "
        'epoch_us(c."end") / 1e6 - epoch_us(c.start) / 1e6 AS throughput, w.wait'
        f'{values} FROM cases c JOIN (SELECT "case", coalesce(sum(greatest(wait_seconds, 0)), 0) '
        'AS wait FROM events GROUP BY "case") w USING ("case")'
    )
    figures = "count(*), median(throughput), median(wait)" + "".join(
        f", count(o{i}), avg(o{i})" for i in range(len(outcomes))
    )
    found = []
    for variants in deviating:
        connection.register("z_deviating", pa.table({"variant": variants}))
        rows = connection.execute(
            f"SELECT variant IN (SELECT variant FROM z_deviating), {figures} FROM z_cases "
            "GROUP BY 1"
        ).fetchall()
        connection.unregister("z_deviating")
        found.append(_read({bool(row[0]): row[1:] for row in rows}, outcomes))
    connection.execute("DROP TABLE z_cases")
    return found


def _read(sides: dict[bool, tuple[Any, ...]], outcomes: list[str]) -> Contrasts:
    nothing = (0, None, None, *(0, None) * len(outcomes))
    with_it, without_it = (sides.get(side, nothing) for side in (True, False))
    throughput, wait = (
        Contrast(with_it[k], without_it[k], with_it[0], without_it[0]) for k in (1, 2)
    )
    means = {
        name: Contrast(with_it[k + 1], without_it[k + 1], with_it[k], without_it[k])
        for k, name in zip(range(3, 3 + 2 * len(outcomes), 2), outcomes, strict=True)
    }
    return Contrasts(throughput, wait, means)


def _quoted(name: str) -> str:
    return 'c."' + name.replace('"', '""') + '"'
