from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "surveillance.audit"
    label = "audit"
