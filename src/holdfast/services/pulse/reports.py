"""What the worker does for reports: files, digests, alerts by mail, figures of segments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from holdfast.domain.moments import microseconds
from holdfast.settings import Settings

WHOLE_KINDS = {"customers": "customers", "risks": "risks", "events": "events"}
"""Kinds of files that hold all there is of something, and what the export calls them."""

MOST_FILES = 20
"""Files written in one turn: then digests get theirs."""

Start = Callable[[Settings, str, str], None]
"""Runs a module with one argument more than the folder, in a process of its own."""


def write_files(settings: Settings, now: datetime) -> None:
    """Write the files that wait, and delete those whose time is over."""
    from holdfast import store
    from holdfast.services.prove import files

    store.connect(settings)
    if not files.is_waiting(settings, microseconds(now)):
        return
    for _ in range(MOST_FILES):
        if not files.write_next(settings, _whole, now):
            break
    files.clear(settings, now)


def _whole(settings: Settings, kind: str, path: Path) -> int:
    from holdfast.services.keep.export import export

    return export(settings, WHOLE_KINDS[kind], path).rows


def send_digests(settings: Settings, now: datetime, start: Callable[[Settings, str], None]) -> None:
    """Start the process that makes digests, where one is due."""
    from holdfast.store import digests

    if digests.is_due(settings, microseconds(now)):
        start(settings, "holdfast.web.mailing")


def mail_alerts(settings: Settings, now: datetime) -> None:
    """Ask for the mails about fresh alerts."""
    from holdfast.services.prove import alert_mails

    alert_mails.mail_alerts(settings, now)


def tell_warnings(settings: Settings, now: datetime) -> None:
    """Tell each morning what was warned of: our people by mail, the team in its chat."""
    from holdfast.services.prove import warning_mails

    warning_mails.tell_warnings(settings, now)


def measure_segments(settings: Settings, now: datetime, start: Start) -> None:
    """Measure segments of which dashboards tell and that changed, or that the last run made old.

    One that cannot be measured keeps no other from it, and is tried again after the next run. Raises what
    the first of them raised.
    """
    from holdfast.store import dashboards, segment_figures, segments
    from holdfast.store.figures import last_run

    run = last_run(settings)
    if run is None:
        return
    looked_at = [segments.by_key(settings, key) for key in dashboards.segments_looked_at(settings)]
    found = [each for each in looked_at if each is not None]
    failed: list[Exception] = []
    for each in found:
        made = segment_figures.measured(settings, each.id)
        fresh = made is not None and made.run_us >= run.finished_us and made.made_us >= each.ruled_us
        if each.checked_us is not None and not fresh:
            try:
                start(settings, "holdfast.services.measure.of_segment", each.key)
            except Exception as error:
                # Kept, or the whole log would be read again every minute.
                trouble = type(error).__name__
                tried = segment_figures.Measured(each.id, microseconds(now), run.finished_us, 0, trouble)
                segment_figures.save(settings, tried, ())
                failed.append(error)
    segment_figures.forget(settings, [each.id for each in found])
    if failed:
        raise failed[0]
