"""Who gets in, and how: nobody without an account, a login link once, a password otherwise."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone
from tests.web.conftest import PASSWORD

from zaplecze.web.accounts.models import LoginLink, User
from zaplecze.web.accounts.services import LINK_LASTS, create_login_link, first_account

OPEN_TO_ALL = {"account_login", "login_by_link", "account_logout", "account_inactive"}


def pages(slug: str) -> list[str]:
    """Every page that shows something of a company."""
    names = ("findings", "process", "not_used", "downloads")
    return [
        reverse("insight:workspaces"),
        *(reverse(f"insight:{name}", args=[slug]) for name in names),
        reverse("insight:finding", args=[slug, "late-check-rating"]),
        reverse("insight:download", args=[slug, "findings.json"]),
        reverse("account"),
        reverse("account_password"),
    ]


def pages_of_the_owner(slug: str) -> list[str]:
    """What only whoever runs the installation may do."""
    return [reverse(f"insight:{name}", args=[slug]) for name in ("remove", "restore")]


def enter(client: Client, token: str) -> int:
    return client.get(reverse("login_by_link", args=[token])).status_code


def is_in(client: Client) -> bool:
    return client.get(reverse("account")).status_code == 200


def test_every_page_of_a_company_sends_a_visitor_to_the_login(visitor, workspace):
    for page in pages(workspace.slug) + pages_of_the_owner(workspace.slug):
        answer = visitor.get(page)
        assert answer.status_code == 302, page
        assert answer.headers["Location"].startswith(reverse("account_login")), page


def test_these_pages_are_all_there_are(visitor, workspace):
    named = {pattern.name for pattern in _patterns(get_resolver().url_patterns)}
    known = pages(workspace.slug) + pages_of_the_owner(workspace.slug)
    looked_at = {visitor.get(page).resolver_match.url_name for page in known}
    switches = {"language", "appearance"}
    assert named == looked_at | OPEN_TO_ALL | switches


def test_a_colleague_sees_every_page(reader, workspace):
    for page in pages(workspace.slug):
        assert reader.get(page).status_code == 200, page


def test_a_closed_account_gets_in_neither_by_link_nor_by_password_nor_by_an_old_session(charlie):
    browser = Client()
    browser.force_login(charlie)
    assert not is_in(browser)
    assert enter(browser, create_login_link(charlie, now=timezone.now())) == 410
    browser.post(reverse("account_login"), {"login": "charlie", "password": PASSWORD})
    assert not is_in(browser)


@pytest.mark.parametrize("name", ["bob", "bob@example.com", "BOB@example.com"])
def test_a_user_name_or_an_address_and_the_password_let_in(visitor, bob, name):
    answer = visitor.post(reverse("account_login"), {"login": name, "password": PASSWORD})
    assert answer.headers["Location"] == reverse("insight:workspaces")
    assert is_in(visitor)


def test_a_wrong_password_says_so_beside_the_form(visitor, bob):
    answer = visitor.post(reverse("account_login"), {"login": "bob", "password": "guess"})
    assert 'role="alert"' in answer.content.decode()
    assert not is_in(visitor)


def test_guessing_passwords_is_slowed_down_even_for_the_right_one(visitor, bob):
    for _ in range(6):
        visitor.post(reverse("account_login"), {"login": "bob", "password": "guess"})
    visitor.post(reverse("account_login"), {"login": "bob", "password": PASSWORD})
    assert not is_in(visitor)


def test_nobody_signs_up_by_themselves(visitor):
    assert visitor.get("/account/signup/").status_code == 404


def test_a_login_link_lets_in_once(visitor, alice):
    token = create_login_link(alice, now=timezone.now())
    assert enter(visitor, token) == 302
    assert is_in(visitor)
    second = Client()
    assert enter(second, token) == 410
    assert not is_in(second)


def test_a_login_link_expires(visitor, alice):
    token = create_login_link(alice, now=timezone.now() - LINK_LASTS - dt.timedelta(seconds=1))
    assert enter(visitor, token) == 410
    assert not is_in(visitor)


def test_a_login_link_works_until_it_expires(visitor, alice):
    almost = timezone.now() - LINK_LASTS + dt.timedelta(minutes=1)
    assert enter(visitor, create_login_link(alice, now=almost)) == 302


def test_a_new_login_link_ends_the_one_before(visitor, alice):
    first = create_login_link(alice, now=timezone.now())
    create_login_link(alice, now=timezone.now())
    assert enter(visitor, first) == 410


def test_an_invented_link_says_that_it_does_not_work(visitor):
    answer = visitor.get(reverse("login_by_link", args=["no-such-token"]))
    assert answer.status_code == 410
    assert "zaplecze serve" in answer.content.decode()


def test_asking_for_the_headers_only_does_not_use_a_link_up(visitor, alice):
    token = create_login_link(alice, now=timezone.now())
    assert visitor.head(reverse("login_by_link", args=[token])).status_code == 405
    assert enter(visitor, token) == 302


def test_the_database_does_not_hold_the_token(alice):
    token = create_login_link(alice, now=timezone.now())
    stored = LoginLink.objects.get()
    assert token not in (stored.token_hash, str(vars(stored)))
    assert len(stored.token_hash) == 64


def test_the_first_account_has_no_password_and_is_made_once(db):
    owner = first_account()
    assert owner.is_superuser
    assert not owner.has_usable_password()
    assert first_account() == owner
    assert User.objects.count() == 1


def test_who_came_by_a_link_may_set_a_lost_password(visitor, bob):
    enter(visitor, create_login_link(bob, now=timezone.now()))
    new = {"new_password1": "seven quiet lanterns", "new_password2": "seven quiet lanterns"}
    assert visitor.post(reverse("account_password"), new).status_code == 302
    assert is_in(visitor)
    bob.refresh_from_db()
    assert bob.check_password("seven quiet lanterns")


def test_an_hour_after_the_link_the_old_password_is_asked_for_again(visitor, bob):
    enter(visitor, create_login_link(bob, now=timezone.now()))
    session = visitor.session
    session["came_by_link"] -= LINK_LASTS.total_seconds()
    session.save()
    new = {"new_password1": "seven quiet lanterns", "new_password2": "seven quiet lanterns"}
    assert visitor.post(reverse("account_password"), new).status_code == 422


def test_who_came_by_password_must_repeat_it_to_change_it(reader, bob):
    new = {"new_password1": "seven quiet lanterns", "new_password2": "seven quiet lanterns"}
    assert reader.post(reverse("account_password"), new).status_code == 422
    bob.refresh_from_db()
    assert bob.check_password(PASSWORD)
    both = new | {"old_password": PASSWORD}
    assert reader.post(reverse("account_password"), both).status_code == 302


def test_two_accounts_do_not_share_an_address(reader, alice):
    changed = {"username": "bob", "email": "ALICE@example.com", "language": ""}
    answer = reader.post(reverse("account"), changed)
    assert answer.status_code == 422
    assert "Another account has this e-mail address." in answer.content.decode()


def test_a_refused_name_does_not_show_as_the_accounts_own(reader, alice):
    answer = reader.post(reverse("account"), {"username": "alice", "email": "", "language": ""})
    assert answer.status_code == 422
    assert f'<a href="{reverse("account")}">bob</a>' in answer.content.decode()


def test_logging_out_takes_a_click_and_ends_the_session(reader):
    reader.get(reverse("account_logout"))
    assert is_in(reader)
    reader.post(reverse("account_logout"))
    assert not is_in(reader)


def _patterns(patterns):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _patterns(pattern.url_patterns)
        else:
            yield pattern
