"""Events in quarantine, in the reader's words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from markupsafe import Markup

from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.services.collect.quarantine import Replayed
from holdfast.store.quarantine import DROPPED, REPLAYED, STATES, WAITING, Asked, QuarantinedEvent

STATE_WORDS = {
    WAITING: Text("Waiting"),
    REPLAYED: Text("Replayed"),
    DROPPED: Text("Dropped"),
}
_SHORT = 120
_LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class ShownEvent:
    """One event of the list: the reason, and how it begins."""

    id: int
    reason: str
    source: str
    came: str
    begins: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to narrow the list."""

    words: str
    count: str
    url: str
    chosen: bool
    theirs: bool = True


def read_asked(given: Mapping[str, str]) -> Asked | None:
    """What the address asks for; ``None`` for what it cannot mean."""
    state = given.get("state", WAITING)
    source, before = given.get("source", "0"), given.get("before", "0")
    if state not in STATES or not (source.isdecimal() and before.isdecimal()):
        return None
    if max(int(source), int(before)) > _LARGEST_ID:
        return None
    return Asked(state, given.get("code", "")[:40], int(source), int(before))


def query(asked: Asked, **changed: object) -> str:
    """The address of a list like ``asked``, with some of it ``changed``."""
    given = {"state": asked.state, "code": asked.code, "source": asked.source_id, "before": asked.before}
    given |= changed
    told = {name: value for name, value in given.items() if value and (name, value) != ("state", WAITING)}
    return f"?{urlencode(told)}" if told else "?"


def sentence(counts: Mapping[str, int], reader: Reader) -> Markup:
    """How many events wait for somebody."""
    if not counts[WAITING]:
        return reader.say_html(Text("Every event that came was understood, or somebody has looked after it."))
    return reader.say_html(
        Text(
            "{events} could not be understood. They are kept here as they were sent, until somebody "
            "mends or drops them; nothing of them counts.",
            events=Text("{n} event", "{n} events", n=counts[WAITING]),
        ),
        strong=("events",),
    )


def tabs(counts: Mapping[str, int], asked: Asked, reader: Reader) -> list[Choice]:
    """The states as links."""
    return [
        Choice(
            reader.say(words),
            reader.number(counts[state]),
            query(Asked(state)),
            state == asked.state,
        )
        for state, words in STATE_WORDS.items()
    ]


def reasons(found: Sequence[tuple[str, int, str, int]], asked: Asked, reader: Reader) -> list[Choice]:
    """Why they were not understood and who sent them: each a link to those alone."""
    return [
        Choice(
            f"{code} · {source}" if source else code,
            reader.number(count),
            query(Asked(asked.state, code, source_id)),
            (code, source_id) == (asked.code, asked.source_id),
        )
        for code, source_id, source, count in found
    ]


def shown(events: Sequence[QuarantinedEvent], reader: Reader) -> list[ShownEvent]:
    """The events of the list."""
    return [
        ShownEvent(
            event.id,
            reader.say(event.found),
            event.source,
            reader.moment(datetime.fromtimestamp(event.received_us / 1_000_000, UTC)),
            event.event if len(event.event) <= _SHORT else f"{event.event[:_SHORT]}…",
        )
        for event in events
    ]


def laid_out(written: str) -> str:
    """An event as JSON that one can read; as it is where it is no JSON."""
    try:
        return json.dumps(json.loads(written), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return written


def outcome(done: Replayed, reader: Reader) -> str:
    """What "replay all" did."""
    sent = Text("{n} event is on its way again", "{n} events are on their way again", n=done.replayed)
    left = Text("{n} cannot be understood yet", "{n} cannot be understood yet", n=done.refused)
    words = Text("{sent}; {left}.", sent=sent, left=left)
    more = Text("There are more: ask once more.")
    return f"{reader.say(words)} {reader.say(more)}" if done.more else reader.say(words)
