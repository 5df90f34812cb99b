"""Spark for the tests; it stops with them."""

import importlib.util
import shutil
from collections.abc import Iterator

import pytest
from tests.cluster.standalone import Standalone, free_port


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Spark can be started, and its driver is called by the loopback address only."""
    if shutil.which("java") is None:
        pytest.fail("there is no Java: apt-get install openjdk-17-jre-headless")
    if importlib.util.find_spec("pyspark") is None:
        pytest.fail("there is no pyspark: make test-cluster installs it")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
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
