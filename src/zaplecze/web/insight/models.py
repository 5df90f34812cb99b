"""Which results are shown."""

from pathlib import Path

from django.db import models
from django.urls import reverse

from zaplecze.language import Text


class Workspace(models.Model):
    """A folder that ``zaplecze run`` wrote, under the address at which people open it."""

    slug = models.SlugField(unique=True)
    folder = models.TextField(unique=True)
    name_by_language = models.JSONField()
    registered_at = models.DateTimeField(auto_now_add=True)

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
