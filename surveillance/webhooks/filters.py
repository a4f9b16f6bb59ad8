"""How the delivery log is searched."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import django_filters as filters
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from surveillance.clock.instants import start_of_day
from surveillance.outbox.letter import Channel, Letter
from surveillance.outbox.models import OutboxMessage, OutboxMessageQuerySet
from surveillance.web.forms import DateInput

ANY = _("any")
CHANNELS = [(Channel.EMAIL, _("e-mail")), (Channel.WEBHOOK, _("webhook"))]


def _letters() -> Iterable[tuple[str, str]]:
    return [(name, name) for name in sorted(Letter.names())]


class DeliveryFilter(filters.FilterSet):
    q = filters.CharFilter(method="holding", label=_("Recipient or reference"))
    channel = filters.ChoiceFilter(choices=CHANNELS, label=_("Channel"), empty_label=ANY)
    state = filters.ChoiceFilter(
        choices=OutboxMessage.State.choices, label=_("State"), empty_label=ANY
    )
    letter = filters.ChoiceFilter(choices=_letters, label=_("Letter"), empty_label=ANY)
    day = filters.DateFilter(method="written_on", label=_("Written on"), widget=DateInput)
    webhook = filters.CharFilter(field_name="endpoint__reference", label=_("Webhook"))

    class Meta:
        model = OutboxMessage
        fields: list[str] = []

    def __init__(self, data: Any, queryset: OutboxMessageQuerySet) -> None:
        super().__init__(data, queryset)
        search = self.form.fields["q"]
        search.widget.attrs["placeholder"] = search.label

    def holding(self, rows: OutboxMessageQuerySet, name: str, value: str) -> OutboxMessageQuerySet:
        return rows.filter(Q(address__icontains=value) | Q(about__icontains=value))

    def written_on(self, rows: OutboxMessageQuerySet, name: str, value: Any) -> Any:
        """By the authority's calendar."""
        zone = ZoneInfo(settings.AUTHORITY_TIME_ZONE)
        begin, end = start_of_day(value, zone), start_of_day(value + timedelta(days=1), zone)
        return rows.filter(created_at__gte=begin, created_at__lt=end)
