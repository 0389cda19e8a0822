"""Segments: rules with names, who meets them now, and who came and went."""

from __future__ import annotations

from django.db import models


class Segment(models.Model):
    """A rule with a name; ``key`` never changes and is how other rules refer to it.

    ``rule`` is JSON. ``ready`` names the ready-made set it was made from ("rfm", "abc", ...; "" for
    none). ``checked_us`` is when everybody was last looked at (``None``: not yet), ``ruled_us`` since
    when the rule is as it is. With ``deleted_us`` it is gone from every page and can be brought back
    until it is swept.
    """

    id = models.BigAutoField(primary_key=True)
    key = models.TextField(unique=True)
    title = models.TextField()
    rule = models.JSONField()
    ready = models.CharField(max_length=20, default="")
    made_by = models.CharField(max_length=254, default="")
    made_us = models.BigIntegerField()
    ruled_us = models.BigIntegerField()
    checked_us = models.BigIntegerField(null=True)
    deleted_us = models.BigIntegerField(null=True)

    class Meta:
        """Few rows."""

        db_table = "segment"


class SegmentMember(models.Model):
    """That a customer is in a segment, since ``entered_us``."""

    pk = models.CompositePrimaryKey("segment_id", "unit_id")
    segment_id = models.BigIntegerField()
    unit_id = models.BigIntegerField()
    entered_us = models.BigIntegerField()

    class Meta:
        """Walked by segment, and found by customer."""

        db_table = "segment_member"
        indexes = (models.Index(fields=["unit_id"], name="segment_member_unit"),)


class SegmentMove(models.Model):
    """That a customer entered (``entered``) or left a segment at ``at_us``.

    Whoever left was in it since ``since_us``. The first filling of a segment and a change of its rule
    are no moves: nobody did anything.
    """

    id = models.BigAutoField(primary_key=True)
    segment_id = models.BigIntegerField()
    unit_id = models.BigIntegerField()
    at_us = models.BigIntegerField()
    entered = models.BooleanField()
    since_us = models.BigIntegerField(null=True)

    class Meta:
        """The newest first, by segment or by customer."""

        db_table = "segment_move"
        indexes = (
            models.Index(fields=["segment_id", "id"], name="segment_move_segment"),
            models.Index(fields=["unit_id"], name="segment_move_unit"),
        )


class SegmentCount(models.Model):
    """How many were in a segment at the end of a day, and how many entered and went on it."""

    pk = models.CompositePrimaryKey("segment_id", "day")
    segment_id = models.BigIntegerField()
    day = models.IntegerField()
    size = models.IntegerField()
    entered = models.IntegerField(default=0)
    gone = models.IntegerField(default=0)

    class Meta:
        """One row per segment and day."""

        db_table = "segment_count"


class SegmentDue(models.Model):
    """A customer who was touched while everybody was being looked at: to be looked at after that."""

    unit_id = models.BigIntegerField(primary_key=True)

    class Meta:
        """Empty most of the time."""

        db_table = "segment_due"


class FeatureNow(models.Model):
    """The features of a customer as they were computed since the kept table of all; JSON by name."""

    unit_id = models.BigIntegerField(primary_key=True)
    computed_us = models.BigIntegerField()
    content = models.TextField()

    class Meta:
        """Emptied when the table is kept anew."""

        db_table = "feature_now"


class IdealCustomer(models.Model):
    """Who the ideal customers are, and what was found of them; one row.

    ``segment_key`` names the segment of them, "" takes the best by value and stay.
    """

    id = models.IntegerField(primary_key=True)
    segment_key = models.TextField(default="")
    content = models.JSONField(null=True)
    computed_us = models.BigIntegerField(null=True)

    class Meta:
        """One row."""

        db_table = "ideal_customer"


class ProspectFit(models.Model):
    """In how many of the ``known`` traits a prospect agrees with the ideal customer.

    ``fit_key`` sorts: the part that agrees, in thousandths, and among equals the better known first.
    """

    unit_id = models.BigIntegerField(primary_key=True)
    agreeing = models.IntegerField()
    known = models.IntegerField()
    fits = models.BooleanField()
    fit_key = models.IntegerField()

    class Meta:
        """The best fit first."""

        db_table = "prospect_fit"
        indexes = (models.Index(fields=["fit_key", "unit_id"], name="prospect_fit_key"),)
