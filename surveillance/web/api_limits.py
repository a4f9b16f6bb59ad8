"""How many calls one caller may make in a minute, and how the answers say so.

Headers after draft-ietf-httpapi-ratelimit-headers. Counted in the cache; without the cache nobody
is refused, for an answer must reach us while Redis is away.
"""

import logging
from dataclasses import dataclass
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from surveillance import clock
from surveillance.accounts.actor import Actor

logger = logging.getLogger(__name__)
WINDOW = 60  # seconds
READING = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Quota:
    """What is left to a caller. `used` is None where it could not be counted."""

    policy: str
    limit: int
    used: int | None
    resets_in: int  # seconds

    @property
    def is_used_up(self) -> bool:
        return self.used is not None and self.used > self.limit

    def headers(self) -> dict[str, str]:
        told = {"RateLimit-Policy": f'"{self.policy}";q={self.limit};w={WINDOW}'}
        if self.used is not None:
            left = max(self.limit - self.used, 0)
            told["RateLimit"] = f'"{self.policy}";r={left};t={self.resets_in}'
        return told


class CallLimit(BaseThrottle):
    """Reads and writes of a key or person are counted apart, the public's calls by address. The
    limits stand in settings.API_LIMITS."""

    def allow_request(self, request: Request, view: Any) -> bool:
        policy, caller = _caller(request, view.actor)
        view.quota = count(policy, caller)
        self.quota: Quota = view.quota
        return not self.quota.is_used_up

    def wait(self) -> float:
        return self.quota.resets_in


def count(policy: str, caller: str) -> Quota:
    """Count one more call in the running minute."""
    minute, second = divmod(int(clock.now().timestamp()), WINDOW)
    limit, resets_in = settings.API_LIMITS[policy], WINDOW - second
    key = f"calls:{policy}:{caller}:{minute}"
    try:
        cache.add(key, 0, 2 * WINDOW)
        return Quota(policy, limit, cache.incr(key), resets_in)
    except (RedisError, OSError, ValueError) as problem:  # ValueError: evicted between the two
        logger.warning("calls of the API are not counted: %s", problem)
        return Quota(policy, limit, None, resets_in)


def _caller(request: Request, actor: Actor) -> tuple[str, str]:
    if not (actor.key or actor.user_id):
        return "public", _address_of(request)
    policy = "reads" if request.method in READING else "writes"
    return policy, f"key:{actor.key}" if actor.key else f"user:{actor.user_id}"


def _address_of(request: Request) -> str:
    """As far as the proxies in front are trusted; those without one are counted together."""
    try:
        return str(get_adapter(request).get_client_ip(request))
    except PermissionDenied:  # allauth's word for it
        return "unknown"
