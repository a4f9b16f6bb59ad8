"""Verbs by which a platform says how it is reached and that it knows its rules."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sellers.models import ContactPoint, Platform, PlatformRemark, RegimeAcceptance
from surveillance.accounts import enrolment
from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.calendars.models import Calendar, Regime
from surveillance.flow import Transition, WrongState, perform, require_text

ADD_CONTACT = Transition(
    "platform.add_contact",
    Right.KEEP_PLATFORM,
    _("Add a contact point"),
    _("added a contact point for %(purpose)s"),
)
REMOVE_CONTACT = Transition(
    "platform.remove_contact",
    Right.KEEP_PLATFORM,
    _("Remove"),
    _("removed a contact point for %(purpose)s"),
)
SET_HOURS = Transition(
    "platform.set_hours",
    Right.KEEP_PLATFORM,
    _("Save"),
    _("set language and working hours: %(language)s, %(time_zone)s %(calendar)s"),
)
ACCEPT_REGIME = Transition(
    "platform.accept_regime",
    Right.ACCEPT_REGIME,
    _("Accept"),
    _("accepted the rule %(regime)s"),
)

REMARK = Transition(
    "platform.remark",
    Right.REMARK,
    _("Save the remark"),
    _("wrote a remark to its numbers"),
)


def add_contact(
    platform: Platform,
    *,
    by: Actor,
    purpose: str,
    name: str,
    email: str,
    language: str,
    at: datetime | None = None,
) -> Platform:
    """Letters of this purpose go there too, in this language."""
    require_text(name=name)
    validate_email(email)
    known = ContactPoint.objects.filter(platform=platform, purpose=purpose, email=email)
    with perform(ADD_CONTACT, platform, by=by, at=at) as change:
        if known.exists():
            told = gettext("This address is a contact point for that already.")
            raise ValidationError({"email": told})
        change.note(purpose=purpose, language=language)
        point = ContactPoint(
            platform=change.row, purpose=purpose, name=name, email=email, language=language
        )
        change.afterwards(point.save)
    return change.row


def remove_contact(
    platform: Platform, contact: ContactPoint, *, by: Actor, at: datetime | None = None
) -> Platform:
    """Nothing more goes there. Refused for the last one that demands go to."""
    with perform(REMOVE_CONTACT, platform, by=by, at=at) as change:
        points = change.row.contact_points.filter(purpose=contact.purpose)
        if not points.filter(pk=contact.pk).exists():
            raise WrongState(gettext("This contact point is not there any more."))
        if contact.purpose == ContactPoint.Purpose.DEMANDS and points.count() == 1:
            raise WrongState(gettext("Demands have to reach somebody: add another one first."))
        change.note(purpose=contact.purpose)
        change.afterwards(lambda: _forget(contact))
    return change.row


def set_hours(
    platform: Platform,
    *,
    by: Actor,
    language: str,
    time_zone: str,
    calendar: str = "",
    at: datetime | None = None,
) -> Platform:
    """In which language the platform is written to, and when its people are at work: `calendar` is
    a code, or empty for that of the jurisdiction. No limit is counted by it."""
    if calendar and not Calendar.objects.current().filter(code=calendar).exists():
        raise ValidationError({"calendar": gettext("There is no such calendar.")})
    with perform(SET_HOURS, platform, by=by, at=at) as change:
        enrolment.settle(change.row.organisation, language=language, time_zone=time_zone)
        change.row.hours_set_at = change.at
        change.row.working_calendar = calendar
        change.note(language=language, time_zone=time_zone, calendar=calendar)
    return change.row


def accept_regime(
    platform: Platform, regime: Regime, *, by: Actor, at: datetime | None = None
) -> Platform:
    """The rule as it stands now, by a person. Refused once it was, and for a rule that no demand
    to this platform is made under."""
    with perform(ACCEPT_REGIME, platform, by=by, at=at) as change:
        if regime not in change.row.regimes():
            raise WrongState(gettext("No request to you is made under this rule as it stands."))
        if change.row.acceptances.filter(regime=regime).exists():
            raise WrongState(gettext("This rule is accepted already."))
        change.note(regime=str(regime))
        accepted = RegimeAcceptance(
            platform=change.row, regime=regime, accepted_at=change.at, accepted_by_id=by.person_id
        )
        change.afterwards(accepted.save)
    return change.row


def remark(platform: Platform, *, by: Actor, text: str, at: datetime | None = None) -> Platform:
    """What the platform says to its numbers, shown beside them; an empty text takes it back."""
    text = "\n".join(text.strip().splitlines())
    if len(text) > PlatformRemark.MOST:
        told = gettext("Write at most %(most)d characters.")
        raise ValidationError({"text": told % {"most": PlatformRemark.MOST}})
    with perform(REMARK, platform, by=by, at=at) as change:
        known = PlatformRemark.objects.filter(platform=change.row)
        change.note(text=text)
        if not text:
            change.afterwards(lambda: _take_back(known))
            return change.row
        written = PlatformRemark(
            platform=change.row, text=text, written_at=change.at, written_by_id=by.person_id
        )
        change.afterwards(written.save)
    return change.row


def _take_back(remarks: QuerySet[PlatformRemark]) -> None:
    remarks.delete()


def _forget(contact: ContactPoint) -> None:
    contact.delete()
