"""Django's entry to the app."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Layout, style and error pages."""

    name = "zaplecze.web.ui"
