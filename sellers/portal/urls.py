"""Addresses of the portal that say who a platform is and how it is reached."""

from django.urls import path

from sellers.portal import setup

urlpatterns = [
    path("portal/setup/", setup.setup, name="portal-setup"),
    path("portal/setup/add_contact/", setup.add_contact, name="portal-setup-add_contact"),
    path("portal/setup/remove_contact/", setup.remove_contact, name="portal-setup-remove_contact"),
    path("portal/setup/set_hours/", setup.set_hours, name="portal-setup-set_hours"),
    path("portal/setup/accept_regime/", setup.accept_regime, name="portal-setup-accept_regime"),
]
