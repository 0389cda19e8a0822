"""What a customer agreed to, on the customer's page: what holds, and its history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from holdfast.domain.consent import (
    ANY,
    BY_HAND,
    CALLS,
    CALLS_WORDS,
    CHANNEL_WORDS,
    CHANNELS,
    HOW_WORDS,
    PACE_WORDS,
    TOPIC_WORDS,
    TOPICS,
    Statement,
    in_order,
    last_word,
    pace_of,
)
from holdfast.domain.moments import actual_us
from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.services.act import consent_by_hand
from holdfast.settings import Settings
from holdfast.store import consent
from holdfast.store.pauses import Pause
from holdfast.store.suppression import REASON_WORDS
from holdfast.web.masking import Masks

SHOWN = 30
"""Statements of the history that the page shows."""

_EVERYTHING = Text("Everything of ours")
_EVERYWHERE = Text("everywhere")


@dataclass(frozen=True, slots=True)
class ShownStatement:
    """One thing that was said: what, when, and how it is proved."""

    what: str
    given: bool
    when: str
    proof: str
    wording: str


@dataclass(frozen=True, slots=True)
class ShownChannel:
    """What holds on a channel: what may come and what not."""

    name: str
    agreed: str
    declined: str


@dataclass(frozen=True, slots=True)
class ShownPause:
    """A pause that holds: until when, who wanted it, and why."""

    until: str
    who: str
    why: str


@dataclass(frozen=True, slots=True)
class ConsentCard:
    """Everything about consent that the page shows; ``blocked`` are (address, why nothing goes there)."""

    channels: tuple[ShownChannel, ...]
    pace: str
    blocked: tuple[tuple[str, str], ...]
    history: tuple[ShownStatement, ...]
    further: int
    topics: tuple[tuple[str, str], ...]
    ways: tuple[tuple[str, str], ...]
    hows: tuple[tuple[str, str], ...]
    pause: ShownPause | None = None


def consent_card(
    workspace: Settings, subjects: Sequence[int], emails: Sequence[str], reader: Reader, mask: Masks
) -> ConsentCard:
    """What a customer agreed to, and declined: two statements."""
    said, pause = consent.history_and_pause(workspace, subjects, now_us=actual_us())
    blocked = consent_by_hand.suppressed_among(workspace, emails) if emails else {}
    pace = pace_of(said)
    return ConsentCard(
        tuple(each for channel in CHANNELS if (each := _channel(said, channel, reader)) is not None),
        reader.say(PACE_WORDS[pace]) if pace else "",
        tuple(
            (mask.shown("email", address), reader.say(REASON_WORDS[reason]))  # type: ignore[index]
            for address, reason in blocked.items()
        ),
        tuple(_statement(each, reader) for each in in_order(said)[:SHOWN]),
        max(0, len(said) - SHOWN),
        ((ANY, reader.say(_EVERYTHING)), *((topic, reader.say(TOPIC_WORDS[topic])) for topic in TOPICS)),
        (
            (ANY, reader.say(_EVERYWHERE)),
            *((each, reader.say(CHANNEL_WORDS[each])) for each in CHANNELS),
            (CALLS, reader.say(CALLS_WORDS)),
        ),
        tuple((how, reader.say(HOW_WORDS[how])) for how in BY_HAND),
        None if pause is None else _pause(pause, reader),
    )


def _pause(pause: Pause, reader: Reader) -> ShownPause:
    until = _local(pause.until_us, reader).date()
    if not pause.made_by:
        who = Text("They chose it themselves on {day}", day=_local(pause.made_us, reader).date())
    elif pause.asked:
        who = Text(
            "They asked for it; {person}, {day}",
            person=pause.made_by,
            day=_local(pause.made_us, reader).date(),
        )
    else:
        who = Text("{who}, {day}", who=pause.made_by, day=_local(pause.made_us, reader).date())
    told = Text("Offers and news pause until {day}.", day=until)
    return ShownPause(reader.say(told), reader.say(who), pause.why)


def _local(at_us: int, reader: Reader) -> datetime:
    return datetime.fromtimestamp(at_us // 1_000_000, UTC).astimezone(reader.zone)


def _channel(said: Sequence[Statement], channel: str, reader: Reader) -> ShownChannel | None:
    """What holds on a channel; ``None`` where nothing was said of it."""
    words: dict[str, Statement | None] = {topic: last_word(said, topic, channel) for topic in TOPICS}
    if not any(words.values()):
        return None
    name = reader.say(CHANNEL_WORDS[channel])  # type: ignore[index]
    agreed = _topics(words, True, reader)
    return ShownChannel(name, agreed, _topics(words, False, reader))


def _topics(words: Mapping[str, Statement | None], given: bool, reader: Reader) -> str:
    named = [
        reader.say(TOPIC_WORDS[topic])
        for topic in TOPICS
        if (word := words[topic]) is not None and word.given == given
    ]
    if len(named) == len(TOPICS):
        return reader.say(_EVERYTHING)
    return reader.list_of(named) if named else ""


def _statement(said: Statement, reader: Reader) -> ShownStatement:
    topic = reader.say(TOPIC_WORDS.get(said.topic, _EVERYTHING))  # type: ignore[call-overload]
    words = CHANNEL_WORDS.get(said.channel, _EVERYWHERE)  # type: ignore[call-overload]
    channel = reader.say(CALLS_WORDS if said.channel == CALLS else words)
    told = Text("Agreed: {topic}, {channel}", topic=topic, channel=channel)
    if not said.given:
        told = Text("Declined: {topic}, {channel}", topic=topic, channel=channel)
    how = HOW_WORDS.get(said.how)  # type: ignore[call-overload]
    by = reader.say(Text("recorded by {person}", person=said.said_by)) if said.said_by else ""
    proof = " · ".join(part for part in (reader.say(how) if how else said.how, by, said.source) if part)
    at = datetime.fromtimestamp(said.at_us / 1_000_000, UTC).astimezone(reader.zone)
    return ShownStatement(reader.say(told), said.given, reader.moment(at), proof, said.wording)
