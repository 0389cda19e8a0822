"""Changes of ours: what we change, when it takes effect, whom it concerns, and who was told."""

from __future__ import annotations

from django.db import models


class OurChange(models.Model):
    """A change of ours; ``kind`` is one of :data:`holdfast.domain.changes.KINDS`.

    ``effect_on`` and ``notice_on`` are days (2026-03-01), "" for none. ``rule`` says whom it concerns, beside
    those who waited for the ``wish``. ``words`` are what customers read of it, by language and field.
    ``play_key`` is the play that tells them, "" before there is one; ``found_us`` is when the list of
    customers was last drawn up.
    """

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=20)
    title = models.TextField()
    about = models.TextField(default="")
    effect_on = models.CharField(max_length=10, default="")
    notice_on = models.CharField(max_length=10, default="")
    rule = models.JSONField(null=True)
    wish = models.TextField(default="")
    words = models.JSONField(default=dict)
    play_key = models.CharField(max_length=80, default="")
    found_us = models.BigIntegerField(null=True)
    made_us = models.BigIntegerField()
    made_by = models.CharField(max_length=254, default="")
    changed_us = models.BigIntegerField()

    class Meta:
        """Few rows."""

        db_table = "our_change"


class ChangeConcerned(models.Model):
    """A customer whom a change concerns, what they bring in a year, when they were told (null: not yet)."""

    pk = models.CompositePrimaryKey("change_key", "unit_id")
    change_key = models.CharField(max_length=80)
    unit_id = models.BigIntegerField()
    yearly_minor = models.BigIntegerField(default=0)
    told_us = models.BigIntegerField(null=True)

    class Meta:
        """Read by change; found by customer."""

        db_table = "change_concerned"
        indexes = (models.Index(fields=["unit_id"], name="change_concerned_unit"),)
