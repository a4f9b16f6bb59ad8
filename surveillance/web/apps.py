from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "surveillance.web"
    label = "web"

    def ready(self) -> None:
        from surveillance import checks  # noqa: F401  registers the system checks
