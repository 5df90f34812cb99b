"""Values put together by the code of the group they belong to, some whole cases at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Values = NDArray[Any]


@dataclass(frozen=True)
class Groups:
    """Values in the order of their groups: those of ``codes[i]`` begin at ``first[i]``."""

    codes: Ints
    first: Ints
    values: Values

    @classmethod
    def of(cls, codes: Ints, values: Values) -> Self:
        """The VALUES by CODES, which are at least 0, as many as there are values."""
        small = _small(codes)
        order = np.argsort(small, kind="stable")
        first = starts(small.take(order))
        return cls(codes.take(order.take(first)), first, values.take(order))

    def items(self) -> Iterator[tuple[int, Values]]:
        """Every code, in order, and its values."""
        ends = np.append(self.first, len(self.values))[1:]
        for code, first, end in zip(self.codes, self.first, ends, strict=True):
            yield int(code), self.values[first:end]


class Gathered:
    """The values of every code, of one piece after the other, in one block of memory.

    The pages of many small blocks would take longer to come by than everything else.
    """

    def __init__(self, most: int) -> None:
        """For at MOST so many values, which are numbers."""
        self._block = np.empty(most)
        self._used = 0
        self._found: dict[int, list[NDArray[np.float64]]] = {}

    def add(self, piece: Groups) -> None:
        """Take over the values of PIECE."""
        begin, self._used = self._used, self._used + len(piece.values)
        own = self._block[begin : self._used]
        own[:] = piece.values
        for code, values in replace(piece, values=own).items():
            self._found.setdefault(code, []).append(values)

    def items(self) -> list[tuple[int, list[NDArray[np.float64]]]]:
        """Every code, in order, and its values piece by piece."""
        return sorted(self._found.items())


class Counted(NamedTuple):
    """Different codes, in order, and how often each is there."""

    codes: Ints
    counts: Ints

    @classmethod
    def of(cls, codes: Ints) -> "Counted":
        """Of CODES, which are at least 0."""
        if len(codes) and codes.max() < 1 << 16:
            counts = np.bincount(codes)
            found = np.flatnonzero(counts)
            return cls(found, counts.take(found))
        # Sorted, not `np.unique`: that hashes, which takes ten times as long here.
        narrow = len(codes) and codes.max() < 1 << 32
        ordered = np.sort(codes.astype(np.uint32) if narrow else codes)
        first = starts(ordered)
        return cls(ordered.take(first).astype(np.int64), np.diff(first, append=len(ordered)))

    @classmethod
    def together(cls, pieces: Sequence["Counted"]) -> "Counted":
        """The counts of all PIECES added up."""
        codes = np.concatenate([piece.codes for piece in pieces])
        order = by_code(codes)
        first = starts(codes.take(order))
        counts = np.concatenate([piece.counts for piece in pieces]).take(order)
        return cls(codes.take(order.take(first)), np.add.reduceat(counts, first))


def by_code(codes: Ints) -> NDArray[Any]:
    """The order of CODES that leaves those of one code as they are."""
    return np.argsort(_small(codes), kind="stable")


def starts(values: Values) -> Ints:
    """The places of VALUES at which another value begins."""
    # Ten times as fast as `np.diff`, which makes differences of what is only compared.
    new = np.ones(len(values), dtype=bool)
    np.not_equal(values[1:], values[:-1], out=new[1:])
    return np.flatnonzero(new)


def _small(codes: Ints) -> NDArray[Any]:
    """CODES in two bytes where they fit: such are sorted by counting them."""
    return codes.astype(np.uint16) if not len(codes) or codes.max() < 1 << 16 else codes
