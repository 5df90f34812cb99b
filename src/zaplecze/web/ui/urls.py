"""Addresses of the switches."""

from django.urls import path

from zaplecze.web.ui import views

urlpatterns = [
    path("language/", views.language, name="language"),
    path("appearance/", views.appearance, name="appearance"),
]
