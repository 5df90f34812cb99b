"""Fixtures of the event log's tests."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.eventlog.desk import LONG, Desk

from zaplecze.eventlog import EventLog


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def imported(desk: Desk) -> Callable[..., EventLog]:
    """Import a long log.csv of these lines, with further lines of TOML inside the block."""

    def run(lines: str, extra: str = "") -> EventLog:
        desk.write("log.csv", lines)
        return desk.build(LONG + extra)

    return run
