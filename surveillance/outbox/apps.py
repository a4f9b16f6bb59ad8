from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "surveillance.outbox"
    label = "outbox"
