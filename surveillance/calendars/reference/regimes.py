"""The regimes as delivered: under which rule a demand is made, and what follows if it is missed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Any, NamedTuple

from surveillance.calendars.public_holidays import CODES
from surveillance.calendars.reference.table import FOLDER, ReferenceError, naming
from surveillance.clock import Limit, StartRule, Unit

REGIMES = FOLDER / "regimes.json"
KINDS = ("order", "notice")
# Whom an item that is late goes to, in the order of the ladder.
RUNGS = ("inspector", "supervisor", "second_contact", "formal_step")


class Rung(NamedTuple):
    """One rung of the escalation ladder: `after` working days overdue, 0 is at once."""

    after: int
    to: str


@dataclass(frozen=True)
class ReferenceRegime:
    """A regime as delivered.

    `reminders` are counted back from the due date, in the unit of the limit. `four_eyes`: a
    second person approves before issue. `extension_approvals`: how many people must agree to an
    extension. `is_local_policy`: the authority sets the limit itself, no law or pledge does.
    """

    code: str
    name: str
    jurisdiction: str
    kind: str
    legal_basis: str
    source: str
    limit: Limit
    calendar_code: str
    reminders: tuple[int, ...]
    escalation: tuple[Rung, ...]
    four_eyes: bool
    extension_approvals: int
    is_local_policy: bool


_FIELDS: Mapping[str, type | tuple[type, ...]] = {
    "code": str,
    "name": str,
    "jurisdiction": str,
    "kind": str,
    "legal_basis": str,
    "source": str,
    "limit_amount": int,
    "limit_unit": str,
    "start_rule": str,
    "cut_off": (str, type(None)),
    "day_ends_at": (str, type(None)),
    "calendar_code": str,
    "reminders": list,
    "escalation": list,
    "four_eyes": bool,
    "extension_approvals": int,
    "is_local_policy": bool,
}


def reference_regimes(path: Path = REGIMES) -> tuple[ReferenceRegime, ...]:
    """Every regime; ReferenceError naming file, regime and field for what is wrong."""
    regimes: dict[str, ReferenceRegime] = {}
    for number, entry in enumerate(json.loads(path.read_text(encoding="utf-8")), start=1):
        regime = _regime(entry, f"{path.name}, regime {number}")
        if regime.code in regimes:
            raise ReferenceError(f"{path.name}: code: {regime.code} stands twice. Keep one.")
        regimes[regime.code] = regime
    return tuple(regimes.values())


def _regime(entry: Mapping[str, Any], where: str) -> ReferenceRegime:
    _check_fields(entry, where)
    where = f"{where} ({entry['code']})"
    _check_choice(entry, where, "kind", KINDS)
    _check_choice(entry, where, "limit_unit", tuple(Unit))
    _check_choice(entry, where, "start_rule", tuple(StartRule))
    _check_choice(entry, where, "calendar_code", CODES)
    if entry["extension_approvals"] < 0:
        raise ReferenceError(f"{where}: extension_approvals: must be 0 or more.")
    return ReferenceRegime(
        limit=_limit(entry, where),
        reminders=_reminders(entry, where),
        escalation=_escalation(entry, where),
        code=entry["code"],
        name=entry["name"],
        jurisdiction=entry["jurisdiction"],
        kind=entry["kind"],
        legal_basis=entry["legal_basis"],
        source=entry["source"],
        calendar_code=entry["calendar_code"],
        four_eyes=entry["four_eyes"],
        extension_approvals=entry["extension_approvals"],
        is_local_policy=entry["is_local_policy"],
    )


def _check_fields(entry: Mapping[str, Any], where: str) -> None:
    if missing := sorted(_FIELDS.keys() - entry.keys()):
        raise ReferenceError(f"{where}: {', '.join(missing)}: missing. Add it.")
    if unknown := sorted(entry.keys() - _FIELDS.keys()):
        raise ReferenceError(f"{where}: {', '.join(unknown)}: no such field. Remove it.")
    for name, kind in _FIELDS.items():
        value = entry[name]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise ReferenceError(f"{where}: {name}: {value!r} is of the wrong type.")
        if value == "":
            raise ReferenceError(f"{where}: {name}: is empty. Fill it in.")


def _check_choice(
    entry: Mapping[str, Any], where: str, field: str, choices: tuple[str, ...]
) -> None:
    if entry[field] not in choices:
        raise ReferenceError(
            f"{where}: {field}: {entry[field]} is not one of {', '.join(choices)}."
        )


def _limit(entry: Mapping[str, Any], where: str) -> Limit:
    hours = {}
    for field in ("cut_off", "day_ends_at"):
        with naming(where, field):
            hours[field] = time.fromisoformat(entry[field]) if entry[field] else None
    with naming(where, "limit"):
        return Limit(
            amount=entry["limit_amount"],
            unit=Unit(entry["limit_unit"]),
            start_rule=StartRule(entry["start_rule"]),
            **hours,
        )


def _reminders(entry: Mapping[str, Any], where: str) -> tuple[int, ...]:
    for before in entry["reminders"]:
        if type(before) is not int or not 0 < before < entry["limit_amount"]:
            raise ReferenceError(
                f"{where}: reminders: {before!r} must be a whole number from 1 to below the "
                f"limit of {entry['limit_amount']}."
            )
    return tuple(sorted(set(entry["reminders"]), reverse=True))


def _escalation(entry: Mapping[str, Any], where: str) -> tuple[Rung, ...]:
    rungs: list[Rung] = []
    for rung in entry["escalation"]:
        if not isinstance(rung, dict) or rung.keys() != {"after", "to"}:
            raise ReferenceError(f"{where}: escalation: {rung!r} must have after and to, no more.")
        if type(rung["after"]) is not int or rung["after"] < 0:
            raise ReferenceError(
                f"{where}: escalation: after {rung['after']!r} must be a whole number of working "
                "days, 0 or more."
            )
        if rung["to"] not in RUNGS:
            raise ReferenceError(
                f"{where}: escalation: {rung['to']} is not one of {', '.join(RUNGS)}."
            )
        if rungs and rungs[-1].after >= rung["after"]:
            raise ReferenceError(f"{where}: escalation: the rungs must be in order of time.")
        rungs.append(Rung(rung["after"], rung["to"]))
    return tuple(rungs)
