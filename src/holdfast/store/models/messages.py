"""Messages to customers: templates with their versions, and the pictures in them."""

from __future__ import annotations

from django.db import models


class MessageTemplate(models.Model):
    """A message or a part that messages share.

    ``draft`` is being worked on (see :mod:`holdfast.domain.templates`), ``version`` grows with each change
    of it, so that two people do not undo each other unseen. What is sent is the version ``published``; 0 is
    none.
    """

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=80, unique=True)
    title = models.CharField(max_length=120)
    kind = models.CharField(max_length=10)
    draft = models.JSONField()
    version = models.IntegerField(default=1)
    published = models.IntegerField(default=0)
    made_us = models.BigIntegerField()
    changed_us = models.BigIntegerField()
    changed_by = models.CharField(max_length=254, default="")
    deleted_us = models.BigIntegerField(null=True)

    class Meta:
        """Few rows."""

        db_table = "message_template"


class MessageTemplateVersion(models.Model):
    """What a template said when it was published for the ``number``-th time; never changed."""

    id = models.BigAutoField(primary_key=True)
    template_id = models.BigIntegerField()
    number = models.IntegerField()
    content = models.JSONField()
    published_us = models.BigIntegerField()
    published_by = models.CharField(max_length=254, default="")

    class Meta:
        """Read by template and number."""

        db_table = "message_template_version"
        constraints = (
            models.UniqueConstraint(fields=["template_id", "number"], name="message_template_version_once"),
        )


class MessageImage(models.Model):
    """A picture for messages; ``name`` is made of its content, so that one address never shows another."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=80, unique=True)
    title = models.CharField(max_length=120)
    media_type = models.CharField(max_length=40)
    size = models.IntegerField()
    width = models.IntegerField(default=0)
    height = models.IntegerField(default=0)
    content = models.BinaryField()
    made_us = models.BigIntegerField()
    made_by = models.CharField(max_length=254, default="")

    class Meta:
        """Read by name."""

        db_table = "message_image"
