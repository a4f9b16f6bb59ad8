"""A platform sees the formal letters that were sent to it; drafts are the authority's own."""

from django.db import migrations

from surveillance.accounts.policies import seen, wall


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0008_formal_letters"),
        ("accounts", "0004_row_level_security"),
    ]

    operations = [
        wall("cases_formalletter"),
        seen(
            "cases_formalletter",
            "own_sent",
            "state = 'sent' AND EXISTS (SELECT FROM cases_takedownrequest request"
            " WHERE request.id = cases_formalletter.takedown_id)",
        ),
    ]
