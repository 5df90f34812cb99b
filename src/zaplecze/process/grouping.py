"""Values put together by the code of the group they belong to, some whole cases at a time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Self

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
        order = by_code(codes)
        ordered = codes[order]
        first = np.flatnonzero(np.diff(ordered, prepend=-1))
        return cls(ordered[first], first, values[order])

    def items(self) -> Iterator[tuple[int, Values]]:
        """Every code, in order, and its values."""
        ends = np.append(self.first, len(self.values))[1:]
        for code, first, end in zip(self.codes, self.first, ends, strict=True):
            yield int(code), self.values[first:end]


def gathered(pieces: Iterable[Groups]) -> dict[int, list[Values]]:
    """The values of every code in PIECES, piece by piece; codes in order."""
    found: dict[int, list[Values]] = {}
    for piece in pieces:
        for code, values in piece.items():
            found.setdefault(code, []).append(values)
    return dict(sorted(found.items()))


def by_code(codes: Ints) -> NDArray[Any]:
    """The order of CODES that leaves those of one code as they are; small ones are counted."""
    small = not len(codes) or codes.max() < 1 << 16
    return np.argsort(codes.astype(np.uint16) if small else codes, kind="stable")
