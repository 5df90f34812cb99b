"""Fixtures that several rooms' tests share."""

import datetime as dt
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from zaplecze import chain

# The tests share the cores among themselves already; it is read when NumPy loads.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# A slow machine is no fault of the code.
EXAMPLES = int(os.environ.get("ZAPLECZE_EXAMPLES", "5"))
settings.register_profile("zaplecze", deadline=None, max_examples=EXAMPLES)
settings.load_profile("zaplecze")

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def olist_run(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> "chain.Run":
    """The whole line on the public orders of Olist, once for all that look at it."""
    from zaplecze import chain

    out = tmp_path_factory.mktemp("olist") / "out"
    now = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
    return chain.run(ROOT / "examples" / "olist.toml", shared_data / "olist", out, now=now)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of public data sets; tests that need it are skipped where it is missing."""
    folder = Path(os.environ.get("ZAPLECZE_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no public data sets in {folder}; set ZAPLECZE_DATA to their folder")
    return folder
