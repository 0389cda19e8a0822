"""What the loop has computed, kept so that a page reads and never computes."""

from __future__ import annotations

from django.db import models


class StoredFigure(models.Model):
    """One figure of one period. ``published`` is the one that stands.

    A period that is over keeps its published figure; when a recomputation differs, the latest one
    lies beside it with ``published`` false and ``why``. ``basis`` are the settings behind it.
    """

    id = models.BigAutoField(primary_key=True)
    metric = models.CharField(max_length=60)
    definition = models.TextField(default="")
    grouped = models.TextField(default="")
    period_kind = models.CharField(max_length=10)
    start_day = models.IntegerField()
    end_day = models.IntegerField()
    published = models.BooleanField(default=True)
    closed = models.BooleanField(default=False)
    content = models.JSONField()
    why = models.JSONField(null=True)
    computed_us = models.BigIntegerField()
    basis = models.TextField(default="")

    class Meta:
        """One published and at most one recomputed row per figure and period."""

        db_table = "stored_figure"
        constraints = (
            models.UniqueConstraint(
                fields=[
                    "period_kind",
                    "metric",
                    "definition",
                    "grouped",
                    "start_day",
                    "end_day",
                    "published",
                ],
                name="figure_once",
            ),
        )


class StoredAlert(models.Model):
    """Something the loop found that a person should know; raised once per name, period and group."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=60)
    grouped = models.TextField(default="")
    period_kind = models.CharField(max_length=10)
    start_day = models.IntegerField()
    end_day = models.IntegerField()
    content = models.JSONField()
    raised_us = models.BigIntegerField()

    class Meta:
        """Raised once."""

        db_table = "stored_alert"
        constraints = (
            models.UniqueConstraint(
                fields=["name", "grouped", "period_kind", "start_day", "end_day"], name="alert_once"
            ),
        )


class LoopRun(models.Model):
    """One run of the loop that came to its end: figures up to, not including, ``as_of_day``."""

    id = models.BigAutoField(primary_key=True)
    as_of_day = models.IntegerField()
    finished_us = models.BigIntegerField()
    report = models.JSONField(default=dict)

    class Meta:
        """One row per run."""

        db_table = "loop_run"


class Standing(models.Model):
    """How one unit stands: the row of the customer list.

    ``name_key`` and ``last_key`` sort (the latter is ``last_day``, or far in the past); ``search``
    is what the full-text index sees, already normalised (``domain/search.py``), ``fingerprint``
    that of the names, addresses and ids from which both were made. ``read_us`` is when the events
    behind the row were read, where the worker wrote it since the last run; else null.
    """

    unit_id = models.BigIntegerField(primary_key=True)
    name = models.TextField(default="")
    kind = models.CharField(max_length=12, default="person")
    country = models.TextField(default="")
    source = models.TextField(default="")
    state = models.CharField(max_length=12, default="")
    first_day = models.IntegerField(null=True)
    last_day = models.IntegerField(null=True)
    left_day = models.IntegerField(null=True)
    orders = models.IntegerField(default=0)
    amount_minor = models.BigIntegerField(default=0)
    yearly_minor = models.BigIntegerField(default=0)
    name_key = models.TextField(default="")
    last_key = models.IntegerField(default=-1_000_000)
    search = models.TextField(default="")
    fingerprint = models.BigIntegerField(default=-1)
    read_us = models.BigIntegerField(null=True)

    class Meta:
        """Sorted by four keys, filtered by four columns; the state also together with each key.

        A state goes with the keys (who is lost bought long ago): walking the whole list for the
        lost ones would pass everybody else first.
        """

        db_table = "standing"
        indexes = (
            models.Index(fields=["name_key", "unit_id"], name="standing_name"),
            models.Index(fields=["last_key", "unit_id"], name="standing_last"),
            models.Index(fields=["amount_minor", "unit_id"], name="standing_amount"),
            models.Index(fields=["orders", "unit_id"], name="standing_orders"),
            models.Index(fields=["state", "name_key", "unit_id"], name="standing_state_name"),
            models.Index(fields=["state", "last_key", "unit_id"], name="standing_state_last"),
            models.Index(fields=["state", "amount_minor", "unit_id"], name="standing_state_amount"),
            models.Index(fields=["state", "orders", "unit_id"], name="standing_state_orders"),
            models.Index(fields=["country", "unit_id"], name="standing_country_unit"),
            models.Index(fields=["source", "unit_id"], name="standing_source_unit"),
            models.Index(fields=["kind", "unit_id"], name="standing_kind_unit"),
            models.Index(fields=["unit_id"], name="standing_live", condition=models.Q(read_us__isnull=False)),
        )


class StandingCount(models.Model):
    """How many units share state, country, source and kind: every count of the list is a small sum."""

    pk = models.CompositePrimaryKey("state", "country", "source", "kind")
    state = models.CharField(max_length=12)
    country = models.TextField()
    source = models.TextField()
    kind = models.CharField(max_length=12)
    units = models.IntegerField()

    class Meta:
        """Written whenever standings change."""

        db_table = "standing_count"
