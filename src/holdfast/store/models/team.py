"""What helps our people work: scripts of calls, notes and questions to practise, who learns from whom."""

from __future__ import annotations

from django.db import models


class CallScript(models.Model):
    """What to say on an occasion. ``content`` is ``{language: {"title": ..., "text": ...}}``.

    ``key`` names it in plays and tasks; one with the key of a ready script stands in its place. ``number``
    rises with each change: the lock against two people who edit it at once.
    """

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=40, unique=True)
    content = models.JSONField()
    number = models.IntegerField(default=1)
    changed_us = models.BigIntegerField()
    changed_by = models.CharField(max_length=254, default="")

    class Meta:
        """Few rows."""

        db_table = "call_script"


class PracticeNote(models.Model):
    """Something to practise in the week from ``from_day`` on; with ``choices`` a question to answer.

    ``right_one`` is the place of the right one among ``choices``.
    """

    id = models.BigAutoField(primary_key=True)
    title = models.CharField(max_length=200)
    text = models.TextField(default="")
    choices = models.JSONField(default=list)
    right_one = models.SmallIntegerField(null=True)
    from_day = models.IntegerField()
    made_us = models.BigIntegerField()
    made_by = models.CharField(max_length=254, default="")

    class Meta:
        """Few rows."""

        db_table = "practice_note"


class PracticeAnswer(models.Model):
    """What one of us answered to a question, and whether that was right then: never edited."""

    id = models.BigAutoField(primary_key=True)
    note_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    chosen = models.SmallIntegerField()
    is_right = models.BooleanField()
    at_us = models.BigIntegerField()

    class Meta:
        """Found by question and person."""

        db_table = "practice_answer"
        indexes = (models.Index(fields=["note_id", "person_id"], name="practice_answer_whose"),)


class PracticePair(models.Model):
    """That one of us learns beside another, until it is over."""

    id = models.BigAutoField(primary_key=True)
    person_id = models.BigIntegerField()
    beside_id = models.BigIntegerField()
    since_us = models.BigIntegerField()
    until_us = models.BigIntegerField(null=True)
    made_by = models.CharField(max_length=254, default="")

    class Meta:
        """Few rows."""

        db_table = "practice_pair"
