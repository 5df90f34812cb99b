"""A person with an account, and the links that let a person in once."""

import datetime as dt

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A person who may enter, with the language in which the person reads."""

    language = models.CharField(max_length=2, choices=settings.LANGUAGES, blank=True)

    class Meta(AbstractUser.Meta):
        """People enter with their e-mail address too, so two accounts cannot share one."""

        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="one_account_an_email",
                violation_error_message=_("Another account has this e-mail address."),
            )
        ]


class LoginLink(models.Model):
    """A link that lets USER in once, before it expires; only the hash of its token is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="login_links")
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def is_valid(self, now: dt.datetime) -> bool:
        """Whether the link still lets its user in."""
        return self.used_at is None and now < self.expires_at and self.user.is_active
