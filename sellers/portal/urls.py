"""Addresses of the portal that say who a platform is and how it is reached."""

from django.urls import path

from sellers.portal import setup

urlpatterns = [
    path("portal/setup/", setup.setup, name="setup"),
    path("portal/setup/add_contact/", setup.add_contact, name="setup-add_contact"),
    path("portal/setup/remove_contact/", setup.remove_contact, name="setup-remove_contact"),
    path("portal/setup/set_hours/", setup.set_hours, name="setup-set_hours"),
    path("portal/setup/accept_regime/", setup.accept_regime, name="setup-accept_regime"),
]
