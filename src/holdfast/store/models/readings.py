"""What was read in the texts of customers: readings with their corrections, own words, and learned layers."""

from __future__ import annotations

from django.db import models


class TextReading(models.Model):
    """What one text says; ``event_key`` is that of its event, ``kind`` where it stands (ticket, survey ...).

    ``causes`` and ``wants`` are ids between blanks (`` late_delivery no_information ``); ``language`` is
    null where the text was not read. ``evidence`` lists [meaning, from, to] in the text. ``told`` are the
    codes of its "Text Read" events, between blanks too; where ``facts_due`` they are not what the reading
    says any more. A corrected reading keeps in ``read_before`` what the reader had said. ``doubt`` is how
    much a person's look would teach, 0 to 1, and ``drawn`` a number by lot, 0 to 1.
    """

    id = models.BigAutoField(primary_key=True)
    event_key = models.BinaryField(unique=True, max_length=16)
    subject_id = models.BigIntegerField()
    at_us = models.BigIntegerField()
    known_us = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    object_kind = models.TextField(null=True)
    object_id = models.TextField(null=True)
    import_id = models.BigIntegerField(null=True)
    language = models.CharField(max_length=10, null=True)
    sentiment = models.CharField(max_length=10)
    causes = models.TextField(default="")
    wants = models.TextField(default="")
    competitors = models.JSONField(default=list)
    evidence = models.JSONField(default=list)
    version = models.CharField(max_length=64)
    read_us = models.BigIntegerField()
    doubt = models.FloatField(default=0.0)
    drawn = models.FloatField(default=0.0)
    told = models.TextField(default="")
    facts_due = models.BooleanField(default=False)
    corrected_us = models.BigIntegerField(null=True)
    corrected_by = models.CharField(max_length=254, default="")
    read_before = models.JSONField(null=True)

    class Meta:
        """Found by customer and by moment; the queue goes by doubt and by lot."""

        db_table = "text_reading"
        indexes = (
            models.Index(fields=["subject_id"], name="text_reading_subject"),
            models.Index(fields=["at_us", "id"], name="text_reading_at"),
            models.Index(fields=["import_id"], name="text_reading_import"),
            models.Index(
                fields=["doubt"], name="text_reading_queue", condition=models.Q(corrected_us__isnull=True)
            ),
            models.Index(
                fields=["drawn"], name="text_reading_lot", condition=models.Q(corrected_us__isnull=True)
            ),
            models.Index(
                fields=["corrected_us"],
                name="text_reading_corrected",
                condition=models.Q(corrected_us__isnull=False),
            ),
            models.Index(fields=["id"], name="text_reading_due", condition=models.Q(facts_due=True)),
        )


class ReadingPlace(models.Model):
    """Up to which text was read live; one row."""

    name = models.CharField(max_length=20, primary_key=True)
    place = models.BigIntegerField()

    class Meta:
        """One row."""

        db_table = "reading_place"


class CauseWords(models.Model):
    """A cause of our own, or the names that we gave to one of the list.

    ``names`` are by language; a cause that came with the list keeps its id, its group and its meaning.
    """

    cause_id = models.CharField(max_length=60, primary_key=True)
    group_name = models.CharField(max_length=30)
    definition = models.TextField(default="")
    names = models.JSONField(default=dict)
    added = models.BooleanField(default=False)
    changed_us = models.BigIntegerField()
    changed_by = models.CharField(max_length=254, default="")

    class Meta:
        """Few rows."""

        db_table = "cause_words"


class Competitor(models.Model):
    """A competitor of ours by name, as customers write it."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=100, unique=True)
    made_us = models.BigIntegerField()
    made_by = models.CharField(max_length=254, default="")

    class Meta:
        """Few rows."""

        db_table = "competitor"


class LearntLayer(models.Model):
    """What was learnt from corrections in one language: ``content`` is the layer, ``figures`` how it did.

    ``enabled`` says that it is used: of a language at most one is. Former ones stay, to go back to.
    """

    id = models.BigAutoField(primary_key=True)
    language = models.CharField(max_length=10)
    corrections = models.IntegerField()
    figures = models.JSONField(default=dict)
    content = models.JSONField(default=dict)
    enabled = models.BooleanField(default=False)
    made_us = models.BigIntegerField()
    changed_us = models.BigIntegerField()
    changed_by = models.CharField(max_length=254, default="")

    class Meta:
        """Few rows; one in use per language."""

        db_table = "learnt_layer"
        constraints = (
            models.UniqueConstraint(
                fields=["language"], name="learnt_layer_in_use", condition=models.Q(enabled=True)
            ),
        )
