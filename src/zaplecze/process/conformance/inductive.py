"""The inductive miner: a process tree that explains a log, block by block, with noise left out.

Leemans, Fahland and van der Aalst, "Discovering block-structured process models from event logs"
(2013) and, for noise, "… containing infrequent behaviour" (2014). Without noise every case of the
log follows the model exactly.
"""

from collections import Counter
from collections.abc import Callable, Sequence

from zaplecze.errors import InputError
from zaplecze.language import N_, number, say
from zaplecze.process.conformance.cuts import Cut, find_cut
from zaplecze.process.conformance.follows import Follows, Log
from zaplecze.process.conformance.splits import split
from zaplecze.process.conformance.trees import NOTHING, Tree, block, leaf

MOST_ACTIVITIES = 200
"""Nobody reads a model of more, and finding it takes the square of the time."""


def mine(log: Log, names: Sequence[str], noise: float) -> Tree:
    """The process tree of LOG, whose activities are numbers into NAMES.

    NOISE, from 0 to 1, is the share of the most frequent alternative below which a way on is left
    out where no block can be found otherwise. Raises `InputError` when there are too many
    activities.
    """
    used = {activity for trace in log for activity in trace}
    if len(used) > MOST_ACTIVITIES:
        raise InputError(
            say(
                N_(
                    "The log has {count} activities; a model is drawn of {most} at most. Take "
                    "together what is alike, or choose some of them."
                ),
                count=number(len(used)),
                most=number(MOST_ACTIVITIES),
            )
        )
    return _mine(log, names, noise)


def _mine(log: Log, names: Sequence[str], noise: float) -> Tree:
    empty, cases = log.get((), 0), log.total()
    if empty == cases:
        return NOTHING
    if empty:
        rest = Counter({trace: count for trace, count in log.items() if trace})
        tree = _mine(rest, names, noise)
        return block("choice", NOTHING, tree) if empty >= noise * cases else tree
    follows = Follows.of(log)
    if len(follows.activities) == 1 and all(len(trace) == 1 for trace in log):
        return leaf(names[next(iter(follows.activities))])
    cut = find_cut(follows)
    if cut is None and noise:
        cut = find_cut(follows.without_noise(noise))
    if cut is not None and _divides(log, cut):
        return block(cut.operator, *(_mine(part, names, noise) for part in split(log, cut)))
    return _without_a_cut(log, follows, names, noise)


def _divides(log: Log, cut: Cut) -> bool:
    """Is every part smaller than LOG? A cut found without the noise may leave all in one part."""
    return all(part != log for part in split(log, cut))


def _without_a_cut(log: Log, follows: Follows, names: Sequence[str], noise: float) -> Tree:
    """What explains LOG when no cut does, the more precise first; the last explains anything."""
    once = [a for a in sorted(follows.activities) if all(t.count(a) == 1 for t in log)]
    if len(follows.activities) > 1:
        aside = once[0] if once else _beside_all(log, follows)
        if aside is not None:
            apart, rest = _apart(log, aside)
            return block("parallel", _mine(apart, names, noise), _mine(rest, names, noise))
    ends, starts = follows.ends.keys(), follows.starts.keys()
    for begins_anew in (lambda a, b: a in ends and b in starts, lambda _, b: b in starts):
        rounds = _cut_up(log, begins_anew)
        if rounds != log:
            return block("loop", _mine(rounds, names, noise), NOTHING)
    leaves = (leaf(names[activity]) for activity in sorted(follows.activities))
    return block("loop", NOTHING, *leaves)


def _beside_all(log: Log, follows: Follows) -> int | None:
    """An activity without which there is a cut."""
    for activity in sorted(follows.activities):
        rest = Counter({trace: n for trace, n in _apart(log, activity)[1].items() if trace})
        if find_cut(Follows.of(rest)) is not None:
            return activity
    return None


def _apart(log: Log, activity: int) -> tuple[Log, Log]:
    """LOG with nothing but ACTIVITY, and without it."""
    only: Log = Counter()
    rest: Log = Counter()
    for trace, cases in log.items():
        only[tuple(a for a in trace if a == activity)] += cases
        rest[tuple(a for a in trace if a != activity)] += cases
    return only, rest


def _cut_up(log: Log, begins_anew: Callable[[int, int], bool]) -> Log:
    """LOG with its traces cut between all neighbours of which BEGINS_ANEW is true."""
    rounds: Log = Counter()
    for trace, cases in log.items():
        begin = 0
        for place in range(1, len(trace)):
            if begins_anew(trace[place - 1], trace[place]):
                rounds[trace[begin:place]] += cases
                begin = place
        rounds[trace[begin:]] += cases
    return rounds
