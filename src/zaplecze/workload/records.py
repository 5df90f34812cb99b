"""Call records: when each call came, how long it waited, whether it was answered, how long that took."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zaplecze.errors import InputError
from zaplecze.language import N_, Text, say, say_plural
from zaplecze.workload.erlang import Floats

_ALL = ""


@dataclass(frozen=True)
class Records:
    """One entry a call. ``handling_seconds`` is NaN for calls that were not answered.

    ``left_out`` says what is not in here and why.
    """

    times: NDArray[np.datetime64]
    wait_seconds: Floats
    answered: NDArray[np.bool_]
    handling_seconds: Floats
    kinds: NDArray[Any]
    left_out: list[Text]

    def only(self, chosen: NDArray[np.bool_]) -> "Records":
        """The calls where CHOSEN."""
        return Records(
            self.times[chosen], self.wait_seconds[chosen], self.answered[chosen],
            self.handling_seconds[chosen], self.kinds[chosen], self.left_out,
        )  # fmt: skip


def read_records(
    table: Any,
    *,
    time: str,
    wait: str,
    outcome: str,
    answered: Collection[str],
    abandoned: Collection[str],
    handling: str,
    kind: str | None = None,
    time_format: str | None = None,
) -> Records:
    """Call records of TABLE: a path to CSV, Excel or Parquet, or any table that speaks Arrow.

    TIME names the column of the arrival (two as "day+clock"), WAIT and HANDLING columns of seconds,
    OUTCOME the column whose words ANSWERED and ABANDONED tell how a call ended; calls with another
    outcome, and those with negative times, are left out and counted. Raises `InputError` naming
    file, row, column and value.
    """
    # It brings the engine with it, which formulas do without.
    from zaplecze.workload.table import Table

    with Table(table) as source:
        times = source.times(time, time_format)
        waits = source.numbers(wait)
        outcomes = np.array(source.names(outcome))
        lengths = source.numbers(handling, missing=True)
        kinds = np.array(source.names(kind) if kind else [_ALL] * len(times))
    served, gone = np.isin(outcomes, list(answered)), np.isin(outcomes, list(abandoned))
    _check_outcomes(outcome, outcomes, served, gone, answered, abandoned)
    lengths = np.where(served, lengths, np.nan)
    other = ~(served | gone)
    negative = ~other & ((waits < 0) | (served & ~(lengths >= 0)))
    kept = ~other & ~negative
    if not kept.any():
        raise InputError(
            say(
                N_("Every call has a negative or missing time, so that none is left. Correct '{wait}' and '{handling}'."),
                wait=wait, handling=handling,
            )
        )  # fmt: skip
    return Records(
        times[kept], waits[kept], served[kept], lengths[kept], kinds[kept],
        _left_out(outcomes[other], int(negative.sum())),
    )  # fmt: skip


def _check_outcomes(
    column: str,
    outcomes: NDArray[Any],
    served: NDArray[np.bool_],
    gone: NDArray[np.bool_],
    answered: Collection[str],
    abandoned: Collection[str],
) -> None:
    if both := sorted(set(answered) & set(abandoned)):
        raise InputError(
            say(
                N_("'{words}' cannot mean both answered and given up. Name it once."),
                words=", ".join(both),
            )
        )
    for found, words in ((served, answered), (gone, abandoned)):
        if not found.any():
            raise InputError(
                say(
                    N_("Column '{column}': no call ended as '{words}'. There are: {found}."),
                    column=column,
                    words=", ".join(words),
                    found=", ".join(sorted(set(outcomes.tolist()))[:12]),
                )
            )


def _left_out(others: NDArray[Any], negative: int) -> list[Text]:
    found = []
    for word, count in zip(*np.unique(others, return_counts=True), strict=True):
        found.append(
            say_plural(
                N_("{count} call with the outcome '{word}' is left out."),
                N_("{count} calls with the outcome '{word}' are left out."),
                int(count),
                word=str(word),
            )
        )  # fmt: skip
    if negative:
        found.append(
            say_plural(
                N_("{count} call with a negative or missing time is left out."),
                N_("{count} calls with negative or missing times are left out."),
                negative,
            )
        )  # fmt: skip
    return found


def seconds_of_day(times: NDArray[np.datetime64]) -> NDArray[np.int64]:
    """Seconds since midnight of each of TIMES."""
    passed = times.astype("datetime64[s]") - times.astype("datetime64[D]")
    return np.asarray(passed.astype("timedelta64[s]").astype(np.int64))


def kinds_by_size(kinds: Sequence[str] | NDArray[Any]) -> list[str]:
    """The kinds of calls, the most frequent first; none where there is only one."""
    names, counts = np.unique(np.asarray(kinds), return_counts=True)
    return [str(names[k]) for k in np.argsort(-counts, kind="stable")] if len(names) > 1 else []
