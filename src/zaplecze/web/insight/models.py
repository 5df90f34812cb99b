"""Which results are shown."""

from pathlib import Path

from django.db import models
from django.urls import reverse

from zaplecze.language import Text


class WorkspaceQuerySet(models.QuerySet):
    """Workspaces by whether people see them."""

    def shown(self) -> "WorkspaceQuerySet":
        """Those on the list."""
        return self.filter(removed_at=None)

    def removed(self) -> "WorkspaceQuerySet":
        """Those that were taken off the list; their folders stay."""
        return self.exclude(removed_at=None)


class Workspace(models.Model):
    """A folder that ``zaplecze run`` wrote, under the address at which people open it."""

    slug = models.SlugField(unique=True)
    folder = models.TextField(unique=True)
    name_by_language = models.JSONField()
    registered_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = WorkspaceQuerySet.as_manager()

    class Meta:
        """In the order in which they came."""

        ordering = ("registered_at", "pk")

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        """The page of its findings."""
        return reverse("insight:findings", args=[self.slug])

    @property
    def name(self) -> Text:
        """What the workspace file calls it."""
        return Text(self.name_by_language)

    @property
    def path(self) -> Path:
        """The folder."""
        return Path(self.folder)
