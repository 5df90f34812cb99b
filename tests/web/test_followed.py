"""What the last run looked at again stands on the page of the findings."""

from django.test import Client
from django.urls import reverse

from zaplecze.chain import FOLLOWED
from zaplecze.impact.followed import Changed, Followed
from zaplecze.language import Text
from zaplecze.web.insight.models import Workspace


def shown(reader: Client, workspace: Workspace) -> str:
    return reader.get(reverse("insight:findings", args=[workspace.slug])).content.decode()


def test_a_change_and_what_came_of_it_are_on_the_page(reader, workspace):
    assert 'id="changes"' not in shown(reader, workspace)
    why = Text.same("nobody measured it")
    tool, rating = Text.same("New tool"), Text.same("rating")
    change = Changed(tool, "2024-09-02", "outcome:rating", rating, None, why)
    (workspace.path / FOLLOWED).write_text(Followed([change]).to_json(), encoding="utf-8")
    page = shown(reader, workspace)
    assert 'id="changes"' in page
    assert "New tool: nobody measured it" in page


def test_a_file_that_somebody_damaged_is_told(reader, workspace):
    (workspace.path / FOLLOWED).write_text("[]", encoding="utf-8")
    assert "cannot be read" in shown(reader, workspace)
