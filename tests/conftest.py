"""Fixtures that several rooms' tests share."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# The tests share the cores among themselves already; it is read when NumPy loads.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# A slow machine is no fault of the code.
settings.register_profile("zaplecze", deadline=None)
settings.load_profile("zaplecze")

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of public data sets; tests that need it are skipped where it is missing."""
    folder = Path(os.environ.get("ZAPLECZE_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no public data sets in {folder}; set ZAPLECZE_DATA to their folder")
    return folder
