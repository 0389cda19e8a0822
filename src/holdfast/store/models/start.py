"""What a workspace is begun with: the first sign-in, the steps that were taken, files that people bring."""

from __future__ import annotations

from django.db import models


class SetUpLink(models.Model):
    """The link by which the first administrator is made; only a hash of what stands in it is kept."""

    id = models.BigAutoField(primary_key=True)
    digest = models.CharField(max_length=64, unique=True)
    made_us = models.BigIntegerField()
    expires_us = models.BigIntegerField()

    class Meta:
        """One row at most."""

        db_table = "set_up_link"


class StartStep(models.Model):
    """A step of the guided start that somebody has taken."""

    name = models.CharField(max_length=20, primary_key=True)
    done_us = models.BigIntegerField()
    by_id = models.BigIntegerField(null=True)

    class Meta:
        """A handful of rows."""

        db_table = "start_step"


class Upload(models.Model):
    """A file that somebody brought to the import page.

    ``state`` is new, looked, asked, done, refused or gone. ``layout`` (JSON) says how the file is
    written, ``chosen`` (JSON) which column is which; ``import_id`` is the import that took it.
    ``mends_id`` names the upload or import whose rejected rows it holds, ``sent`` (JSON) which of them.
    """

    id = models.BigAutoField(primary_key=True)
    name = models.TextField()
    size_bytes = models.BigIntegerField()
    state = models.CharField(max_length=10)
    kind = models.CharField(max_length=40, default="")
    layout = models.JSONField(default=dict)
    chosen = models.JSONField(default=dict)
    import_id = models.BigIntegerField(null=True)
    mends_id = models.BigIntegerField(null=True)
    sent = models.JSONField(null=True)
    trouble = models.JSONField(null=True)
    by_id = models.BigIntegerField(null=True)
    made_us = models.BigIntegerField()
    changed_us = models.BigIntegerField()

    class Meta:
        """Found by the import that it became, and by the import whose rows it mends."""

        db_table = "upload"
        indexes = (
            models.Index(fields=["import_id"], name="upload_import"),
            models.Index(fields=["mends_id"], name="upload_mends"),
        )


class SavedMap(models.Model):
    """A map of columns under a name, to be used for the next file of the same sort."""

    id = models.BigAutoField(primary_key=True)
    name = models.TextField(unique=True)
    kind = models.CharField(max_length=40)
    columns = models.JSONField()
    chosen = models.JSONField()
    by_id = models.BigIntegerField(null=True)
    made_us = models.BigIntegerField()

    class Meta:
        """Few rows."""

        db_table = "saved_map"


class AskedWork(models.Model):
    """Long work that somebody asked for on a page: what it is about, how far it is, how it ended.

    ``kind`` is look, import, undo, weigh, run, invent, rehearse or dry_run. While it runs a process holds
    it: ``holder`` until ``held_until_us``; whoever finds that time over takes it up again. ``step`` and
    ``trouble`` are sentences as JSON, ``result`` is what it answers.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=10)
    about_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10)
    step = models.JSONField(null=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    result = models.JSONField(null=True)
    trouble = models.JSONField(null=True)
    attempts = models.IntegerField(default=0)
    holder = models.TextField(default="")
    held_until_us = models.BigIntegerField(default=0)
    by_id = models.BigIntegerField(null=True)
    asked_us = models.BigIntegerField()
    finished_us = models.BigIntegerField(null=True)

    class Meta:
        """Found by what waits or runs, and by what it is about."""

        db_table = "asked_work"
        indexes = (
            models.Index(
                condition=models.Q(("state__in", ("waiting", "running"))),
                fields=["id"],
                name="asked_work_open",
            ),
            models.Index(fields=["kind", "about_id"], name="asked_work_about"),
        )
