"""The trail behind the second wall. What of it is seen from outside, the floors above say."""

from django.db import migrations

from surveillance.accounts.policies import wall


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_append_only"),
        ("accounts", "0004_row_level_security"),
    ]

    operations = [wall("audit_auditentry")]
