"""Hazards as the sources word them, put into our own words."""

import re

from sellers.feeds.base import Hazard

# Terms of the Safety Gate's riskType list, and free ones that notifying authorities wrote in.
_TERMS = {
    "allergy": Hazard.CHEMICAL,
    "asphyxiation": Hazard.ASPHYXIATION,
    "burns": Hazard.BURNS,
    "chemical": Hazard.CHEMICAL,
    "choking": Hazard.CHOKING,
    "concussion": Hazard.INJURIES,
    "cuts": Hazard.CUTS,
    "damage to hearing": Hazard.HEARING,
    "damage to sight": Hazard.SIGHT,
    "drowning": Hazard.DROWNING,
    "electric shock": Hazard.ELECTRIC_SHOCK,
    "electromagnetic disturbance": Hazard.ELECTROMAGNETIC,
    "entrapment": Hazard.ENTRAPMENT,
    "environment": Hazard.ENVIRONMENT,
    "explosion": Hazard.EXPLOSION,
    "fire": Hazard.FIRE,
    "health risk / other": Hazard.OTHER,
    "hypothermia": Hazard.OTHER,
    "injuries": Hazard.INJURIES,
    "microbiological": Hazard.MICROBIOLOGICAL,
    "poisoning from inhalation": Hazard.POISONING,
    "radiation": Hazard.RADIATION,
    "security": Hazard.SECURITY,
    "smoke inhalation": Hazard.POISONING,
    "strangulation": Hazard.STRANGULATION,
    "suffocation": Hazard.SUFFOCATION,
}
# Words of the CPSC's hazard sentences, in the order in which hazards are listed.
_PROSE = (
    (Hazard.CHOKING, r"chok\w+"),
    (Hazard.INGESTION, r"ingest\w*|swallow\w*"),
    (Hazard.STRANGULATION, r"strangul\w+"),
    (Hazard.SUFFOCATION, r"suffocat\w+"),
    (Hazard.ASPHYXIATION, r"asphyxiat\w+"),
    (Hazard.DROWNING, r"drown\w*"),
    (Hazard.ENTRAPMENT, r"entrap\w*"),
    (Hazard.FIRE, r"fires?\b(?! pits?| extinguishers?| tables?| starters?)|flammab\w+"),
    (Hazard.BURNS, r"burns?\b|burning|scald\w*|overheat\w*"),
    (Hazard.EXPLOSION, r"explo(?:de|sion|sive)s?"),
    (Hazard.ELECTRIC_SHOCK, r"(?:electric(?:al)? )?shock(?! absorb)|electrocut\w+"),
    (Hazard.POISONING, r"poison\w*|carbon monoxide"),
    (
        Hazard.CHEMICAL,
        r"chemical|irritation|sensitization|levels of lead"
        r"|lead(?: paint| poisoning| content| exposure)",
    ),
    (Hazard.MICROBIOLOGICAL, r"bacteri\w+|mold\b|microbial"),
    (Hazard.CUTS, r"lacerat\w+|amputat\w+|cut hazards?"),
    (Hazard.FALL, r"falls?(?= hazard| and| or|,|;|\.|$)|falling"),
    (Hazard.HEARING, r"hearing (?:loss|damage)|impaired hearing|loud noise"),
    (Hazard.SIGHT, r"eye injur\w+|vision|blind(?:ness|ed|ing)\b"),
    (
        Hazard.INJURIES,
        r"collapse|collision|crash\w*|crush\w*|impact hazards?|injur\w+|projectile|strike"
        r"|los(?:e|s of) (?:speed )?control|tip-?\s?over|vehicle accident",
    ),
)
_PROSE_PATTERNS = tuple(
    (hazard, re.compile(rf"\b(?:{words})", re.IGNORECASE)) for hazard, words in _PROSE
)


def hazards_of_terms(text: str) -> tuple[tuple[Hazard, ...], tuple[str, ...]]:
    """Hazards of a list like "Burns, Electric shock", and the terms that are not known.

    Unknown terms count as ``Hazard.OTHER``; an empty text gives it too.
    """
    terms = [" ".join(term.split()) for term in text.split(",")]
    unknown = tuple(term for term in terms if term.casefold() not in _TERMS)
    hazards = (_TERMS.get(term.casefold(), Hazard.OTHER) for term in terms)
    return tuple(dict.fromkeys(hazards)), unknown


def hazards_of_prose(text: str) -> tuple[Hazard, ...]:
    """Hazards named in sentences; () when none is.

    ``Hazard.INJURIES`` is given only when nothing more exact is named.
    """
    found = [hazard for hazard, pattern in _PROSE_PATTERNS if pattern.search(text)]
    if len(found) > 1 and Hazard.INJURIES in found:
        found.remove(Hazard.INJURIES)
    return tuple(found)
