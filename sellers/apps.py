from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SellersConfig(AppConfig):
    name = "sellers"
    verbose_name = _("The market")

    def ready(self) -> None:
        from sellers.pages import navigation as market
        from surveillance.web import navigation

        navigation.register(market.navigation)
