"""The fixed addresses. Upper floors are named, not imported."""

from django.urls import include, path

from surveillance.accounts import pages

handler404 = "surveillance.web.errors.not_found"
handler500 = "surveillance.web.errors.server_error"

urlpatterns = [
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/totp/activate/", pages.set_up, name="mfa_activate_totp"),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("", include("surveillance.web.urls")),
    path("", include("surveillance.agents.urls")),
    path("", include("surveillance.keys.urls")),
    path("", include("surveillance.webhooks.urls")),
    path("", include("surveillance.operations.urls")),
    path("", include("surveillance.saved_views.urls")),
    path("", include("sellers.urls")),
    path("", include("cases.urls")),
]
