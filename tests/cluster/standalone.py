"""Real Spark on this machine, from the pyspark package: a master and workers, or a server."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

WORKER_MEMORY = "1536m"
WORKER_CORES = "2"
"""As many as the machine has, so that none rests when one of two workers is gone."""
_PATIENCE_SECONDS = 90


@dataclass
class Standalone:
    """A master and its workers, each in a process group of its own; logs lie in FOLDER."""

    folder: Path
    port: int
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"spark://127.0.0.1:{self.port}"

    def start(self, workers: int) -> None:
        """Master and WORKERS, all of them there when it returns."""
        deploy = "org.apache.spark.deploy"
        ports = ("--host", "127.0.0.1", "--webui-port", "0")
        self._launch("master", f"{deploy}.master.Master", *ports, "--port", str(self.port))
        self._wait_for("master", "I have been elected leader")
        for number in range(workers):
            name = f"worker{number}"
            self._launch(
                name, f"{deploy}.worker.Worker", *ports, "--cores", WORKER_CORES,
                "--memory", WORKER_MEMORY, "--work-dir", str(self.folder / name), self.url,
            )  # fmt: skip
        for number in range(workers):
            self._wait_for(f"worker{number}", "Successfully registered with master")

    def start_connect(self) -> str:
        """A Spark Connect server that computes by itself; returns its address."""
        self._launch(
            "connect", "org.apache.spark.deploy.SparkSubmit", "--master", f"local[{WORKER_CORES}]",
            "--conf", "spark.connect.grpc.binding.address=127.0.0.1",
            "--conf", f"spark.connect.grpc.binding.port={self.port}",
            "--conf", "spark.ui.enabled=false", "--class",
            "org.apache.spark.sql.connect.service.SparkConnectServer", "spark-internal",
        )  # fmt: skip
        self._wait_for("connect", "Spark Connect server started at")
        return f"sc://127.0.0.1:{self.port}"

    def executors_of(self, name: str) -> list[int]:
        """The processes in which a worker computes."""
        parent = self.running[name].pid
        return [
            int(entry.name)
            for entry in Path("/proc").iterdir()
            if entry.name.isdigit() and _parent_of(int(entry.name)) == parent
        ]

    def kill(self, name: str) -> int:
        """End a worker and what it runs without any warning; how many processes that were."""
        victims = [self.running[name].pid, *self.executors_of(name)]
        for victim in victims:
            with suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
        self.running.pop(name).wait()
        return len(victims)

    def stop(self) -> None:
        """End everything that was started."""
        for process in reversed(self.running.values()):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.running.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(15)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        self.running.clear()

    def _launch(self, name: str, *command: str) -> None:
        import pyspark

        home = Path(pyspark.__file__).parent
        environment = os.environ | {
            "SPARK_HOME": str(home),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "PYSPARK_PYTHON": sys.executable,
        }
        with (self.folder / f"{name}.log").open("wb") as log:
            self.running[name] = subprocess.Popen(
                [str(home / "bin" / "spark-class"), *command],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment,
                start_new_session=True,
            )  # fmt: skip

    def _wait_for(self, name: str, words: str) -> None:
        log, until = self.folder / f"{name}.log", time.monotonic() + _PATIENCE_SECONDS
        while words not in log.read_text(errors="replace"):
            if self.running[name].poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{name} does not start:\n{log.read_text()[-2000:]}")
            time.sleep(0.1)


def free_port() -> int:
    """A port of the loopback interface that nobody listens to."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _parent_of(process: int) -> int | None:
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return None
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("PPid:"))
