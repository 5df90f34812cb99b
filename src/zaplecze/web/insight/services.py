"""What changes the list of workspaces."""

import datetime as dt
from pathlib import Path

from django.db import transaction
from django.utils.text import slugify

from zaplecze.errors import InputError
from zaplecze.language import Text
from zaplecze.web.insight.models import Workspace
from zaplecze.web.insight.outputs import load


@transaction.atomic
def register(folder: Path) -> Workspace:
    """Show the results in FOLDER; a folder that is known keeps its address."""
    folder = folder.resolve()
    name = _name(folder)
    known = Workspace.objects.filter(folder=str(folder)).first()
    if known:
        known.name_by_language = name
        known.save(update_fields=["name_by_language"])
        return known
    return Workspace.objects.create(
        slug=_free_slug(name), folder=str(folder), name_by_language=name
    )


def remove(workspace: Workspace, *, now: dt.datetime) -> None:
    """Take WORKSPACE off the list; its folder and its address stay."""
    workspace.removed_at = now
    workspace.save(update_fields=["removed_at"])


def restore(workspace: Workspace) -> None:
    """Show WORKSPACE again, at the address that it had."""
    workspace.removed_at = None
    workspace.save(update_fields=["removed_at"])


def _name(folder: Path) -> Text:
    """What the workspace file calls it; the folder's name while its findings cannot be read."""
    try:
        return load(folder).findings.workspace.name
    except InputError:
        return Text.same(folder.name)


def _free_slug(name: Text) -> str:
    # Unicode takes the stroke for a part of the letter, so that the slug would lose it.
    stem = slugify(name["en"].replace("Ł", "L").replace("ł", "l"))[:40].strip("-") or "workspace"
    taken = set(Workspace.objects.values_list("slug", flat=True))
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (stem, *numbered) if slug not in taken)
