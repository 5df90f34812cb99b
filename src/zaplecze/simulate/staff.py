"""The people of the simulated company: who sat at which desk on the day."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from zaplecze.simulate import company
from zaplecze.simulate.clock import DAY, FIRST
from zaplecze.simulate.company import Integers

DAYS = (company.LAST_DAY - company.FIRST_DAY).days

ORDERS_PER_DESK = 4_000
DESKS = (6, 2_000)
"""Fewest and most desks of a department."""

CHANGING_DESKS = 0.3
"""The share of desks whose holder leaves during the simulated time and is replaced."""


@dataclass(frozen=True)
class Staff:
    """Every department has ``desks``; those of all departments are numbered through.

    At desk ``d`` sits person ``2 * d`` until ``change_day``, then person ``2 * d + 1``.
    """

    desks: int
    hired_day: Integers
    change_day: Integers

    @property
    def names(self) -> list[str]:
        """The number on everybody's badge, by person."""
        return [
            f"{code}-{n + 1:04}"
            for code, _ in company.DEPARTMENTS.values()
            for n in range(2 * self.desks)
        ]

    def who(self, random: np.random.Generator, department: str, moment: Integers) -> Integers:
        """The person of DEPARTMENT who did a piece of work at each MOMENT."""
        first = self.desks * list(company.DEPARTMENTS).index(department)
        desk = first + random.integers(0, self.desks, len(moment))
        return 2 * desk + (moment // DAY >= self.change_day[desk])

    def write_people(self, path: Path) -> int:
        """Write the personnel list; returns its number of rows."""
        names, rows = self.names, []
        for desk, (hired, change) in enumerate(zip(self.hired_day, self.change_day, strict=True)):
            department = list(company.DEPARTMENTS)[desk // self.desks]
            leaves = change < FIRST + DAYS
            last_day = _iso(change) if leaves else ""
            rows.append([names[2 * desk], department, _iso(hired), last_day])
            if leaves:
                rows.append([names[2 * desk + 1], department, _iso(change), ""])
        return _write(path, ["employee", "department", "hired_on", "left_on"], rows)

    def write_costs(self, path: Path) -> int:
        """Write what an hour of each department costs; returns the number of rows."""
        rows = [
            [name, f"{hourly_cost:.2f}", company.CURRENCY, str(self.desks)]
            for name, (_, hourly_cost) in company.DEPARTMENTS.items()
        ]
        return _write(path, ["department", "hourly_cost", "currency", "positions"], rows)


def hire(cases: int, seed: int) -> Staff:
    """The people of a company that has CASES orders in two years."""
    random = np.random.default_rng([seed, 2**31])
    desks = int(np.clip(cases // ORDERS_PER_DESK, *DESKS))
    size = desks * len(company.DEPARTMENTS)
    leaves = random.random(size) < CHANGING_DESKS
    never = FIRST + 10 * DAYS
    return Staff(
        desks,
        hired_day=FIRST - random.integers(30, 3_000, size),
        change_day=np.where(leaves, FIRST + random.integers(60, DAYS - 60, size), never),
    )


def _iso(day: np.int64) -> str:
    return str(np.datetime64(int(day), "D"))


def _write(path: Path, columns: list[str], rows: list[list[str]]) -> int:
    lines = [",".join(row) + "\n" for row in [columns, *rows]]
    path.write_text("".join(lines), encoding="utf-8", newline="")
    return len(rows)
