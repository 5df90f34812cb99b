"""A workspace is taken off the list by whoever runs the installation; its folder stays as it is."""

from django.test import Client
from django.urls import reverse

from zaplecze.web.insight.models import Workspace
from zaplecze.web.insight.services import remove

THE_LIST = "/"


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def files(workspace: Workspace) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in workspace.path.rglob("*") if file.is_file()}


def test_removal_asks_first_and_names_the_folder_that_stays(owner, workspace):
    address = reverse("insight:remove", args=[workspace.slug])
    assert f'href="{address}"' in page(owner, THE_LIST)
    question = page(owner, address)
    assert str(workspace.path) in question
    assert "No file is touched" in question
    assert workspace.get_absolute_url() in page(owner, THE_LIST)


def test_a_removed_workspace_is_gone_for_everybody_and_its_files_are_not(owner, reader, workspace):
    before = files(workspace)
    answer = owner.post(reverse("insight:remove", args=[workspace.slug]), follow=True)
    assert "Removed from the list" in answer.content.decode()
    assert workspace.get_absolute_url() not in page(reader, THE_LIST)
    for name in ("findings", "process", "not_used", "downloads", "remove"):
        assert owner.get(reverse(f"insight:{name}", args=[workspace.slug])).status_code == 404
    assert files(workspace) == before


def test_it_can_be_shown_again_where_it_was(owner, reader, workspace):
    owner.post(reverse("insight:remove", args=[workspace.slug]))
    again = reverse("insight:restore", args=[workspace.slug])
    assert f'action="{again}"' in page(owner, THE_LIST)
    assert str(workspace.path) not in page(reader, THE_LIST)
    assert owner.post(again)["Location"] == workspace.get_absolute_url()
    assert reader.get(workspace.get_absolute_url()).status_code == 200


def test_only_who_runs_the_installation_may_remove_and_show_again(reader, workspace, alice):
    remove_it = reverse("insight:remove", args=[workspace.slug])
    assert remove_it not in page(reader, THE_LIST)
    assert reader.get(remove_it).status_code == reader.post(remove_it).status_code == 403
    assert reader.get(workspace.get_absolute_url()).status_code == 200
    remove(workspace, now=workspace.registered_at)
    again = reverse("insight:restore", args=[workspace.slug])
    assert reader.post(again).status_code == 403
    assert Workspace.objects.removed().get() == workspace


def test_a_link_alone_neither_removes_nor_shows_again(owner, workspace):
    assert owner.get(reverse("insight:restore", args=[workspace.slug])).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = owner.cookies
    address = reverse("insight:remove", args=[workspace.slug])
    assert strict.post(address).status_code == 403
    assert Workspace.objects.shown().get() == workspace
