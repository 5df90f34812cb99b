"""Damaged, moved and newer results give a page that says so; faults of ours give a plain one."""

import json
import shutil

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from tests.web.sample import by_lever, findings, write_findings

from zaplecze.language import N_, say
from zaplecze.web.insight import views
from zaplecze.web.insight.models import Workspace

DAMAGED = {
    "cut short": '{"workspace": {"name"',
    "empty": "",
    "no json": "<html>",
    "another document": '{"a": 1}',
    "a list": "[]",
    "a number": "7",
    "no object as finding": '{"workspace": {}, "findings": ["x"], "refused": []}',
    "no encoding": b"\xff\xfe\x00",
}


def damaged(content: str | bytes) -> bytes:
    return content if isinstance(content, bytes) else content.encode()


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
@pytest.mark.parametrize("name", ["findings.json", "process.json"])
def test_damaged_results_give_a_page_that_names_the_folder_and_the_remedy(
    reader, workspace, name, content
):
    (workspace.path / name).write_bytes(damaged(content))
    answer = reader.get(reverse("insight:findings", args=[workspace.slug]))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert str(workspace.path) in page
    assert "zaplecze run" in page


def test_a_text_of_the_wrong_kind_deep_inside_is_a_problem_too(reader, workspace):
    document = findings().to_dict()
    document["findings"][0]["label"] = 7
    (workspace.path / "findings.json").write_text(json.dumps(document))
    answer = reader.get(reverse("insight:findings", args=[workspace.slug]))
    assert answer.status_code == 409


def test_damaged_results_do_not_hide_the_others(reader, workspace, sample):
    other = shutil.copytree(sample, workspace.path.parent / "other")
    write_findings(other, findings())
    Workspace.objects.create(slug="other", folder=str(other), name_by_language=workspace.name)
    (workspace.path / "findings.json").write_text("{")
    page = reader.get(reverse("insight:workspaces")).content.decode()
    assert 'class="notice bad"' in page
    assert 'href="/w/other/"' in page
    assert "480,000" in page


def test_results_that_were_moved_away_give_a_page(reader, workspace):
    shutil.rmtree(workspace.path)
    for name in ("findings", "process", "not_used"):
        answer = reader.get(reverse(f"insight:{name}", args=[workspace.slug]))
        assert answer.status_code == 409, name
    assert reader.get(reverse("insight:downloads", args=[workspace.slug])).status_code == 200


def test_a_missing_log_is_named_on_the_page_that_needs_it(reader, workspace):
    shutil.rmtree(workspace.path / "log")
    answer = reader.get(reverse("insight:not_used", args=[workspace.slug]))
    assert answer.status_code == 409
    assert "there is no event log here" in answer.content.decode()


def test_new_results_show_without_a_restart(reader, workspace):
    from dataclasses import replace

    from zaplecze.language import Text

    address = reverse("insight:findings", args=[workspace.slug])
    assert "Contract check" in reader.get(address).content.decode()
    first = findings().findings[0]
    renamed = replace(first, lever=replace(first.lever, label=Text.same("Quality gate")))
    found = replace(findings(), findings=[renamed], levers=by_lever([renamed]))
    write_findings(workspace.path, found)
    assert "Quality gate" in reader.get(address).content.decode()


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Something broke"), ("pl", "Coś się zepsuło"), ("uk", "Щось зламалося")],
)
def test_a_fault_of_ours_says_so_and_shows_no_traceback(bob, monkeypatch, language, words):
    monkeypatch.setattr(views.selectors, "entries", lambda: 1 / 0)
    browser = Client(raise_request_exception=False)
    browser.force_login(bob)
    browser.cookies["zaplecze_language"] = language
    answer = browser.get(reverse("insight:workspaces"))
    page = answer.content.decode()
    assert answer.status_code == 500
    assert words in page
    assert "ZeroDivisionError" not in page


def test_the_fault_page_needs_no_database(bob, monkeypatch):
    from django.db import connection

    def broken(*args: object) -> None:
        raise RuntimeError("the disk is gone")

    browser = Client(raise_request_exception=False)
    browser.force_login(bob)
    with monkeypatch.context() as gone:
        gone.setattr(connection, "cursor", broken)
        answer = browser.get(reverse("insight:workspaces"))
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.content.decode()


def test_a_host_name_that_is_not_ours_is_refused_in_the_browsers_language(visitor):
    answer = visitor.get("/", headers={"host": "evil.example.com", "accept-language": "pl"})
    assert answer.status_code == 400
    assert "Nie udało się zrozumieć tego żądania" in answer.content.decode()


def test_a_form_from_another_site_is_refused(bob):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(bob)
    answer = browser.post(reverse("account"), {"username": "mallory"})
    assert answer.status_code == 403
    assert "This form is out of date" in answer.content.decode()


def test_too_many_attempts_are_told_so(visitor):
    with override_settings(ACCOUNT_RATE_LIMITS={"login": "1/m/ip"}):
        codes = [visitor.post(reverse("account_login"), {}).status_code for _ in range(2)]
        page = visitor.post(reverse("account_login"), {}).content.decode()
    assert codes == [200, 429]
    assert "Too many attempts" in page


def test_any_error_that_a_person_can_mend_becomes_a_page(reader, monkeypatch):
    from zaplecze.errors import InputError

    def entries() -> None:
        raise InputError(say(N_("Stopped.")))

    monkeypatch.setattr(views.selectors, "entries", entries)
    answer = reader.get(reverse("insight:workspaces"))
    assert answer.status_code == 409
    assert "Stopped." in answer.content.decode()
