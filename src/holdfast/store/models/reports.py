"""Reports: dashboards that people put together, figures of segments, files to fetch, digests by mail."""

from __future__ import annotations

from django.db import models


class Dashboard(models.Model):
    """A page of tiles under a name, its maker's own or everybody's.

    ``tiles`` is a list of objects (see :class:`holdfast.domain.dashboards.Tile`). ``period_kind`` and
    ``periods`` say over what the tiles look back, ``segment_key`` of whom they tell ("" for everybody).
    ``version`` grows with each change, so that two people do not undo each other unseen.
    """

    id = models.BigAutoField(primary_key=True)
    title = models.TextField()
    person_id = models.BigIntegerField(null=True)
    shared = models.BooleanField(default=False)
    period_kind = models.CharField(max_length=10)
    periods = models.IntegerField()
    segment_key = models.CharField(max_length=80, default="")
    tiles = models.JSONField(default=list)
    version = models.IntegerField(default=1)
    made_us = models.BigIntegerField()
    changed_us = models.BigIntegerField()
    deleted_us = models.BigIntegerField(null=True)

    class Meta:
        """Few rows."""

        db_table = "dashboard"
        indexes = (models.Index(fields=["person_id"], name="dashboard_person"),)


class SegmentFigure(models.Model):
    """A figure of those who were in a segment when it was computed; ``content`` as in ``stored_figure``."""

    id = models.BigAutoField(primary_key=True)
    segment_id = models.BigIntegerField()
    period_kind = models.CharField(max_length=10)
    metric = models.CharField(max_length=60)
    start_day = models.IntegerField()
    end_day = models.IntegerField()
    content = models.TextField()

    class Meta:
        """Read by segment, kind of period and metric."""

        db_table = "segment_figure"
        indexes = (
            models.Index(
                fields=["segment_id", "period_kind", "metric", "start_day"], name="segment_figure_of"
            ),
        )


class SegmentMeasured(models.Model):
    """When the figures of a segment were computed last, of how many customers, or what went wrong."""

    segment_id = models.BigIntegerField(primary_key=True)
    made_us = models.BigIntegerField()
    run_us = models.BigIntegerField()
    customers = models.IntegerField()
    trouble = models.TextField(default="")

    class Meta:
        """One row per segment that a dashboard looks at."""

        db_table = "segment_measured"


class ExportFile(models.Model):
    """A file that one of us asked for: written by the worker, fetched by them, forgotten after a while.

    ``asked`` says what is in it, ``state`` is "waiting", "running", "ready", "failed" or "gone".
    ``stored`` is the random name under which it lies in the folder ``exports``.
    """

    id = models.BigAutoField(primary_key=True)
    person_id = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    asked = models.JSONField()
    file_format = models.CharField(max_length=8)
    state = models.CharField(max_length=8)
    asked_us = models.BigIntegerField()
    ready_us = models.BigIntegerField(null=True)
    ends_us = models.BigIntegerField(null=True)
    rows = models.BigIntegerField(null=True)
    size = models.BigIntegerField(null=True)
    stored = models.CharField(max_length=60, default="")
    trouble = models.TextField(default="")
    tries = models.IntegerField(default=0)
    held_until_us = models.BigIntegerField(default=0)

    class Meta:
        """Listed by person, the newest first; taken up by state."""

        db_table = "export_file"
        indexes = (
            models.Index(fields=["person_id", "id"], name="export_file_person"),
            models.Index(fields=["state", "ends_us"], name="export_file_state"),
        )


class Digest(models.Model):
    """A dashboard that comes by mail: every "day", "week" or "month", at ``minute`` of the reader's day.

    ``day`` is the day of the week (0 is Monday) or of the month (1 to 28). A ``quiet`` one stays away when
    nothing has changed.
    """

    id = models.BigAutoField(primary_key=True)
    dashboard_id = models.BigIntegerField()
    every = models.CharField(max_length=8)
    day = models.IntegerField(default=0)
    minute = models.IntegerField()
    quiet = models.BooleanField(default=False)
    made_by = models.CharField(max_length=254)
    made_us = models.BigIntegerField()

    class Meta:
        """Found by dashboard."""

        db_table = "digest"
        indexes = (models.Index(fields=["dashboard_id"], name="digest_dashboard"),)


class DigestReader(models.Model):
    """Who gets a digest, by which clock, and when next. ``mark`` is what the last one said, as a hash."""

    pk = models.CompositePrimaryKey("digest_id", "person_id")
    digest_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    zone = models.CharField(max_length=60)
    next_us = models.BigIntegerField()
    last_us = models.BigIntegerField(null=True)
    mark = models.CharField(max_length=32, default="")

    class Meta:
        """Taken up by when it is due."""

        db_table = "digest_reader"
        indexes = (models.Index(fields=["next_us"], name="digest_reader_next"),)
