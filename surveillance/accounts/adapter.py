"""Where django-allauth asks us: accounts are made by invitation, never by signing up; guesses are
counted by account; what a second factor is checked with is sealed in the database."""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from surveillance.accounts import known_browsers, second_factor
from surveillance.accounts.models import User
from surveillance.outbox import vault


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Whoever is sent to set up a second factor has just typed the password."""
        if second_factor.is_required() and self._has_just_typed_the_password():
            return False
        return bool(super().is_reauthentication_required(app=app))

    def _has_just_typed_the_password(self) -> bool:
        since = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
        records = get_authentication_records(self.request, self.request.user)
        return any(one["method"] == "password" and one["at"] > since for one in records)

    def post_login(self, request: HttpRequest, user: User, **facts: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **facts)
        known_browsers.keep(request, response, user)
        return response

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Of the account, by whatever spelling and whatever Host somebody comes to it."""
        email = credentials.get("email") or ""
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            return f"nobody:{email.lower()}"
        return f"{user.pk}:{known_browsers.name(request, user)}"


class SecondFactorAdapter(DefaultMFAAdapter):
    """A dump of the database without SECRET_KEY gives nobody a code. `decrypt` raises
    vault.Unreadable when SECRET_KEY is another one since (docs/operate.md)."""

    def get_totp_issuer(self) -> str:
        return _("Product Safety")

    def encrypt(self, text: str) -> str:
        return vault.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return vault.unseal(encrypted_text)
