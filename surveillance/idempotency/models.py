"""Calls that were carried out, and what they were answered."""

from datetime import datetime
from typing import Self

from django.db import models

from surveillance.accounts.actor import Actor


class AnsweredCallQuerySet(models.QuerySet["AnsweredCall"]):
    def visible_to(self, actor: Actor) -> Self:
        """Only those who sent a call have its answer again; see `holder_of`."""
        return self.filter(holder=holder_of(actor))

    def answered_before(self, at: datetime) -> Self:
        return self.filter(answered_at__lt=at)


class AnsweredCall(models.Model):
    """One call under one Idempotency-Key.

    The key itself is not kept, and without it the answer cannot be read: `sealed` is encrypted
    with what the key and SECRET_KEY make together. `fingerprint` tells whether a second call is
    the same one; it holds the key too, so that a body cannot be guessed from it.
    """

    holder = models.CharField(max_length=40)
    key_digest = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    sealed = models.BinaryField()
    answered_at = models.DateTimeField(db_index=True)

    objects = AnsweredCallQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "key_digest"], name="one_answer_for_a_key")
        ]

    def __str__(self) -> str:
        return f"{self.holder}: {self.status}"


def holder_of(actor: Actor) -> str:
    """Whose keys these are: an organisation's, for all its API keys (one may take over from
    another between two tries), or a person's. Empty for the public, who has none."""
    if actor.key:
        return f"organisation:{actor.organisation_id}"
    return f"user:{actor.user_id}" if actor.user_id else ""
