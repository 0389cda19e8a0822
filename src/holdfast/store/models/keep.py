"""What is kept for how long, who was erased, and which copies there are."""

from __future__ import annotations

from django.db import models


class Erasure(models.Model):
    """One person, or one account, that was erased or is being erased.

    ``state`` is "asked", "forgotten" (the database holds nothing any more), "cut" (nor do the files of
    now), "proven" (nothing was found by a scan of everything), or "remains" (something was found).
    ``subjects`` are the numbers under which rows were found; nobody can tell from them who it was.
    ``sealed`` holds, encrypted, what the scan looks for; it is emptied when the certificate is final.
    ``done`` says what went where, ``certificate`` what is certified.
    """

    STATES = ("asked", "forgotten", "cut", "proven", "remains")

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=10)
    state = models.CharField(max_length=12, default="asked")
    asked_us = models.BigIntegerField()
    asked_by = models.CharField(max_length=254)
    subjects = models.JSONField(default=list)
    sealed = models.TextField(default="")
    grace_hours = models.IntegerField(default=24)
    forgotten_us = models.BigIntegerField(null=True)
    cut_us = models.BigIntegerField(null=True)
    scanned_us = models.BigIntegerField(null=True)
    done = models.JSONField(default=dict)
    certificate = models.JSONField(null=True)
    lifted_us = models.BigIntegerField(null=True)
    lifted_by = models.CharField(max_length=254, default="")

    class Meta:
        """Few rows; the open ones are found by state."""

        db_table = "erasure"
        indexes = (models.Index(fields=["state"], name="erasure_state"),)


class ErasedKey(models.Model):
    """An id or address that was erased, as a keyed hash: what arrives under it is dropped.

    ``refused`` counts events and rows that were dropped since, the last at ``last_us``; from
    ``lifted_us`` on they are let in again.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    erasure_id = models.BigIntegerField()
    made_us = models.BigIntegerField()
    refused = models.BigIntegerField(default=0)
    last_us = models.BigIntegerField(null=True)
    lifted_us = models.BigIntegerField(null=True)

    class Meta:
        """Looked up by digest; listed by erasure."""

        db_table = "erased_key"
        indexes = (models.Index(fields=["erasure_id"], name="erased_key_erasure"),)


class RetentionRule(models.Model):
    """For how many days events of a kind are kept: ``what`` is an event's name, or "group:" and a group."""

    what = models.CharField(max_length=200, primary_key=True)
    days = models.IntegerField()
    changed_us = models.BigIntegerField()
    changed_by = models.CharField(max_length=254)

    class Meta:
        """Few rows."""

        db_table = "retention_rule"


class RetentionRun(models.Model):
    """One time at which old events were deleted: how many of each rule, and up to which moment."""

    id = models.BigAutoField(primary_key=True)
    at_us = models.BigIntegerField()
    report = models.JSONField(default=dict)

    class Meta:
        """One row for each time that deleted something."""

        db_table = "retention_run"


class BackupMade(models.Model):
    """A copy of the workspace that was made: where it lies, and until when it is to be kept."""

    id = models.BigAutoField(primary_key=True)
    made_us = models.BigIntegerField()
    place = models.TextField()
    size = models.BigIntegerField()
    expires_us = models.BigIntegerField()
    gone_us = models.BigIntegerField(null=True)

    class Meta:
        """Few rows."""

        db_table = "backup_made"
