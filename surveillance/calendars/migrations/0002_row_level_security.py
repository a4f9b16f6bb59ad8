"""Calendars and regimes are published law: nothing to hold back."""

from django.db import migrations

from surveillance.accounts.policies import open_to_all


class Migration(migrations.Migration):
    dependencies = [
        ("calendars", "0001_tables"),
        ("accounts", "0004_row_level_security"),
    ]

    operations = [open_to_all("calendars_calendar"), open_to_all("calendars_regime")]
