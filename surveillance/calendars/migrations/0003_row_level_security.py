"""Calendars and regimes are published law: nothing to hold back."""

from django.db import migrations

from surveillance.accounts.policies import open_to_all


class Migration(migrations.Migration):
    dependencies = [
        ("calendars", "0002_who_made_a_version"),
        ("accounts", "0004_row_level_security"),
    ]

    operations = [open_to_all("calendars_calendar"), open_to_all("calendars_regime")]
