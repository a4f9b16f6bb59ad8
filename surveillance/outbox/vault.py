"""Secrets that we must be able to read again, sealed before they reach the database.

A webhook is signed with the plain secret, and so is a code of an authenticator app checked: a
digest will not do. Sealed with Fernet
(AES-128-CBC and HMAC-SHA256) under a key derived from SECRET_KEY by HKDF-SHA256 (RFC 5869): a dump
of the database without SECRET_KEY holds nothing that signs. Keys in SECRET_KEY_FALLBACKS still
open what they sealed.
"""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_PURPOSE = b"surveillance.webhooks"


class Unreadable(ValueError):
    """Sealed under another SECRET_KEY, or altered."""


def seal(secret: str) -> str:
    return _made(_keys()).encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """Raises Unreadable."""
    return _opened(sealed, _keys())


@lru_cache(maxsize=256)  # the same endpoint's for one letter after another
def _opened(sealed: str, keys: tuple[str, ...]) -> str:
    try:
        return _made(keys).decrypt(sealed).decode()
    except InvalidToken as problem:
        raise Unreadable(
            "A secret was sealed under another SECRET_KEY: put that into SECRET_KEY_FALLBACKS, or"
            " rotate the secret."
        ) from problem


def _keys() -> tuple[str, ...]:
    return (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


@lru_cache(maxsize=4)
def _made(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str) -> bytes:
    derivation = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE)
    return base64.urlsafe_b64encode(derivation.derive(key.encode()))
