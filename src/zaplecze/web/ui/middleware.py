"""Headers that every page carries, and errors that a person can mend."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from zaplecze.errors import ZapleczeError

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def private_pages(get_response: GetResponse) -> GetResponse:
    """No shared cache keeps a page, and no page asks for a camera, a microphone or a place."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        return response

    return middleware


def errors_in_words(get_response: GetResponse) -> GetResponse:
    """An error that a person can mend becomes a page with its message in the page's language."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return get_response(request)

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, ZapleczeError):
            return None
        # 409: the request is fine, what it meets on the disk is not, and someone can change that.
        return render(request, "ui/problem.html", {"problem": exception.text}, status=409)

    middleware.process_exception = process_exception
    return middleware
