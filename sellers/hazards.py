"""What people call each hazard."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sellers.feeds.base import Hazard

HAZARDS: dict[str, Promise] = {
    Hazard.ASPHYXIATION: _("Asphyxiation"),
    Hazard.BURNS: _("Burns"),
    Hazard.CHEMICAL: _("Chemical"),
    Hazard.CHOKING: _("Choking"),
    Hazard.CUTS: _("Cuts"),
    Hazard.SIGHT: _("Damage to sight"),
    Hazard.HEARING: _("Damage to hearing"),
    Hazard.DROWNING: _("Drowning"),
    Hazard.ELECTRIC_SHOCK: _("Electric shock"),
    Hazard.ELECTROMAGNETIC: _("Electromagnetic disturbance"),
    Hazard.ENTRAPMENT: _("Entrapment"),
    Hazard.ENVIRONMENT: _("Harm to the environment"),
    Hazard.EXPLOSION: _("Explosion"),
    Hazard.FALL: _("Fall"),
    Hazard.FIRE: _("Fire"),
    Hazard.INGESTION: _("Swallowing"),
    Hazard.INJURIES: _("Injuries"),
    Hazard.MICROBIOLOGICAL: _("Germs"),
    Hazard.POISONING: _("Poisoning"),
    Hazard.RADIATION: _("Radiation"),
    Hazard.SECURITY: _("Security"),
    Hazard.STRANGULATION: _("Strangulation"),
    Hazard.SUFFOCATION: _("Suffocation"),
    Hazard.OTHER: _("Other hazard"),
}
CHOICES = [(str(code), words) for code, words in HAZARDS.items()]


def hazard_names(codes: Iterable[str]) -> list[str]:
    """The names of hazard codes, in their order; a code we do not know stands as it is."""
    return [str(HAZARDS.get(code, code)) for code in codes]
