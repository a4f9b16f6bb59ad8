from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "surveillance.web"
    label = "web"
