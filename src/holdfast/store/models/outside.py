"""What happened around a company, as its people noted it."""

from __future__ import annotations

from django.db import models


class OutsideNote(models.Model):
    """An outside event from a day on; ``review`` is what was decided when the strategy was looked at."""

    id = models.BigAutoField(primary_key=True)
    title = models.CharField(max_length=200)
    start_day = models.IntegerField()
    until_day = models.IntegerField(null=True)
    country = models.CharField(max_length=2, default="")
    made_by = models.CharField(max_length=254, default="")
    made_us = models.BigIntegerField()
    review = models.TextField(default="")
    reviewed_by = models.CharField(max_length=254, default="")
    reviewed_us = models.BigIntegerField(null=True)

    class Meta:
        """Few rows."""

        db_table = "outside_note"
