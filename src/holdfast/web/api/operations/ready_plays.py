"""The library of ready plays: one for each early warning and for scenarios, to be taken over as drafts."""

from __future__ import annotations

from typing import Any

from holdfast.services.act.plays import library
from holdfast.services.act.plays.adopting import take_over
from holdfast.services.act.plays.library import ReadyPlay as Ready
from holdfast.store import plays as stored
from holdfast.store import plays_reading
from holdfast.store.write_keys import READ, WRITE
from holdfast.web.access import EXPORTERS
from holdfast.web.api.contract import Answered, Call, operation
from holdfast.web.api.operations.plays import play_of
from holdfast.web.api.play_shapes import Key, Play


class ReadyPlay(Answered, frozen=True):
    """A ready play; ``meets`` are requirements of the catalogue ("C8"), ``signal`` what begins it, else "".

    ``taken`` says whether it is among the plays already.
    """

    key: str
    title: str
    description: str
    meets: list[str]
    signal: str
    purpose: str
    languages: list[str]
    taken: bool


class ReadyPlays(Answered, frozen=True):
    """Every ready play, those for signals first."""

    items: list[ReadyPlay]


class ReadyPlayWritten(Answered, frozen=True):
    """A ready play as it is written for the language that was asked for."""

    content: dict[str, Any]


@operation("GET", "/ready-plays", scope=READ)
def list_ready_plays(call: Call) -> ReadyPlays:
    """List the ready plays."""
    taken = {each.key for each in stored.listed(call.settings)}
    return ReadyPlays(items=[_shown(call, each, taken) for each in library.every()])


@operation("GET", "/ready-plays/{key}", scope=READ)
def get_ready_play(call: Call, key: Key) -> ReadyPlayWritten:
    """Get a ready play as it is written."""
    return ReadyPlayWritten(content=library.one(key).written(call.reader.code))


@operation("POST", "/ready-plays/{key}", scope=WRITE, roles=EXPORTERS, status=201)
def take_ready_play(call: Call, key: Key) -> Play:
    """Keep a ready play as a draft: in your currency, for your valued customers."""
    kept = take_over(call.settings, key, call.reader.code, call.say, by=call.by, now=call.actual)
    return play_of(kept, plays_reading.Counts())


def _shown(call: Call, ready: Ready, taken: set[str]) -> ReadyPlay:
    language = call.reader.code
    return ReadyPlay(
        key=ready.key,
        title=ready.title(language),
        description=ready.description(language),
        meets=list(ready.meets),
        signal=ready.signal,
        purpose=str(ready.content["purpose"]),
        languages=list(ready.languages),
        taken=ready.key in taken,
    )
