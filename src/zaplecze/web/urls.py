"""Every address of the web application."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("zaplecze.web.accounts.urls")),
    path("", include("zaplecze.web.ui.urls")),
    path("", include("zaplecze.web.insight.urls")),
]

handler400 = "zaplecze.web.ui.views.bad_request"
handler403 = "zaplecze.web.ui.views.forbidden"
handler404 = "zaplecze.web.ui.views.not_found"
handler429 = "zaplecze.web.ui.views.too_many_requests"
handler500 = "zaplecze.web.ui.views.our_fault"
