"""Who is acting reaches the database with each transaction, and with it what may be read.

First wall: `visible_to` in every queryset. Second wall: row-level security. What an actor from
outside the authority does runs as the role `surveillance_platform`, which may read, and nothing
else, and of each table only the rows that its policies name (migrations `…_row_level_security`).
Staff and the clockwork run as the application's own role, whose policies hold nothing back.

A verb writes rows that its actor never sees: the trail, letters to inspectors, the case's due
date. `flow.perform` finds its row within the wall, then steps beyond it for what the verb does.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

from surveillance.accounts.actor import Actor

OUTSIDE_ROLE = "surveillance_platform"
OWN_ROLE = "none"  # for SET ROLE: the one that the connection was made with

# The actor from outside for whom the wall stands at the moment.
_held_back: ContextVar[Actor | None] = ContextVar("held_back", default=None)


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    """A transaction in which the database knows who is acting, and holds back the rest.

    Role and settings are local to the transaction; policies and the server's log read them.
    """
    outer = _held_back.get()
    held_back = actor if actor.is_outside else None
    with transaction.atomic():
        _tell(actor)
        with _holding_back(held_back):
            yield
    if held_back or outer:
        _come_back_to(outer)


@contextmanager
def beyond_the_wall() -> Iterator[None]:
    """A transaction for what is done in the actor's name to rows that the actor does not see.

    Reads in here are held back by `visible_to` alone: keep the block small.
    """
    outer = _held_back.get()
    with transaction.atomic(savepoint=outer is not None):
        if outer:
            _set_role(OWN_ROLE)
        with _holding_back(None):
            yield
    if outer:
        _come_back_to(outer)


def is_within_the_wall() -> bool:
    return _held_back.get() is not None


@contextmanager
def _holding_back(actor: Actor | None) -> Iterator[None]:
    token = _held_back.set(actor)
    try:
        yield
    finally:
        _held_back.reset(token)


def _come_back_to(outer: Actor | None) -> None:
    """Settings that are local to a transaction outlive a savepoint in it, unless that is rolled
    back."""
    if not connection.in_atomic_block or connection.needs_rollback:
        return
    if outer:
        _tell(outer)
    else:
        _set_role(OWN_ROLE)


def _tell(actor: Actor) -> None:
    """Who is acting, and as which role, to the end of the running transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.role', %s, true), set_config('app.user', %s, true),"
            " set_config('app.organisation', %s, true), set_config('role', %s, true)",
            [
                actor.role,
                str(actor.user_id or ""),
                str(actor.organisation_id or ""),
                OUTSIDE_ROLE if actor.is_outside else OWN_ROLE,
            ],
        )


def _set_role(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', %s, true)", [role])
