from django.apps import AppConfig
from django.conf import settings


class TimeMachineConfig(AppConfig):
    name = "surveillance.timemachine"
    label = "timemachine"

    def ready(self) -> None:
        from surveillance.timemachine import machine

        if settings.DEMO:
            machine.install()
