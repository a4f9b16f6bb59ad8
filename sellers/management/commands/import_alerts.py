"""manage.py import_alerts --feed NAME FILE…: alerts and recalls as published."""

from functools import partial

from sellers.feeds.registry import ALERT_FEEDS
from sellers.flows.alert_imports import AlertIntake
from sellers.management.feed_command import FeedCommand


class Command(FeedCommand):
    help = "Import alerts of a foreign feed into the register. Safe to run again."
    intakes = {name: partial(AlertIntake, feed) for name, feed in ALERT_FEEDS.items()}
