"""Finance and simulation beside numpy-financial, pyxirr and squigglepy: ``python -m benchmarks.money``.

Peers that are not installed are left out.
"""

import importlib
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measure import Measure, best_seconds, table
from zaplecze.money.case import load_case
from zaplecze.money.case.reckoning import Reckoning
from zaplecze.money.case.simulation import simulate
from zaplecze.money.distributions import Distribution, Fixed, Normal
from zaplecze.money.finance import appraise
from zaplecze.money.returns import many_rates_of_return

ROOT = Path(__file__).resolve().parents[1]
SEVERAL, ONE_BY_ONE = 20_000, 500
DRAWS, INPUTS = 100_000, 10

PLAIN_CASE = """
name = "Ten assumptions"
start = 2026-01-01
months = 60
discount_rate = 0.1

[lines.project]
kind = "cost"
owner = "x"
amount = 4000
per = "once"

[lines.sum]
kind = "saving"
owner = "x"
amount = "{amount}"
per = "month"
"""


def peer(name: str) -> Any:
    """The package NAME, or None."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def measures(scratch: Path) -> Iterator[Measure]:
    """Rates of return, whole appraisals, simulated cases, and one with staffing in every draw."""
    yield from _rates()
    yield from _appraisals()
    yield from _simulation(scratch)
    reckoning = _staffed()
    seconds = best_seconds(lambda: simulate(reckoning))
    yield Measure(f"case of {DRAWS:,} draws, 3 x 34 staffings in each", "zaplecze", seconds)


def _staffed() -> Reckoning:
    """The case of a bank; what it takes from findings about as it was measured."""
    case = load_case(ROOT / "examples" / "call-centre-case.toml")
    found: dict[str, Distribution] = {"late_now": Fixed(0.39), "again": Normal(0.0115, 0.0055)}
    given = {name: each.given() for name, each in case.assumptions.items() if name not in found}
    return Reckoning(case, given | found)


def _rates() -> Iterator[Measure]:
    """Rates of return of 20,000 rows of 61 months; peers are timed on 500 rows and scaled."""
    work = f"IRR of {SEVERAL:,} rows of 61 months"
    flows = np.random.default_rng(1).normal(300, 100, (SEVERAL, 61))
    flows[:, 0] = -10_000
    yield Measure(work, "zaplecze", best_seconds(lambda: many_rates_of_return(flows)))
    for name in ("numpy_financial", "pyxirr"):
        module = peer(name)
        if module is None:
            continue

        def one_by_one(irr: Callable[[Any], Any] = module.irr) -> None:
            for row in flows[:ONE_BY_ONE]:
                irr(row)

        yield Measure(work, name, best_seconds(one_by_one) * SEVERAL / ONE_BY_ONE)


def _appraisals() -> Iterator[Measure]:
    """Everything about one row after the other: value, rates, paybacks; peers do what they have."""
    work = f"appraisal of {ONE_BY_ONE} rows of 61 months, one at a time"
    flows = np.random.default_rng(2).normal(300, 100, (ONE_BY_ONE, 61))
    flows[:, 0] = -10_000
    yield Measure(work, "zaplecze", best_seconds(lambda: [appraise(row, 0.01) for row in flows]))
    for name in ("numpy_financial", "pyxirr"):
        module = peer(name)
        if module is None:
            continue

        def theirs(finance: Any = module) -> None:
            for row in flows:
                finance.npv(0.01, row), finance.irr(row), finance.mirr(row, 0.01, 0.01)

        yield Measure(work, f"{name}, without paybacks", best_seconds(theirs))


def _simulation(folder: Path) -> Iterator[Measure]:
    """100,000 draws of ten PERT numbers through 60 months, beside squigglepy's draws of a sum."""
    names = [f"a{k}" for k in range(INPUTS)]
    text = PLAIN_CASE.format(amount=" + ".join(names))
    text += "".join(f"[assumptions.{n}]\nlow = 5\nlikely = 10\nhigh = 20\n" for n in names)
    (folder / "case.toml").write_text(text, encoding="utf-8")
    reckoning = Reckoning.of(load_case(folder / "case.toml"))
    work = f"case of {DRAWS:,} draws, 60 months, IRR of each"
    yield Measure(work, "zaplecze", best_seconds(lambda: simulate(reckoning)))
    squiggle = peer("squigglepy")
    if squiggle is None:
        return

    def theirs() -> None:
        total = sum(
            (squiggle.triangular(5, 10, 20) for _ in names[1:]), squiggle.triangular(5, 10, 20)
        )
        squiggle.sample(total, n=DRAWS)

    yield Measure(work, "squigglepy, the sum alone", best_seconds(theirs))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        print(*table(list(measures(Path(folder)))), sep="\n")
