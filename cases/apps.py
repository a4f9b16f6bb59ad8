from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = _("The work")

    def ready(self) -> None:
        from cases.flows import takedowns
        from surveillance.outbox import receipts

        receipts.register("takedown_issued", takedowns.note_delivery)
