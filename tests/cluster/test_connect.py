"""The command line asks a Spark Connect server, as a company's platform offers one."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cluster.data import write_company
from tests.cluster.test_cluster import alike, contents

from zaplecze import eventlog, process
from zaplecze.eventlog.engine import VARIABLE

pytestmark = pytest.mark.cluster


def told_by(url: str, *arguments: str) -> str:
    """What a command prints when it works on the cluster at URL."""
    program = Path(sys.executable).with_name("zaplecze")
    done = subprocess.run(
        [str(program), *arguments], capture_output=True, text=True, env=os.environ | {VARIABLE: url}
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_a_log_is_imported_and_asked_through_spark_connect(connect: str, tmp_path: Path) -> None:
    data = tmp_path / "data"
    workspace = write_company(data, 50_000, "csv")
    on_one = eventlog.build(workspace, data, tmp_path / "one")
    described, store = str(data / "zaplecze.toml"), str(tmp_path / "two")
    told_by(connect, "log", "import", described, "--out", store)
    assert contents(tmp_path / "two") == contents(tmp_path / "one")
    for question in (process.graph, process.steps):
        found = told_by(
            connect, "process", question.__name__, store, "--workspace", described, "--json"
        )
        expected = json.loads(json.dumps(question(on_one, workspace).to_dict()))
        assert alike(json.loads(found), expected)
    checks = json.loads(told_by(connect, "doctor", "--json"))["checks"]
    (told,) = [check["text"]["en"] for check in checks if check["name"] == "cluster"]
    assert told.endswith(f"at {connect}.")
