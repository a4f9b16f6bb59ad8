"""Views of lists: kept, changed, dropped, preferred.

These are no verbs: how somebody looks at rows is no act of the authority, and has no place in its
trail. From outside nobody writes rows, so that each steps beyond the wall for its own.
"""

import secrets

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from surveillance.accounts import enrolment
from surveillance.accounts.actor import Actor
from surveillance.accounts.models import User
from surveillance.accounts.wall import beyond_the_wall
from surveillance.flow import Forbidden, NotVisible, require_text
from surveillance.saved_views.models import SavedView

MOST = 20  # of one person for one list
# What says where one is in a list, or how it is answered, and not what it shows.
PASSING = ("after", "before", "page", "cursor", "saved", "count_only")


def normal(query: str) -> str:
    """The filters and the sort order of an address, the same however they were put together."""
    given = QueryDict(query)
    pairs = sorted((name, value) for name, values in given.lists() for value in values if value)
    kept = QueryDict(mutable=True)
    for name, value in pairs:
        if name not in PASSING:
            kept.appendlist(name, value)
    return kept.urlencode()


def keep(*, by: Actor, list_name: str, name: str, query: str, is_shared: bool) -> SavedView:
    """The same name again: the view shows something else from now on. Raises ValidationError."""
    name, query = _checked(by, list_name, name, query)
    mine = SavedView.objects.filter(owner=by.person_id, list_name=list_name)
    if not mine.filter(name=name).exists() and mine.count() >= MOST:
        told = _("You have %(most)d views of this list: delete one first.") % {"most": MOST}
        raise ValidationError({"name": told})
    with beyond_the_wall():
        facts = {
            "query": query,
            "is_shared": is_shared,
            "organisation_id": by.organisation_id,
            "office_id": by.office_id,
        }
        view, _is_new = SavedView.objects.update_or_create(
            owner_id=by.person_id,
            list_name=list_name,
            name=name,
            defaults=facts,
            create_defaults=facts | {"reference": f"sv_{secrets.token_hex(6)}"},
        )
    return view


def change(view: SavedView, *, by: Actor, name: str, is_shared: bool) -> None:
    """Another name, or shared or not any more. Raises ValidationError."""
    _require_mine(view, by)
    require_text(name=name)
    name = name.strip()
    with beyond_the_wall():  # those of its owner, which whoever tidies up need not see
        others = SavedView.objects.filter(owner=view.owner_id, list_name=view.list_name)
        is_taken = others.filter(name=name).exclude(pk=view.pk).exists()
    if is_taken:
        raise ValidationError({"name": _("There is a view of this name already.")})
    with beyond_the_wall():
        view.name, view.is_shared = name, is_shared
        view.save(update_fields=["name", "is_shared"])


def drop(view: SavedView, *, by: Actor) -> None:
    _require_mine(view, by)
    with beyond_the_wall():
        view.delete()


def prefer(view: SavedView, *, by: Actor, is_default: bool) -> None:
    """Whoever opens the list comes to this view first; or to all rows again."""
    _require_visible(view, by)
    with beyond_the_wall():
        person = User.objects.select_for_update(no_key=True).get(pk=by.person_id)
        enrolment.prefer(person, view.list_name, view.reference if is_default else "")


def _checked(by: Actor, list_name: str, name: str, query: str) -> tuple[str, str]:
    require_text(name=name)
    query = normal(query)
    if not query:
        raise ValidationError(_("Set a filter or a sort order first: there is nothing to keep."))
    if len(query) > SavedView.QUERY_LENGTH:
        raise ValidationError(_("These are more filters than a view can keep."))
    try:
        reverse(list_name)
    except NoReverseMatch as problem:
        raise NotVisible(_("This list is not here.")) from problem
    return name.strip(), query


def _require_visible(view: SavedView, by: Actor) -> None:
    if not SavedView.objects.visible_to(by).filter(pk=view.pk).exists():
        raise NotVisible(_("This view is not here."))


def _require_mine(view: SavedView, by: Actor) -> None:
    _require_visible(view, by)
    if not view.may_be_changed_by(by):
        raise Forbidden(_("This view is somebody else's."))
