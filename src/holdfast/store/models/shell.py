"""What people set up for themselves in the pages: views of lists, alerts they have read."""

from __future__ import annotations

from django.db import models


class SavedView(models.Model):
    """A list as somebody narrowed and sorted it, under a name; ``query`` is the end of its address.

    It is its maker's alone until it is ``shared``. Views stand in the order of ``position``.
    """

    id = models.BigAutoField(primary_key=True)
    list = models.CharField(max_length=40)
    title = models.TextField()
    query = models.TextField()
    person_id = models.BigIntegerField()
    shared = models.BooleanField(default=False)
    position = models.IntegerField(default=0)
    made_us = models.BigIntegerField()
    deleted_us = models.BigIntegerField(null=True)

    class Meta:
        """Few rows: found by list, and the deleted by when."""

        db_table = "saved_view"
        indexes = (
            models.Index(fields=["list", "position"], name="saved_view_list"),
            models.Index(fields=["deleted_us"], name="saved_view_deleted"),
        )


class AlertRead(models.Model):
    """That somebody has read an alert and need not be told again; ``alert`` names it and its period."""

    pk = models.CompositePrimaryKey("person_id", "alert")
    person_id = models.BigIntegerField()
    alert = models.CharField(max_length=200)
    at_us = models.BigIntegerField()

    class Meta:
        """Found by person and alert."""

        db_table = "alert_read"
