"""What arrives while it happens: sources, keys, calls that wait, the ingest log, and who is due."""

from __future__ import annotations

from django.db import models


class LiveSource(models.Model):
    """Where live events come from: a write key's application, a provider, a mailbox, our own people.

    Its rows in the base are those of one import that is always done (``import_id``, kind "live"), so
    that everything that asks "is this import done" sees them. ``namespace`` is whose ids its
    customers have. ``options`` is JSON of what the connector needs; ``sealed`` its secrets, encrypted.
    """

    id = models.BigAutoField(primary_key=True)
    name = models.TextField(unique=True)
    kind = models.CharField(max_length=20)
    namespace = models.TextField(default="customer")
    import_id = models.BigIntegerField()
    options = models.JSONField(default=dict)
    sealed = models.TextField(default="")
    enabled = models.BooleanField(default=True)
    created_us = models.BigIntegerField()
    last_us = models.BigIntegerField(null=True)
    trouble = models.JSONField(null=True)

    class Meta:
        """Few rows."""

        db_table = "live_source"


class WriteKey(models.Model):
    """A key with which a program may do something; only its hash is kept, ``shown`` is its beginning.

    ``scope`` says what it opens: "ingest", "metrics", or the HTTP API ("read", "write", "admin"). A
    ``browser`` key is public: what it may do is limited, and ``origins`` lists the sites that may use
    it (none: all). ``person_id`` is whom a key of the API acts for (null: nobody's, by its scope).
    """

    id = models.BigAutoField(primary_key=True)
    source_id = models.BigIntegerField()
    name = models.TextField()
    scope = models.CharField(max_length=20, default="ingest")
    browser = models.BooleanField(default=False)
    origins = models.JSONField(default=list)
    shown = models.CharField(max_length=16)
    digest = models.CharField(max_length=64, unique=True)
    made_us = models.BigIntegerField()
    made_by = models.CharField(max_length=254, default="")
    revoked_us = models.BigIntegerField(null=True)
    person_id = models.BigIntegerField(null=True)
    expires_us = models.BigIntegerField(null=True)
    used_us = models.BigIntegerField(null=True)

    class Meta:
        """Few rows."""

        db_table = "write_key"


class Arrived(models.Model):
    """One call as it arrived, on disk before it was acknowledged; deleted when it is taken in.

    ``payload`` is the body as sent (JSON, unpacked); ``browser`` says that a public key sent it.
    """

    id = models.BigAutoField(primary_key=True)
    source_id = models.BigIntegerField()
    endpoint = models.CharField(max_length=10)
    browser = models.BooleanField(default=False)
    received_us = models.BigIntegerField()
    events = models.IntegerField()
    payload = models.BinaryField()

    class Meta:
        """A queue: the oldest first."""

        db_table = "arrived"


class LogRow(models.Model):
    """One event of the ingest log: a row of the event log that no mover has taken to the lake yet.

    ``import_id`` is that of an import whose events it was derived from: it counts as long as that does.
    """

    seq = models.BigAutoField(primary_key=True)
    event_key = models.BinaryField(max_length=16)
    message_id = models.TextField(null=True)
    subject_id = models.BigIntegerField()
    at_us = models.BigIntegerField()
    known_us = models.BigIntegerField()
    name = models.TextField()
    source = models.TextField(null=True)
    object_kind = models.TextField(null=True)
    object_id = models.TextField(null=True)
    amount_minor = models.BigIntegerField(null=True)
    currency = models.TextField(null=True)
    quantity = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    product_id = models.TextField(null=True)
    code = models.TextField(null=True)
    score = models.FloatField(null=True)
    promised_us = models.BigIntegerField(null=True)
    details = models.TextField(null=True)
    import_id = models.BigIntegerField(null=True)

    class Meta:
        """Read by sequence, and by customer."""

        db_table = "log_row"
        indexes = (models.Index(fields=["subject_id"], name="log_row_subject"),)


class Seen(models.Model):
    """Keys of events that arrived in the last 30 days: a repeat changes nothing."""

    event_key = models.BinaryField(max_length=16, primary_key=True)
    day = models.IntegerField()

    class Meta:
        """Looked up by key, forgotten by day."""

        db_table = "seen"
        indexes = (models.Index(fields=["day"], name="seen_day"),)


class Quarantined(models.Model):
    """An event that could not be understood, as it was sent, with the reason; mended and replayed, or left.

    ``state`` is "waiting", "replayed" or "dropped". ``reason`` is a Text as JSON, ``code`` the refusal's.
    """

    id = models.BigAutoField(primary_key=True)
    source_id = models.BigIntegerField()
    endpoint = models.CharField(max_length=10)
    browser = models.BooleanField(default=False)
    received_us = models.BigIntegerField()
    event = models.TextField()
    code = models.CharField(max_length=40)
    reason = models.JSONField()
    state = models.CharField(max_length=10, default="waiting")

    class Meta:
        """Listed by state, newest first."""

        db_table = "quarantined"
        indexes = (models.Index(fields=["state", "id"], name="quarantined_state"),)


class DueUnit(models.Model):
    """A customer to be looked at again at ``due_us``: touched by an event, or because silence will tell.

    ``mark`` rises with each touch: a look that began before the last touch does not clear it.
    """

    unit_id = models.BigIntegerField(primary_key=True)
    due_us = models.BigIntegerField()
    mark = models.BigIntegerField(default=0)

    class Meta:
        """The longest due first."""

        db_table = "due_unit"
        indexes = (models.Index(fields=["due_us"], name="due_unit_due"),)


class PropertyMap(models.Model):
    """Which property of an event fills which column of the event log ("code", "score", "amount", ...).

    ``refilled`` says that rows from before have been filled too.
    """

    pk = models.CompositePrimaryKey("event_name", "column")
    event_name = models.TextField()
    column = models.CharField(max_length=20)
    property_path = models.TextField()
    refilled = models.BooleanField(default=False)

    class Meta:
        """One row per event name and column."""

        db_table = "property_map"


class Job(models.Model):
    """Something the worker does from time to time: when next, and how it went."""

    name = models.CharField(max_length=100, primary_key=True)
    due_us = models.BigIntegerField()
    last_us = models.BigIntegerField(null=True)
    trouble = models.JSONField(null=True)

    class Meta:
        """Few rows."""

        db_table = "job"
