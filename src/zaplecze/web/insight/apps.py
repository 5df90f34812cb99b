"""Django's entry to the app."""

from django.apps import AppConfig


class InsightConfig(AppConfig):
    """Workspaces and their findings."""

    name = "zaplecze.web.insight"
