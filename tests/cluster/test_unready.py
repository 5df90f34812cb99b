"""Something listens at the address, but no work can be done there: told in time, and no hanging."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cluster.standalone import Standalone, free_port

pytestmark = pytest.mark.cluster

_DOCTOR = """
import os, sys
os.environ["ZAPLECZE_ENGINE"] = sys.argv[1]
from zaplecze.eventlog.engine import cluster
cluster.START_SECONDS = 5.0
from zaplecze.cli.doctor import cluster as look
for check in look():
    print(check.state, check.text["en"])
"""


def diagnosed(url: str) -> str:
    """What the doctor says of the engine at URL."""
    command = [sys.executable, "-c", _DOCTOR, url]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout


def test_a_master_without_workers_is_told(spark: None, tmp_path: Path) -> None:
    alone = Standalone(tmp_path, free_port())
    try:
        alone.start(workers=0)
        told = diagnosed(alone.url)
    finally:
        alone.stop()
    assert told.startswith(f"fault The cluster {alone.url} answers, but no worker takes up work")


def test_a_server_that_says_nothing_is_told(spark: None) -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        url = f"sc://127.0.0.1:{mute.getsockname()[1]}"
        assert diagnosed(url).startswith(f"fault The cluster {url} cannot be reached (no answer)")
