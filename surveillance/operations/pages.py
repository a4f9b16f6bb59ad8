"""The desk's page of health: what is down, what waits, and what becomes of letters held back."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any

import django_tables2 as tables
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Min
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from surveillance import clock
from surveillance.accounts.actor import Actor
from surveillance.accounts.rights import Right
from surveillance.flow import Transition
from surveillance.operations import figures
from surveillance.operations.figures import Figure
from surveillance.operations.watching import Seen, watch
from surveillance.outbox import holding
from surveillance.outbox.letter import Channel
from surveillance.outbox.models import Lane, OutboxMessage
from surveillance.web.guards import ActorRequest, guarded
from surveillance.web.templatetags import ui
from surveillance.web.verbs import FactsForm, ReasonForm
from surveillance.webhooks.flows import held

NUMBER = {"td": {"class": "number"}, "th": {"class": "number"}}
LANES = 20  # destinations that are shown, those waiting longest
CHANNELS = {
    Channel.EMAIL: gettext_lazy("e-mail"),
    Channel.WEBHOOK: gettext_lazy("webhook"),
    Channel.IN_APP: gettext_lazy("in the application"),
}

reader = guarded(Right.SEE_HEALTH)
decider = guarded(Right.RELEASE_LETTERS)


class PlatformTable(tables.Table):
    caption = gettext_lazy("Letters to platforms in the last 7 days")
    platform = tables.Column(verbose_name=gettext_lazy("Platform"))
    arrived = tables.Column(verbose_name=gettext_lazy("Arrived"), attrs=NUMBER)
    waiting = tables.Column(verbose_name=gettext_lazy("Waiting"), attrs=NUMBER)
    lost = tables.Column(verbose_name=gettext_lazy("Not arrived"), attrs=NUMBER)
    share = tables.Column(verbose_name=gettext_lazy("Arrived, of those decided"), attrs=NUMBER)

    class Meta:
        orderable = False


class LaneTable(tables.Table):
    caption = gettext_lazy("Destinations that letters wait for")
    destination = tables.Column(
        verbose_name=gettext_lazy("Destination"), attrs={"td": {"class": "words"}}
    )
    number = tables.Column(verbose_name=gettext_lazy("Waiting"), attrs=NUMBER)
    next_at = tables.Column(verbose_name=gettext_lazy("Next try"))
    failing_since = tables.Column(
        verbose_name=gettext_lazy("Takes nothing since"), default=gettext_lazy("it takes letters")
    )

    class Meta:
        orderable = False

    def render_next_at(self, value: datetime) -> str:
        return ui.moment(value)

    def render_failing_since(self, value: datetime) -> str:
        return ui.moment(value)


@reader
@never_cache
@require_GET
def health_page(request: ActorRequest) -> HttpResponse:
    """As it is now, for the whole installation, whatever the reader sees of its rows."""
    at, actor = clock.now(), request.actor
    seen = watch.seen or watch.renew()
    context = {
        "at": at,
        "parts": _parts(seen),
        "figures": [_tile(one, at, actor) for one in figures.registered() if one.title],
        "held": [_held_row(kind, actor) for kind in holding.tally()],
        "channels": _channels(at),
        "lanes": LaneTable(_lanes(at, actor)),
        "platforms": PlatformTable(_platforms(at)),
    }
    return render(request, "desk/health.html", context)


def _parts(seen: Seen) -> list[dict[str, Any]]:
    """What can be away, in which words, and whether it is."""
    found = [
        (_("Jobs"), seen.jobs_stand, _("letters, reminders, missed deadlines, imports")),
        (_("Redis"), seen.redis_is_away, _("jobs; nothing that must not be lost stands in it")),
        (_("Mail server"), bool(seen.mail_away_since), _("letters by e-mail")),
        (_("File storage"), seen.storage_is_away, _("photos, proof and other files")),
    ]
    return [
        {
            "name": name,
            "state": "failed" if is_away else "delivered",
            "word": _("away") if is_away else _("works"),
            "carries": carries,
        }
        for name, is_away, carries in found
    ]


def _tile(figure: Figure, at: datetime, actor: Actor) -> dict[str, Any]:
    """The parameters of components/stat.html."""
    value = figure.read(at).get(())
    route, query = figure.rows
    linked = route and actor.may(Right.SEE_DESK)
    is_wrong = value is None or (figure.most is not None and value > figure.most)
    return {
        "label": figure.title,
        "value": _in_words(figure, value),
        "url": reverse(route) + query if linked else "",
        "delta": _("more than it should be") if is_wrong else "",
    }


def _in_words(figure: Figure, value: float | None) -> str:
    if value is None:
        return _("never")
    if not figure.name.endswith("_seconds"):
        return f"{value:,.0f}"
    if value < 120:
        return _("%(number).0f s") % {"number": value}
    if value < 7200:
        return _("%(number).0f min") % {"number": value / 60}
    return _("%(number).0f h") % {"number": value / 3600}


def _channels(at: datetime) -> list[dict[str, Any]]:
    """Undelivered letters by channel: due now, and due later (a night, a digest, another try)."""
    due = dict.fromkeys(CHANNELS, 0) | _by_channel(OutboxMessage.objects.due(at))
    everything = _by_channel(OutboxMessage.objects.undelivered())
    return [
        {"name": name, "due": due[channel], "later": everything.get(channel, 0) - due[channel]}
        for channel, name in CHANNELS.items()
    ]


def _by_channel(rows: Any) -> dict[str, int]:
    return dict(rows.order_by().values_list("channel").annotate(Count("pk")))


def _lanes(at: datetime, actor: Actor) -> list[dict[str, Any]]:
    """By name for those who read the delivery log, by key for the others."""
    waiting = OutboxMessage.objects.undelivered().leaving().filter(held="").order_by()
    rows = waiting.values("lane").annotate(
        number=Count("pk"), next_at=Min("next_attempt_at"), address=Min("address")
    )
    shown = list(rows.order_by("next_at")[:LANES])
    known = Lane.objects.in_bulk([row["lane"] for row in shown])
    for row in shown:
        lane = known.get(row["lane"])
        row["destination"] = row["address"] if actor.may(Right.SEE_DELIVERIES) else row["lane"]
        row["failing_since"] = lane.failing_since if lane else None
        row["next_at"] = max(filter(None, (row["next_at"], lane and lane.not_before)))
    return shown


def _platforms(at: datetime) -> list[dict[str, Any]]:
    """From the figure of the same name: {(platform, outcome): letters}."""
    sums: dict[str, dict[str, float]] = defaultdict(dict)
    for (platform, outcome), number in figures.named("platform_letters_7_days").read(at).items():
        sums[platform][outcome] = number
    return [
        {
            "platform": platform,
            **{name: f"{sums[platform].get(name, 0):,.0f}" for name in _OUTCOMES},
            "share": _share(sums[platform]),
        }
        for platform in sorted(sums)
    ]


_OUTCOMES = ("arrived", "waiting", "lost")


def _share(sums: dict[str, float]) -> str:
    arrived, decided = sums.get("arrived", 0), sums.get("arrived", 0) + sums.get("lost", 0)
    return f"{100 * arrived / decided:.1f} %" if decided else "–"


def _held_row(kind: holding.HeldLetters, actor: Actor) -> dict[str, Any]:
    """Those of the breaker can be decided about here; those of a restore with its logs."""
    able = kind.by_breaker and actor.may(Right.RELEASE_LETTERS)
    query = f"?letter={kind.letter}"
    return {
        "letter": kind.letter,
        "number": kind.number,
        "why": _("more than may leave in an hour") if kind.by_breaker else _("since a restore"),
        "release": reverse("held-release") + query if able else "",
        "discard": reverse("held-discard") + query if able else "",
    }


def _decide(
    request: ActorRequest, transition: Transition, act: Callable[..., Any], done: str
) -> HttpResponse:
    """`?letter=`: the kind of letters; a reason is asked for and kept."""
    letter = request.GET.get("letter", "")
    letters = holding.by_breaker().filter(letter=letter)
    form: FactsForm = ReasonForm(request.POST or None, row=None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            decided = act(letters, by=request.actor, reason=form.cleaned_data["reason"])
        except ValidationError as problem:
            messages.error(request, " ".join(problem.messages))
        else:
            messages.success(request, done % {"number": decided.messages})
        return redirect("desk-health")
    context = {
        "title": transition.title,
        "number": letters.count(),
        "letter": letter,
        "form": form,
        "drops": act is held.discard,
    }
    return render(request, "desk/held.html", context, status=422 if form.errors else 200)


@decider
@require_http_methods(["GET", "HEAD", "POST"])
def release(request: ActorRequest) -> HttpResponse:
    return _decide(request, held.RELEASE, held.release, _("Letters that go out now: %(number)d."))


@decider
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: ActorRequest) -> HttpResponse:
    return _decide(request, held.DISCARD, held.discard, _("Letters that were dropped: %(number)d."))
