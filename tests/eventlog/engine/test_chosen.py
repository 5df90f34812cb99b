"""A cluster that is not there, or cannot be used, is told in seconds and with what to do."""

import importlib.util
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from zaplecze import eventlog, process
from zaplecze.cli import main
from zaplecze.cli.doctor import examine
from zaplecze.errors import InputError
from zaplecze.eventlog.engine import VARIABLE, Cluster, cluster, in_force

LOG = "case,activity,time\n1,a,2024-01-01 10:00\n1,b,2024-01-01 11:00\n"


def named(monkeypatch: pytest.MonkeyPatch, url: str) -> Cluster:
    monkeypatch.setenv(VARIABLE, url)
    found = in_force()
    assert found is not None
    return found


@pytest.fixture
def with_spark(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if pyspark and Java were installed."""
    monkeypatch.setattr(cluster, "_check_pyspark", lambda *_, **__: None)
    monkeypatch.setattr(cluster, "_check_java", lambda *_: None)


@pytest.mark.parametrize("url", ["", "  ", "duckdb"])
def test_without_an_address_the_engine_is_in_this_process(url, monkeypatch):
    monkeypatch.setenv(VARIABLE, url)
    assert in_force() is None


@pytest.mark.parametrize(
    "url",
    ["spark://host:7077", "spark://one:7077,two:7077", "sc://host", "sc://host:443/;token=x;a=b"],
)
def test_addresses_of_masters_and_of_spark_connect_are_taken(url, monkeypatch):
    assert named(monkeypatch, url).url == url


@pytest.mark.parametrize("url", ["spark://host", "http://host:1", "host:7077", "spark", "sc://"])
def test_an_address_of_another_form_is_refused_with_the_right_form(url, monkeypatch, capsys):
    monkeypatch.setenv(VARIABLE, url)
    with pytest.raises(InputError, match=r"this is no address of a cluster.*spark://host:port"):
        in_force()


def test_a_token_is_not_shown(monkeypatch):
    shown = str(named(monkeypatch, "sc://host:443/;token=secret;x-databricks-cluster-id=1"))
    assert shown == "sc://host:443/;token=…;x-databricks-cluster-id=1"


def test_nobody_listening_is_told_at_once(with_spark, monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"spark://127.0.0.1:{taken.getsockname()[1]}"
        begin = time.monotonic()
        with pytest.raises(InputError, match=f"{url} cannot be reached"):
            _ = named(monkeypatch, url).session
    assert time.monotonic() - begin < 2 * cluster.REACH_SECONDS


def test_a_name_that_nobody_has_is_told(with_spark, monkeypatch):
    monkeypatch.setattr(socket, "create_connection", _unknown)
    with pytest.raises(InputError, match=r"cannot be reached .Name or service not known"):
        _ = named(monkeypatch, "sc://nobody.invalid").session


def _unknown(*_):
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


@pytest.mark.parametrize("url", ["spark://127.0.0.1:1", "sc://127.0.0.1:1"])
def test_without_pyspark_the_extra_is_named(url, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(InputError, match=r"pip install 'zaplecze\[cluster\]'"):
        _ = named(monkeypatch, url).session


def test_without_java_its_package_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(cluster, "_check_pyspark", lambda *_, **__: None)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match=r"Java 17 or newer.*openjdk-17-jre-headless"):
        _ = named(monkeypatch, "spark://127.0.0.1:1").session


def test_an_old_java_is_none(monkeypatch, tmp_path):
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text("#!/bin/sh\necho 'openjdk version \"1.8.0_412\"' >&2\n")
    java.chmod(0o755)
    monkeypatch.setattr(cluster, "_check_pyspark", lambda *_, **__: None)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(InputError, match="Java 17 or newer"):
        _ = named(monkeypatch, "spark://127.0.0.1:1").session


def test_commands_end_with_two_and_the_remedy(with_spark, monkeypatch, tmp_path, capsys):
    file = tmp_path / "log.csv"
    file.write_text(LOG, encoding="utf-8")
    columns = ["--case", "case", "--activity", "activity", "--time", "time"]
    monkeypatch.setenv(VARIABLE, "spark://127.0.0.1:1")
    assert main(["process", "graph", str(file), *columns, "--json"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "unset ZAPLECZE_ENGINE" in told.err


@pytest.mark.long
def test_the_doctor_says_which_engine_is_in_force(with_spark, monkeypatch):
    def found():
        return {check.name: check for check in examine()}["cluster"]

    monkeypatch.delenv(VARIABLE, raising=False)
    assert (found().state, found().text["en"]) == (
        "ok", "Logs are imported and asked on this machine.",
    )  # fmt: skip
    monkeypatch.setenv(VARIABLE, "spark://127.0.0.1:1")
    assert found().state == "fault"


def test_a_filtered_log_is_asked_on_this_machine(monkeypatch, tmp_path):
    file = tmp_path / "log.csv"
    file.write_text(LOG, encoding="utf-8")
    workspace = eventlog.workspace_for(file, case="case", activity="activity", time="time")
    eventlog.build(workspace, tmp_path, tmp_path / "log")
    monkeypatch.setenv(VARIABLE, "spark://127.0.0.1:1")
    log = eventlog.open_log(tmp_path / "log")
    assert log.cluster is not None
    shown = process.filtered(log, process.Filter(only=["a"]))
    assert [activity.name for activity in process.graph(shown).activities] == ["a"]


@pytest.mark.long
def test_nothing_of_spark_is_loaded_without_a_cluster(tmp_path):
    file: Path = tmp_path / "log.csv"
    file.write_text(LOG, encoding="utf-8")
    code = (
        "import sys; from zaplecze import eventlog, process; from pathlib import Path; "
        "f = Path(sys.argv[1]); "
        "w = eventlog.workspace_for(f, case='case', activity='activity', time='time'); "
        "process.graph(eventlog.build(w, f.parent, f.parent / 'log')); "
        "print(sorted(name for name in sys.modules if 'spark' in name and 'narwhals' not in name))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=True)  # fmt: skip
    assert done.stdout.strip() == "[]"
