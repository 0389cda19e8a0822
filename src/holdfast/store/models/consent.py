"""Who may be written to: what customers agreed to, addresses to be left alone, and our own switches."""

from __future__ import annotations

from django.db import models


class ConsentSaid(models.Model):
    """One thing that a customer said about what we may send; see :class:`holdfast.domain.consent.Statement`.

    Rows are only ever added. ``topic`` and ``channel`` are "" for all. ``address_key`` is the keyed hash
    of the address for which it was said, empty where it was said for the customer as a whole.
    """

    id = models.BigAutoField(primary_key=True)
    subject_id = models.BigIntegerField()
    address_key = models.BinaryField(max_length=16, default=b"")
    topic = models.CharField(max_length=20, default="")
    channel = models.CharField(max_length=10, default="")
    given = models.BooleanField()
    at_us = models.BigIntegerField()
    kept_us = models.BigIntegerField()
    how = models.CharField(max_length=10)
    wording = models.TextField(default="")
    said_by = models.CharField(max_length=254, default="")
    source = models.TextField(default="")
    pace = models.CharField(max_length=10, null=True)

    class Meta:
        """Looked up by customer, and by address."""

        db_table = "consent_said"
        indexes = (
            models.Index(fields=["subject_id", "id"], name="consent_subject"),
            models.Index(fields=["address_key", "id"], name="consent_address"),
        )


class ContactPause(models.Model):
    """That offers and news to a customer pause until a moment; it holds until then or until it is ended.

    ``asked`` says that the customer wanted it. ``address_key`` is the keyed hash of the address for which
    it was asked, empty where it is about the customer as a whole.
    """

    id = models.BigAutoField(primary_key=True)
    subject_id = models.BigIntegerField()
    address_key = models.BinaryField(max_length=16, default=b"")
    until_us = models.BigIntegerField()
    asked = models.BooleanField()
    why = models.TextField(default="")
    made_us = models.BigIntegerField()
    made_by = models.CharField(max_length=254, default="")
    ended_us = models.BigIntegerField(null=True)
    ended_by = models.CharField(max_length=254, default="")

    class Meta:
        """Looked up by customer, and by address."""

        db_table = "contact_pause"
        indexes = (
            models.Index(fields=["subject_id", "until_us"], name="contact_pause_subject"),
            models.Index(fields=["address_key", "until_us"], name="contact_pause_address"),
        )


class Suppressed(models.Model):
    """An address to which nothing may go, and why; rows stay when it is lifted, as its history.

    The address itself is not kept: ``address_key`` is its keyed hash, by which it is found when somebody
    wants to write to it, also after its customer was erased; ``shown`` a masked form for people.
    """

    id = models.BigAutoField(primary_key=True)
    channel = models.CharField(max_length=10)
    address_key = models.BinaryField(max_length=16)
    shown = models.TextField()
    reason = models.CharField(max_length=12)
    note = models.TextField(default="")
    source = models.TextField(default="")
    at_us = models.BigIntegerField()
    made_by = models.CharField(max_length=254, default="")
    lifted_us = models.BigIntegerField(null=True)
    lifted_by = models.CharField(max_length=254, default="")
    lifted_note = models.TextField(default="")

    class Meta:
        """At most one that holds for each address; listed the newest first."""

        db_table = "suppressed"
        constraints = (
            models.UniqueConstraint(
                fields=["channel", "address_key"],
                condition=models.Q(lifted_us__isnull=True),
                name="suppressed_once",
            ),
        )
        indexes = (
            models.Index(fields=["address_key", "channel"], name="suppressed_address"),
            models.Index(fields=["lifted_us", "id"], name="suppressed_listed"),
        )


class SoftBounce(models.Model):
    """How often mails to an address came back for a reason that may pass, in a row, and when."""

    address_key = models.BinaryField(max_length=16, primary_key=True)
    count = models.IntegerField()
    first_us = models.BigIntegerField()
    last_us = models.BigIntegerField()
    status = models.CharField(max_length=20, default="")

    class Meta:
        """Looked up by address."""

        db_table = "soft_bounce"


class MessageSetting(models.Model):
    """What a workspace decided about sending."""

    name = models.CharField(max_length=40, primary_key=True)
    value = models.JSONField(default=dict)

    class Meta:
        """A few rows, read by name."""

        db_table = "message_setting"


class SendingStop(models.Model):
    """That somebody stopped all sending, and who let it go on."""

    id = models.BigAutoField(primary_key=True)
    stopped_us = models.BigIntegerField()
    stopped_by = models.CharField(max_length=254)
    why = models.TextField(default="")
    started_us = models.BigIntegerField(null=True)
    started_by = models.CharField(max_length=254, default="")
    holds = models.BooleanField(default=True)

    class Meta:
        """At most one that holds."""

        db_table = "sending_stop"
        constraints = (
            models.UniqueConstraint(
                fields=["holds"], condition=models.Q(holds=True), name="sending_stop_once"
            ),
        )
