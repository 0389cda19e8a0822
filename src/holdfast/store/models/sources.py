"""What sources by webhook need to remember, what is pulled on a schedule, where scores are written back."""

from __future__ import annotations

from django.db import models


class SourceOwner(models.Model):
    """Whose an object of a provider is: its webhooks about a dispute or a parcel name no customer.

    ``key`` is the customer's id in the source's namespace; ``day`` the last on which it was said.
    """

    pk = models.CompositePrimaryKey("source_id", "object")
    source_id = models.BigIntegerField()
    object = models.TextField()
    key = models.TextField()
    day = models.IntegerField()

    class Meta:
        """Looked up by object, erased by customer, forgotten by day."""

        db_table = "source_owner"
        indexes = (
            models.Index(fields=["source_id", "key"], name="source_owner_key"),
            models.Index(fields=["day"], name="source_owner_day"),
        )


class SourceWaiting(models.Model):
    """A call about an object whose owner has not been told yet: webhooks come in any order."""

    id = models.BigAutoField(primary_key=True)
    source_id = models.BigIntegerField()
    about = models.TextField()
    call = models.TextField()
    received_us = models.BigIntegerField()

    class Meta:
        """Taken by object, given up by age."""

        db_table = "source_waiting"
        indexes = (
            models.Index(fields=["source_id", "about"], name="source_waiting_about"),
            models.Index(fields=["received_us"], name="source_waiting_age"),
        )


class SourceTally(models.Model):
    """How often a source has told of a ``kind`` of event, by the provider's name for it.

    ``outcome`` is "taken", "ignored" (nothing is made of it), "aside" (not understood, in the
    quarantine) or "refused" (the signature did not hold; ``kind`` is the refusal's code then).
    """

    pk = models.CompositePrimaryKey("source_id", "outcome", "kind")
    source_id = models.BigIntegerField()
    outcome = models.CharField(max_length=8)
    kind = models.CharField(max_length=120)
    count = models.BigIntegerField(default=0)
    last_us = models.BigIntegerField()

    class Meta:
        """A few dozen rows per source."""

        db_table = "source_tally"


class Pull(models.Model):
    """Something that is fetched on a schedule: rows of a SQL database, or what an API has changed.

    ``kind`` is "sql" or the name of a source; ``options`` JSON of what to fetch, ``sealed`` the address
    with its password. ``cursor`` (JSON) is how far it came; ``result`` what the last time brought.
    """

    id = models.BigAutoField(primary_key=True)
    name = models.TextField(unique=True)
    kind = models.CharField(max_length=20)
    source_id = models.BigIntegerField(null=True)
    options = models.JSONField(default=dict)
    sealed = models.TextField(default="")
    every_minutes = models.IntegerField()
    enabled = models.BooleanField(default=True)
    created_us = models.BigIntegerField()
    due_us = models.BigIntegerField()
    cursor = models.JSONField(null=True)
    last_us = models.BigIntegerField(null=True)
    result = models.JSONField(null=True)
    trouble = models.JSONField(null=True)

    class Meta:
        """Few rows."""

        db_table = "pull"


class ScoreTarget(models.Model):
    """A SQL table of somebody else to which the risks are written after each scoring."""

    id = models.BigAutoField(primary_key=True)
    name = models.TextField(unique=True)
    table_name = models.TextField()
    sealed = models.TextField(default="")
    enabled = models.BooleanField(default=True)
    created_us = models.BigIntegerField()
    last_us = models.BigIntegerField(null=True)
    rows = models.BigIntegerField(null=True)
    trouble = models.JSONField(null=True)

    class Meta:
        """Few rows."""

        db_table = "score_target"
