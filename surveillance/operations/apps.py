from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "surveillance.operations"
    label = "operations"

    def ready(self) -> None:
        from surveillance.operations import figures, logs

        figures.register(*figures.OWN)
        logs.configure_structlog()
