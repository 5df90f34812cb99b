"""A cluster of two workers for the tests; it stops with them."""

import importlib.util
import shutil
from collections.abc import Iterator

import pytest
from tests.cluster.standalone import Standalone, free_port


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standalone]:
    if shutil.which("java") is None:
        pytest.fail("there is no Java: apt-get install openjdk-17-jre-headless")
    if importlib.util.find_spec("pyspark") is None:
        pytest.fail("there is no pyspark: make test-cluster installs it")
    started = Standalone(tmp_path_factory.mktemp("cluster"), free_port())
    with pytest.MonkeyPatch.context() as patch:
        # The driver, too, is to be called by the loopback address only.
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        try:
            started.start(workers=2)
            yield started
        finally:
            started.stop()
