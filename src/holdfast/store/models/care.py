"""What our own people write about customers, and what follows for whom to reach where.

Everything hangs on the subject that named the customer when it was written: merging two customers
shows both their notes, and undoing the merge gives each back its own. What only the loop computes
(states of contact points, answers by channel, gaps of the needs profile) hangs on the unit.
"""

from __future__ import annotations

from django.db import models


class Note(models.Model):
    """What a person wrote about a customer.

    ``earlier`` is what stood there before: ``[[text, until us], ...]``, the oldest first.
    """

    id = models.BigAutoField(primary_key=True)
    subject_id = models.BigIntegerField()
    at_us = models.BigIntegerField()
    made_by = models.CharField(max_length=254)
    text = models.TextField()
    earlier = models.JSONField(default=list)
    changed_us = models.BigIntegerField(null=True)
    deleted_us = models.BigIntegerField(null=True)
    deleted_by = models.CharField(max_length=254, default="")

    class Meta:
        """Found by subject, newest first; the deleted by when."""

        db_table = "note"
        indexes = (
            models.Index(fields=["subject_id", "at_us"], name="note_subject"),
            models.Index(fields=["deleted_us"], name="note_deleted"),
        )


class Document(models.Model):
    """A file about a customer; ``stored`` is the random name under which its bytes lie."""

    id = models.BigAutoField(primary_key=True)
    subject_id = models.BigIntegerField()
    at_us = models.BigIntegerField()
    made_by = models.CharField(max_length=254)
    name = models.TextField()
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    stored = models.CharField(max_length=40, unique=True)
    deleted_us = models.BigIntegerField(null=True)
    deleted_by = models.CharField(max_length=254, default="")

    class Meta:
        """Found by subject, newest first; the deleted by when."""

        db_table = "document"
        indexes = (
            models.Index(fields=["subject_id", "at_us"], name="document_subject"),
            models.Index(fields=["deleted_us"], name="document_deleted"),
        )


class Owner(models.Model):
    """Who of us looks after a customer, from a moment until another; ``person_id`` null: nobody."""

    id = models.BigAutoField(primary_key=True)
    subject_id = models.BigIntegerField()
    person_id = models.BigIntegerField(null=True)
    from_us = models.BigIntegerField()
    until_us = models.BigIntegerField(null=True)
    set_by = models.CharField(max_length=254)

    class Meta:
        """Found from either end."""

        db_table = "owner"
        indexes = (
            models.Index(fields=["subject_id", "from_us"], name="owner_subject"),
            models.Index(fields=["person_id", "until_us"], name="owner_person"),
        )


class TraitEdit(models.Model):
    """Who of us said what stands in a row of ``trait_row``."""

    row_id = models.BigIntegerField(primary_key=True)
    made_by = models.CharField(max_length=254)

    class Meta:
        """As many as people have typed."""

        db_table = "trait_edit"


class PointChange(models.Model):
    """What one of us did with a contact point: "added", "checked", "ended" or "restored".

    The latest one counts. ``instead`` is the value that took the place of an ended one.
    """

    id = models.BigAutoField(primary_key=True)
    subject_id = models.BigIntegerField()
    kind = models.CharField(max_length=10)
    value = models.TextField()
    action = models.CharField(max_length=10)
    instead = models.TextField(default="")
    at_us = models.BigIntegerField()
    made_by = models.CharField(max_length=254)

    class Meta:
        """Found by subject."""

        db_table = "point_change"
        indexes = (models.Index(fields=["subject_id", "kind", "value"], name="point_change_subject"),)


class PointState(models.Model):
    """How good a contact point of a unit is; one row with kind and value "" says that it has none.

    ``state`` is "ok", "bounced", "stale", "never_used", "missing" or "unclear" (no source tells);
    ``work`` whether somebody should mend it. Moments of use: the last time we or they used it, the
    last sign of life, the last bounce, when they last refused (spam, unsubscribed), when one of us
    checked it. ``value_minor`` is what the customer is worth, by which the list is ranked.
    """

    pk = models.CompositePrimaryKey("unit_id", "kind", "value")
    unit_id = models.BigIntegerField()
    kind = models.CharField(max_length=10)
    value = models.TextField()
    state = models.CharField(max_length=10)
    work = models.BooleanField()
    used_us = models.BigIntegerField(null=True)
    life_us = models.BigIntegerField(null=True)
    bounced_us = models.BigIntegerField(null=True)
    refused_us = models.BigIntegerField(null=True)
    checked_us = models.BigIntegerField(null=True)
    value_minor = models.BigIntegerField(default=0)

    class Meta:
        """Walked from the most valuable on, all that is work or one state of it."""

        db_table = "point_state"
        indexes = (
            models.Index(fields=["work", "value_minor", "unit_id"], name="point_work"),
            models.Index(fields=["state", "value_minor", "unit_id"], name="point_state_state"),
        )


class ChannelUse(models.Model):
    """How often we turned to a customer through a channel, and how often an answer came."""

    pk = models.CompositePrimaryKey("unit_id", "channel")
    unit_id = models.BigIntegerField()
    channel = models.CharField(max_length=10)
    asked = models.IntegerField()
    answered = models.IntegerField()
    last_us = models.BigIntegerField(null=True)

    class Meta:
        """One row per unit and channel."""

        db_table = "channel_use"


class NeedKnown(models.Model):
    """How many fields of the needs profile are known of a customer; no row: none."""

    unit_id = models.BigIntegerField(primary_key=True)
    known = models.IntegerField()

    class Meta:
        """Looked up by unit; counted by how many are known."""

        db_table = "need_known"
        indexes = (models.Index(fields=["known"], name="need_known_known"),)


class CareSetting(models.Model):
    """What a workspace decided about contact points and needs, and how far the jobs have come."""

    name = models.CharField(max_length=40, primary_key=True)
    value = models.JSONField()

    class Meta:
        """Few rows."""

        db_table = "care_setting"
