from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = _("The work")

    def ready(self) -> None:
        from cases.flows import takedowns, undelivered
        from cases.flows.report_imports import ReportIntake
        from cases.letters.events import EVENTS
        from cases.pages import navigation as desk
        from cases.portal import navigation as portal
        from cases.stats import waiting
        from sellers.feeds.registry import INCIDENT_FEEDS
        from sellers.flows import uploads
        from surveillance.operations import figures
        from surveillance.outbox import receipts
        from surveillance.web import navigation
        from surveillance.webhooks import events

        navigation.register(desk.navigation)
        navigation.register(desk.rules, place=1)
        navigation.register(portal.navigation)
        uploads.register(INCIDENT_FEEDS, ReportIntake)
        receipts.register("takedown_issued", takedowns.arrived)
        receipts.register_lost(undelivered.tell_staff)
        events.register(EVENTS)
        figures.register(*waiting.FIGURES)
