"""Spark for the tests; it stops with them."""

import importlib.util
import shutil
from collections.abc import Iterator

import pytest
from tests.cluster.standalone import Standalone, free_port

SETTINGS = """\
spark.ui.enabled false
spark.sql.shuffle.partitions 4
"""
"""As for the small cluster that it is: two hundred parts of every answer are two hundred files a task."""

JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""Most of what these programs run they run once: compiling it well takes longer than it saves."""


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Spark can be started, and its driver is called by the loopback address only."""
    if shutil.which("java") is None:
        pytest.fail("there is no Java: apt-get install openjdk-17-jre-headless")
    if importlib.util.find_spec("pyspark") is None:
        pytest.fail("there is no pyspark: make test-cluster installs it")
    settings = tmp_path_factory.mktemp("settings")
    (settings / "spark-defaults.conf").write_text(SETTINGS, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        patch.setenv("SPARK_CONF_DIR", str(settings))
        patch.setenv("JDK_JAVA_OPTIONS", JAVA)
        yield


@pytest.fixture(scope="session")
def cluster(spark: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standalone]:
    """A master and two workers."""
    started = Standalone(tmp_path_factory.mktemp("cluster"), free_port())
    try:
        started.start(workers=2)
        yield started
    finally:
        started.stop()


@pytest.fixture
def connect(spark: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Spark Connect server."""
    started = Standalone(tmp_path_factory.mktemp("connect"), free_port())
    try:
        yield started.start_connect()
    finally:
        started.stop()
