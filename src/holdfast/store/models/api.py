"""What the HTTP API and the outgoing webhooks need to remember."""

from __future__ import annotations

from django.db import models


class ApiAnswer(models.Model):
    """What a write was answered that came with an ``Idempotency-Key``: its repeat is answered the same.

    ``name`` is that key as the client wrote it, ``digest`` of what was asked. ``status`` is null while
    the first one is being answered; ``until_us`` says how long that may take, and then how long the
    answer is kept. ``unit_id`` is the customer it was about, if one.
    """

    id = models.BigAutoField(primary_key=True)
    key_id = models.BigIntegerField()
    name = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    status = models.IntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.TextField(default="")
    unit_id = models.BigIntegerField(null=True)
    until_us = models.BigIntegerField()

    class Meta:
        """Found by key and name, forgotten by age, erased by customer."""

        db_table = "api_answer"
        constraints = (models.UniqueConstraint(fields=["key_id", "name"], name="api_answer_name"),)
        indexes = (
            models.Index(fields=["until_us"], name="api_answer_until"),
            models.Index(fields=["unit_id"], name="api_answer_unit"),
        )


class Webhook(models.Model):
    """An address of another system that is told when something happens here.

    ``sealed`` holds its secret and, for a day after ``rotated_us``, the former one. ``failing_since_us``
    is when it first failed and has not worked since; ``off_us`` when it was switched off for that.
    """

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=100, unique=True)
    url = models.TextField()
    kinds = models.JSONField(default=list)
    sealed = models.TextField(default="")
    rotated_us = models.BigIntegerField(null=True)
    enabled = models.BooleanField(default=True)
    made_us = models.BigIntegerField()
    made_by = models.CharField(max_length=254, default="")
    changed_us = models.BigIntegerField()
    worked_us = models.BigIntegerField(null=True)
    failing_since_us = models.BigIntegerField(null=True)
    off_us = models.BigIntegerField(null=True)

    class Meta:
        """Few rows."""

        db_table = "webhook"


class WebhookMessage(models.Model):
    """One thing that webhooks are told, as it is sent: ``number`` is the same at every try."""

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=40)
    body = models.TextField()
    made_us = models.BigIntegerField()

    class Meta:
        """Forgotten by age."""

        db_table = "webhook_message"
        indexes = (models.Index(fields=["made_us"], name="webhook_message_made"),)


class WebhookAbout(models.Model):
    """Whom a message is about: with the customer it is erased."""

    pk = models.CompositePrimaryKey("message_id", "unit_id")
    message_id = models.BigIntegerField()
    unit_id = models.BigIntegerField()

    class Meta:
        """Looked up by customer."""

        db_table = "webhook_about"
        indexes = (models.Index(fields=["unit_id"], name="webhook_about_unit"),)


class WebhookDelivery(models.Model):
    """A message on its way to one webhook: how often it was tried, and what was answered last.

    ``state`` is "waiting", "delivered", "failed" (given up), or "dropped" (the webhook was switched off).
    """

    id = models.BigAutoField(primary_key=True)
    webhook_id = models.BigIntegerField()
    message_id = models.BigIntegerField()
    state = models.CharField(max_length=10, default="waiting")
    tries = models.IntegerField(default=0)
    status = models.IntegerField(null=True)
    trouble = models.TextField(default="")
    made_us = models.BigIntegerField()
    last_us = models.BigIntegerField(null=True)

    class Meta:
        """Listed by webhook, the newest first."""

        db_table = "webhook_delivery"
        indexes = (
            models.Index(fields=["webhook_id", "id"], name="webhook_delivery_of"),
            models.Index(fields=["message_id"], name="webhook_delivery_what"),
        )
