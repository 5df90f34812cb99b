"""Addresses of workspaces."""

from django.urls import path

from zaplecze.web.insight import views

app_name = "insight"

urlpatterns = [
    path("", views.workspaces, name="workspaces"),
    path("w/<slug:slug>/", views.findings, name="findings"),
    path("w/<slug:slug>/remove/", views.remove, name="remove"),
    path("w/<slug:slug>/show-again/", views.restore, name="restore"),
    path("w/<slug:slug>/findings/<str:key>/", views.finding, name="finding"),
    path("w/<slug:slug>/process/", views.process, name="process"),
    path("w/<slug:slug>/not-used/", views.not_used, name="not_used"),
    path("w/<slug:slug>/downloads/", views.downloads, name="downloads"),
    path("w/<slug:slug>/downloads/<path:name>", views.download, name="download"),
]
