"""A Spark cluster: reached within seconds or not at all, asked through lazy frames."""

import functools
import importlib.util
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zaplecze.errors import InputError
from zaplecze.language import N_, Text, say

if TYPE_CHECKING:
    import narwhals as nw

REACH_SECONDS = 5.0
"""How long an address may take to answer at all."""

START_SECONDS = 60.0
"""How long a cluster that answers may take to offer a worker."""

_CONNECT_PORT = 15002
_OLDEST_JAVA = 17

_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "50000",
}


@dataclass(frozen=True)
class Cluster:
    """The cluster at URL; connected when it is first asked, and for as long as the program runs.

    Its workers must see the folders of logs and data under the same paths as this machine.
    """

    url: str

    def __str__(self) -> str:
        """The address without the token that may stand in it."""
        return re.sub(r"(token=)[^;]*", r"\1…", self.url)

    @property
    def session(self) -> Any:
        """The Spark session. Raises `InputError` saying what is missing where there can be none."""
        return _session(self.url)

    @property
    def version(self) -> str:
        """The version of Spark that answers."""
        return str(self.session.version)

    def table(self, path: Path) -> "nw.LazyFrame[Any]":
        """The Parquet files at PATH, which may be a pattern, as a lazy frame."""
        import narwhals as nw

        frame: nw.LazyFrame[Any] = nw.from_native(self._parquet(path))
        return frame

    def service_times(self, log: Path) -> "nw.LazyFrame[Any]":
        """Activity and length in seconds of the events of the LOG in this folder."""
        import narwhals as nw

        micros = "unix_micros(CAST(`{}` AS TIMESTAMP))"
        length = f"({micros.format('end')} - {micros.format('start')}) / 1e6D AS seconds"
        chosen = self._parquet(log / "events").selectExpr("activity", length)
        frame: nw.LazyFrame[Any] = nw.from_native(chosen)
        return frame

    def _parquet(self, path: Path) -> Any:
        whole = path.parent if "*" in path.name else path
        return self.session.read.parquet(pattern(whole))


def place(path: Path) -> str:
    """PATH as Spark calls it when it writes, whatever the default file system of the cluster is."""
    return f"file:{path.resolve()}"


def pattern(path: Path) -> str:
    """PATH as Spark calls it when it reads: nothing in its name stands for anything else."""
    return re.sub(r"([\\*?\[\]{}])", r"\\\1", place(path))


@functools.cache
def _session(url: str) -> Any:
    connect = url.startswith("sc://")
    _check_pyspark(url, connect=connect)
    if not connect:
        _check_java(url)
    _check_reachable(url)
    # No pandas is used, so its version does not matter.
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
    session = _answering(url) if connect else _with_workers(url)
    for key, value in _SETTINGS.items():
        session.conf.set(key, value)
    return session


def _check_pyspark(url: str, *, connect: bool) -> None:
    wanted = ["pyspark", "grpc"] if connect else ["pyspark"]
    if any(importlib.util.find_spec(each) is None for each in wanted):
        raise InputError(
            say(
                N_(
                    "The cluster {url} needs the package pyspark, which is not installed. "
                    "Install it with: pip install 'zaplecze[cluster]'."
                ),
                url=str(Cluster(url)),
            )
        )


def _check_java(url: str) -> None:
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else "java"
    if shutil.which(java) is None or _java_version(java) < _OLDEST_JAVA:
        raise InputError(
            say(
                N_(
                    "The cluster {url} needs Java {version} or newer on this machine, and there is "
                    "none. On Debian: apt-get install openjdk-17-jre-headless. Elsewhere install it "
                    "and set JAVA_HOME."
                ),
                url=str(Cluster(url)), version=_OLDEST_JAVA,
            )
        )  # fmt: skip


def _java_version(java: str) -> int:
    """The main version of JAVA; 0 where it does not run."""
    try:
        told = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.search(r'version "(?:1\.)?(\d+)', told.stderr + told.stdout)
    return int(found[1]) if found else 0


def _check_reachable(url: str) -> None:
    """Raise `InputError` unless something listens at one of the addresses of URL."""
    told = ""
    for address in re.split(r"[/;]", url.split("://", 1)[1], maxsplit=1)[0].split(","):
        host, _, port = address.partition(":")
        try:
            socket.create_connection((host, int(port or _CONNECT_PORT)), REACH_SECONDS).close()
        except OSError as error:
            told = error.strerror or str(error)
        else:
            return
    raise _unreachable(url, told)


def _answering(url: str) -> Any:
    """The session of a Spark Connect server, once it has answered."""
    import grpc
    from pyspark.sql import SparkSession
    from pyspark.sql.connect.client import DefaultChannelBuilder

    # A session would wait for ever, and once more when the program ends.
    with DefaultChannelBuilder(url).toChannel() as channel:
        try:
            grpc.channel_ready_future(channel).result(START_SECONDS)
        except grpc.FutureTimeoutError:
            raise _unreachable(url, say(N_("no answer"))) from None
    try:
        session = SparkSession.builder.remote(url).getOrCreate()
        _ = session.version
    except Exception as error:
        raise _unreachable(url, gist(error)) from None
    return session


def _with_workers(url: str) -> Any:
    """The session of a master, once a worker has taken up work."""
    # Workers run the same Python unless they are told otherwise.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(url).appName("Zaplecze")
    for key, value in {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
    }.items():
        builder = builder.config(key, value)
    try:
        session = builder.getOrCreate()
        executors = session.sparkContext._jsc.sc().getExecutorMemoryStatus
        until = time.monotonic() + START_SECONDS
        # The driver counts as one.
        while executors().size() < 2 and time.monotonic() < until:
            time.sleep(0.2)
        if executors().size() >= 2:
            return session
        session.stop()
    except Exception as error:
        raise _unreachable(url, gist(error)) from None
    raise InputError(
        say(
            N_(
                "The cluster {url} answers, but no worker takes up work within {seconds} seconds. "
                "Start workers, or wait until some are free; they need the memory that "
                "spark.executor.memory asks for."
            ),
            url=str(Cluster(url)), seconds=round(START_SECONDS),
        )
    )  # fmt: skip


def _unreachable(url: str, told: str | Text) -> InputError:
    return InputError(
        say(
            N_(
                "The cluster {url} cannot be reached ({error}). Is it running, and is the address "
                "right? To work on this machine, unset ZAPLECZE_ENGINE."
            ),
            url=str(Cluster(url)), error=told,
        )
    )  # fmt: skip


def failed(error: Exception) -> InputError:
    """A job broke down for good: ERROR in words that help."""
    told = str(error)
    if "PYTHON_VERSION_MISMATCH" in told or "No module named" in told:
        missing = re.search(r"No module named '?([\w.]+)", told)
        return InputError(
            say(
                N_(
                    "Python on the workers of the cluster is not the one needed ({error}). Install "
                    "the same version of Python, and of Zaplecze, on every worker and set "
                    "PYSPARK_PYTHON to that Python."
                ),
                error=missing[0] if missing else "PYTHON_VERSION_MISMATCH",
            )
        )
    return InputError(
        say(
            N_(
                "The cluster could not finish the work: {error}. Its own pages and logs say more; "
                "to work on this machine, unset ZAPLECZE_ENGINE."
            ),
            error=gist(error),
        )
    )


def gist(error: Exception) -> str:
    """What an error says, without the traces of two languages around it."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    telling = (
        [line for line in lines if re.match(r"[\w.]*(Error|Exception|Fault)\b", line)]
        or lines
        or [type(error).__name__]
    )
    return telling[-1 if len(telling) < 3 else 0][:300]
