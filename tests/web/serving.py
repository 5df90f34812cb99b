"""Starts `zaplecze serve` as people do, for tests from outside."""

import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PROGRAM = [sys.executable, "-m", "zaplecze"]


def environment(**variables: str) -> dict[str, str]:
    """The environment without our variables, in English, but for VARIABLES."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("ZAPLECZE_", "DJANGO_"))}
    return kept | {"ZAPLECZE_LANGUAGE": "en"} | variables


@dataclass
class Running:
    """A server, what it said, and where."""

    process: subprocess.Popen[str]
    said: list[str]
    folder: Path

    @property
    def link(self) -> str:
        return next(m[0] for line in self.said if (m := re.search(r"http://\S+/login/\S+", line)))

    @property
    def address(self) -> str:
        return re.match(r"http://[^/]+", self.link)[0]

    def stop(self, with_signal: signal.Signals) -> int:
        self.process.send_signal(with_signal)
        return self.process.wait(20)


def start(folder: Path) -> Running:
    """`zaplecze serve` on a free port, once it has said how to log in."""
    process = subprocess.Popen(
        [*PROGRAM, "serve", str(folder), "--port", "0"],
        env=environment(),
        stderr=subprocess.PIPE,
        text=True,
    )
    said = []
    for line in process.stderr:
        said.append(line.strip())
        if "/login/" in line:
            break
    return Running(process, said, folder)
