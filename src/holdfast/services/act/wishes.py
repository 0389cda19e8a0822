"""What a customer wants to hear from us: read by a link in a message, kept as statements with their proof."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from holdfast.domain.consent import ANY, CHANNELS, TOPICS, Pace, Statement, last_word, pace_of
from holdfast.domain.links import Link, Use, read, written
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.domain.consent import How
    from holdfast.store.ingest_log import LogEvent

UNSUBSCRIBED = "Unsubscribed"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What holds now: the topics and channels that may come, how often, and whether anything may.

    ``channels`` are those by which the customer can be reached at all. ``refused_us`` is when the
    customer last refused everything on the link's channel, where that holds.
    """

    link: Link
    topics: frozenset[str]
    channels: Mapping[str, bool]
    pace: Pace
    refused_us: int | None


PAUSES: tuple[int, ...] = (30, 90)
"""For how many days a customer may let offers and news pause."""


def opened(settings: Settings, token: str, use: Use, *, now_us: int) -> Link:
    """What a link says. Raises :class:`~holdfast.domain.links.Forged` and ``Expired``.

    Of a customer who was erased since it is the address alone that counts: nobody comes back by a click.
    """
    from holdfast.domain.links import Forged
    from holdfast.store import known_ids, suppression

    link = read(token, suppression.links_secret(settings), CHANNELS, now_us=now_us)
    if link.use != use:
        raise Forged
    if link.subject_id and not known_ids.exists(settings, link.subject_id):
        return replace(link, subject_id=0)
    return link


def pause(settings: Settings, link: Link, days: int | None, *, now_us: int) -> None:
    """Let offers and news to the customer of a link pause for so many days; ``None``: let them go again."""
    from holdfast.services.act import pausing
    from holdfast.store import pauses

    subjects = pauses.ids_of(settings, link.subject_id)
    if days is None:
        pausing.end(settings, subjects, by="", address_key=link.address_key, now_us=now_us)
        return
    today = datetime.fromtimestamp(now_us // 1_000_000, UTC).astimezone(settings.zone).date()
    pausing.pause(
        settings,
        subjects,
        today + timedelta(days=days),
        asked=True,
        address_key=link.address_key,
        now_us=now_us,
    )


def paused_until(settings: Settings, link: Link, *, now_us: int) -> int | None:
    """Until when offers and news to the customer of a link pause; ``None`` where they go."""
    from holdfast.store import pauses

    subjects = pauses.ids_of(settings, link.subject_id)
    found = pauses.holding(settings, subjects, now_us=now_us, address_key=link.address_key)
    return None if found is None else found.until_us


def wishes(settings: Settings, link: Link) -> Wishes:
    """What the customer of a link wants now."""
    from holdfast.store import message_settings

    said = _said(settings, link)
    assumed = message_settings.rules(settings).basis == message_settings.CUSTOMERS and link.subject_id != 0
    reached = _reached(settings, link)
    wanted: dict[tuple[str, str], bool] = {
        (topic, channel): assumed if (word := last_word(said, topic, channel)) is None else word.given
        for topic in TOPICS
        for channel in reached
    }
    refused = [last_word(said, topic, link.channel) for topic in TOPICS]
    all_refused = [each.at_us for each in refused if each is not None and not each.given]
    return Wishes(
        link,
        frozenset(topic for topic in TOPICS if any(wanted[topic, channel] for channel in reached)),
        {channel: _is_open(said, channel, wanted) for channel in reached},
        pace_of(said),
        max(all_refused) if len(all_refused) == len(TOPICS) else None,
    )


def keep(
    settings: Settings,
    link: Link,
    topics: Collection[str],
    channels: Collection[str],
    pace: Pace,
    *,
    wording: Mapping[str, str],
    now_us: int,
) -> None:
    """Keep what a customer chose on the preference page: a statement per topic, then per channel refused.

    ``wording`` holds the words that stood beside each choice, as proof; under "" those above all of them.
    """
    reached = _reached(settings, link)
    said = [
        _statement(link, topic, ANY, topic in topics, "page", _shown(wording, topic), now_us, pace)
        for topic in TOPICS
    ]
    said += [
        _statement(link, ANY, channel, False, "page", _shown(wording, channel), now_us)
        for channel in reached
        if channel not in channels
    ]
    _keep(settings, link, said, now_us)


def unsubscribe(settings: Settings, link: Link, how: How, *, wording: str, now_us: int) -> int | None:
    """End all marketing on the link's channel; since when it had ended already, ``None`` if it had not.

    Who is unsubscribed already stays so: nothing new is kept.
    """
    since = wishes(settings, link).refused_us
    if since is not None:
        return since
    _keep(settings, link, [_statement(link, ANY, link.channel, False, how, wording, now_us)], now_us)
    return None


def refuse_all(settings: Settings, link: Link, *, wording: str, now_us: int) -> None:
    """End all marketing, on every channel."""
    _keep(settings, link, [_statement(link, ANY, ANY, False, "page", wording, now_us)], now_us)


def token_for(settings: Settings, link: Link, use: Use) -> str:
    """The token by which the owner of one link reaches the other page; it ends when theirs does."""
    from holdfast.store import suppression

    return written(replace(link, use=use), suppression.links_secret(settings), CHANNELS)


def _keep(settings: Settings, link: Link, said: Sequence[Statement], now_us: int) -> None:
    from holdfast.store import consent, due, identity_live, ingest_log, sql

    open_before = wishes(settings, link).refused_us is None
    with sql.short_write():
        consent.say(
            settings,
            [consent.Said(link.subject_id, each, link.address_key) for each in said],
            now_us=now_us,
        )
        if not link.subject_id:
            return
        units = set(identity_live.units_of(settings, {link.subject_id}).values())
        due.touch(settings, units, now_us)
        if open_before and wishes(settings, link).refused_us is not None:
            ingest_log.append(settings, [_event(settings, link, now_us)])


def _event(settings: Settings, link: Link, now_us: int) -> LogEvent:
    """What the event log knows of it: whoever unsubscribes may be about to leave."""
    from holdfast.store.ingest_log import LogEvent

    key = hashlib.blake2b(f"unsubscribed {link.subject_id} {now_us}".encode(), digest_size=16).digest()
    present = settings.now(datetime.fromtimestamp(now_us / 1_000_000, UTC))
    at_us = min(now_us, int(present.timestamp() * 1_000_000))
    return LogEvent(key, None, link.subject_id, at_us, now_us, UNSUBSCRIBED, "holdfast", code=link.channel)


def _said(settings: Settings, link: Link) -> list[Statement]:
    from holdfast.store import consent

    person = (link.subject_id or None, link.address_key)
    return consent.of_people(settings, [person])[person]


def _reached(settings: Settings, link: Link) -> tuple[str, ...]:
    """The channels by which we reach the customer: the link's own, and those on which they wrote to us."""
    from holdfast.store import consent

    found = {link.channel, "email", *consent.channels_of(settings, link.subject_id)}
    return tuple(channel for channel in CHANNELS if channel in found)


def _is_open(said: Sequence[Statement], channel: str, wanted: Mapping[tuple[str, str], bool]) -> bool:
    """Whether a channel is on: something may come by it, or nobody ever spoke of it."""
    words = [last_word(said, topic, channel) for topic in TOPICS]
    return any(wanted[topic, channel] for topic in TOPICS) or not any(words)


def _statement(
    link: Link,
    topic: str,
    channel: str,
    given: bool,
    how: How,
    wording: str,
    now_us: int,
    pace: Pace | None = None,
) -> Statement:
    source = f"touch {link.touch_id}" if link.touch_id else ""
    return Statement(topic, channel, given, now_us, how, wording, "", source, pace)


def _shown(wording: Mapping[str, str], name: str) -> str:
    return "\n".join(each for each in (wording.get("", ""), wording.get(name, "")) if each)
