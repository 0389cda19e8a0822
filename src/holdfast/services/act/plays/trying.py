"""A play tried from a page: rehearsed or run dry by the worker, and what came of it kept for that version.

No name and no written message is kept: whoever looks at it sees of each customer what they may see then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal

from holdfast.domain.texts import Text
from holdfast.services.act.plays import define
from holdfast.services.act.plays.dry_run import WORDS, DryRun, Person, dry_run
from holdfast.services.act.plays.past_ways import PastSteps
from holdfast.services.act.plays.rehearse import Entry, Rehearsal, rehearse
from holdfast.services.act.plays.written import no_such_play
from holdfast.services.progress import Progress
from holdfast.settings import Settings
from holdfast.store import asked, plays
from holdfast.store.asked import Asked
from holdfast.store.plays import KeptPlay, KeptVersion

Trial = Literal["rehearse", "dry_run"]


def ask(settings: Settings, version: KeptVersion, what: Trial, *, by_id: int | None, now_us: int) -> int:
    """Let the worker try a version; the number of the work. What goes on already is not asked for twice."""
    return asked.ask(settings, what, version.id, by_id=by_id, now_us=now_us)


def last(settings: Settings, version: KeptVersion, what: Trial) -> Asked | None:
    """The last trial of a version; ``None`` where there was none."""
    return asked.latest(settings, what, version.id)


def rehearse_asked(settings: Settings, version_id: int, progress: Progress, now: datetime) -> dict[str, Any]:
    """Rehearse a version on the past year, and what came of it as JSON."""
    _, version = _there(settings, version_id)
    progress.step(Text("Looking at each day of the past year"), 0, None)
    return asdict(rehearse(settings, define.ready_of(version), now, with_steps=True))


def dry_run_asked(settings: Settings, version_id: int, progress: Progress, now: datetime) -> dict[str, Any]:
    """Run a version dry, and what came of it as JSON."""
    play, version = _there(settings, version_id)
    progress.step(Text("Taking each customer through the steps"), 0, None)
    found = dry_run(settings, define.ready_of(version), now, play_id=play.id)
    return {
        "about": found.about,
        "scale": found.scale,
        "counts": [[what, code, number] for (what, code), number in sorted(found.counts.items())],
        "people": [[e.unit_id, e.what, e.code, e.because, e.channel] for e in found.people],
    }


def rehearsal_of(work: Asked) -> Rehearsal:
    """What a rehearsal that is done came to."""
    told: Mapping[str, Any] = work.result
    steps = told["steps"]
    return Rehearsal(
        **{
            **told,
            "shown": tuple(Entry(**each) for each in told["shown"]),
            "steps": None if steps is None else PastSteps(**steps),
        }
    )


def dry_run_of(work: Asked) -> DryRun:
    """What a dry run that is done came to."""
    told: Mapping[str, Any] = work.result
    counts = {(what, code): number for what, code, number in told["counts"]}
    return DryRun(told["about"], counts, tuple(Person(*each) for each in told["people"]), told["scale"])


def words_of(found: DryRun, code: str) -> Text | None:
    """Why, in words, for a code of a dry run."""
    if code in WORDS:
        return WORDS[code]
    return next((each.because for each in found.people if each.code == code), None)


def _there(settings: Settings, version_id: int) -> tuple[KeptPlay, KeptVersion]:
    version = plays.version_by_id(settings, version_id)
    play = None if version is None else plays.by_id(settings, version.play_id)
    if play is None or version is None:
        raise no_such_play(str(version_id))
    return play, version
