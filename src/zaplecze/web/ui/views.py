"""Language, theme and the pages that say what went wrong."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from zaplecze.web.accounts.services import choose_language
from zaplecze.web.ui.context import THEME_COOKIE, THEMES, theme


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switch the language: on this device, and for the person who is in on every device."""
    code = request.POST.get("language", "")
    if code not in dict(settings.LANGUAGES):
        raise BadRequest
    if request.user.is_authenticated:
        choose_language(request.user, code)
    return set_language(request)


@login_not_required
@require_POST
def appearance(request: HttpRequest) -> HttpResponse:
    """Switch between light, dark and what the device prefers."""
    chosen = request.POST.get("theme", "")
    if chosen not in THEMES:
        raise BadRequest
    response = redirect(_next(request))
    response.set_cookie(
        THEME_COOKIE,
        chosen,
        max_age=365 * 86_400,
        samesite="Lax",
        httponly=True,
        secure=settings.HTTPS,
    )
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The address or the form was not understood."""
    return _error_page(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The person may not do this."""
    return _error_page(request, 403)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without the token of this session: stale, or from another site."""
    return _error_page(request, 403, "ui/errors/stale_form.html")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Nothing is at this address."""
    return _error_page(request, 404)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """Too many attempts in a short time."""
    return _error_page(request, 429)


def our_fault(request: HttpRequest) -> HttpResponse:
    """Something broke on our side."""
    return _error_page(request, 500)


def _error_page(request: HttpRequest, status: int, template: str = "") -> HttpResponse:
    """A page that needs no database, no session and no host name: each may be what is broken."""
    code = translation.get_language() or settings.LANGUAGE_CODE
    if not hasattr(request, "LANGUAGE_CODE"):
        code = translation.get_language_from_request(request)
    with translation.override(code):
        page = render_to_string(
            template or f"ui/errors/{status}.html",
            {"theme": theme(request), "LANGUAGE_CODE": code},
        )
    return HttpResponse(page, status=status)


def _next(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if safe else "/"
