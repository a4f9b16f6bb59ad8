"""How often one sender may do something in an hour, counted in the cache.

Without the cache nobody is refused: a report must reach us while Redis is away.
"""

import logging
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

HOUR = 3600  # seconds


@dataclass(frozen=True, slots=True)
class Throttle:
    """At most `limit` times an hour; the hour begins with the first time."""

    name: str
    limit: int

    def allows(self, sender: str) -> bool:
        """Count one more time of this sender, and say whether it is still within the limit."""
        key = f"throttle:{self.name}:{sender}"
        try:
            cache.add(key, 0, HOUR)
            return cache.incr(key) <= self.limit
        except ValueError:  # the hour ended between the two calls
            return True
        except (RedisError, OSError) as problem:
            logger.warning("throttle %s does not count: %s", self.name, problem)
            return True


def address_of(request: HttpRequest) -> str:
    """Where the request comes from, as far as the proxies in front are trusted (see allauth)."""
    return str(get_adapter(request).get_client_ip(request))
