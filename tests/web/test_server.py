"""`zaplecze serve`: it starts with nothing prepared, lets its owner in, and stops when told to."""

import http.client
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from tests.web.serving import Running, environment, start

from zaplecze.cli import main
from zaplecze.errors import InputError
from zaplecze.web import home as homes
from zaplecze.web import server
from zaplecze.web.accounts.models import User
from zaplecze.web.insight.models import Workspace
from zaplecze.web.insight.services import remove


@pytest.fixture(scope="module")
def running(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server over a folder that holds two results and something else, stopped by Ctrl-C."""
    folder = tmp_path_factory.mktemp("company")
    shutil.copytree(sample, folder / "january")
    shutil.copytree(sample, folder / "february")
    (folder / "notes").mkdir()
    running = start(folder)
    yield running
    stopped_by_ctrl_c = running.stop(signal.SIGINT)
    running.process.stderr.close()
    assert stopped_by_ctrl_c == 0


def browser() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))


def test_it_listens_on_this_machine_only_and_says_where(running):
    assert running.address.startswith("http://127.0.0.1:")
    assert any("Ctrl-C" in line for line in running.said)


def test_the_link_leads_to_every_result_in_the_folder_once(running):
    page = browser().open(running.link).read().decode()
    assert page.count("Parcel desk</a>") == 2
    assert "/w/parcel-desk/" in page
    assert "/w/parcel-desk-2/" in page
    with pytest.raises(urllib.error.HTTPError, match="410"):
        browser().open(running.link)


def test_style_sheets_and_fonts_come_under_lasting_names(running):
    page = browser().open(f"{running.address}/account/login/").read().decode()
    sheets = re.findall(r'rel="stylesheet" href="([^"]+)"', page)
    assert len(sheets) == 3
    for sheet in sheets:
        answer = browser().open(running.address + sheet)
        assert re.search(r"\.[0-9a-f]{12}\.css$", sheet)
        assert "immutable" in answer.headers["Cache-Control"]
        for font in re.findall(r'url\("([^"]+\.woff2)"\)', answer.read().decode()):
            path = urllib.request.urljoin(running.address + sheet, font)
            assert browser().open(path).headers["Content-Type"] == "font/woff2"


def test_it_does_not_tell_what_it_is_made_of(running):
    assert "Server" not in browser().open(f"{running.address}/account/login/").headers


def test_a_foreign_host_name_is_refused(running):
    connection = http.client.HTTPConnection(running.address.removeprefix("http://"))
    connection.request("GET", "/account/login/", headers={"Host": "evil.example.com"})
    assert connection.getresponse().status == 400
    connection.close()


def test_its_home_lies_beside_the_results_for_its_owner_only(running):
    home = running.folder / ".zaplecze"
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert stat.S_IMODE((home / "secret_key").stat().st_mode) == 0o600
    assert (home / "zaplecze.sqlite3").exists()


@pytest.mark.long
def test_another_server_keeps_accounts_and_keys_and_stops_when_told_to(running):
    """Two servers over one folder: as after a restart, the second finds what the first made."""
    key = (running.folder / ".zaplecze/secret_key").read_text()
    second = start(running.folder)
    visitor = browser()
    assert visitor.open(second.link).status == 200
    assert b"admin" in visitor.open(f"{second.address}/account/").read()
    assert second.stop(signal.SIGTERM) == 0
    assert "Stopped." in second.process.communicate()[1]
    assert (running.folder / ".zaplecze/secret_key").read_text() == key


@pytest.fixture
def never_run(monkeypatch, home, results) -> list[str]:
    """`serve` up to the moment when it would answer requests; what it tells is collected."""
    monkeypatch.setenv("ZAPLECZE_HOME", str(home))
    monkeypatch.setattr(settings, "ALLOWED_HOSTS", settings.ALLOWED_HOSTS)
    monkeypatch.setattr(server, "_run", _announce_only)
    return []


def _announce_only(listening: Any, announce: Callable[[], None]) -> None:
    announce()
    listening.close()


def told(folder: Path | None, into: list[str], **options: object) -> str:
    server.serve(folder, tell=lambda text: into.append(text["en"]), **{"port": 0} | options)
    return "\n".join(into)


def test_the_first_start_makes_the_first_account(never_run, db, results):
    told(results, never_run)
    assert [user.is_superuser for user in User.objects.all()] == [True]


def test_a_second_start_registers_nothing_twice(never_run, db, results):
    told(results, never_run)
    told(results, never_run)
    assert Workspace.objects.count() == User.objects.count() == 1


def test_without_login_link_none_is_printed(never_run, db, results):
    assert "/login/" not in told(results, never_run, login_link=False)


def test_without_a_folder_it_shows_what_was_registered_before(never_run, db, workspace):
    assert "http://127.0.0.1:" in told(None, never_run)
    assert Workspace.objects.get() == workspace


def test_damaged_results_do_not_keep_it_from_starting(never_run, db, results):
    (results / "findings.json").write_text("{")
    told(results, never_run)
    assert Workspace.objects.get().name["pl"] == "results"


def test_a_folder_without_results_is_refused_with_the_remedy(never_run, db, tmp_path):
    for folder in (tmp_path / "results/log", tmp_path / "nowhere"):
        with pytest.raises(InputError, match="zaplecze run") as refused:
            told(folder, never_run)
        assert str(folder) in str(refused.value)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"port": 70_000}, "--port 70000: ports are numbers from 1 to 65535"),
        ({"port": -1}, "--port -1"),
        ({"host": "192.0.2.7"}, "--host 192.0.2.7 is no address of this machine"),
        ({"host": "no such host"}, "--host no such host is no address of this machine"),
        ({"host": "0.0.0.0"}, "ZAPLECZE_ALLOWED_HOSTS"),
    ],
)
def test_an_address_that_cannot_be_used_is_named(never_run, db, results, options, words):
    with pytest.raises(InputError) as refused:
        told(results, never_run, **options)
    assert words in str(refused.value)


def test_a_home_that_cannot_be_written_is_named(never_run, db, results, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("ZAPLECZE_HOME", str(tmp_path / "file/home"))
    with pytest.raises(InputError, match="ZAPLECZE_HOME") as refused:
        told(results, never_run)
    assert str(tmp_path / "file/home") in str(refused.value)


@pytest.fixture
def taken_port():
    """A port on which somebody else listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def test_a_taken_port_is_told_in_every_language(never_run, db, results, taken_port):
    with pytest.raises(InputError) as refused:
        told(results, never_run, port=taken_port)
    assert all(str(taken_port) in words for words in refused.value.text.values())


def test_a_port_that_is_taken_is_named_with_the_remedy(
    never_run, db, results, taken_port, capsys, monkeypatch
):
    monkeypatch.setenv("ZAPLECZE_LANGUAGE", "en")
    assert main(["serve", str(results), "--port", str(taken_port)]) == 2
    said = capsys.readouterr().err
    assert f"Port {taken_port} of 127.0.0.1 is taken" in said
    assert f"--port {taken_port + 1}" in said
    assert "Traceback" not in said


def test_a_result_that_was_taken_off_the_list_comes_back_when_it_is_named(never_run, db, results):
    told(results, never_run)
    remove(Workspace.objects.get(), now=timezone.now())
    never_run.clear()
    assert "/w/" not in told(results.parent, never_run)
    assert Workspace.objects.shown().count() == 0
    told(results, never_run)
    assert Workspace.objects.shown().count() == 1


@pytest.mark.long
def test_reading_the_settings_writes_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("ZAPLECZE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("ZAPLECZE_SECRET_KEY", raising=False)
    assert homes.secret_key(homes.home()) != homes.secret_key(homes.home())
    assert not (tmp_path / "home").exists()


@pytest.mark.long
def test_the_secret_key_is_made_once(tmp_path, monkeypatch):
    monkeypatch.delenv("ZAPLECZE_SECRET_KEY", raising=False)
    homes.prepare(tmp_path / "home")
    key = homes.secret_key(tmp_path / "home")
    homes.prepare(tmp_path / "home")
    assert homes.secret_key(tmp_path / "home") == key
    assert len(key) >= 50


@pytest.mark.long
def test_a_secret_key_of_the_environment_leaves_no_copy(tmp_path, monkeypatch):
    monkeypatch.setenv("ZAPLECZE_SECRET_KEY", "from the company's own vault")
    homes.prepare(tmp_path)
    assert homes.secret_key(tmp_path) == "from the company's own vault"
    assert list(tmp_path.iterdir()) == []


BEHIND_HTTPS = """
import django
django.setup()
from django.core.management import call_command
from django.test import Client
from zaplecze.web import server
call_command("check", deploy=True, fail_level="WARNING")
call_command("collectstatic", interactive=False, verbosity=0)
answer = Client().get("/account/login/", secure=True, headers={"host": "zaplecze.example.com"})
print(answer.headers["Strict-Transport-Security"], answer.cookies["zaplecze_csrf"]["secure"])
print(Client().get("/", headers={"host": "zaplecze.example.com"}).headers["Location"])
print(server._address("127.0.0.1", 8765))
"""


@pytest.mark.long
def test_behind_https_nothing_goes_over_http_and_djangos_checks_find_nothing(tmp_path):
    variables = {
        "ZAPLECZE_HOME": str(tmp_path),
        "ZAPLECZE_HTTPS": "1",
        "ZAPLECZE_ALLOWED_HOSTS": "zaplecze.example.com",
        "DJANGO_SETTINGS_MODULE": "zaplecze.web.settings",
    }
    command = [sys.executable, "-c", BEHIND_HTTPS]
    done = subprocess.run(command, env=environment(**variables), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-3:] == [
        "max-age=31536000; includeSubDomains True",
        "https://zaplecze.example.com/",
        "https://zaplecze.example.com",
    ]
