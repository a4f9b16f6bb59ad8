from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "surveillance.operations"
    label = "operations"

    def ready(self) -> None:
        from surveillance.celery import app
        from surveillance.operations import figures, logs, starting

        figures.register(*figures.OWN)
        logs.configure_structlog()
        app.steps["worker"].add(starting.RoleStep)
