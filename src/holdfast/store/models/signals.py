"""Early warnings: how signals are set, the episodes they raised, storms, and the record of each."""

from __future__ import annotations

from django.db import models


class SignalSetting(models.Model):
    """How people set a signal: whether it is on, and those of its numbers they changed (JSON)."""

    signal_key = models.CharField(max_length=100, primary_key=True)
    enabled = models.BooleanField(default=True)
    numbers = models.JSONField(default=dict)
    changed_us = models.BigIntegerField()
    changed_by = models.CharField(max_length=254, default="")

    class Meta:
        """Few rows."""

        db_table = "signal_setting"


class SignalLook(models.Model):
    """Up to which ``day`` everybody was looked at for a signal, and by which rule (its digest).

    Where another rule is looked at for the first time, what holds then was not raised by anything that
    happened: those episodes are quiet.
    """

    signal_key = models.CharField(max_length=100, primary_key=True)
    day = models.IntegerField()
    rule = models.CharField(max_length=64)
    looked_us = models.BigIntegerField()

    class Meta:
        """Few rows."""

        db_table = "signal_look"


class OwnSignal(models.Model):
    """A signal that people built: ``rule`` and ``ends_rule`` as JSON (null: the opposite of the rule).

    ``signal_key`` never changes. With ``deleted_us`` it raises nothing more; what it raised stays.
    """

    id = models.BigAutoField(primary_key=True)
    signal_key = models.CharField(max_length=100, unique=True)
    title = models.TextField()
    rule = models.JSONField()
    ends_rule = models.JSONField(null=True)
    cooldown_days = models.IntegerField()
    made_us = models.BigIntegerField()
    made_by = models.CharField(max_length=254, default="")
    ruled_us = models.BigIntegerField()
    deleted_us = models.BigIntegerField(null=True)

    class Meta:
        """Few rows."""

        db_table = "own_signal"


class SignalStorm(models.Model):
    """That a signal was raised for far more customers on a ``day`` than is usual: one thing."""

    id = models.BigAutoField(primary_key=True)
    signal_key = models.CharField(max_length=100)
    day = models.IntegerField()
    customers = models.IntegerField()
    usual = models.FloatField()
    raised_us = models.BigIntegerField()

    class Meta:
        """One a signal and day at most; the newest first."""

        db_table = "signal_storm"
        constraints = (models.UniqueConstraint(fields=["signal_key", "day"], name="signal_storm_day"),)
        indexes = (models.Index(fields=["day"], name="signal_storm_newest"),)


class Episode(models.Model):
    """That a signal warned of a customer from ``began_day`` to ``ended_day`` (null: it still does).

    ``unit_id`` is the customer of now, ``subject_id`` who it was when it was raised: merging moves the
    first, undoing a merge finds it again by the second. ``began_day`` is the day whose events raised it.
    ``evidence`` is JSON: the numbers at its beginning by name. A ``quiet`` one held already when the
    signal was looked at for the first time, and was no news. ``ended_by`` is the person who ended it
    ("": by itself), ``ended_why`` then why ("": its rule says so; "lapsed": nothing is left to judge it by;
    "left": the customer; "off": the signal is not asked any more). One with ``merged_into`` goes on in
    another. An episode that began and ended on the same day by itself was passing: no record counts it.
    ``acted_us`` is the first thing that one of us did for the customer since, ``acted_what`` its kind.
    """

    id = models.BigAutoField(primary_key=True)
    signal_key = models.CharField(max_length=100)
    unit_id = models.BigIntegerField()
    subject_id = models.BigIntegerField()
    began_day = models.IntegerField()
    raised_us = models.BigIntegerField()
    strength = models.FloatField()
    evidence = models.TextField()
    quiet = models.BooleanField(default=False)
    ended_day = models.IntegerField(null=True)
    ended_us = models.BigIntegerField(null=True)
    ended_by = models.CharField(max_length=254, default="")
    ended_why = models.CharField(max_length=20, default="")
    merged_into = models.BigIntegerField(null=True)
    snoozed_until_day = models.IntegerField(null=True)
    snoozed_by = models.CharField(max_length=254, default="")
    judged_right = models.BooleanField(null=True)
    judged_us = models.BigIntegerField(null=True)
    judged_by = models.CharField(max_length=254, default="")
    storm_id = models.BigIntegerField(null=True)
    acted_us = models.BigIntegerField(null=True)
    acted_what = models.CharField(max_length=20, default="")

    class Meta:
        """One open a signal and customer; found by customer, by signal and day, and by what is open."""

        db_table = "episode"
        constraints = (
            models.UniqueConstraint(
                fields=["unit_id", "signal_key"],
                condition=models.Q(ended_day__isnull=True),
                name="episode_open",
            ),
        )
        indexes = (
            models.Index(fields=["unit_id", "ended_day"], name="episode_unit"),
            models.Index(fields=["signal_key", "began_day"], name="episode_began"),
            models.Index(fields=["ended_day", "signal_key"], name="episode_ended"),
            models.Index(fields=["subject_id"], name="episode_subject"),
            models.Index(fields=["storm_id"], name="episode_storm"),
        )


class SignalScorecard(models.Model):
    """The record of a signal by its replay on the past, as JSON; of the rule whose digest is ``rule``."""

    signal_key = models.CharField(max_length=100, primary_key=True)
    rule = models.CharField(max_length=64)
    made_day = models.IntegerField()
    computed_us = models.BigIntegerField()
    content = models.JSONField()

    class Meta:
        """Few rows."""

        db_table = "signal_scorecard"
