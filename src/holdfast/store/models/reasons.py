"""How the company does by each reason for which customers leave, and who is behind it."""

from __future__ import annotations

from django.db import models


class ReasonGrade(models.Model):
    """What the last run made of one reason as of the beginning of a ``day``: shares and sums, as JSON."""

    reason_key = models.CharField(max_length=100, primary_key=True)
    day = models.IntegerField()
    made_us = models.BigIntegerField()
    content = models.JSONField()

    class Meta:
        """One a reason."""

        db_table = "reason_grade"


class ReasonCustomer(models.Model):
    """Somebody to whom a reason happened lately: those who bring most, up to a bound a reason.

    ``measures`` are names of its measures, with a comma between; ``yearly_minor`` is what the customer
    brought in a year when it was graded.
    """

    pk = models.CompositePrimaryKey("reason_key", "unit_id")
    reason_key = models.CharField(max_length=100)
    unit_id = models.BigIntegerField()
    measures = models.TextField(default="")
    yearly_minor = models.BigIntegerField(default=0)

    class Meta:
        """Found by reason, the most money first, and by customer."""

        db_table = "reason_customer"
        indexes = (
            models.Index(fields=["reason_key", "-yearly_minor", "unit_id"], name="reason_customer_money"),
            models.Index(fields=["unit_id"], name="reason_customer_unit"),
        )


class ReasonBound(models.Model):
    """From which share on a measure of a reason is weak, and bad, where people set it."""

    pk = models.CompositePrimaryKey("reason_key", "measure")
    reason_key = models.CharField(max_length=100)
    measure = models.CharField(max_length=100)
    weak_from = models.FloatField()
    bad_from = models.FloatField()
    changed_us = models.BigIntegerField()
    changed_by = models.CharField(max_length=254)

    class Meta:
        """One a measure."""

        db_table = "reason_bound"
