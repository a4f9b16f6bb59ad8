"""Verbs of cases: opened, worked, closed. Merging and splitting stand in merging.py."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.letters import recipients, to_staff
from cases.models import Case, CaseListing, CaseNote, Item
from cases.states import CASE_OPEN, CaseState, ItemState
from sellers.models import Listing, Product
from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.accounts.models import Office, User
from surveillance.accounts.rights import STAFF, Right
from surveillance.flow import NEW, NotVisible, Transition, perform, require_text
from surveillance.references import Kind, next_reference
from surveillance.search_text import folded

OPEN = Transition(
    "case.open",
    Right.OPEN_CASE,
    _("Open a case"),
    _("opened the case"),
    from_={NEW},
    to={CaseState.INVESTIGATING},
)
CLAIM = Transition(
    "case.claim",
    Right.CLAIM_CASE,
    _("Claim"),
    _("took the case"),
    from_=CASE_OPEN,
    objection=lambda case, by: (
        gettext("It is yours already.") if case.assignee_id == by.user_id else ""
    ),
)
ASSIGN = Transition(
    "case.assign",
    Right.ASSIGN_CASE,
    _("Assign"),
    _("assigned the case to %(assignee)s"),
    from_=CASE_OPEN,
)
LINK_PRODUCT = Transition(
    "case.link_product",
    Right.WORK_CASE,
    _("Add a product"),
    _("added the product %(product)s"),
    from_=CASE_OPEN,
)
UNLINK_PRODUCT = Transition(
    "case.unlink_product",
    Right.WORK_CASE,
    _("Remove a product"),
    _("removed the product %(product)s"),
    from_=CASE_OPEN,
)
LINK_LISTING = Transition(
    "case.link_listing",
    Right.WORK_CASE,
    _("Add a listing"),
    _("added the listing %(listing)s"),
    from_=CASE_OPEN,
)
UNLINK_LISTING = Transition(
    "case.unlink_listing",
    Right.WORK_CASE,
    _("Remove a listing"),
    _("removed the listing %(listing)s"),
    from_=CASE_OPEN,
)
ADD_NOTE = Transition(
    "case.add_note", Right.WORK_CASE, _("Add a note"), _("added a note"), from_=CASE_OPEN
)
RESTRICT = Transition(
    "case.restrict",
    Right.RESTRICT_CASE,
    _("Restrict"),
    _("restricted the case"),
    from_=CASE_OPEN,
    objection=lambda case, by: gettext("It is restricted already.") if case.is_restricted else "",
)
LIFT_RESTRICTION = Transition(
    "case.lift_restriction",
    Right.RESTRICT_CASE,
    _("Lift the restriction"),
    _("lifted the restriction"),
    from_=CASE_OPEN,
    objection=lambda case, by: "" if case.is_restricted else gettext("It is not restricted."),
)
ENFORCE = Transition(
    "case.enforce",
    Right.ISSUE_TAKEDOWN,
    _("Enforce"),
    _("began enforcing"),
    from_={CaseState.INVESTIGATING, CaseState.MONITORING},
    to={CaseState.ENFORCING},
)
MONITOR = Transition(
    "case.monitor",
    Right.CHECK_ITEM,
    _("Monitor"),
    _("settled the last listing; watching for its return"),
    from_={CaseState.ENFORCING},
    to={CaseState.MONITORING},
)
CLOSE = Transition(
    "case.close",
    Right.CLOSE_CASE,
    _("Close"),
    _("closed the case"),
    from_=CASE_OPEN,
    to={CaseState.CLOSED},
)
REOPEN = Transition(
    "case.reopen",
    Right.REOPEN_CASE,
    _("Reopen"),
    _("reopened the case"),
    from_={CaseState.CLOSED},
    to={CaseState.INVESTIGATING},
)


def open(  # noqa: A001  the verb's own word, always called as cases.open
    title: str,
    *,
    by: Actor,
    products: Sequence[Product] = (),
    office: Office | None = None,
    at: datetime | None = None,
) -> Case:
    """Begin to work on an unsafe product. The case belongs to who opened it."""
    at = at or clock.now()
    require_text(title=title)
    case = Case(
        title=title,
        office_id=office.pk if office else by.office_id,  # type: ignore[misc]
        assignee_id=by.user_id,
        is_sandbox=by.is_sandbox,
        opened_at=at,
        search_text=folded(title, *(product.search_text for product in products)),
    )
    with perform(OPEN, case, by=by, at=at) as change:
        case.reference = next_reference(Kind.SANDBOX_CASE if by.is_sandbox else Kind.CASE, at)
        change.note(products=[product.reference for product in products])
        change.afterwards(lambda: case.products.set(products))
    return case


def claim(case: Case, *, by: Actor, at: datetime | None = None) -> Case:
    """Take the case on oneself."""
    with perform(CLAIM, case, by=by, at=at) as change:
        change.row.assignee_id = by.user_id
    return change.row


def assign(case: Case, *, by: Actor, assignee: User, at: datetime | None = None) -> Case:
    """Give the case to somebody who works cases; it moves to their office."""
    if assignee.role not in STAFF or not assignee.is_active:
        raise ValidationError(
            {"assignee": gettext("%(name)s does not work cases.") % {"name": assignee.name}}
        )
    with perform(ASSIGN, case, by=by, at=at) as change:
        change.row.assignee = assignee
        change.row.office = assignee.office or change.row.office
        change.note(assignee=f"{assignee.role}:{assignee.pk}")
        change.send(
            to_staff.CaseAssigned(
                about=case.reference,
                recipients=recipients.of_staff([assignee]),
                link=to_staff.desk_link(case),
                case=change.row,
            )
        )
    return change.row


def link_product(case: Case, *, by: Actor, product: Product, at: datetime | None = None) -> Case:
    """The case is about this product (too)."""
    with perform(LINK_PRODUCT, case, by=by, at=at) as change:
        if change.row.products.contains(product):
            raise _wrong("product", gettext("%(row)s is in the case already."), product)
        change.row.products.add(product)
        change.row.search_text = folded(change.row.search_text, product.search_text)
        change.note(product=product.reference)
    return change.row


def unlink_product(case: Case, *, by: Actor, product: Product, at: datetime | None = None) -> Case:
    """The case is not about this product after all."""
    with perform(UNLINK_PRODUCT, case, by=by, at=at) as change:
        if not change.row.products.contains(product):
            raise _wrong("product", gettext("%(row)s is not in the case."), product)
        change.row.products.remove(product)
        rest = change.row.products.values_list("search_text", flat=True)
        change.row.search_text = folded(change.row.title, *rest)
        change.note(product=product.reference)
    return change.row


def link_listing(case: Case, *, by: Actor, listing: Listing, at: datetime | None = None) -> Case:
    """This offer sells the product of the case."""
    with perform(LINK_LISTING, case, by=by, at=at) as change:
        _link, is_new = CaseListing.objects.get_or_create(
            case=change.row, listing=listing, defaults={"added_at": change.at}
        )
        if not is_new:
            raise _wrong("listing", gettext("%(row)s is in the case already."), listing)
        change.note(listing=listing.reference)
    return change.row


def unlink_listing(case: Case, *, by: Actor, listing: Listing, at: datetime | None = None) -> Case:
    """This offer does not belong to the case; refused while a request names it."""
    with perform(UNLINK_LISTING, case, by=by, at=at) as change:
        refuse_if_named(change.row, [listing])
        count, _deleted = CaseListing.objects.filter(case=change.row, listing=listing).delete()
        if not count:
            raise _wrong("listing", gettext("%(row)s is not in the case."), listing)
        change.note(listing=listing.reference)
    return change.row


def add_note(case: Case, *, by: Actor, text: str, at: datetime | None = None) -> Case:
    """Write something down."""
    require_text(text=text)
    with perform(ADD_NOTE, case, by=by, at=at) as change:
        CaseNote.objects.create(
            case=change.row, author_id=by.person_id, at=change.at, text=text.strip()
        )
    return change.row


def restrict(case: Case, *, by: Actor, reason: str, at: datetime | None = None) -> Case:
    """Only its inspector and the supervisors of its office see the case from now on."""
    require_text(reason=reason)
    with perform(RESTRICT, case, by=by, at=at, reason=reason) as change:
        change.row.is_restricted = True
    return change.row


def lift_restriction(case: Case, *, by: Actor, reason: str, at: datetime | None = None) -> Case:
    """Everybody on the desk sees the case again."""
    require_text(reason=reason)
    with perform(LIFT_RESTRICTION, case, by=by, at=at, reason=reason) as change:
        change.row.is_restricted = False
    return change.row


def enforce(case: Case, *, by: Actor, at: datetime | None = None) -> Case:
    """A request has gone out: called by takedowns.issue."""
    with perform(ENFORCE, case, by=by, at=at) as change:
        pass
    return change.row


def monitor(case: Case, *, by: Actor, at: datetime | None = None) -> Case:
    """Nothing is open any more: called when the last item is settled."""
    with perform(MONITOR, case, by=by, at=at) as change:
        pass
    return change.row


def close(case: Case, *, by: Actor, outcome: str, at: datetime | None = None) -> Case:
    """End the work. Refused while an item is open, naming it."""
    require_text(outcome=outcome)
    with perform(CLOSE, case, by=by, at=at) as change:
        still_open = Item.objects.filter(takedown__case=case).open().order_by("due_at")[:5]
        if names := ", ".join(item.audit_reference for item in still_open):
            raise ValidationError(
                gettext("Still open: %(items)s. Settle or withdraw them first.") % {"items": names}
            )
        change.row.closed_at = change.at
        change.row.outcome = outcome
    return change.row


def reopen(case: Case, *, by: Actor, reason: str, at: datetime | None = None) -> Case:
    """Begin again where it was left."""
    require_text(reason=reason)
    with perform(REOPEN, case, by=by, at=at, reason=reason) as change:
        change.row.closed_at = None
        change.row.outcome = ""
    return change.row


def lock_open(case: Case, by: Actor, *, field: str = "case") -> Case:
    """The case as the actor sees it, under lock, for a verb that puts something into it.

    Raises NotVisible, and ValidationError for `field` where the case is not open.
    """
    seen = Case.objects.visible_to(by).select_for_update(of=("self",), no_key=True)
    locked: Case | None = seen.filter(pk=case.pk).first()
    if locked is None:
        raise NotVisible(gettext("%(row)s is not here.") % {"row": case.reference})
    if locked.state not in CASE_OPEN:
        raise ValidationError({field: gettext("%(case)s is not open.") % {"case": case.reference}})
    return locked


def monitor_when_settled(case_id: int, *, by: Actor, at: datetime) -> None:
    """When nothing is open any more the case only watches."""
    case = Case.objects.get(pk=case_id)
    if case.state == CaseState.ENFORCING and not Item.objects.filter(takedown__case=case).open():
        monitor(case, by=by, at=at)


def refuse_if_named(case: Case, listings: Sequence[Listing]) -> None:
    """Raises ValidationError for a listing that a request of the case names, until withdrawn."""
    items = Item.objects.filter(takedown__case=case, listing__in=listings)
    named = items.exclude(state=ItemState.WITHDRAWN).for_list().first()
    if named:
        raise ValidationError(
            {
                "listing": gettext("%(listing)s stands in %(item)s; withdraw that first.")
                % {"listing": named.listing.reference, "item": named.audit_reference}
            }
        )


def _wrong(field: str, text: str, row: Product | Listing) -> ValidationError:
    return ValidationError({field: text % {"row": row.reference}})
