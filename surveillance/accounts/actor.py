"""Who is acting: a signed-in user, an organisation's key, the public, or the clockwork itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from surveillance.accounts.rights import (
    OUTSIDE,
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
    its organisation within its scopes, and `key` names it. `is_sandbox`: plays the authority
    towards a platform that tries its system out, and sees nothing else (docs/decisions/0027).
    """

    role: Role
    name: str
    user_id: int | None = None
    organisation_id: int | None = None
    office_id: int | None = None
    key: str = ""
    scopes: frozenset[Scope] | None = None
    is_sandbox: bool = False

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
    def signing_id(self) -> int | None:
        """The same, for deeds that are done in the sandbox, too: nobody in person does those."""
        return None if self.is_sandbox else self.person_id

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
    def is_outside(self) -> bool:
        """Not of the authority: the database itself holds back what is not the actor's."""
        return self.role in OUTSIDE

    @property
    def label(self) -> str:
        """How the audit trail names the actor: a number, never a name, so that the chain holds
        no personal data and still verifies after a person has been forgotten."""
        if self.key:
            return f"{self.role}:key:{self.key}"
        if self.is_sandbox:
            return f"{self.role}:sandbox"
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
SANDBOX = Actor(role=Role.SUPERVISOR, name="Sandbox", is_sandbox=True)
PUBLIC = Actor(role=Role.PUBLIC, name="Public")
