"""Letters that did not arrive: the people whose work waits for them are told, in the application
alone, so that a notice of a failure can never fail itself."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models.functions import Coalesce
from django.urls import reverse

from cases.letters import recipients, to_staff
from cases.models import Report, TakedownRequest
from surveillance.accounts.models import User
from surveillance.accounts.rights import STAFF, Role
from surveillance.outbox import queue
from surveillance.outbox.gathering import Digest
from surveillance.outbox.letter import Letter
from surveillance.outbox.models import OutboxMessage
from surveillance.references import is_of_sandbox


def tell_staff(messages: Sequence[OutboxMessage], at: datetime) -> None:
    """For the outbox: these letters were given up, refused, or came back."""
    messages = [message for message in messages if not is_of_sandbox(message.about)]
    outward = [message for message in messages if message.user_id is None or _is_outside(message)]
    letters: list[Letter] = [letter for message in outward for letter in _to_inspector(message)]
    if messages:
        letters.append(_to_administrators(at))
    queue.enqueue(letters, cause=None, at=at)


def _is_outside(message: OutboxMessage) -> bool:
    return not User.objects.filter(pk=message.user_id, role__in=STAFF).exists()


def _to_inspector(message: OutboxMessage) -> Iterable[Letter]:
    """Whoever has the case or the report that the letter is about, or the requests that a digest
    named; nobody, and it is left to the administrators."""
    assignees, link = _readers(message)
    readers = User.objects.active().filter(pk__in=assignees)
    if readers:
        yield to_staff.LetterNotArrived(
            about=message.about,
            recipients=recipients.of_staff(readers, by_email=False),
            link=link,
            unique=f"not_arrived:{message.pk}:{message.queued_at:%Y-%m-%dT%H:%M:%S}",
            title_of_letter=message.document["title"],
            address=message.address,
            error=message.last_error,
        )


def _readers(message: OutboxMessage) -> tuple[set[int], str]:
    """The keys of people, and the page to open."""
    if message.letter != Digest.NAME:
        assignee, link = _assignee(message.about)
        return {assignee} - {None}, link  # type: ignore[return-value]
    named = TakedownRequest.objects.filter(reference__in=message.gathered.values("about"))
    assignees = named.exclude(case__assignee=None).values_list("case__assignee_id", flat=True)
    return set(assignees), f"{reverse('takedown-list')}?due=overdue"


def _assignee(reference: str) -> tuple[int | None, str]:
    """The key of the person, and the page to open."""
    takedown = TakedownRequest.objects.filter(reference=reference).select_related("case").first()
    if takedown is not None:
        return takedown.case.assignee_id, to_staff.desk_link(takedown)
    reports = Report.objects.filter(reference=reference)
    both = reports.annotate(person=Coalesce("assignee_id", "case__assignee_id"))
    person = both.values_list("person", flat=True).first()
    return person, reverse("report-detail", args=[reference])


def _to_administrators(at: datetime) -> Letter:
    people = User.objects.with_role(Role.ADMINISTRATOR)
    return to_staff.LettersNotArrived(
        about=f"{at:%Y-%m-%d}",
        recipients=recipients.of_staff(people, by_email=False),
        link=f"{reverse('delivery-list')}?state=failed",
        unique=f"not_arrived:{at:%Y-%m-%d}",
    )
