"""Ctrl-C and SIGTERM in the middle of a long query: exit code, words, and what stays behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from zaplecze.cli import doctor, main

# A query that would take hours, so that every signal comes within it.
ENDLESS = """
name = "Endless"
[sources.log]
sql = "SELECT count(*) AS n FROM range(10000000) a, range(10000000) b WHERE a.range % 7 = b.range % 3"
[case]
key = "n"
[[events]]
source = "log"
activity = "n"
time = "n"
"""


def begin(folder: Path, command: str, out: Path) -> subprocess.Popen[bytes]:
    """Start COMMAND on an endless query and wait until it is at work."""
    workspace = folder / "zaplecze.toml"
    workspace.write_text(ENDLESS, encoding="utf-8")
    words = [*command.split(), str(workspace), "--out", str(out)]
    child = subprocess.Popen([sys.executable, "-m", "zaplecze", *words], stderr=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while not list(folder.rglob("scratch")):
        assert child.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
    time.sleep(0.5)
    return child


@pytest.mark.long
@pytest.mark.parametrize(
    ("command", "number", "code"),
    [
        ("log import", signal.SIGINT, 130),
        ("log import", signal.SIGTERM, 143),
        ("run", signal.SIGTERM, 143),
    ],
)
def test_a_signal_within_a_query_ends_the_command_and_leaves_nothing(
    tmp_path, command, number, code
):
    with begin(tmp_path, command, tmp_path / "out") as child:
        os.kill(child.pid, number)
        _, told = child.communicate(timeout=60)
    assert (child.returncode, told) == (code, b"")
    assert list(tmp_path.rglob(".unfinished-*")) == []


def test_an_error_that_an_interruption_turned_into_is_still_an_interruption(monkeypatch, capsys):
    def interrupted() -> None:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(5)
        except KeyboardInterrupt:
            raise RuntimeError("Query interrupted") from None

    monkeypatch.setattr(doctor, "doctor", interrupted)
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    assert main(["doctor"]) == 143
    assert capsys.readouterr() == ("", "")
    assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == before
