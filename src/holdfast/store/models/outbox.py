"""The outbox: touches that were asked for, what became of each, who sends, and how channels are set."""

from __future__ import annotations

from django.db import models


class Touch(models.Model):
    """A touch; ``state`` is one of :data:`holdfast.domain.touch.STATES`.

    ``key`` is unique for ever. While it waits it is due at ``due_us``. Claimed, it belongs to the
    connection ``sender_id``, which hands over what it claimed in the order of ``due_us`` and ``id``, the
    next one only when what became of the one before is written down: after a crash the first that is not is
    the only one that was perhaps handed over. ``code`` and ``reason`` say why it is where it is; ``tries``
    counts what was handed over or tried to be, ``provider_id`` is the provider's name for it. Where there is
    room for one message only, the one of the higher ``priority`` goes.
    """

    id = models.BigAutoField(primary_key=True)
    key = models.TextField(unique=True)
    purpose = models.CharField(max_length=12)
    channel = models.CharField(max_length=12)
    via = models.TextField(default="")
    state = models.CharField(max_length=10, default="waiting")
    address = models.TextField()
    unit_id = models.BigIntegerField(null=True)
    subject_id = models.BigIntegerField(null=True)
    person_id = models.BigIntegerField(null=True)
    conversation_id = models.BigIntegerField(null=True)
    topic = models.CharField(max_length=20, default="")
    priority = models.SmallIntegerField(default=0, db_default=0)
    title = models.TextField(default="")
    asked_by = models.TextField(default="")
    asked_us = models.BigIntegerField()
    due_us = models.BigIntegerField()
    not_after_us = models.BigIntegerField(null=True)
    sender_id = models.BigIntegerField(null=True)
    tries = models.IntegerField(default=0)
    code = models.CharField(max_length=40, default="")
    reason = models.JSONField(null=True)
    provider_id = models.TextField(default="")
    changed_us = models.BigIntegerField()

    class Meta:
        """Claimed by channel and moment; taken over by sender; listed by state, the newest first."""

        db_table = "touch"
        indexes = (
            models.Index(
                fields=["channel", "due_us", "id"],
                name="touch_waiting",
                condition=models.Q(state="waiting"),
            ),
            models.Index(fields=["sender_id"], name="touch_claimed", condition=models.Q(state="claimed")),
            models.Index(fields=["state", "id"], name="touch_state"),
            models.Index(fields=["state", "changed_us"], name="touch_sent", condition=models.Q(state="sent")),
            models.Index(fields=["unit_id", "id"], name="touch_unit"),
            models.Index(fields=["subject_id"], name="touch_subject"),
            models.Index(fields=["provider_id"], name="touch_provider", condition=~models.Q(provider_id="")),
            models.Index(
                fields=["address"],
                name="touch_stranger",
                condition=models.Q(purpose="marketing", subject_id__isnull=True),
            ),
            models.Index(
                fields=["conversation_id", "id"],
                name="touch_conversation",
                condition=models.Q(conversation_id__isnull=False),
            ),
        )


class TouchContent(models.Model):
    """What a touch says, apart from its row: that is written often, this once."""

    touch_id = models.BigIntegerField(primary_key=True)
    subject = models.TextField(default="")
    text = models.TextField()
    html = models.TextField(default="")
    language = models.CharField(max_length=12, default="en")
    reply_to_message = models.TextField(default="")
    sender_name = models.TextField(default="")
    headers = models.JSONField(default=dict)
    secret = models.BooleanField(default=False)

    class Meta:
        """Read when it is sent, and when somebody looks."""

        db_table = "touch_content"


class TouchAttachment(models.Model):
    """A file that goes along with a touch."""

    pk = models.CompositePrimaryKey("touch_id", "place")
    touch_id = models.BigIntegerField()
    place = models.IntegerField()
    name = models.TextField()
    media_type = models.TextField()
    inline_id = models.TextField(default="")
    content = models.BinaryField()

    class Meta:
        """Read with its touch."""

        db_table = "touch_attachment"


class TouchTry(models.Model):
    """One thing that happened to a touch: it was handed over, held, taken over, cancelled, sent anew.

    ``what`` is the outcome ("sent", "failed", "again", "unknown", "held", "refused", "returned", "resent",
    "released", "cancelled"), ``made_by`` the person or connection, from ``began_us`` to ``at_us``.
    """

    id = models.BigAutoField(primary_key=True)
    touch_id = models.BigIntegerField()
    what = models.CharField(max_length=12)
    began_us = models.BigIntegerField(null=True)
    at_us = models.BigIntegerField()
    made_by = models.TextField(default="")
    code = models.CharField(max_length=40, default="")
    reason = models.JSONField(null=True)
    provider_id = models.TextField(default="")

    class Meta:
        """Read by touch."""

        db_table = "touch_try"
        indexes = (models.Index(fields=["touch_id", "id"], name="touch_try_touch"),)


class TouchSender(models.Model):
    """One connection that sends: it owns what it claimed until ``until_us``, which it keeps putting off.

    Whoever takes over deletes the row, so that a connection that slept finds itself gone.
    """

    id = models.BigAutoField(primary_key=True)
    holder = models.TextField()
    channel = models.CharField(max_length=12)
    until_us = models.BigIntegerField()

    class Meta:
        """A few rows."""

        db_table = "touch_sender"


class ChannelSetting(models.Model):
    """How a channel is set: ``options`` as JSON, its secrets sealed; ``trouble`` what is wrong with it now.

    After a failure of the whole channel nobody asks it before ``rests_until_us``.
    """

    channel = models.CharField(max_length=12, primary_key=True)
    options = models.JSONField(default=dict)
    sealed = models.TextField(default="")
    changed_us = models.BigIntegerField()
    trouble = models.JSONField(null=True)
    failures = models.IntegerField(default=0)
    rests_until_us = models.BigIntegerField(default=0)

    class Meta:
        """One row per channel that was set."""

        db_table = "channel_setting"
