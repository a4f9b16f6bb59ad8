"""Who is acting: a signed-in user, an organisation's key, the public, or the clockwork itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection, transaction

from surveillance.accounts.rights import (
    PLATFORM_SIDE,
    SCOPE_RIGHTS,
    STAFF,
    Right,
    Role,
    Scope,
    may,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from surveillance.accounts.models import User


@dataclass(frozen=True, slots=True)
class Actor:
    """The acting side of every verb and every query.

    `organisation_id` is the platform's key for its agents (a platform shares the primary key of
    its organisation) and the authority's for staff. `scopes` is None for people; a key acts for
    its organisation within its scopes, and `key` names it.
    """

    role: Role
    name: str
    user_id: int | None = None
    organisation_id: int | None = None
    office_id: int | None = None
    key: str = ""
    scopes: frozenset[Scope] | None = None

    def may(self, right: Right) -> bool:
        if self.scopes is not None and not any(right in SCOPE_RIGHTS[s] for s in self.scopes):
            return False
        return may(self.role, right)

    @property
    def may_read(self) -> bool:
        return self.scopes is None or Scope.READ in self.scopes

    @property
    def person_id(self) -> int:
        """The acting person's key. Raises TypeError for the public, keys and the clockwork, who
        sign nothing."""
        if self.user_id is None:
            raise TypeError(f"{self.role} is nobody in person")
        return self.user_id

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF

    @property
    def is_system(self) -> bool:
        return self.role is Role.SYSTEM

    @property
    def is_platform(self) -> bool:
        return self.role in PLATFORM_SIDE

    @property
    def label(self) -> str:
        """How the audit trail names the actor: a number, never a name, so that the chain holds
        no personal data and still verifies after a person has been forgotten."""
        if self.key:
            return f"{self.role}:key:{self.key}"
        return f"{self.role}:{self.user_id}" if self.user_id else str(self.role)

    @classmethod
    def of(cls, user: User | AnonymousUser) -> Actor:
        if not user.is_authenticated or not user.is_active:
            return PUBLIC
        return cls(
            role=Role(user.role),
            name=user.name,
            user_id=user.pk,
            organisation_id=user.organisation_id,
            office_id=user.office_id,
        )


SYSTEM = Actor(role=Role.SYSTEM, name="System")
PUBLIC = Actor(role=Role.PUBLIC, name="Public")


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    """A transaction in which the database knows who is acting.

    The settings are local to the transaction; row-level security and the server's log read them.
    """
    with transaction.atomic():
        tell_database(actor)
        yield


def tell_database(actor: Actor) -> None:
    """Who is acting, to the end of the running transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.role', %s, true), set_config('app.user', %s, true),"
            " set_config('app.organisation', %s, true)",
            [actor.role, str(actor.user_id or ""), str(actor.organisation_id or "")],
        )
