"""Addresses of entering and of one's own account."""

from allauth.account import views as allauth
from django.urls import path

from zaplecze.web.accounts import views

urlpatterns = [
    path("", views.account, name="account"),
    path("password/", views.password, name="account_password"),
    path("login/", allauth.login, name="account_login"),
    path("login/<str:token>/", views.login_by_link, name="login_by_link"),
    path("logout/", allauth.logout, name="account_logout"),
    path("inactive/", allauth.account_inactive, name="account_inactive"),
]
