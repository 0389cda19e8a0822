"""What came in, and who works on what."""

from __future__ import annotations

from django.db import models


class Import(models.Model):
    """One import: what it read, how far it is, and what it reported.

    Only a *done* import is visible: whatever rows carry the id of another one, no reader shows
    them. ``first_us`` and ``last_us`` bound the moments of its events, where it has any.
    ``swept`` says that nothing is left to clear after it was undone or failed.
    """

    STATES = ("staging", "committing", "done", "undone", "failed")

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=40)
    source = models.TextField(default="")
    files = models.JSONField(default=list)
    state = models.CharField(max_length=12, default="staging")
    report = models.JSONField(default=dict)
    started_us = models.BigIntegerField()
    finished_us = models.BigIntegerField(null=True)
    first_us = models.BigIntegerField(null=True)
    last_us = models.BigIntegerField(null=True)
    swept = models.BooleanField(default=True)

    class Meta:
        """Found by state when a process starts."""

        db_table = "import"
        indexes = (models.Index(fields=["state"], name="import_state"),)


class Lease(models.Model):
    """Who works on something until when; over when ``until_us`` is past."""

    name = models.CharField(max_length=100, primary_key=True)
    holder = models.CharField(max_length=100)
    until_us = models.BigIntegerField()

    class Meta:
        """One row per piece of work."""

        db_table = "lease"
