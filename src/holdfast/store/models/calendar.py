"""The contact calendar: issues of newsletters, dates of our own, how often a segment is to hear of us."""

from __future__ import annotations

from django.db import models


class NewsletterIssue(models.Model):
    """What a newsletter says on one day: ``template`` is the key of a published message."""

    id = models.BigAutoField(primary_key=True)
    play_id = models.BigIntegerField()
    day = models.IntegerField()
    template = models.CharField(max_length=80)
    made_us = models.BigIntegerField()
    made_by = models.CharField(max_length=254, default="")

    class Meta:
        """One a day."""

        db_table = "newsletter_issue"
        constraints = (models.UniqueConstraint(fields=["play_id", "day"], name="newsletter_issue_once"),)


class OwnDate(models.Model):
    """A date of our own: from ``day`` to ``until_day``, for everybody where ``segment_key`` is ""."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=12)
    title = models.CharField(max_length=200)
    day = models.IntegerField()
    until_day = models.IntegerField()
    segment_key = models.CharField(max_length=80, default="")
    made_us = models.BigIntegerField()
    made_by = models.CharField(max_length=254, default="")

    class Meta:
        """Read by the days that are shown."""

        db_table = "own_date"
        indexes = (models.Index(fields=["until_day"], name="own_date_until"),)


class ContactPlan(models.Model):
    """That a segment is to hear of us by ``channel`` ("": any) at least once in ``every_days``."""

    id = models.BigAutoField(primary_key=True)
    segment_key = models.CharField(max_length=80)
    channel = models.CharField(max_length=20, default="")
    every_days = models.IntegerField()
    made_us = models.BigIntegerField()
    made_by = models.CharField(max_length=254, default="")

    class Meta:
        """One line for a segment and channel."""

        db_table = "contact_plan"
        constraints = (models.UniqueConstraint(fields=["segment_key", "channel"], name="contact_plan_once"),)
