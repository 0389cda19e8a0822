"""Who saw and who changed what: a chain of notes, and where it ends."""

from __future__ import annotations

from django.db import models


class AuditNote(models.Model):
    """One thing that was seen or changed; never edited, never deleted.

    ``id`` counts from 1 without gaps. ``who`` is the person (``None``: a program, ``via`` says which),
    ``did`` like "customer.seen", ``sort`` one of "saw", "changed", "signed", ``about`` like "customer:12".
    ``hash`` covers the hash before it and all of the row but ``details``, of which it covers ``digest``:
    so that the details of an erased customer can be emptied and the chain still holds.
    """

    id = models.BigIntegerField(primary_key=True)
    at_us = models.BigIntegerField()
    who = models.BigIntegerField(null=True)
    via = models.CharField(max_length=80)
    did = models.CharField(max_length=60)
    sort = models.CharField(max_length=10)
    about = models.CharField(max_length=240)
    details = models.TextField()
    salt = models.CharField(max_length=32)
    digest = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        """Read backwards, by person, sort, what it is about, and moment."""

        db_table = "audit_note"
        indexes = (
            models.Index(fields=["who", "id"], name="audit_note_who"),
            models.Index(fields=["about", "id"], name="audit_note_about"),
            models.Index(fields=["did", "id"], name="audit_note_did"),
            models.Index(fields=["sort", "id"], name="audit_note_sort"),
            models.Index(fields=["at_us"], name="audit_note_at"),
        )


class AuditHead(models.Model):
    """Where the chain ends: one row, which whoever notes something holds until their transaction ends."""

    id = models.IntegerField(primary_key=True)
    position = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        """One row."""

        db_table = "audit_head"
