"""The audit trail: append-only entries, sealed afterwards into a chain of hashes.

Entries are written unsealed inside the verb's own transaction, so writers never wait for each
other; one sealer chains them in order (`audit/sealing.py`). Triggers refuse UPDATE, DELETE and
TRUNCATE on all three tables (migration 0002_append_only).
"""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def about(self, reference: str) -> Self:
        """Everything that happened to the row with this reference or within it."""
        return self.filter(context__contains=[reference]).order_by("-at", "-id")


class AuditEntry(models.Model):
    """One verb, done once by one actor to one row.

    `changes` maps a field to [before, after]; personal fields show that they changed, not how.
    `context` holds the subject's reference and those of the rows around it (a takedown's case).
    `operation` is shared by verbs that joined one transaction.
    """

    at = models.DateTimeField()
    verb = models.CharField(max_length=60)
    subject = models.CharField(max_length=40)
    context = ArrayField(models.CharField(max_length=40))
    operation = models.UUIDField()
    actor = models.CharField(max_length=40)
    actor_user_id = models.BigIntegerField(null=True)
    reason = models.TextField(blank=True)
    changes = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "audit entries"
        indexes = [
            GinIndex(fields=["context"], name="audit_context", fastupdate=False),
            models.Index(fields=["verb", "at"], name="audit_verb_at"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"


class Unsealed(models.Model):
    """The entries that wait for the sealer; a trigger adds them, the sealer removes them."""

    entry = models.OneToOneField(AuditEntry, models.DO_NOTHING, primary_key=True)


class Seal(models.Model):
    """A link of the chain: `digest` covers the entry's content and the previous digest."""

    number = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(AuditEntry, models.DO_NOTHING, related_name="seal")
    digest = models.CharField(max_length=64)


class Checkpoint(models.Model):
    """A day's signed statement of how long the chain was and how it ended."""

    day = models.DateField(primary_key=True)
    number = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    signature = models.CharField(max_length=100)
