"""``make picture``: the first page of the simulated company's report, as the README shows it."""

import tempfile
from pathlib import Path

from zaplecze import chain, report

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Run the demo and draw its board page into docs/images."""
    with tempfile.TemporaryDirectory() as folder:
        done = chain.demo(Path(folder), cases=20_000, seed=3)
    target = ROOT / "docs" / "images" / "report.png"
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(report.picture(done.findings, done.graph, "en", ppi=100))
    print(target.relative_to(ROOT))


if __name__ == "__main__":
    main()
