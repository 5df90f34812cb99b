"""Which objects have to do with which: one customer, several orders, calls and complaints."""

from dataclasses import dataclass
from typing import Any

from zaplecze.eventlog import ObjectLog
from zaplecze.language import N_, Text, number, say
from zaplecze.process.objects.passages import rows


@dataclass(frozen=True)
class Related:
    """Objects of two types that belong together.

    ``pairs`` are told by the log itself (``stated``) or by an event that both have (``shared``), each
    counted once. ``per_source``: how many of the target an object of the source has, among those
    that have any; ``source`` is the side of the one, ``target`` that of the many.
    """

    source: str
    target: str
    pairs: int
    stated: int
    shared: int
    per_source: float
    most_per_source: int
    per_target: float
    most_per_target: int

    @property
    def sentence(self) -> Text:
        """In words."""
        return say(
            N_(
                "{source} and {target}: where they belong together, one of the former has {many} of "
                "the latter on average (at most {most}), one of the latter {few} of the former (at "
                "most {most_few})."
            ),
            source=_quoted(self.source),
            target=_quoted(self.target),
            many=number(self.per_source, 1),
            most=number(self.most_per_source),
            few=number(self.per_target, 1),
            most_few=number(self.most_per_target),
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain values by name."""
        return vars(self) | {"sentence": self.sentence}


def relations(log: ObjectLog) -> list[Related]:
    """For each two types of LOG, whose passages are laid out, that have to do with each other.

    Most pairs first. Objects of one type that share an event are no relation, those that the log
    states are.
    """
    found = rows(
        log,
        """
        WITH told AS (
            SELECT DISTINCT s.type AS a, t.type AS b, s.rowid AS x, t.rowid AS y, true AS stated
            FROM o.relations r JOIN o.objects s ON s.id = r.source JOIN o.objects t ON t.id = r.target
        ), both_ways AS (
            SELECT if(a <= b, a, b) AS a, if(a <= b, b, a) AS b, if(a <= b, x, y) AS x,
                   if(a <= b, y, x) AS y, stated FROM told
            UNION ALL
            SELECT DISTINCT p.object_type, q.object_type, p.o, q.o, false
            FROM passages p JOIN passages q ON p.n = q.n AND p.object_type < q.object_type
        ), pairs AS (
            SELECT a, b, x, y, bool_or(stated) AS stated, NOT bool_and(stated) AS shared
            FROM both_ways GROUP BY ALL
        ), per AS (
            SELECT a, b, avg(kx) FILTER (side = 1) AS mx, max(kx) FILTER (side = 1) AS tx,
                   avg(kx) FILTER (side = 2) AS my, max(kx) FILTER (side = 2) AS ty FROM (
                SELECT a, b, 1 AS side, count(*) AS kx FROM pairs GROUP BY a, b, x
                UNION ALL SELECT a, b, 2, count(*) FROM pairs GROUP BY a, b, y)
            GROUP BY a, b
        )
        SELECT a, b, count(*), count(*) FILTER (stated), count(*) FILTER (shared),
               any_value(mx), any_value(tx), any_value(my), any_value(ty)
        FROM pairs JOIN per USING (a, b) GROUP BY a, b ORDER BY 3 DESC, 1, 2
        """,
    )
    return [_oriented(*row) for row in found]


def _oriented(
    a: str, b: str, pairs: int, stated: int, shared: int, mx: float, tx: int, my: float, ty: int
) -> Related:
    if mx >= my:
        return Related(a, b, pairs, stated, shared, mx, tx, my, ty)
    return Related(b, a, pairs, stated, shared, my, ty, mx, tx)


def _quoted(name: str) -> Text:
    return say(N_("“{name}”"), name=name)
