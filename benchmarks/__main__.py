"""``make benchmark``: start-up, import, process and effects, each beside a plain alternative."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

CASES = int(os.environ.get("CASES", "200000"))
RUNS = 3


@dataclass(frozen=True)
class Measure:
    """One piece of work and the peer that it is compared with: the median of a few runs each."""

    work: str
    seconds: float
    peer: str
    peer_seconds: float

    def line(self) -> str:
        """A row of the printed table."""
        ratio = self.seconds / self.peer_seconds
        return f"{self.work:42} {self.seconds:8.3f} s   {ratio:6.2f} x {self.peer} ({self.peer_seconds:.3f} s)"


def median_seconds(work: Callable[[], object]) -> float:
    """The median time of a few runs of WORK."""
    taken = []
    for _ in range(RUNS):
        begin = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begin)
    return sorted(taken)[RUNS // 2]


def start_up() -> Measure:
    """``zaplecze --help`` beside an empty Python."""
    program = Path(sys.executable).with_name("zaplecze")

    def run(*command: str) -> Callable[[], object]:
        return lambda: subprocess.run(command, capture_output=True, check=True)

    return Measure(
        "zaplecze --help",
        median_seconds(run(str(program), "--help")),
        "python -c pass",
        median_seconds(run(sys.executable, "-c", "pass")),
    )


def import_and_questions(folder: Path) -> list[Measure]:
    """Import of a simulated company beside DuckDB's plain read of the same files; then the graph."""
    import duckdb

    from zaplecze import eventlog, process, simulate
    from zaplecze.workspace import load

    company = simulate.write_company(folder / "data", cases=CASES, seed=1)
    workspace = load(company.workspace)

    def plain_read() -> None:
        with duckdb.connect() as connection:
            for file in sorted(company.folder.glob("*.csv*")):
                connection.execute(
                    "SELECT count(*) FROM (SELECT DISTINCT COLUMNS(*) FROM read_csv(?, all_varchar "
                    "= true, strict_mode = false, ignore_errors = true, null_padding = true))",
                    [str(file)],
                )

    log = eventlog.build(workspace, company.folder, folder / "log")
    pairs = "SELECT activity, next_activity, count(*), avg(wait_seconds) FROM events GROUP BY ALL"
    return [
        Measure(
            f"import of {log.info.events:,} events",
            median_seconds(lambda: eventlog.build(workspace, company.folder, folder / "log")),
            "DuckDB read of the same files",
            median_seconds(plain_read),
        ),
        Measure(
            "graph with exact median and p95",
            median_seconds(lambda: process.graph(log)),
            "DuckDB counts and means only",
            median_seconds(lambda: log.connection.execute(pairs).fetchall()),
        ),
    ]


def effect() -> Measure:
    """An adjusted effect, 100,000 cases by 30 columns, beside one fit of the same learner."""
    import lightgbm
    import numpy as np

    from zaplecze.impact import learner
    from zaplecze.impact.facts import Column
    from zaplecze.language import Text

    random = np.random.default_rng(1)
    x = random.normal(size=(100_000, 30))
    y = x[:, 0] + random.normal(size=100_000)
    columns = [Column(str(k), Text.same(str(k)), x[:, k]) for k in range(30)]

    def adjusted() -> None:
        fitter = learner.CrossFitter(columns, np.arange(len(y)))
        fitter.residuals(y)
        fitter.residuals((x[:, 1] > 0).astype(float))

    def one_fit() -> None:
        lightgbm.train(
            learner.PARAMETERS, lightgbm.Dataset(x, label=y), num_boost_round=learner.ROUNDS
        )

    return Measure(
        "adjusted effect, 100,000 x 30, five folds",
        median_seconds(adjusted),
        "one LightGBM fit",
        median_seconds(one_fit),
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        for measure in (start_up(), *import_and_questions(Path(scratch)), effect()):
            print(measure.line())
