from django.apps import AppConfig


class SavedViewsConfig(AppConfig):
    name = "surveillance.saved_views"
    label = "saved_views"
