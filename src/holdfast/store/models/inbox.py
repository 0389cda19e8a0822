"""The inbox: conversations, their messages, and how far mailboxes and bots have been read."""

from __future__ import annotations

from django.db import models


class InboxConversation(models.Model):
    """What one customer and we write to each other about one thing, on one channel.

    ``key`` names it within its source. ``state`` is "open", "closed" or "snoozed" (until
    ``snoozed_until_us``); ``owner_id`` is the person of ours who looks after it. ``unread`` counts
    incoming messages that nobody has looked at; ``waiting`` says that the customer wrote last.
    ``address`` is where the customer is reached on that channel, ``preview`` the beginning of the
    newest message.
    """

    id = models.BigAutoField(primary_key=True)
    source_id = models.BigIntegerField()
    key = models.TextField()
    channel = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    title = models.TextField(default="")
    author = models.TextField(default="")
    address = models.TextField(default="")
    state = models.CharField(max_length=8, default="open")
    snoozed_until_us = models.BigIntegerField(null=True)
    owner_id = models.BigIntegerField(null=True)
    unread = models.IntegerField(default=0)
    messages = models.IntegerField(default=0)
    waiting = models.BooleanField(default=True)
    first_us = models.BigIntegerField()
    last_us = models.BigIntegerField()
    preview = models.TextField(default="")

    class Meta:
        """Listed by state, owner or channel, the newest first; found by customer."""

        db_table = "inbox_conversation"
        constraints = (models.UniqueConstraint(fields=["source_id", "key"], name="inbox_conversation_once"),)
        indexes = (
            models.Index(fields=["last_us", "id"], name="inbox_last"),
            models.Index(fields=["state", "last_us", "id"], name="inbox_state"),
            models.Index(fields=["owner_id", "state", "last_us", "id"], name="inbox_owner"),
            models.Index(fields=["channel", "state", "last_us", "id"], name="inbox_channel"),
            models.Index(fields=["subject_id"], name="inbox_subject"),
        )


class InboxMessage(models.Model):
    """One message of a conversation; ``event_key`` is that of its event in the log.

    ``message_key`` names it within the conversation, for edits. From the character ``folded_from`` on
    the text repeats what others wrote or is a signature. ``attachments`` lists name, type and size;
    their content is not kept. ``search`` holds the words under which it is found; ``reference`` is the
    Message-ID of a mail, by which answers name it.
    """

    id = models.BigAutoField(primary_key=True)
    conversation_id = models.BigIntegerField()
    event_key = models.BinaryField(unique=True, max_length=16)
    message_key = models.TextField(default="")
    subject_id = models.BigIntegerField()
    at_us = models.BigIntegerField()
    incoming = models.BooleanField(default=True)
    author = models.TextField(default="")
    text = models.TextField()
    folded_from = models.IntegerField(null=True)
    attachments = models.JSONField(default=list)
    edited_us = models.BigIntegerField(null=True)
    search = models.TextField(default="")
    reference = models.TextField(null=True)

    class Meta:
        """Read by conversation, the newest last; found by customer."""

        db_table = "inbox_message"
        indexes = (
            models.Index(fields=["conversation_id", "at_us", "id"], name="inbox_message_thread"),
            models.Index(fields=["conversation_id", "message_key"], name="inbox_message_key"),
            models.Index(fields=["subject_id"], name="inbox_message_subject"),
        )


class MailThread(models.Model):
    """To which conversation of a mailbox a mail belongs; ``token`` is a hash of what mails refer to."""

    pk = models.CompositePrimaryKey("source_id", "token")
    source_id = models.BigIntegerField()
    token = models.BinaryField(max_length=16)
    conversation_key = models.TextField()
    at_us = models.BigIntegerField()

    class Meta:
        """Looked up by what the next mail refers to."""

        db_table = "mail_thread"


class InboxCursor(models.Model):
    """How far a mailbox's folder or a bot's updates have been read.

    ``place`` is the last one read; it counts only while the other side still says ``epoch``
    (a folder's UIDVALIDITY).
    """

    pk = models.CompositePrimaryKey("source_id", "name")
    source_id = models.BigIntegerField()
    name = models.TextField()
    epoch = models.BigIntegerField(default=0)
    place = models.BigIntegerField(default=0)

    class Meta:
        """One row per source and folder."""

        db_table = "inbox_cursor"
