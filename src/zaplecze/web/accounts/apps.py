"""Django's entry to the app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts and how people enter."""

    name = "zaplecze.web.accounts"
