"""The one row of the demo's clock."""

import datetime

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="TimeMachine",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False),
                ),
                ("ahead", models.DurationField(default=datetime.timedelta(0))),
                ("begun_at", models.DateTimeField(null=True)),
                ("goal", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="there_is_one_time_machine"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ahead__gte", datetime.timedelta(0))),
                        name="the_demo_clock_goes_forward",
                    ),
                ],
            },
        ),
    ]
