"""Tries to sign in that failed."""

from __future__ import annotations

from django.db import models


class SignInTry(models.Model):
    """How often someone tried one account from one address in vain.

    ``who`` is a keyed hash of both: what people type into the wrong field is not kept.
    """

    who = models.CharField(max_length=64, primary_key=True)
    wrong = models.IntegerField()
    last_us = models.BigIntegerField()

    class Meta:
        """Found by who tried; old ones by when."""

        db_table = "sign_in_try"
        indexes = (models.Index(fields=["last_us"], name="sign_in_try_last"),)
