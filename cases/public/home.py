"""The front page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from cases.public.register import card, published_alerts
from surveillance.web.guards import ActorRequest, public

NEWEST = 6

# Why this service exists, in figures that others have published.
FIGURES = (
    {
        "value": "87 %",
        "label": _("of banned or recalled products looked for were still on sale online"),
        "source": _("OECD sweep of 2021"),
    },
    {
        "value": "87.36 %",
        "label": _("of offers were removed within two working days under the EU's pledge"),
        "source": _("European Commission, 2018–2019"),
    },
    {
        "value": "23.7 %",
        "label": _("of blocked products came back under another offer"),
        "source": _("Korea, 2019"),
    },
)


@public
@require_safe
def home(request: ActorRequest) -> HttpResponse:
    alerts = published_alerts()
    newest = alerts.for_list().order_by("-published_on", "-id")[:NEWEST]
    context = {
        "alerts": [card(alert) for alert in newest],
        "counts": {"alerts": alerts.count()},
        "figures": FIGURES,
    }
    return render(request, "public/home.html", context)
