"""manage.py import_reports --feed saferproducts FILE…: incident reports into the inbox."""

from functools import partial

from cases.flows.report_imports import ReportIntake
from sellers.feeds.registry import INCIDENT_FEEDS
from sellers.management.feed_command import FeedCommand


class Command(FeedCommand):
    help = "Import incident reports of a foreign feed into the inbox. Safe to run again."
    intakes = {name: partial(ReportIntake, feed) for name, feed in INCIDENT_FEEDS.items()}
