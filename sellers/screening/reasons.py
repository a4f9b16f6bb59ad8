"""Why something matches, as sentences in the language active now."""

from django.utils.translation import gettext as _

from sellers.screening.brands import Agreement


def same_gtin(gtin: str) -> str:
    return _("The GTIN %(gtin)s is the same.") % {"gtin": gtin}


def restricted_gtin(gtin: str) -> str:
    return _("Shops give out numbers like %(gtin)s themselves: it can mean another product.") % {
        "gtin": gtin
    }


def same_code(code: str) -> str:
    return _("The code “%(code)s” is the same, but it has no valid check digit.") % {"code": code}


def same_model(model: str) -> str:
    return _("The model number “%(model)s” is the same.") % {"model": model}


def short_model() -> str:
    return _("Such a short model number can also name a whole family of products.")


def other_gtins() -> str:
    return _("The GTINs are different ones.")


def fits_to_it() -> str:
    return _("The offer may be a spare part or an accessory for it.")


def brands(found: Agreement) -> str:
    if found is Agreement.AGREES:
        return _("The brand is the same.")
    if found is Agreement.CONFLICTS:
        return _("The brands are different.")
    return _("No brand on one of the two sides, so a person has to compare them.")


def words(score: float, margin: float) -> str:
    """`margin` over the next best; equal to the score where there is none."""
    facts = {"score": f"{score:.2f}", "margin": f"{margin:.2f}"}
    if margin >= score:
        told = _("Only the words are alike (%(score)s of 1): a suggestion, not a finding.")
    else:
        told = _(
            "Only the words are alike (%(score)s of 1; %(margin)s more than the next): a "
            "suggestion, not a finding."
        )
    return told % facts
