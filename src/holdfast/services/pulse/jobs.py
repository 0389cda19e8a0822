"""What the worker does from time to time: each job under a claim of its own, with what went wrong kept."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal

from holdfast.domain.moments import microseconds
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.processes import PARENT_VARIABLE
from holdfast.settings import Settings

Lane = Literal["keep", "fetch", "messages", "compute", "reports", "asked"]
"""Jobs of one lane go one after the other: tidying; asking other servers; messengers; long computing;
files, digests and mails about figures; what somebody waits for at a page."""

LANES: tuple[Lane, ...] = ("keep", "fetch", "messages", "compute", "reports", "asked")

NIGHT = time(3, 0)
"""When nightly jobs begin, by the workspace's clock."""

NOT_AGAIN_HOURS = 6
"""A run that ended so lately is this night's."""

_AGAIN_SECONDS = 60
"""A job that failed is tried again after so long, or sooner when it is due sooner."""

_log = logging.getLogger("holdfast.worker")


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do every ``every_seconds``, or, without, every night at :data:`NIGHT`.

    ``run`` may be repeated without harm, and may be cut short at any moment.
    """

    name: str
    lane: Lane
    run: Callable[[Settings, datetime], None]
    every_seconds: float | None = None

    def next_us(self, settings: Settings, now: datetime) -> int:
        """When it is due after ``now``, in microseconds."""
        if self.every_seconds is not None:
            return microseconds(now) + int(self.every_seconds * 1_000_000)
        local = now.astimezone(settings.zone)
        night = datetime.combine(local.date(), NIGHT, settings.zone)
        return microseconds(night if night > local else night + timedelta(days=1))


def _move(settings: Settings, now: datetime) -> None:
    from holdfast.services.keep.move import move_when_due

    move_when_due(settings, now_us=microseconds(now))


def _compact(settings: Settings, now: datetime) -> None:
    from holdfast.services.keep.compact import compact

    compact(settings)


def _forget_seen(settings: Settings, now: datetime) -> None:
    from holdfast.store import arriving

    arriving.forget_seen(settings, microseconds(now) // 86_400_000_000 - SEEN_DAYS)


def _erase(settings: Settings, now: datetime) -> None:
    """Begin erasures that a page asked for, and go on with those that were cut short."""
    from holdfast.services.keep.erase.steps import carry_on

    carry_on(settings, now_us=microseconds(now), prove=False)


def _prove_erasures(settings: Settings, now: datetime) -> None:
    """Delete the old files of what was erased, scan everything, certify."""
    from holdfast.services.keep.erase.steps import carry_on

    carry_on(settings, now_us=microseconds(now))


def _expire(settings: Settings, now: datetime) -> None:
    from holdfast.services.keep.backup import delete_expired
    from holdfast.services.keep.retention import expire

    expire(settings, now_us=microseconds(settings.now(now)))
    list(delete_expired(settings, microseconds(now)))


SEEN_DAYS = 30
"""A repeat is recognised by its key for so long; later, when its customer's rows are compacted."""


def _contact_points(settings: Settings, now: datetime) -> None:
    from holdfast.services.collect.care.watch import watch

    watch(settings, now_us=microseconds(now))


def _sweep(settings: Settings, now: datetime) -> None:
    from holdfast.services.collect.care.sweep import sweep

    sweep(settings, now_us=microseconds(now))


def _nightly(settings: Settings, now: datetime) -> None:
    """Measure and foresee anew, in a process of its own: it takes much memory, and this one must not stop."""
    from holdfast.store.figures import last_run

    last = last_run(settings)
    if settings.clock is not None or last is None:
        return  # a demo's day does not pass; who never ran the loop has not decided yet who counts as lost
    if microseconds(now) - last.finished_us < NOT_AGAIN_HOURS * 3_600_000_000:
        return  # somebody has just done it by hand
    _run(settings)


def _learn(settings: Settings, now: datetime) -> None:
    """Run the loop where it ran once and what it learnt does not fit any more: an older release did, or
    another sort of customer was chosen. Until then the worker cannot look at single customers.
    """
    from holdfast.services.pulse.basis import is_missing

    if is_missing(settings):
        _run(settings)


def _run(settings: Settings) -> None:
    _in_a_process(settings, "holdfast.services.pulse")


def _find_duplicates(settings: Settings, now: datetime) -> None:
    """In a process of its own: comparing names takes minutes of processor time in a large base."""
    _in_a_process(settings, "holdfast.services.collect.identity")


def _in_a_process(settings: Settings, module: str, *more: str) -> None:
    """Run ``python -m module FOLDER ...`` to its end; it ends with this process, even by a kill."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", module, str(settings.folder.absolute()), *more],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, PARENT_VARIABLE: str(os.getpid())},
    )
    if done.returncode:
        raise RuntimeError(f"{module} failed: {done.stderr.strip()[-500:]}")


def _asked(settings: Settings, now: datetime) -> None:
    """Do what people asked for on a page, in a process of its own, which may be killed."""
    from holdfast.services.processes import is_gone
    from holdfast.store import asked

    if asked.is_waiting(settings, microseconds(now), is_gone=is_gone):
        _in_a_process(settings, "holdfast.services.pulse.asked")


def _sweep_uploads(settings: Settings, now: datetime) -> None:
    """Delete files that somebody brought and nobody imported."""
    from holdfast.services.collect.uploads.files import sweep

    sweep(settings, microseconds(now))


def _segments(settings: Settings, now: datetime) -> None:
    """Fill what is new, and look at everybody when a day has begun: then silences have grown."""
    from holdfast.services.collect.segments.refresh import refresh_due

    refresh_due(settings, microseconds(now))


def _pulls(settings: Settings, now: datetime) -> None:
    from holdfast.services.collect.sources.pulls import run_due as run_due_pulls

    run_due_pulls(settings, now)


def _tidy_sources(settings: Settings, now: datetime) -> None:
    from holdfast.services.collect.sources.intake import tidy

    tidy(settings, now)


def _mailboxes(settings: Settings, now: datetime) -> None:
    from holdfast.services.collect.inbox.mailboxes import read_mailboxes

    read_mailboxes(settings, now)


def _bots(settings: Settings, now: datetime) -> None:
    from holdfast.services.collect.inbox.bots import pull_messages

    pull_messages(settings, now)


def _addresses_of_bots(settings: Settings, now: datetime) -> None:
    from holdfast.services.collect.inbox.bots import tell_addresses

    tell_addresses(settings, now)


def _snoozed(settings: Settings, now: datetime) -> None:
    from holdfast.store import inbox

    inbox.wake(settings, microseconds(now))


def _cases(settings: Settings, now: datetime) -> None:
    """Open again whose customer has written since; close what has long been solved."""
    from holdfast.services.act.cases import carry_on

    carry_on(settings, settings.now(now))


def _sender_domain(settings: Settings, now: datetime) -> None:
    from holdfast.connectors.dns_records import usual
    from holdfast.services.act.domain_again import look_again

    look_again(settings, usual(), now_us=microseconds(now))


def _webhooks(settings: Settings, now: datetime) -> None:
    from holdfast.services.act.webhooks import look_after

    look_after(settings, now_us=microseconds(now))


def _files(settings: Settings, now: datetime) -> None:
    from holdfast.services.pulse.reports import write_files

    write_files(settings, now)


def _digests(settings: Settings, now: datetime) -> None:
    from holdfast.services.pulse.reports import send_digests

    send_digests(settings, now, _in_a_process)


def _warnings(settings: Settings, now: datetime) -> None:
    from holdfast.services.pulse.reports import tell_warnings

    tell_warnings(settings, now)


def _alert_mails(settings: Settings, now: datetime) -> None:
    from holdfast.services.pulse.reports import mail_alerts

    mail_alerts(settings, now)


def _segment_figures(settings: Settings, now: datetime) -> None:
    from holdfast.services.pulse.reports import measure_segments

    measure_segments(settings, now, _in_a_process)


def _records_of_signals(settings: Settings, now: datetime) -> None:
    """Replay signals whose record is old, in a process of its own."""
    from holdfast.services.warn.records import are_due
    from holdfast.store.figures import last_run

    if last_run(settings) is not None and are_due(settings, now):
        _in_a_process(settings, "holdfast.services.warn")


def _answers_to_warnings(settings: Settings, now: datetime) -> None:
    from holdfast.services.warn.answers import note

    note(settings, now)


def _texts(settings: Settings, now: datetime) -> None:
    """Read what files brought, and let facts follow corrections."""
    from holdfast.services.understand.between import read_between

    read_between(settings, now_us=microseconds(now))


def jobs() -> Sequence[Job]:
    """Every job there is."""
    return (
        Job("move", "keep", _move, 2),
        Job("compact", "keep", _compact, 900),
        Job("forget seen", "keep", _forget_seen),
        Job("erase", "keep", _erase, 15),
        Job("prove erasures", "keep", _prove_erasures),
        Job("expire", "keep", _expire),
        Job("contact points", "compute", _contact_points, 10),
        Job("forget taken away", "keep", _sweep),
        Job("segments", "compute", _segments, 5),
        Job("asked for", "asked", _asked, 1),
        Job("brought files", "keep", _sweep_uploads),
        Job("pulls", "fetch", _pulls, 20),
        Job("tidy sources", "keep", _tidy_sources),
        Job("mailboxes", "fetch", _mailboxes, 20),
        Job("bots", "messages", _bots, 2),
        Job("addresses of bots", "fetch", _addresses_of_bots, 60),
        Job("sender's domain", "fetch", _sender_domain, 600),
        Job("snoozed conversations", "messages", _snoozed, 10),
        Job("webhooks", "messages", _webhooks, 3600),
        Job("cases", "messages", _cases, 10),
        Job("files to fetch", "reports", _files, 2),
        Job("digests", "reports", _digests, 30),
        Job("alerts by mail", "reports", _alert_mails, 120),
        Job("warnings of the day", "reports", _warnings, 300),
        Job("figures of segments", "reports", _segment_figures, 30),
        Job("records of signals", "reports", _records_of_signals, 600),
        Job("answers to warnings", "compute", _answers_to_warnings, 30),
        Job("texts", "compute", _texts, 5),
        Job("nightly run", "compute", _nightly),
        Job("learn the company", "compute", _learn, 60),
        Job("probable duplicates", "compute", _find_duplicates),
    )


def run_due(settings: Settings, lane: Lane, now: datetime, all_jobs: Sequence[Job] | None = None) -> int:
    """Run the jobs of ``lane`` that are due and that no other worker has claimed; how many ran.

    What a job raises is kept as its trouble, logged, and the job is tried again soon.
    """
    from holdfast.store import jobs as kept

    ran = 0
    for job in jobs() if all_jobs is None else all_jobs:
        if job.lane != lane or not kept.claim(
            settings, job.name, microseconds(now), job.next_us(settings, now)
        ):
            continue
        ran += 1
        try:
            job.run(settings, now)
        except Exception as error:
            _failed(settings, job, error, now)
        else:
            kept.note(settings, job.name, last_us=microseconds(now), trouble=None)
    return ran


def _failed(settings: Settings, job: Job, error: Exception, now: datetime) -> None:
    from holdfast.store import jobs as kept

    if isinstance(error, Refusal):
        trouble = Text("{found} {remedy}", found=error.found, remedy=error.remedy)
        _log.warning("%s: %s", job.name, error.code)
    else:
        trouble = Text("It failed: {error}.", error=type(error).__name__)
        _log.exception("%s failed", job.name)
    kept.note(
        settings,
        job.name,
        last_us=microseconds(now),
        trouble=trouble,
        again_us=microseconds(now) + _AGAIN_SECONDS * 1_000_000,
    )
