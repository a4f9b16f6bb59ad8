"""A first writing of the statement of reasons, from what the case already knows."""

from django.utils.translation import gettext as _

from cases.models import Case, RiskAssessment
from cases.risk import Assessment
from cases.states import AssessmentState
from sellers.models import Alert, Product


def proposed(case: Case) -> dict[str, str]:
    """Initial values of forms.ReasonsForm; the inspector reads and changes them."""
    product = case.products.prefetch_related("identifiers").order_by("pk").first()
    alert = _alert(product)
    assessment = case.assessments.exclude(state=AssessmentState.SUPERSEDED).first()
    organisation = case.office.organisation
    return {
        "facts": " ".join(_facts(case, product, alert, assessment)),
        "hazard": _hazard(product, alert, assessment),
        "territory": _territory(organisation.jurisdiction),
        "action": _(
            "Remove the listings named here, or make them inaccessible in the territory, and see"
            " that the same offers do not come back. Tell the sellers. Then answer for each"
            " listing."
        ),
        "redress": _(
            "If you hold that a listing need not be removed, refuse it in your answer and name the"
            " ground; an inspector looks at it again. Your right to go to court is not affected."
        ),
    }


def _alert(product: Product | None) -> Alert | None:
    if product is None:
        return None
    alert: Alert | None = product.alerts.published().order_by("-published_on", "-id").first()
    return alert


def _facts(
    case: Case,
    product: Product | None,
    alert: Alert | None,
    assessment: RiskAssessment | None,
) -> list[str]:
    sentences = [
        _("The product “%(product)s” is unsafe.") % {"product": product or case.title},
    ]
    if product and (codes := _codes(product)):
        sentences.append(_("It is identified by %(codes)s.") % {"codes": codes})
    if alert:
        sentences.append(
            _("It is the subject of alert %(number)s of %(source)s.")
            % {"number": alert.number or alert.reference, "source": alert.get_source_display()}
        )
    if assessment and assessment.state == AssessmentState.VALIDATED:
        sentences.append(
            _("Its risk was assessed after Decision (EU) 2019/417 as %(level)s.")
            % {"level": assessment.get_level_display()}
        )
    return sentences


def _codes(product: Product) -> str:
    """At most five of its GTINs and models."""
    kinds = {"gtin": _("GTIN %(value)s"), "model": _("model %(value)s")}
    found = [
        kinds[identifier.kind] % {"value": identifier.raw}
        for identifier in product.identifiers.all()
        if identifier.kind in kinds
    ]
    return ", ".join(found[:5])


def _hazard(product: Product | None, alert: Alert | None, assessment: RiskAssessment | None) -> str:
    """What the alert says, else how the deciding scenario ends, else the product's hazards."""
    if alert and alert.hazard:
        return alert.hazard
    if assessment:
        result = Assessment.from_json(assessment.result)
        return result.results[result.deciding].scenario.injury
    return ", ".join(product.hazards) if product else ""


def _territory(jurisdiction: str) -> str:
    return {
        "EU": _("European Union"),
        "TW": _("Taiwan"),
        "JP": _("Japan"),
        "KR": _("Republic of Korea"),
        "AU": _("Australia"),
        "CA": _("Canada"),
        "US": _("United States"),
        "SG": _("Singapore"),
    }.get(jurisdiction, jurisdiction)
