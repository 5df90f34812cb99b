"""Which activities follow which directly, in a log of variants with their counts."""

import itertools
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

Trace = tuple[int, ...]
Log = Counter[Trace]


@dataclass(frozen=True)
class Follows:
    """How often each activity starts a case, ends one, and is followed by each other."""

    activities: frozenset[int]
    starts: Counter[int]
    ends: Counter[int]
    pairs: Counter[tuple[int, int]]

    @classmethod
    def of(cls, log: Log) -> "Follows":
        """The directly-follows graph of LOG."""
        starts: Counter[int] = Counter()
        ends: Counter[int] = Counter()
        pairs: Counter[tuple[int, int]] = Counter()
        activities: set[int] = set()
        for trace, cases in log.items():
            if not trace:
                continue
            activities.update(trace)
            starts[trace[0]] += cases
            ends[trace[-1]] += cases
            for pair in itertools.pairwise(trace):
                pairs[pair] += cases
        return cls(frozenset(activities), starts, ends, pairs)

    def without_noise(self, noise: float) -> "Follows":
        """Without what is rarer than NOISE times the most frequent alternative.

        Compared are all ways on from an activity, an end among them, and all starts (Leemans,
        Fahland and van der Aalst 2014, section 3).
        """
        most = Counter(self.ends)
        for (source, _), count in self.pairs.items():
            most[source] = max(most[source], count)
        first = max(self.starts.values(), default=0)
        return Follows(
            self.activities,
            Counter({a: n for a, n in self.starts.items() if n >= noise * first}),
            Counter({a: n for a, n in self.ends.items() if n >= noise * most[a]}),
            Counter({p: n for p, n in self.pairs.items() if n >= noise * most[p[0]]}),
        )

    def ahead(self) -> dict[int, set[int]]:
        """The activities that directly follow each."""
        found: dict[int, set[int]] = {activity: set() for activity in self.activities}
        for source, target in self.pairs:
            found[source].add(target)
        return found


def components(items: Iterable[int], links: Iterable[tuple[int, int]]) -> list[frozenset[int]]:
    """ITEMS in groups that LINKS hold together, ordered by their smallest item."""
    group = {item: {item} for item in items}
    for a, b in links:
        if a in group and b in group and group[a] is not group[b]:
            small, large = sorted((group[a], group[b]), key=len)
            large |= small
            for item in small:
                group[item] = large
    distinct = {id(members): frozenset(members) for members in group.values()}
    return sorted(distinct.values(), key=min)
