"""By how much the demo's clock is ahead, and where it is going."""

from datetime import datetime, timedelta

from django.db import models


class TimeMachine(models.Model):
    """One row. `begun_at` and `goal`: where the latest play began and where it ends, both in the
    demo's time; it is under way until the clock has come to the goal."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    ahead = models.DurationField(default=timedelta(0))
    begun_at = models.DateTimeField(null=True)
    goal = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="there_is_one_time_machine"),
            models.CheckConstraint(
                condition=models.Q(ahead__gte=timedelta(0)), name="the_demo_clock_goes_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ahead} ahead"

    def is_playing(self, at: datetime) -> bool:
        return self.goal is not None and at < self.goal
