"""Write the simulated company's exports, its workspace file and the truth behind them."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zaplecze.errors import InputError
from zaplecze.language import N_, number, say
from zaplecze.progress import Progress, silent
from zaplecze.simulate.draw import Stretch, draw
from zaplecze.simulate.exports import Exports
from zaplecze.simulate.staff import hire
from zaplecze.simulate.truth import Truth

FEWEST, MOST = 1_000, 10_000_000
"""The sizes a company can have, in orders."""

STRETCH = 50_000
"""Orders drawn and written at a time, whatever the size of the company."""

_WORKSPACE = Path(__file__).parent / "zaplecze.toml"


@dataclass(frozen=True)
class Company:
    """A company on disk: ``counts`` are the rows of each file, useless ones included."""

    folder: Path
    workspace: Path
    truth: Path
    counts: dict[str, int]


def write_company(
    folder: Path, *, cases: int = 20_000, seed: int = 3, progress: Progress = silent
) -> Company:
    """Write a company of CASES orders into FOLDER; the same bytes for the same CASES and SEED.

    Memory does not grow with CASES. Raises `InputError` when CASES is not between 1,000 and
    10,000,000, when FOLDER holds somebody's own workspace file, or when it cannot be written.
    """
    _check(folder, cases)
    try:
        return _write(folder, cases, seed, progress)
    except OSError as error:
        raise InputError(
            say(
                N_("{folder}: the company cannot be written here ({error}). Name another folder."),
                folder=str(folder), error=error.strerror or str(error),
            )
        ) from None  # fmt: skip


def _write(folder: Path, cases: int, seed: int, progress: Progress) -> Company:
    folder.mkdir(parents=True, exist_ok=True)
    staff, truth = hire(cases, seed), Truth()
    with Exports(folder, staff, seed) as exports:
        for stretch in _stretches(cases):
            progress(say(N_("Simulating the company's orders")), stretch.first / cases)
            drawn = draw(stretch, seed)
            truth.add(drawn)
            exports.write(stretch, drawn)
    rows = exports.rows | {
        "people.csv": staff.write_people(folder / "people.csv"),
        "costs.csv": staff.write_costs(folder / "costs.csv"),
    }
    company = Company(folder, folder / _WORKSPACE.name, folder / "truth.json", rows)
    known = {"seed": seed} | truth.to_dict() | exports.dirt_counts() | {"rows": rows}
    _write_json(company.truth, known)
    shutil.copyfile(_WORKSPACE, company.workspace)
    progress(say(N_("Simulating the company's orders")), 1.0)
    return company


def _check(folder: Path, cases: int) -> None:
    if not FEWEST <= cases <= MOST:
        raise InputError(
            say(
                N_(
                    "A simulated company has {fewest} to {most} orders, not {cases}. "
                    "Choose a number in between."
                ),
                fewest=number(FEWEST), most=number(MOST), cases=number(cases),
            )
        )  # fmt: skip
    if (folder / _WORKSPACE.name).exists() and not (folder / "truth.json").exists():
        raise InputError(
            say(
                N_(
                    "{folder}: there is a workspace file here that is not a simulated company's. "
                    "Name another folder, so that it is not overwritten."
                ),
                folder=str(folder),
            )
        )


def _stretches(cases: int) -> Iterator[Stretch]:
    for index, first in enumerate(range(0, cases, STRETCH)):
        yield Stretch(index, first, min(STRETCH, cases - first), cases)


def _write_json(path: Path, document: dict[str, Any]) -> None:
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
