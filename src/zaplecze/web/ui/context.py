"""What every template knows."""

from django.conf import settings
from django.http import HttpRequest

import zaplecze

THEME_COOKIE = "zaplecze_theme"
THEMES = ("system", "light", "dark")


def theme(request: HttpRequest) -> str:
    """The theme that the person chose on this device."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else "system"


def appearance(request: HttpRequest) -> dict[str, object]:
    """Theme and languages, for the layout."""
    return {
        "theme": theme(request),
        "languages": settings.LANGUAGES,
        "version": zaplecze.__version__,
    }
