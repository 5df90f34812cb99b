"""The whole board pack of Olist's orders and their business case, and the command that makes it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.measure import Measure, in_a_process, tell

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
PACK, COMMAND = "page, PDF, slides, two workbooks", "the same as a command, with its start"


def measures(data: Path, scratch: Path) -> Iterator[Measure]:
    """Findings are made first and not counted; the case is worked out within the command."""
    program = str(Path(sys.executable).with_name("zaplecze"))
    made = scratch / "out"
    run = [program, "run", EXAMPLES / "olist.toml", "--data", data / "olist", "--out", made]
    subprocess.run(run, capture_output=True, check=True)
    yield from in_a_process("benchmarks.pack", program, str(made))


def _works(program: str, made: Path) -> dict[str, Callable[[], object]]:
    from zaplecze import chain
    from zaplecze.money.case import load_case, work_out_case
    from zaplecze.report import write_pack
    from zaplecze.report.proposal import Proposal

    case = EXAMPLES / "olist-case.toml"
    found, described = chain.load_run(made), load_case(case)
    proposal = Proposal(described, work_out_case(described, found.findings))
    command = [program, "report", str(made), "--case", str(case), "--out", str(made / "b")]
    # As it is installed: compiled once, whatever the environment says of that.
    installed = os.environ | {"PYTHONPYCACHEPREFIX": str(made / "compiled")}
    installed.pop("PYTHONDONTWRITEBYTECODE", None)
    return {
        PACK: lambda: write_pack(
            found.findings, found.graph, made / "a", "en",
            proposal=proposal, followed=found.followed,
        ),
        COMMAND: lambda: subprocess.run(
            command, capture_output=True, check=True, env=installed
        ),
    }  # fmt: skip


if __name__ == "__main__":
    tell("zaplecze", _works(sys.argv[1], Path(sys.argv[2])))
