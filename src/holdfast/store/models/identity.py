"""What people decided about who is whom, and who may be the same customer twice.

Neither names nor addresses stand here: reasons are codes, and what they rest on is read from the
customers when it is shown.
"""

from __future__ import annotations

from django.db import models


class IdentityMerge(models.Model):
    """That a person said of several customers that they are one, or took an id out of a customer.

    ``kind`` is "merge" or "separate"; ``units`` the customers as they were named then (for "separate":
    what was taken out, then what it was taken from). The links of a merge carry its id as their
    evidence. ``reasons`` are codes of what spoke for it, ``score`` how strongly (0..1).
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=10, default="merge")
    units = models.JSONField()
    made_us = models.BigIntegerField()
    made_by = models.CharField(max_length=254)
    reasons = models.JSONField(default=list)
    score = models.FloatField(null=True)
    undone_us = models.BigIntegerField(null=True)
    undone_by = models.CharField(max_length=254, default="")

    class Meta:
        """Listed newest first."""

        db_table = "identity_merge"


class NotTheSame(models.Model):
    """That a person said of two ids that they are different customers: nothing links them by itself."""

    pk = models.CompositePrimaryKey("low_id", "high_id")
    low_id = models.BigIntegerField()
    high_id = models.BigIntegerField()
    decided_us = models.BigIntegerField()
    decided_by = models.CharField(max_length=254)

    class Meta:
        """Found from either end."""

        db_table = "not_the_same"
        indexes = (models.Index(fields=["high_id"], name="not_the_same_high"),)


class Duplicate(models.Model):
    """Two customers that are probably one, the smaller id first; ``score`` 0..1, ``reasons`` codes."""

    pk = models.CompositePrimaryKey("low_id", "high_id")
    low_id = models.BigIntegerField()
    high_id = models.BigIntegerField()
    score = models.FloatField()
    reasons = models.JSONField()
    found_us = models.BigIntegerField()

    class Meta:
        """The most probable first; found from either end."""

        db_table = "duplicate"
        indexes = (
            models.Index(fields=["score", "low_id", "high_id"], name="duplicate_score"),
            models.Index(fields=["high_id"], name="duplicate_high"),
        )


class DuplicateSearch(models.Model):
    """How far the search for duplicates has come, one row: when it last began, and what was there then."""

    id = models.IntegerField(primary_key=True)
    began_us = models.BigIntegerField()
    last_point = models.BigIntegerField()
    last_trait = models.BigIntegerField()
    compared = models.BigIntegerField()
    found = models.IntegerField()

    class Meta:
        """One row."""

        db_table = "duplicate_search"
