"""Plays: their versions, who is on the way through them, what happened at each step, what was granted."""

from __future__ import annotations

from django.db import models


class Play(models.Model):
    """A play; ``state`` is one of :data:`holdfast.domain.plays.STATES`.

    ``number`` is that of its latest version, and the lock against two people who change it at once;
    ``running`` that of the version by which customers are enrolled (null: never launched). ``purpose``,
    ``priority`` and ``title`` are those of the latest version. ``launched_us`` is the first launch.
    """

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=80, unique=True)
    title = models.TextField()
    state = models.CharField(max_length=8, default="draft")
    purpose = models.CharField(max_length=12)
    priority = models.SmallIntegerField()
    number = models.IntegerField()
    running = models.IntegerField(null=True)
    made_us = models.BigIntegerField()
    made_by = models.CharField(max_length=254, default="")
    changed_us = models.BigIntegerField()
    launched_us = models.BigIntegerField(null=True)
    ended_us = models.BigIntegerField(null=True)
    ended_why = models.CharField(max_length=20, default="")

    class Meta:
        """Few rows."""

        db_table = "play"


class PlayVersion(models.Model):
    """A play as it was written once; whoever was enrolled by it goes through it to the end.

    ``asked_by`` wants it launched and needs a second person; ``approved_by`` is that one.
    """

    id = models.BigAutoField(primary_key=True)
    play_id = models.BigIntegerField()
    number = models.IntegerField()
    content = models.JSONField()
    made_us = models.BigIntegerField()
    made_by = models.CharField(max_length=254, default="")
    asked_us = models.BigIntegerField(null=True)
    asked_by = models.CharField(max_length=254, default="")
    launched_us = models.BigIntegerField(null=True)
    launched_by = models.CharField(max_length=254, default="")
    approved_by = models.CharField(max_length=254, default="")

    class Meta:
        """Found by play and number."""

        db_table = "play_version"
        constraints = (models.UniqueConstraint(fields=["play_id", "number"], name="play_version_once"),)


class Enrolment(models.Model):
    """One customer's way through one play, for the ``round``-th time.

    ``state`` is one of :data:`holdfast.domain.plays.ENROLMENT_STATES`; under way is who has no
    ``ended_us``, the held out too. ``unit_id`` is the customer of now, ``subject_id`` who it was then.
    ``cause_id`` is the number of what began it (an episode, a move, a row of the event log, a day), and
    ``reason`` says it as JSON. ``step`` is the step that is next, reached at ``reached_us`` and due at
    ``due_us``; ``waits_for`` names the event that makes it due sooner. ``probability`` is that of being
    treated. ``goal_us`` is when the goal was met.
    """

    id = models.BigAutoField(primary_key=True)
    play_id = models.BigIntegerField()
    version_id = models.BigIntegerField()
    unit_id = models.BigIntegerField()
    subject_id = models.BigIntegerField()
    round = models.IntegerField()
    arm = models.CharField(max_length=8)
    probability = models.FloatField()
    entered_us = models.BigIntegerField()
    cause_id = models.BigIntegerField(default=0)
    reason = models.TextField(default="{}")
    step = models.CharField(max_length=40)
    reached_us = models.BigIntegerField()
    due_us = models.BigIntegerField()
    waits_for = models.TextField(default="")
    state = models.CharField(max_length=9)
    ended_us = models.BigIntegerField(null=True)
    ended_why = models.CharField(max_length=30, default="")
    goal_us = models.BigIntegerField(null=True)

    class Meta:
        """Due ones first; found by customer; one way a play and customer at a time."""

        db_table = "enrolment"
        constraints = (
            models.UniqueConstraint(fields=["play_id", "unit_id", "round"], name="enrolment_round"),
        )
        indexes = (
            models.Index(
                fields=["play_id", "due_us", "id"],
                name="enrolment_due",
                condition=models.Q(ended_us__isnull=True),
            ),
            models.Index(fields=["unit_id"], name="enrolment_unit"),
        )


class EnrolmentStep(models.Model):
    """What happened at one step: ``what`` is "did", "sent", "held", "skipped", "waited", "branched", "would"
    (held out: it would have been), "entered", "ended".

    ``code`` says why as a word, ``because`` as JSON of a sentence.
    """

    id = models.BigAutoField(primary_key=True)
    enrolment_id = models.BigIntegerField()
    step_id = models.CharField(max_length=40)
    at_us = models.BigIntegerField()
    what = models.CharField(max_length=8)
    code = models.CharField(max_length=40, default="")
    because = models.TextField(default="")

    class Meta:
        """Read by enrolment."""

        db_table = "enrolment_step"
        indexes = (models.Index(fields=["enrolment_id", "id"], name="enrolment_step_way"),)


class PlayCursor(models.Model):
    """How far a source of triggers was read for a play; ``play_id`` 0 is for all plays together."""

    pk = models.CompositePrimaryKey("play_id", "source")
    play_id = models.BigIntegerField()
    source = models.CharField(max_length=20)
    position = models.BigIntegerField()

    class Meta:
        """Few rows."""

        db_table = "play_cursor"


class PlayAbove(models.Model):
    """Who was beyond the threshold of a play at the last look: only crossing it begins the play."""

    pk = models.CompositePrimaryKey("play_id", "unit_id")
    play_id = models.BigIntegerField()
    unit_id = models.BigIntegerField()

    class Meta:
        """Walked by play."""

        db_table = "play_above"


class PlaySpent(models.Model):
    """What a play spent in a calendar month (``month``: year * 12 + month - 1), and 0 for all of them."""

    pk = models.CompositePrimaryKey("play_id", "month")
    play_id = models.BigIntegerField()
    month = models.IntegerField()
    touches = models.IntegerField(default=0)
    amount_minor = models.BigIntegerField(default=0)

    class Meta:
        """Few rows."""

        db_table = "play_spent"


class PlaySetting(models.Model):
    """What holds of all plays; one row.

    ``workspace`` is a word made once by chance, from which all draws of arms come. ``hold_out`` is the share
    that no play of purpose marketing touches; more than ``approve_above`` customers need a second person.
    ``costs`` is JSON: what a message costs by channel, and a task done ("task"), in minor units.
    """

    id = models.IntegerField(primary_key=True)
    workspace = models.CharField(max_length=40)
    hold_out = models.FloatField(default=0.0)
    approve_above = models.IntegerField(default=1000)
    costs = models.TextField(default="{}", db_default="{}")

    class Meta:
        """One row."""

        db_table = "play_setting"


class PlayProof(models.Model):
    """What the proof of a play is made of, as the last run counted it.

    ``follow_days`` and ``base_rate`` (the share that left before the launch) are those of the first run, and
    so is ``cap_minor``, up to which a customer's money counts (null: all of it). ``content`` is JSON: sums
    over the customers who entered, by day and arm. Only what was before ``as_of_day`` counted.
    """

    play_id = models.BigIntegerField(primary_key=True)
    follow_days = models.IntegerField()
    base_rate = models.FloatField()
    cap_minor = models.BigIntegerField(null=True)
    as_of_day = models.IntegerField()
    counted_us = models.BigIntegerField()
    content = models.TextField(default="{}")

    class Meta:
        """One row a play."""

        db_table = "play_proof"


class Granted(models.Model):
    """Something that a customer was granted, until a billing or a loyalty part takes it over.

    ``state`` is "open" (nobody has booked it), "booked" or "withdrawn"; ``key`` makes it once only.
    """

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=200, unique=True)
    subject_id = models.BigIntegerField()
    enrolment_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=12)
    amount = models.BigIntegerField()
    unit = models.CharField(max_length=8)
    currency = models.CharField(max_length=3, default="")
    reason = models.TextField(default="")
    made_us = models.BigIntegerField()
    made_by = models.CharField(max_length=254, default="")
    until_us = models.BigIntegerField(null=True)
    task_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, default="open")

    class Meta:
        """Found by customer."""

        db_table = "granted"
        indexes = (models.Index(fields=["subject_id"], name="granted_subject"),)
