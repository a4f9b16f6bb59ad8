"""What happened to a row of the market, for components/timeline.html."""

from collections import defaultdict
from typing import Any

from django.utils.translation import gettext

from surveillance.accounts.models import User
from surveillance.accounts.rights import Role
from surveillance.audit.models import AuditEntry
from surveillance.flow import Transition
from surveillance.web.looks import UNKNOWN, Look, state_look

NEWEST = 30


def history(reference: str) -> list[dict[str, Any]]:
    """The newest entries about the row with this reference, the latest first."""
    rows = list(AuditEntry.objects.about(reference)[:NEWEST])
    people = {row.actor_user_id for row in rows if row.actor_user_id}
    names = dict(User.objects.filter(pk__in=people).values_list("pk", "name")) if people else {}
    return [_entry(row, names) for row in rows]


def _entry(row: AuditEntry, names: dict[int, str]) -> dict[str, Any]:
    transition = Transition.registry.get(row.verb)
    look = _look(transition)
    return {
        "uid": f"entry-{row.pk}",
        "sentence": _sentence(transition, row),
        "at": row.at,
        "actor": _actor(row, names),
        "icon": look.icon,
        "tone": look.tone,
        "detail": row.reason,
    }


def _sentence(transition: Transition | None, row: AuditEntry) -> str:
    if transition is None:  # a verb of an earlier release
        return row.verb
    return str(transition.past) % defaultdict(lambda: "…", row.facts)


def _look(transition: Transition | None) -> Look:
    if transition is None or len(transition.to) != 1:
        return Look(UNKNOWN.tone, "ellipsis-horizontal")
    (state,) = transition.to
    return state_look(state)


def _actor(row: AuditEntry, names: dict[int, str]) -> str:
    if row.actor_user_id:
        return names.get(row.actor_user_id, gettext("Somebody whose account is gone"))
    return gettext("The system") if row.actor == Role.SYSTEM else row.actor
