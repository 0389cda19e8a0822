"""Work for our own people: tasks, cases, and who changed what of them when.

Both hang on the subject that named the customer when they were made, as notes do: merging two customers
shows the work for both, undoing the merge gives each back its own.
"""

from __future__ import annotations

from django.db import models


class Task(models.Model):
    """Something that one of us is to do.

    ``state`` is "open", "done" or "dropped"; an open one with a later ``snoozed_until_us`` is put off.
    ``priority`` is 0 (urgent) to 3 (low). ``due_us`` is the last microsecond in which it is in time.
    ``origin`` says where it came from ("", "conversation", "alert", "case", or what a program says) and
    ``origin_key`` from which. ``key`` lets a program make it once only. ``outcome`` is a code, ``reason``
    what was written when it was closed. ``script`` is the key of what to say, ``minutes`` how long it took.
    """

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=200, null=True, unique=True)
    subject_id = models.BigIntegerField(null=True)
    conversation_id = models.BigIntegerField(null=True)
    case_id = models.BigIntegerField(null=True)
    origin = models.CharField(max_length=20, default="")
    origin_key = models.CharField(max_length=200, default="")
    kind = models.CharField(max_length=20)
    title = models.TextField()
    text = models.TextField(default="")
    priority = models.SmallIntegerField()
    state = models.CharField(max_length=8)
    owner_id = models.BigIntegerField(null=True)
    due_us = models.BigIntegerField(null=True)
    snoozed_until_us = models.BigIntegerField(null=True)
    made_us = models.BigIntegerField()
    made_by = models.CharField(max_length=254)
    closed_us = models.BigIntegerField(null=True)
    closed_by = models.CharField(max_length=254, default="")
    outcome = models.CharField(max_length=20, default="")
    reason = models.TextField(default="")
    script = models.CharField(max_length=40, default="", db_default="")
    minutes = models.SmallIntegerField(null=True)

    class Meta:
        """Walked by who is to do it and when; the closed ones from the latest on."""

        db_table = "task"
        indexes = (
            models.Index(fields=["state", "owner_id", "due_us"], name="task_owner"),
            models.Index(fields=["state", "due_us"], name="task_due"),
            models.Index(fields=["state", "closed_us"], name="task_closed"),
            models.Index(fields=["subject_id"], name="task_subject"),
            models.Index(fields=["case_id"], name="task_case"),
            models.Index(fields=["conversation_id"], name="task_conversation"),
        )


class Case(models.Model):
    """A complaint or request until it is put right.

    ``state`` is "open", "waiting" (for the customer), "solved" or "closed" (nothing is expected any more).
    ``due_us`` is until when it was promised. ``outcome`` is how it was solved, as a code, ``reason`` in
    words. ``solved_us`` is when it was solved last, ``moved_us`` when anything happened with it last.
    ``heard`` is the newest message of the customer in its conversation that was there when it moved.
    """

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=200, null=True, unique=True)
    subject_id = models.BigIntegerField()
    conversation_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=20)
    title = models.TextField()
    text = models.TextField(default="")
    priority = models.SmallIntegerField()
    state = models.CharField(max_length=8)
    owner_id = models.BigIntegerField(null=True)
    due_us = models.BigIntegerField(null=True)
    made_us = models.BigIntegerField()
    made_by = models.CharField(max_length=254)
    moved_us = models.BigIntegerField()
    heard = models.BigIntegerField(default=0)
    solved_us = models.BigIntegerField(null=True)
    closed_us = models.BigIntegerField(null=True)
    outcome = models.CharField(max_length=20, default="")
    reason = models.TextField(default="")

    class Meta:
        """Walked by who looks after it and until when; by customer."""

        db_table = "customer_case"
        indexes = (
            models.Index(fields=["state", "owner_id", "due_us"], name="case_owner"),
            models.Index(fields=["state", "due_us"], name="case_due"),
            models.Index(fields=["state", "moved_us"], name="case_moved"),
            models.Index(fields=["subject_id"], name="case_subject"),
            models.Index(fields=["conversation_id"], name="case_conversation"),
        )


class WorkChange(models.Model):
    """What somebody did with a task or a case: never edited.

    ``what`` is a code ("made", "assigned", "due", "finished", ...), ``was`` and ``became`` the values
    before and after as text, ``text`` what was written beside it.
    """

    id = models.BigAutoField(primary_key=True)
    task_id = models.BigIntegerField(null=True)
    case_id = models.BigIntegerField(null=True)
    at_us = models.BigIntegerField()
    made_by = models.CharField(max_length=254)
    what = models.CharField(max_length=20)
    was = models.TextField(default="")
    became = models.TextField(default="")
    text = models.TextField(default="")

    class Meta:
        """Found by what it is about."""

        db_table = "work_change"
        indexes = (
            models.Index(fields=["task_id", "id"], name="work_change_task"),
            models.Index(fields=["case_id", "id"], name="work_change_case"),
        )


class MailChoice(models.Model):
    """Whether one of us wants mails of a sort ("task_assigned", "export_ready", "alert.x", "digest.7")."""

    pk = models.CompositePrimaryKey("person_id", "what")
    person_id = models.BigIntegerField()
    what = models.CharField(max_length=80)
    wanted = models.BooleanField()

    class Meta:
        """One row per person and sort; without one it is as the sort says."""

        db_table = "mail_choice"
