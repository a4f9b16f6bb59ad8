"""System checks: what is wrong with this installation, and how to mend it."""

import os
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.http.request import validate_host

from surveillance.accounts import second_factor

SHORTEST_KEY = 50
SHORTEST_TOKEN = 24


@register("surveillance")
def check_servers_are_named(**kwargs: Any) -> Iterable[CheckMessage]:
    """PostgreSQL and Redis are named in the environment: there is no silent default."""
    for number, (name, example) in enumerate(
        (
            ("DATABASE_URL", "postgresql://surveillance_app:…@db.example/surveillance"),
            ("REDIS_URL", "redis://redis.example:6379/0"),
        ),
        start=1,
    ):
        if not os.environ.get(name):
            yield Error(
                f"{name} is not set.",
                hint=f"Set it, for example {name}={example}; or start with ./run, which brings"
                " servers of its own.",
                id=f"surveillance.E00{number}",
            )


@register("surveillance")
def check_database_is_postgresql(**kwargs: Any) -> Iterable[CheckMessage]:
    engine = settings.DATABASES["default"].get("ENGINE", "")
    if "postgresql" not in engine:
        yield Error(
            f"DATABASE_URL names {engine}; only PostgreSQL 15 or newer will do.",
            hint="Locks, triggers and full text of PostgreSQL are part of the product.",
            id="surveillance.E003",
        )


@register("surveillance")
def check_second_factor(**kwargs: Any) -> Iterable[CheckMessage]:
    """Outside the demo, whose accounts are shared, a password alone is too little."""
    known = (second_factor.REQUIRED, second_factor.OFFERED)
    if settings.SECOND_FACTOR not in known:
        yield Error(
            f"SECOND_FACTOR is {settings.SECOND_FACTOR!r}; it is {' or '.join(known)}.",
            hint="Unset it: a second factor is required then.",
            id="surveillance.E018",
        )
    elif settings.SECOND_FACTOR == second_factor.OFFERED and not settings.DEMO:
        yield Warning(
            "SECOND_FACTOR is offered: whoever learns a password is let in.",
            hint="Unset it: everybody is then led to set one up when they next sign in.",
            id="surveillance.W019",
        )


@register(Tags.security, deploy=True)
def check_production(**kwargs: Any) -> Iterable[CheckMessage]:
    """What a demo may do and a public installation must not."""
    if settings.DEMO:
        yield Error(
            "SURVEILLANCE_DEMO is on.",
            hint="Unset it: the demo shows its accounts on the sign-in page.",
            id="surveillance.E010",
        )
    if not settings.BASE_URL.startswith("https://"):
        yield Error(
            f"BASE_URL is {settings.BASE_URL}.",
            hint="Set the https address that people use; links in letters begin with it, and"
            " cookies are marked secure because of it.",
            id="surveillance.E011",
        )
    elif not settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        yield Warning(
            "TRUSTED_PROXIES is 0, but a proxy speaks https for us: every visitor seems to come"
            " from its address, and all share one limit of tries.",
            hint="Set TRUSTED_PROXIES to the number of proxies in front, mostly 1.",
            id="surveillance.W017",
        )
    host = urlsplit(settings.BASE_URL).hostname or ""
    if not validate_host(host, settings.ALLOWED_HOSTS):
        yield Error(
            f"ALLOWED_HOSTS does not name {host}, the host of BASE_URL: pages would be refused.",
            hint=f"Set ALLOWED_HOSTS={host}, with a comma before each further name.",
            id="surveillance.E015",
        )
    if settings.METRICS_TOKEN and len(settings.METRICS_TOKEN) < SHORTEST_TOKEN:
        yield Error(
            "METRICS_TOKEN is short.",
            hint=f"Make it {SHORTEST_TOKEN} characters or longer, and random; or unset it.",
            id="surveillance.E016",
        )
    if settings.WEBHOOKS_MAY_CALL_PRIVATE:
        yield Error(
            "WEBHOOKS_MAY_CALL_PRIVATE is on: a platform could make us call our own network.",
            hint="Unset it.",
            id="surveillance.E012",
        )
    if "filebased" in settings.EMAIL_BACKEND:
        yield Warning(
            "EMAIL_URL is not set: letters are written to a folder and reach nobody.",
            hint="Set it, for example EMAIL_URL=smtp+tls://user:password@smtp.example:587",
            id="surveillance.W013",
        )
    if len(settings.SECRET_KEY) < SHORTEST_KEY:
        yield Error(
            "SECRET_KEY is short.",
            hint=f"Make it {SHORTEST_KEY} characters or longer, random, and keep it.",
            id="surveillance.E014",
        )
