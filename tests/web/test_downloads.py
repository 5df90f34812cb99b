"""Files to take along: only those of the results, saved and never shown as a page of the site."""

import json
from pathlib import Path

import pytest
from django.urls import reverse

from zaplecze.web.insight.outputs import DOWNLOADS

SECRET = "nobody may read this"


def address(slug: str, name: str) -> str:
    return f"/w/{slug}/downloads/{name}"


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


@pytest.mark.long
@pytest.mark.parametrize("name", DOWNLOADS)
def test_a_file_arrives_whole_and_is_to_be_saved(reader, workspace, name):
    answer = reader.get(address(workspace.slug, name))
    assert answer.headers["Content-Disposition"] == f'attachment; filename="parcel-desk-{name}"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"] == DOWNLOADS[name]
    assert body(answer) == (workspace.path / name).read_bytes()


@pytest.mark.long
def test_the_findings_are_json_that_others_can_read(reader, workspace):
    document = json.loads(body(reader.get(address(workspace.slug, "findings.json"))))
    assert document["findings"][0]["lever_id"] == "late:check"


@pytest.mark.parametrize(
    "name",
    [
        "../secret.txt",
        "..%2fsecret.txt",
        "%2e%2e/secret.txt",
        "..%5csecret.txt",
        "log/log.json",
        "./report.pdf",
        "report.pdf/",
        "report.pdf%00.txt",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "process.json",
        "",
    ],
)
def test_nothing_else_on_the_disk_can_be_had(reader, workspace, name):
    (workspace.path.parent / "secret.txt").write_text(SECRET)
    answer = reader.get(address(workspace.slug, name), follow=True)
    assert "attachment" not in answer.headers.get("Content-Disposition", "")
    assert SECRET not in _text(answer)


def test_a_link_that_leads_out_of_the_folder_is_not_followed(reader, workspace, tmp_path: Path):
    (tmp_path / "secret.txt").write_text(SECRET)
    (workspace.path / "report.pdf").unlink()
    (workspace.path / "report.pdf").symlink_to(tmp_path / "secret.txt")
    assert reader.get(address(workspace.slug, "report.pdf")).status_code == 404


def test_a_file_that_is_missing_is_neither_listed_nor_found(reader, workspace):
    (workspace.path / "report.pdf").unlink()
    page = reader.get(reverse("insight:downloads", args=[workspace.slug])).content.decode()
    assert "report.html" in page
    assert "report.pdf" not in page
    assert reader.get(address(workspace.slug, "report.pdf")).status_code == 404


def test_slides_and_the_case_are_offered_where_the_board_pack_made_them(reader, workspace):
    listed = reader.get(reverse("insight:downloads", args=[workspace.slug])).content.decode()
    for name in ("report.pptx", "case.xlsx"):
        assert address(workspace.slug, name) in listed
        (workspace.path / name).unlink()
    listed = reader.get(reverse("insight:downloads", args=[workspace.slug])).content.decode()
    assert "report.pptx" not in listed
    assert "case.xlsx" not in listed


def test_without_any_file_the_page_says_how_to_make_them(reader, workspace):
    for name in DOWNLOADS:
        (workspace.path / name).unlink()
    page = reader.get(reverse("insight:downloads", args=[workspace.slug])).content.decode()
    assert "zaplecze run" in page


def _text(answer) -> str:
    return (body(answer) if answer.streaming else answer.content).decode(errors="replace")
