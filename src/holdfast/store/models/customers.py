"""Who the customers are: ids as they arrived, links between them, traits, contact points, texts.

Every row that an import wrote carries its id (``import_id``); ``also`` lists further imports that
said the same (``" 12 15 "``), so that undoing the first hands the row to the next.
"""

from __future__ import annotations

from django.db import models

from holdfast.store.models.imports import Import


def _subject(**options: object) -> models.ForeignKey[Subject]:
    return models.ForeignKey("store.Subject", models.CASCADE, db_index=False, related_name="+", **options)  # type: ignore[arg-type]


def _imported(**options: object) -> models.ForeignKey[Import]:
    """Which import wrote the row: ``import`` is a word of Python's, hence the name."""
    return models.ForeignKey(
        Import,
        models.DO_NOTHING,
        db_column="import_id",
        db_index=False,
        related_name="+",
        **options,  # type: ignore[arg-type]
    )


class Subject(models.Model):
    """One id as it arrived: given once per (namespace, key), never changed, never given again."""

    id = models.BigAutoField(primary_key=True)
    namespace = models.TextField()
    key = models.TextField()
    created_import = models.BigIntegerField(null=True)

    class Meta:
        """One row per (namespace, key)."""

        db_table = "subject"
        constraints = (models.UniqueConstraint(fields=["namespace", "key"], name="subject_once"),)


class Sighting(models.Model):
    """That an import brought at least one row about a subject; makes the subject visible.

    ``rows`` counts them; ``first_us`` is the first moment it tells about, where it tells one.
    """

    pk = models.CompositePrimaryKey("subject_id", "import_id")
    subject = _subject()
    import_id = models.BigIntegerField()
    first_us = models.BigIntegerField(null=True)
    rows = models.IntegerField(default=1)

    class Meta:
        """One row per subject and import."""

        db_table = "sighting"


class IdentityLink(models.Model):
    """That two subjects are the same customer, from ``linked_us`` until ``unlinked_us``.

    Sparse: a subject without links is its own unit. ``evidence`` is the value both share;
    ``made_by`` "import" or a person's e-mail address; ``ended_import`` the import that ended it
    (then it counts as ended only while that import is done).
    """

    id = models.BigAutoField(primary_key=True)
    subject = _subject()
    unit_id = models.BigIntegerField()
    linked_us = models.BigIntegerField()
    unlinked_us = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=20)
    evidence = models.TextField(default="")
    made_by = models.CharField(max_length=254, default="import")
    imported = _imported(null=True)
    ended_import = models.BigIntegerField(null=True)

    class Meta:
        """Found from either end, and by the value that proves it."""

        db_table = "identity_link"
        indexes = (
            models.Index(fields=["subject", "unit_id"], name="link_subject"),
            models.Index(fields=["unit_id"], name="link_unit"),
            models.Index(fields=["reason", "evidence"], name="link_evidence"),
        )


class AccountContact(models.Model):
    """That a person is a contact of an account, from a moment on (until another, where known)."""

    id = models.BigAutoField(primary_key=True)
    subject = _subject()
    account_id = models.BigIntegerField()
    from_us = models.BigIntegerField(null=True)
    to_us = models.BigIntegerField(null=True)
    imported = _imported(null=True)
    also = models.TextField(default="")

    class Meta:
        """Found from either end; one row per pair and import at most."""

        db_table = "account_contact"
        indexes = (
            models.Index(fields=["subject", "account_id"], name="contact_subject"),
            models.Index(fields=["account_id"], name="contact_account"),
        )


class TraitRow(models.Model):
    """One thing said about a subject, valid from a moment on, usable from ``known_us``.

    The next row of the same trait ends it: the view ``trait_history`` says until when.
    """

    id = models.BigAutoField(primary_key=True)
    subject = _subject()
    trait = models.TextField()
    value = models.TextField()
    valid_from_us = models.BigIntegerField()
    known_us = models.BigIntegerField()
    imported = _imported(null=True)
    also = models.TextField(default="")

    class Meta:
        """Found by subject, and by trait over all subjects; accounts by the account above them."""

        db_table = "trait_row"
        indexes = (
            models.Index(fields=["subject", "trait", "valid_from_us"], name="trait_subject"),
            models.Index(fields=["trait", "subject"], name="trait_trait"),
            models.Index(fields=["value"], name="trait_parent", condition=models.Q(trait="parent")),
        )


class ContactPoint(models.Model):
    """An address at which a subject is reached: ``kind`` email or phone, ``value`` normalised."""

    id = models.BigAutoField(primary_key=True)
    subject = _subject()
    kind = models.CharField(max_length=10)
    value = models.TextField()
    imported = _imported(null=True)
    also = models.TextField(default="")

    class Meta:
        """Found by subject, by value, and by the import that brought it."""

        db_table = "contact_point"
        indexes = (
            models.Index(fields=["subject"], name="point_subject"),
            models.Index(fields=["kind", "value"], name="point_value"),
            models.Index(fields=["imported"], name="point_import"),
        )


class CustomerText(models.Model):
    """What a customer wrote, or we wrote to one; ``event_key`` is that of the event in the lake."""

    id = models.BigAutoField(primary_key=True)
    event_key = models.BinaryField(unique=True, max_length=16)
    subject = _subject()
    at_us = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    text = models.TextField()
    imported = _imported(null=True)
    also = models.TextField(default="")

    class Meta:
        """Found by subject, newest first."""

        db_table = "customer_text"
        indexes = (models.Index(fields=["subject", "at_us"], name="text_subject"),)
