"""Who is written to, on which channels, in which language."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sellers.models import ContactPoint, Platform
from surveillance.accounts.actor import Actor
from surveillance.accounts.models import User
from surveillance.accounts.rights import PLATFORM_SIDE, Right, roles_with
from surveillance.calendars.models import Calendar
from surveillance.clock import WorkingCalendar
from surveillance.outbox.letter import Channel, Recipient


def of_platform(
    platform: Platform, purpose: str = ContactPoint.Purpose.DEMANDS
) -> tuple[Recipient, ...]:
    """A platform's contact points by e-mail, its endpoints by webhook, its agents in the app."""
    organisation = platform.organisation
    mails = [
        Recipient(Channel.EMAIL, point.email, point.language, time_zone=organisation.time_zone)
        for point in platform.contact_points.filter(purpose=purpose)
    ]
    hooks = [
        Recipient(
            Channel.WEBHOOK,
            endpoint.url,
            organisation.language,
            endpoint_id=endpoint.pk,
            events=tuple(endpoint.events),
        )
        for endpoint in organisation.endpoints.on()
    ]
    agents = User.objects.members_of(organisation.pk).with_role(*PLATFORM_SIDE)
    return (*mails, *hooks, *(in_app(user) for user in agents))


def language_of(platform: Platform) -> str:
    """The language that a platform is written to in."""
    addressees = of_platform(platform)
    language: str = platform.organisation.language
    return addressees[0].language if addressees else language


def of_staff(users: Iterable[User], *, by_email: bool = True) -> tuple[Recipient, ...]:
    """People of the authority: in the app, and by e-mail unless it would only be noise."""
    found: list[Recipient] = []
    for user in users:
        found.append(in_app(user))
        if by_email:
            found.append(
                Recipient(
                    Channel.EMAIL,
                    user.email,
                    user.language,
                    user_id=user.pk,
                    time_zone=user.time_zone,
                )
            )
    return tuple(found)


def who_may(right: Right, office_id: int) -> list[User]:
    """The people of an office who hold a right."""
    return list(User.objects.with_role(*roles_with(right)).filter(office_id=office_id))


def others_who_may(right: Right, office_id: int, actor: Actor) -> list[User]:
    """Where a second person decides, whoever asks for it is not written to."""
    return [user for user in who_may(right, office_id) if user.pk != actor.user_id]


def of_address(email: str, language: str) -> tuple[Recipient, ...]:
    return (Recipient(Channel.EMAIL, email, language),) if email else ()


def in_app(user: User) -> Recipient:
    return Recipient(
        Channel.IN_APP,
        f"user:{user.pk}",
        user.language,
        user_id=user.pk,
        time_zone=user.time_zone,
    )


def at_work(
    found: Sequence[Recipient], working_days: WorkingCalendar | None
) -> tuple[Recipient, ...]:
    """The same, with the working days of where they are: for letters that wait for these."""
    return tuple(replace(recipient, calendar=working_days) for recipient in found)


def working_days_at(platform: Platform) -> WorkingCalendar | None:
    """By the calendar that its people work by; None where there is none, as below."""
    calendar = platform.calendar()
    return calendar.working() if calendar else None


def working_days_in(jurisdiction: str) -> WorkingCalendar | None:
    """By the calendar of a jurisdiction; None where it has none, and Monday to Friday is taken."""
    calendars = Calendar.objects.current().filter(jurisdiction=jurisdiction)
    calendar: Calendar | None = calendars.order_by("code").first()
    return calendar.working() if calendar else None
