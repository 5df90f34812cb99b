"""Entering by a link, and one's own account."""

from allauth.decorators import rate_limit
from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from zaplecze.web.accounts.forms import AccountForm
from zaplecze.web.accounts.models import User
from zaplecze.web.accounts.services import LINK_LASTS, use_login_link

# Whoever came by a link has shown that the account is theirs and may replace a lost password
# for as long as the link would have worked.
CAME_BY_LINK = "came_by_link"
BACKEND = "django.contrib.auth.backends.ModelBackend"


@login_not_required
@never_cache
@require_GET
def login_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Let the person in whom TOKEN names, once."""
    user = use_login_link(token, now=timezone.now())
    if user is None:
        return render(request, "accounts/link_invalid.html", status=410)
    login(request, user, backend=BACKEND)
    request.session[CAME_BY_LINK] = timezone.now().timestamp()
    return redirect("insight:workspaces")


@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Name, address and language of the person who is in."""
    # Not request.user itself: a refused name would show in the header as if it were the account's.
    person = User.objects.get(pk=request.user.pk)
    form = AccountForm(request.POST or None, instance=person)
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("account")
    return render(request, "accounts/account.html", {"form": form}, status=_status(form))


@sensitive_post_parameters()
@rate_limit(action="change_password")
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Set a password, or change it; a lost one is replaced after entering by a link."""
    lost = _came_by_link_just_now(request) or not request.user.has_usable_password()
    form = (SetPasswordForm if lost else PasswordChangeForm)(request.user, request.POST or None)
    if form.is_valid():
        update_session_auth_hash(request, form.save())
        request.session.pop(CAME_BY_LINK, None)
        messages.success(request, _("The password is set. Enter with it from now on."))
        return redirect("account")
    return render(request, "accounts/password.html", {"form": form}, status=_status(form))


def _came_by_link_just_now(request: HttpRequest) -> bool:
    came = request.session.get(CAME_BY_LINK, 0.0)
    return timezone.now().timestamp() - came < LINK_LASTS.total_seconds()


def _status(form: AccountForm | SetPasswordForm) -> int:
    """422 where what was sent is refused, so that no cache or script takes it for success."""
    return 422 if form.is_bound else 200
