"""`Authorization: Bearer psk_…`: a system that acts for its organisation."""

import hmac
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.keys import flows
from surveillance.keys.models import ApiKey


class KeyHolder:
    """What DRF calls the user: nobody in person."""

    is_authenticated = True
    is_active = True
    pk = None

    def __init__(self, key: ApiKey) -> None:
        self.actor: Actor = key.actor


class KeyAuthentication(authentication.BaseAuthentication):
    keyword = "Bearer"

    def authenticate(self, request: Request) -> tuple[KeyHolder, ApiKey] | None:
        """None without the header. Raises AuthenticationFailed (401) for a key that is unknown,
        revoked or expired: one sentence for all of them."""
        keyword, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if keyword.lower() != self.keyword.lower():
            return None
        at = clock.now()
        digest = flows.digest_of(secret.strip())
        key = ApiKey.objects.live(at).select_related("organisation").filter(digest=digest).first()
        if key is None or not hmac.compare_digest(key.digest, digest):
            raise exceptions.AuthenticationFailed(_("This key is unknown, revoked or expired."))
        return KeyHolder(key), key

    def authenticate_header(self, request: Request) -> str:
        return f'{self.keyword} realm="api"'


class KeyScheme(OpenApiAuthenticationExtension):
    """How the schema names it."""

    target_class = KeyAuthentication
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "psk_PREFIX_SECRET"}
