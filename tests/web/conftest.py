"""Alice runs the installation, Bob is her colleague, Charlie's account is closed."""

import shutil
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.test.utils import override_settings
from tests.web.sample import write_results

from zaplecze.web.accounts.models import User
from zaplecze.web.insight.models import Workspace
from zaplecze.web.insight.services import register

PASSWORD = "a long walk by the river"
# A slow hash protects passwords; here it would only slow the tests.
HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory):
    """A home of the tests' own, with the style sheets gathered as `serve` does."""
    folder = tmp_path_factory.mktemp("home")
    with override_settings(HOME=folder, STATIC_ROOT=folder / "static", PASSWORD_HASHERS=HASHERS):
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["*.ttf"])
        yield folder


@pytest.fixture(autouse=True)
def nobody_tried_yet() -> None:
    """Failed attempts to enter are counted in the cache."""
    cache.clear()


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's files, to be copied before anything is changed."""
    return write_results(tmp_path_factory.mktemp("sample") / "results")


@pytest.fixture
def results(sample: Path, tmp_path: Path) -> Path:
    """A result folder of this test's own."""
    return shutil.copytree(sample, tmp_path / "results")


@pytest.fixture
def workspace(db: None, results: Path) -> Workspace:
    """The sample, registered."""
    return register(results)


@pytest.fixture
def alice(db: None) -> User:
    """Runs the installation."""
    return User.objects.create_superuser("alice", "alice@example.com", PASSWORD)


@pytest.fixture
def bob(db: None) -> User:
    """Has an account."""
    return User.objects.create_user("bob", "bob@example.com", PASSWORD)


@pytest.fixture
def charlie(db: None) -> User:
    """Has left the company."""
    return User.objects.create_user("charlie", "charlie@example.com", PASSWORD, is_active=False)


@pytest.fixture
def reader(bob: User) -> Client:
    """Bob's browser."""
    client = Client()
    client.force_login(bob)
    return client


@pytest.fixture
def owner(alice: User) -> Client:
    """Alice's browser."""
    client = Client()
    client.force_login(alice)
    return client


@pytest.fixture
def visitor(db: None) -> Client:
    """The browser of somebody without an account."""
    return Client()
