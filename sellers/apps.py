from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SellersConfig(AppConfig):
    name = "sellers"
    verbose_name = _("The market")

    def ready(self) -> None:
        from sellers import stats
        from sellers.feeds.registry import ALERT_FEEDS
        from sellers.flows import uploads
        from sellers.flows.alert_imports import AlertIntake
        from sellers.pages import navigation as market
        from sellers.portal import navigation as portal
        from surveillance.operations import figures
        from surveillance.web import navigation

        uploads.register(ALERT_FEEDS, AlertIntake)
        navigation.register(market.navigation)
        navigation.register(portal.navigation, place=2)
        figures.register(*stats.FIGURES)
