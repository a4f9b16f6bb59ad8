from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebhooksConfig(AppConfig):
    name = "surveillance.webhooks"
    label = "webhooks"
    verbose_name = _("Webhooks")

    def ready(self) -> None:
        from surveillance.outbox import receipts
        from surveillance.webhooks.flows import endpoints

        receipts.register_gone(endpoints.note_gone)
