"""The doctor says what is wrong with an installation or a machine, and what to do about it."""

import hashlib
import json
import shutil
from collections import namedtuple

import pytest

from zaplecze.cli import doctor, main


def state_of(name, checks):
    """The one check called NAME."""
    [check] = [check for check in checks if check.name == name]
    return check


def test_a_sound_installation_is_exit_code_0_and_one_json_document(capsys):
    assert main(["doctor", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    names = {check["name"] for check in document["checks"]}
    assert {"python", "duckdb", "engine", "learner", "disk", "memory", "files", "home"} <= names
    assert {check["state"] for check in document["checks"]} <= {"ok", "warning"}
    assert all(set(check["text"]) == {"en", "pl", "uk"} for check in document["checks"])


def test_a_package_that_is_missing_is_a_fault_and_exit_code_1(monkeypatch, capsys):
    monkeypatch.setattr(doctor, "PARTS", ("duckdb", "no-such-package"))
    assert main(["doctor"]) == 1
    assert "make setup" in capsys.readouterr().out
    assert state_of("no-such-package", doctor.versions()).state == "fault"


@pytest.mark.parametrize(
    ("free_gigabytes", "state"), [(80, "ok"), (2, "warning"), (0.1, "fault")]
)  # fmt: skip
def test_little_room_for_temporary_files_is_told(monkeypatch, free_gigabytes, state):
    usage = namedtuple("usage", "total used free")(1e12, 1e12, free_gigabytes * 1e9)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage)
    check = state_of("disk", doctor.disk())
    assert check.state == state
    assert state == "ok" or "TMPDIR" in check.text["en"]


@pytest.fixture
def package(tmp_path):
    """A package with one file of others."""
    (tmp_path / "font.ttf").write_bytes(b"letters")
    digest = hashlib.sha256(b"letters").hexdigest()
    (tmp_path / "VENDOR.toml").write_text(
        f'[[package]]\nname = "font"\n[package.sha256]\n"font.ttf" = "{digest}"\n'
    )
    return tmp_path


@pytest.mark.parametrize("harm", ["changed", "missing"])
def test_a_shipped_file_that_is_changed_or_missing_is_named(package, monkeypatch, harm):
    monkeypatch.setattr(doctor, "PACKAGE", package)
    assert state_of("files", doctor.vendored()).state == "ok"
    if harm == "changed":
        (package / "font.ttf").write_bytes(b"other letters")
    else:
        (package / "font.ttf").unlink()
    check = state_of("files", doctor.vendored())
    assert check.state == "fault"
    assert "font.ttf" in check.text["en"]


def test_the_database_is_looked_for_where_it_will_be_made(tmp_path, monkeypatch):
    monkeypatch.setenv("ZAPLECZE_HOME", str(tmp_path / "not" / "yet" / "there"))
    assert state_of("home", doctor.home()).state == "ok"
    monkeypatch.setattr(doctor.os, "access", lambda path, mode: path != tmp_path)
    check = state_of("home", doctor.home())
    assert check.state == "fault"
    assert "ZAPLECZE_HOME" in check.text["en"]


def test_a_catalogue_that_is_incomplete_or_not_compiled_is_told(tmp_path, monkeypatch):
    for language in ("pl", "uk"):
        folder = tmp_path / language / "LC_MESSAGES"
        folder.mkdir(parents=True)
        (folder / "zaplecze.po").write_text(
            'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
            'msgid "a"\nmsgstr "b"\n\nmsgid "c"\nmsgstr ""\n'
        )
    (tmp_path / "pl" / "LC_MESSAGES" / "zaplecze.mo").touch()
    monkeypatch.setattr(doctor, "LOCALE", tmp_path)
    checks = list(doctor.catalogues())
    assert state_of("language-pl", checks).state == "warning"
    assert "1 of 2 messages" in state_of("language-pl", checks).text["en"]
    assert state_of("language-uk", checks).state == "fault"


def test_no_browser_is_only_a_warning(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert state_of("browser", doctor.browser()).state == "warning"


def test_a_check_that_breaks_down_is_a_fault_and_stops_no_other(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: 1 / 0)
    checks = list(doctor.examine())
    assert state_of("browser", checks).state == "fault"
    assert state_of("engine", checks).state == "ok"
