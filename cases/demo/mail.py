"""Every letter that went out in the demo, and those that would have: read as they were sent."""

from typing import Any
from uuid import UUID

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from cases.demo.guard import demo_only, shell_of
from cases.filters import ANY
from cases.pages import references
from cases.pages.correspondence import channel_in_words
from cases.pages.tables import NOWRAP, WORDS, DeskTable
from surveillance.outbox.document import Document
from surveillance.outbox.letter import Channel
from surveillance.outbox.models import OutboxMessage
from surveillance.outbox.rendering import as_html, as_pdf, as_text
from surveillance.web.guards import ActorRequest
from surveillance.web.lists import list_page
from surveillance.web.templatetags import ui

SORTS = {"newest": ("-created_at", "-id"), "oldest": ("created_at", "id")}
CHANNELS = [
    (Channel.EMAIL, gettext_lazy("e-mail")),
    (Channel.IN_APP, gettext_lazy("in the app")),
    (Channel.WEBHOOK, gettext_lazy("webhook")),
]


class MailFilter(filters.FilterSet):
    q = filters.CharFilter(method="holding", label=gettext_lazy("Recipient, subject or reference"))
    channel = filters.ChoiceFilter(choices=CHANNELS, label=gettext_lazy("Channel"), empty_label=ANY)
    state = filters.ChoiceFilter(
        choices=OutboxMessage.State.choices, label=gettext_lazy("State"), empty_label=ANY
    )

    class Meta:
        model = OutboxMessage
        fields: list[str] = []

    def __init__(self, data: Any, queryset: QuerySet[OutboxMessage]) -> None:
        super().__init__(data, queryset)
        search = self.form.fields["q"]
        search.widget.attrs["placeholder"] = search.label

    def holding(
        self, rows: QuerySet[OutboxMessage], name: str, value: str
    ) -> QuerySet[OutboxMessage]:
        return rows.filter(
            Q(address__icontains=value)
            | Q(user__name__icontains=value)
            | Q(about__icontains=value)
            | Q(title__icontains=value)
        )


class MailTable(DeskTable):
    caption = gettext_lazy("Letters")
    created_at = tables.Column(verbose_name=gettext_lazy("Written"), orderable=False, attrs=NOWRAP)
    title = tables.Column(
        verbose_name=gettext_lazy("Subject"),
        linkify=("demo-mail", {"pk": tables.A("pk")}),
        orderable=False,
        attrs=WORDS,
    )
    address = tables.Column(verbose_name=gettext_lazy("To"), orderable=False, attrs=WORDS)
    channel = tables.Column(verbose_name=gettext_lazy("Channel"), orderable=False, attrs=NOWRAP)
    about = tables.Column(verbose_name=gettext_lazy("About"), orderable=False, attrs=NOWRAP)
    state = tables.Column(verbose_name=gettext_lazy("State"), orderable=False)

    def render_created_at(self, value: Any) -> SafeString:
        return ui.moment(value)

    def render_address(self, record: OutboxMessage) -> str:
        return _recipient(record)

    def render_channel(self, value: str) -> str:
        return _channel(value)

    def render_about(self, value: str) -> SafeString | str:
        url = references.address(value)
        return format_html('<a href="{}">{}</a>', url, value) if url else value

    def render_state(self, record: OutboxMessage) -> SafeString:
        return ui.chip(record.state, record.get_state_display())


@demo_only
@require_GET
def mail_list(request: ActorRequest) -> HttpResponse:
    """All letters by the demo's time, the newest first."""
    titled = OutboxMessage.objects.annotate(title=KeyTextTransform("title", "document"))
    rows = titled.select_related("user").defer("document", "payload")
    page = list_page(request, MailFilter(request.GET, rows), sorts=SORTS)
    context = {"shell": shell_of(request), "page": page, "table": MailTable(page)}
    return render(request, "demo/mail_list.html", context)


@demo_only
@require_GET
def mail(request: ActorRequest, pk: UUID) -> HttpResponse:
    """One letter: how it travelled, as a page, as text."""
    message = get_object_or_404(OutboxMessage.objects.select_related("user"), pk=pk)
    document = Document.from_json(message.document)
    context = {
        "shell": shell_of(request),
        "message": message,
        "title": document.title,
        "text": as_text(document),
        "facts": _facts(message),
    }
    return render(request, "demo/mail.html", context)


@demo_only
@require_GET
def mail_letter(request: ActorRequest, pk: UUID) -> HttpResponse:
    """The HTML part, for a frame without rights."""
    message = get_object_or_404(OutboxMessage, pk=pk)
    html = as_html(Document.from_json(message.document), message.language)
    return HttpResponse(html, headers={"Content-Language": message.language})


@demo_only
@require_GET
def mail_pdf(request: ActorRequest, pk: UUID) -> HttpResponse:
    """The attachment, of letters that have one."""
    message = get_object_or_404(OutboxMessage, pk=pk)
    if not message.as_pdf:
        raise Http404(_("This letter has no attachment."))
    return HttpResponse(
        as_pdf(Document.from_json(message.document), message.language),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{message.about}.pdf"'},
    )


def _recipient(message: OutboxMessage) -> str:
    """A notice in the app goes to a person, anything else to an address."""
    return message.user.name if message.user else message.address


def _channel(channel: str) -> str:
    return _("in the app") if channel == Channel.IN_APP else channel_in_words(channel)


def _facts(message: OutboxMessage) -> list[dict[str, Any]]:
    """The parameters of components/facts.html; what is not known is left out."""
    found: list[dict[str, Any]] = [
        {"label": _("To"), "value": _recipient(message)},
        {"label": _("Channel"), "value": _channel(message.channel)},
        {
            "label": _("About"),
            "value": message.about,
            "url": references.address(message.about),
        },
        {"label": _("Language"), "value": message.language},
        {"label": _("Written"), "value": ui.moment(message.created_at)},
        {
            "label": _("Delivered"),
            "value": ui.moment(message.delivered_at) if message.delivered_at else "",
        },
        {"label": _("Tries"), "value": message.attempts},
        {"label": _("Last error"), "value": message.last_error},
    ]
    return [fact for fact in found if fact["value"] not in ("", None)]
