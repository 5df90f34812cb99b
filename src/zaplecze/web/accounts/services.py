"""What changes accounts: the first account, login links, a person's language."""

import datetime as dt
import hashlib
import secrets

from zaplecze.web.accounts.models import LoginLink, User

LINK_LASTS = dt.timedelta(hours=1)
FIRST_ACCOUNT = "admin"


def first_account() -> User:
    """The oldest active account that runs the installation; made when there is none.

    A new account has no password: its owner enters by a login link and may then set one.
    """
    if owner := User.objects.filter(is_superuser=True, is_active=True).order_by("pk").first():
        return owner
    return User.objects.create_superuser(username=FIRST_ACCOUNT, password=None)


def create_login_link(user: User, *, now: dt.datetime) -> str:
    """The token of a new link for USER; earlier links that nobody used stop working."""
    token = secrets.token_urlsafe(32)
    user.login_links.filter(used_at=None).delete()
    LoginLink.objects.create(user=user, token_hash=_hash(token), expires_at=now + LINK_LASTS)
    return token


def use_login_link(token: str, *, now: dt.datetime) -> User | None:
    """The user whom TOKEN lets in, or None; whoever comes second gets None."""
    links = LoginLink.objects.select_related("user")
    link = links.filter(token_hash=_hash(token)).first()
    if link is None or not link.is_valid(now):
        return None
    unused = LoginLink.objects.filter(pk=link.pk, used_at=None)
    return link.user if unused.update(used_at=now) == 1 else None


def choose_language(user: User, language: str) -> None:
    """Remember the LANGUAGE in which USER reads."""
    user.language = language
    user.save(update_fields=["language"])


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
