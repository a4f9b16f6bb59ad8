"""People of platforms who have an account already get their seat."""

from django.db import migrations

PLATFORM_SIDE = ["agent", "platform_manager"]


def seat(apps, schema_editor):
    people = apps.get_model("accounts", "User").objects.filter(role__in=PLATFORM_SIDE)
    agents = apps.get_model("agents", "Agent").objects
    agents.bulk_create(
        agents.model(
            organisation_id=person.organisation_id,
            reference=f"ag_{person.pk}",
            user=person,
            email=person.email,
            name=person.name,
            role=person.role,
            language=person.language,
            state="joined" if person.is_active else "removed",
            joined_at=person.joined_at,
            changed_at=person.joined_at,
        )
        for person in people.iterator()
    )


class Migration(migrations.Migration):
    dependencies = [("agents", "0001_seats")]

    operations = [migrations.RunPython(seat, migrations.RunPython.noop)]
