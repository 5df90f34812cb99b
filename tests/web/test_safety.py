"""Headers of every answer, settings fit for the open network, and a database that bears load."""

import threading
from io import StringIO

import pytest
from django.conf import settings
from django.core import checks
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.urls import reverse
from tests.web.test_pages import addresses, addresses_of_a_visitor

from zaplecze.web.accounts.models import User

POLICY = {
    "default-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
}


def policy_of(answer) -> dict[str, str]:
    rules = answer.headers["Content-Security-Policy"].split(";")
    return dict(rule.strip().split(" ", 1) for rule in rules)


@pytest.mark.long
def test_every_answer_carries_a_strict_policy_and_the_other_headers(reader, visitor, workspace):
    for client, pages in (
        (reader, [*addresses(workspace.slug), f"/w/{workspace.slug}/downloads/report.html"]),
        (visitor, [*addresses_of_a_visitor(), "/"]),
    ):
        for page in pages:
            answer = client.get(page)
            assert policy_of(answer) == POLICY, page
            assert answer.headers["X-Content-Type-Options"] == "nosniff", page
            assert answer.headers["X-Frame-Options"] == "DENY", page
            assert answer.headers["Referrer-Policy"] == "same-origin", page
            assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin", page
            assert "camera=()" in answer.headers["Permissions-Policy"], page


def test_pages_of_a_company_stay_out_of_shared_caches(reader, workspace):
    answer = reader.get(reverse("insight:findings", args=[workspace.slug]))
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(reader, visitor, alice):
    reader.post(reverse("appearance"), {"theme": "dark"})
    reader.post(reverse("language"), {"language": "pl"})
    visitor.get(reverse("account_login"))
    cookies = {**reader.cookies, **visitor.cookies}
    assert set(cookies) == {f"zaplecze_{n}" for n in ("csrf", "language", "session", "theme")}
    for name in ("csrf", "language", "theme"):
        assert cookies[f"zaplecze_{name}"]["httponly"], name
        assert cookies[f"zaplecze_{name}"]["samesite"] == "Lax", name
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == "Lax"


def test_djangos_own_checks_find_nothing():
    assert checks.run_checks() == []


def test_every_model_has_its_migration(db):
    call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())


def test_the_database_waits_instead_of_failing_and_watches_references(transactional_db):
    options = settings.DATABASES["default"]["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA synchronous").fetchone() == (1,)
        assert cursor.execute("PRAGMA foreign_keys").fetchone() == (1,)
        assert cursor.execute("PRAGMA busy_timeout").fetchone() == (5000,)


@pytest.fixture
def database_on_disk(tmp_path, django_db_blocker):
    """A database in a file, as the server has it; the tests' own is in memory and has no WAL."""
    facts = settings.DATABASES["default"] | {"NAME": tmp_path / "zaplecze.sqlite3"}
    connections.databases["disk"] = connections.configure_settings({"default": facts})["default"]
    with django_db_blocker.unblock():
        call_command("migrate", database="disk", verbosity=0)
        yield "disk"
        connections["disk"].close()
    del connections.databases["disk"]
    del connections["disk"]


def test_the_file_has_a_write_ahead_log(database_on_disk):
    with connections[database_on_disk].cursor() as cursor:
        assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.long
def test_eight_people_who_read_and_then_write_at_once_never_meet_a_lock(database_on_disk):
    person = User.objects.using(database_on_disk).create(username="alice", last_name="0")
    faults: list[Exception] = []

    def count_up() -> None:
        try:
            for _ in range(25):
                with transaction.atomic(using=database_on_disk):
                    alice = User.objects.using(database_on_disk).get(pk=person.pk)
                    alice.last_name = str(int(alice.last_name) + 1)
                    alice.save(using=database_on_disk)
        except Exception as error:
            faults.append(error)
        finally:
            connections[database_on_disk].close()

    threads = [threading.Thread(target=count_up) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    person.refresh_from_db(using=database_on_disk)
    assert person.last_name == "200"
