"""Why customers left: one row a loss, and when the loss of a large one is inquired into."""

from __future__ import annotations

from django.db import models


class Loss(models.Model):
    """That a customer left on ``left_day``, and why, as far as anything says so.

    ``began_day`` is the first day of the stretch that ended. ``how`` is how it ended ("contract",
    "deleted", "silent"). ``cause`` is an id of the taxonomy ("": unknown), ``origin`` "ours", "market" or
    "own_life". ``told_by`` is the strongest kind of evidence, ``confidence`` how often such evidence is
    right. ``evidence`` is JSON: everything that spoke for a cause, the strongest first. ``money_minor`` is
    what the customer brought in a year. ``fingerprint`` is of all these columns.
    """

    id = models.BigAutoField(primary_key=True)
    unit_id = models.BigIntegerField()
    left_day = models.IntegerField()
    began_day = models.IntegerField()
    how = models.CharField(max_length=10)
    cause = models.CharField(max_length=60, default="")
    origin = models.CharField(max_length=10, default="")
    confidence = models.FloatField(default=0.0)
    told_by = models.CharField(max_length=12, default="")
    evidence = models.TextField(default="[]")
    money_minor = models.BigIntegerField(default=0)
    country = models.TextField(default="")
    source = models.TextField(default="")
    fingerprint = models.BigIntegerField()

    class Meta:
        """One a customer and day; walked by day, and by cause and day."""

        db_table = "loss"
        constraints = (models.UniqueConstraint(fields=["unit_id", "left_day"], name="loss_once"),)
        indexes = (
            models.Index(fields=["left_day", "unit_id"], name="loss_day"),
            models.Index(fields=["cause", "left_day"], name="loss_cause"),
        )


class InquirySetting(models.Model):
    """From which money a year on the loss of a customer is inquired into; the only row has the id 1.

    ``from_minor`` null: what only one customer of fifty who left brought, or more.
    """

    id = models.SmallIntegerField(primary_key=True)
    enabled = models.BooleanField(default=True)
    from_minor = models.BigIntegerField(null=True)
    changed_us = models.BigIntegerField()
    changed_by = models.CharField(max_length=254, default="")

    class Meta:
        """One row."""

        db_table = "inquiry_setting"
