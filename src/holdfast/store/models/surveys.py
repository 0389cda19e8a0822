"""Questions that were asked of customers, each with its answer."""

from __future__ import annotations

from django.db import models


class SurveyAsked(models.Model):
    """One question asked of one customer by a step of a play, as it was worded, and what was answered.

    ``key`` is that of the message that asks, ``token`` what its link ends with. ``score`` is the mark, 1 or 0
    of yes and no, the number of the answer chosen; what was written stands among the texts (``has_words``).
    """

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=200, unique=True)
    token = models.CharField(max_length=32, unique=True)
    play_key = models.CharField(max_length=80)
    step_id = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    kind = models.CharField(max_length=12)
    code = models.CharField(max_length=12)
    language = models.CharField(max_length=12)
    question = models.TextField()
    choices = models.JSONField()
    asked_us = models.BigIntegerField()
    ends_us = models.BigIntegerField()
    sent_us = models.BigIntegerField(null=True)
    answered_us = models.BigIntegerField(null=True)
    score = models.FloatField(null=True)
    has_words = models.BooleanField(default=False)

    class Meta:
        """Found by link, by step, by customer."""

        db_table = "survey_asked"
        indexes = (
            models.Index(fields=["play_key", "step_id", "answered_us"], name="survey_asked_of"),
            models.Index(fields=["subject_id"], name="survey_asked_subject"),
        )
