"""The plays that a demo company begins with where nobody made one: one shows what proof is, two ask.

The first holds half of its customers out and ends by itself, so that after 90 days all of them were followed
to the end. Who is held out is drawn from the seed of the company.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from holdfast.services.act.plays import adopting, define, launch, written

if TYPE_CHECKING:
    from holdfast.domain.plays import Play
    from holdfast.settings import Settings
    from holdfast.store.plays import KeptPlay

FIRST = Path(__file__).with_name("own_play.json")
READY = ("ask_the_lukewarm", "answer_bad_feedback")
"""Plays of the library that begin beside it: they ask, and customers answer."""

BEGINS_DAYS = 40
"""So long customers enter the first play."""

HERE = "http://localhost:8000"
"""Where the links of messages lead, unless somebody says otherwise."""

BY, SECOND = "ann@cornflower.example", "ben@cornflower.example"
"""Who launches, and who agrees where a play reaches many."""

_LANGUAGE = "en"


def begin(settings: Settings, seed: int) -> tuple[str, ...]:
    """Launch the plays of the company, unless it has plays already; the keys of those that run now."""
    from holdfast.services.act import rules
    from holdfast.store import message_settings, plays

    if plays.listed(settings):
        return ()
    plays.name_workspace(settings, f"demo {seed}")
    if not message_settings.rules(settings).public_url:
        rules.set_public_url(settings, HERE)
    now = datetime.now(UTC)
    made = [define.make(settings, written.written_as(_first(settings, now)), by=BY, now=now)]
    made += [adopting.take_over(settings, key, _LANGUAGE, str, by=BY, now=now) for key in READY]
    return tuple(each.key for each in made if _launched(settings, each, now))


def _first(settings: Settings, now: datetime) -> Play:
    play = written.read(json.loads(FIRST.read_text(encoding="utf-8"))).play
    return replace(play, ends_on=settings.now(now).date() + timedelta(days=BEGINS_DAYS))


def _launched(settings: Settings, play: KeptPlay, now: datetime) -> bool:
    """Launch it, with a second person where it reaches many; false where something stops it here."""
    from holdfast.domain.refusals import Refusal

    try:
        done = launch.launch(settings, play, number=play.number, by=BY, now=now)
        if done.outcome == "waits":
            done = launch.launch(settings, play, number=play.number, by=SECOND, now=now)
    except Refusal as refused:
        if refused.code != "cannot_launch":
            raise
        return False  # of a company so small that nobody is scored: the draft says what is missing
    return done.outcome == "running"
