from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    name = "surveillance.calendars"
    label = "calendars"
