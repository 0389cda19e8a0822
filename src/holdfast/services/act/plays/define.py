"""Plays as people write them: made, changed, read, deleted; two who change one at once are told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from holdfast.domain.moments import microseconds
from holdfast.domain.plays import Play
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.act.plays.written import Ready, kept, no_such_play, read, written_as
from holdfast.settings import Settings
from holdfast.store import plays
from holdfast.store.plays import KeptPlay, KeptVersion, Said

MOST = 500


def find(settings: Settings, key: str) -> KeptPlay:
    """The play of a key, or a refusal ("no_such_play")."""
    found = plays.by_key(settings, key)
    if found is None:
        raise no_such_play(key)
    return found


def version_of(settings: Settings, play: KeptPlay, number: int | None = None) -> KeptVersion:
    """A version of a play, the latest unless it is named. Refuses one there is not ("no_such_version")."""
    wanted = play.number if number is None else number
    found = plays.version(settings, play.id, wanted)
    if found is None:
        raise Refusal(
            "no_such_version",
            found=Text("The play has no version {n}.", n=wanted),
            expected=Text("A version that was launched, or the latest one, {n}.", n=play.number),
            remedy=Text("Look at the list of its versions; nothing was changed."),
        )
    return found


def ready_of(version: KeptVersion) -> Ready:
    """A version, ready to be walked."""
    return kept(version.id, version.made_us, version.written)


def make(settings: Settings, content: object, *, by: str, now: datetime) -> KeptPlay:
    """Keep a new play as a draft. Refuses what is none ("bad_play") and a key that is taken ("key_taken")."""
    play = read(content).play
    if len(plays.listed(settings)) >= MOST:
        raise _too_many()
    try:
        plays.add(settings, play.key, _said(play), written_as(play), by=by, now_us=microseconds(now))
    except LookupError as error:
        raise Refusal(
            "key_taken",
            found=Text("Another play has the key {key}.", key=play.key),
            expected=Text("A key of its own."),
            remedy=Text("Choose another key, or change that play; nothing was changed."),
        ) from error
    return find(settings, play.key)


def keep(
    settings: Settings, play: KeptPlay, content: object, *, number: int, by: str, now: datetime
) -> KeptPlay:
    """Keep another version of a play, made from the version ``number``.

    Refuses what is none ("bad_play"), another key ("other_key"), and a play that somebody changed since
    it was read ("moved_on").
    """
    wanted = read(content).play
    if wanted.key != play.key:
        raise Refusal(
            "other_key",
            found=Text("The play is called {key} there, and {other} here.", key=wanted.key, other=play.key),
            expected=Text("The same key: it names the play for ever."),
            remedy=Text("Leave the key as it is, or make a new play; nothing was changed."),
        )
    if number != play.number:
        raise moved_on(play)
    changed = plays.change(settings, play, _said(wanted), written_as(wanted), by=by, now_us=microseconds(now))
    if changed is None:
        raise moved_on(find(settings, play.key))
    return find(settings, play.key)


def delete(settings: Settings, play: KeptPlay, *, number: int) -> None:
    """Delete a play that was never launched. Refuses others ("was_launched") and one that moved on."""
    if play.launched_us is not None:
        raise Refusal(
            "was_launched",
            found=Text("The play was launched: customers went through it."),
            expected=Text("A draft."),
            remedy=Text("End it instead; what happened stays to be seen."),
        )
    if number != play.number or not plays.delete_draft(settings, play):
        raise moved_on(play)


def take(
    settings: Settings, content: Mapping[str, Any], *, by: str, now: datetime, number: int | None = None
) -> tuple[KeptPlay, bool]:
    """Keep a play from a file: a new one, or a new version of the one there is. (play, whether it is new).

    With the ``number`` of the version that the file was made of it refuses a play that somebody changed
    since ("moved_on"); without, the file has the say.
    """
    key = read(content).play.key
    there = plays.by_key(settings, key)
    if there is None:
        return make(settings, content, by=by, now=now), True
    read_at = there.number if number is None else number
    return keep(settings, there, content, number=read_at, by=by, now=now), False


def moved_on(play: KeptPlay) -> Refusal:
    """The refusal of a change to a play that is not any more as it was read."""
    return Refusal(
        "moved_on",
        found=Text("Somebody changed the play meanwhile: it is at version {n} now.", n=play.number),
        expected=Text("A change to the play as it is."),
        remedy=Text("Look at it again, and make your change there; nothing was changed."),
    )


def _said(play: Play) -> Said:
    return Said(play.title, play.purpose, play.priority)


def _too_many() -> Refusal:
    return Refusal(
        "too_many_plays",
        found=Text("There are {n} plays.", n=MOST),
        expected=Text("At most {n}.", n=MOST),
        remedy=Text("Delete drafts that nobody needs; nothing was changed."),
    )
