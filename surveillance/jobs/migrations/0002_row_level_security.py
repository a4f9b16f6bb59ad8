"""Jobs behind the second wall: those that somebody of one's organisation began."""

from django.db import migrations

from surveillance.accounts.policies import seen, wall

OF_JOBS_SEEN = "EXISTS (SELECT FROM jobs_job job WHERE job.id = {table}.job_id)"


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0001_tables"),
        ("accounts", "0004_row_level_security"),
    ]

    operations = [
        wall("jobs_job"),
        seen(
            "jobs_job",
            "of_colleagues",
            "EXISTS (SELECT FROM accounts_user colleague"
            " WHERE colleague.id = jobs_job.started_by_id)",
        ),
        *(
            operation
            for table in ("jobs_jobline", "jobs_jobproblem")
            for operation in (
                wall(table),
                seen(table, "of_jobs_seen", OF_JOBS_SEEN.format(table=table)),
            )
        ),
    ]
