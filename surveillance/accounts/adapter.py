"""Where django-allauth asks us: accounts are made by invitation, never by signing up, and what a
second factor is checked with is sealed in the database."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest
from django.utils.translation import gettext as _

from surveillance.outbox import vault


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SecondFactorAdapter(DefaultMFAAdapter):
    """A dump of the database without SECRET_KEY gives nobody a code. `decrypt` raises
    vault.Unreadable when SECRET_KEY is another one since (docs/operate.md)."""

    def get_totp_issuer(self) -> str:
        return _("Product Safety")

    def encrypt(self, text: str) -> str:
        return vault.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return vault.unseal(encrypted_text)
