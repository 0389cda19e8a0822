"""How good contact points are, through which channels customers answer, how much of their needs is known.

Judged anew for everybody after each run of the loop, for single customers as soon as something happens.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from holdfast.domain.channels import Channel, channel_of
from holdfast.settings import Settings
from holdfast.store import (
    care_settings,
    channel_uses,
    identity_live,
    live_sources,
    needs,
    point_lists,
    point_states,
    readers,
)
from holdfast.store.channel_uses import ChannelUse

if TYPE_CHECKING:
    from holdfast.engines.contact_signs import ChannelSigns
    from holdfast.services.collect.care.who import Who

AGAIN = care_settings.JUDGE_AGAIN
SEEN = "kinds_seen"
STALE = "stale_days"
RATES = "channel_rates"
_REACHED_BY: Mapping[str, str] = {"email": "email", "phone": "phone", "sms": "phone"}
"""Channel to the kind of contact point it uses."""


def refresh(settings: Settings, *, now_us: int) -> int:
    """Judge everybody anew; how many rows changed. Run again with the same data, it changes nothing."""
    unit_of = readers.resolved_units(settings)
    signs = list(_signs(settings, None))
    seen = _kinds_seen(signs)
    person_of = unit_of if settings.unit == "person" else readers.resolved_units(_by_person(settings))
    how = point_states.Judging(unit_of, person_of, seen, _present(settings, now_us), stale_days(settings))
    changed = point_states.judge(settings, (_sign(each, how) for each in signs), how)
    changed += channel_uses.save(settings, _uses(signs, unit_of))
    point_lists.keep_counts(settings)
    care_settings.write(settings, SEEN, sorted(seen))
    care_settings.write(settings, AGAIN, False)
    care_settings.write(settings, RATES, channel_uses.totals(settings))
    return changed + refresh_all_known(settings)


def refresh_units(settings: Settings, units: Mapping[int, Sequence[int]], *, now_us: int) -> int:
    """Judge these customers anew: unit to all its ids; how many rows changed."""
    subjects = sorted({subject for each in units.values() for subject in each})
    if not subjects:
        return 0
    unit_of = {subject: unit for unit, each in units.items() for subject in each}
    signs = list(_signs(settings, subjects))
    kept = care_settings.read(settings, SEEN).get(SEEN, [])
    how = point_states.Judging(
        unit_of,
        unit_of if settings.unit == "person" else identity_live.units_of(_by_person(settings), subjects),
        _kinds_seen(signs) | frozenset(kept),
        _present(settings, now_us),
        stale_days(settings),
        units=sorted(units),
        subjects=subjects,
    )
    before = point_lists.count_by_state(settings, sorted(units))
    changed = point_states.judge(settings, (_sign(each, how) for each in signs), how)
    point_lists.keep_counts(
        settings, before=before, after=point_lists.count_by_state(settings, sorted(units))
    )
    return changed + channel_uses.save(settings, _uses(signs, unit_of), units=sorted(units))


def refresh_known(settings: Settings, about: Who) -> None:
    """Count anew how much of one customer's needs is known."""
    from holdfast.services.collect.care.needs import need_fields

    traits = [field.trait for field in need_fields(settings)]
    unit_of = dict.fromkeys(about.subjects, about.unit_id)
    known = needs.known_of(settings, traits, unit_of, about.subjects)
    needs.save(settings, known, units=[about.unit_id])


def refresh_all_known(settings: Settings) -> int:
    """Count anew how much of everybody's needs is known; how many rows changed."""
    from holdfast.services.collect.care.needs import need_fields

    traits = [field.trait for field in need_fields(settings)]
    return needs.save(settings, needs.known_of(settings, traits, readers.resolved_units(settings)))


def stale_days(settings: Settings) -> int:
    """Without a sign of life for so many days a contact point is stale."""
    return int(care_settings.read(settings, STALE).get(STALE, care_settings.STALE_DAYS))


def stale_days_and_again(settings: Settings) -> tuple[int, bool]:
    """The same, and whether everybody waits to be judged by it."""
    kept = care_settings.read(settings, STALE, AGAIN)
    return int(kept.get(STALE, care_settings.STALE_DAYS)), bool(kept.get(AGAIN))


def _present(settings: Settings, now_us: int) -> int:
    """The workspace's present: a demo's contact points do not go stale while it lies there."""
    return int(settings.now(datetime.fromtimestamp(now_us / 1_000_000, UTC)).timestamp() * 1_000_000)


def _signs(settings: Settings, subjects: Sequence[int] | None) -> Iterator[ChannelSigns]:
    from holdfast.engines.contact_signs import contact_signs
    from holdfast.engines.embedded import EmbeddedEngine
    from holdfast.services.visible import events_of, finished_events

    events = finished_events(settings) if subjects is None else events_of(settings, subjects)
    with EmbeddedEngine(temp=settings.folder / "spill", memory_mb=400) as engine:
        yield from contact_signs(engine, events, _channel_of_source(settings), subjects)


def _channel_of_source(settings: Settings) -> dict[str, Channel]:
    """Live sources by the channel their messages come through: a mailbox, a messenger, our own chat."""
    found: dict[str, Channel] = {}
    for source in live_sources.listed(settings):
        channel = channel_of(source.kind)
        if channel is not None:
            found[source.name] = channel
    return found


def _kinds_seen(signs: Iterable[ChannelSigns]) -> frozenset[str]:
    """The kinds of contact points of which a source tells something."""
    return frozenset(_REACHED_BY[each.channel] for each in signs if each.channel in _REACHED_BY)


def _by_person(settings: Settings) -> Settings:
    """The same workspace, asked for people where accounts are its customers."""
    return replace(settings, unit="person")


def _sign(signs: ChannelSigns, how: point_states.Judging) -> point_states.Sign:
    subject = signs.subject_id
    moments = (
        signs.first_us,
        signs.used_us,
        signs.works_us,
        signs.life_us,
        signs.bounced_us,
        signs.refused_us,
    )
    person, unit = how.person_of.get(subject, subject), how.unit_of.get(subject, subject)
    return (person, unit, signs.channel, signs.address, *moments)


def _uses(signs: Iterable[ChannelSigns], unit_of: Mapping[int, int]) -> Iterator[ChannelUse]:
    summed: dict[tuple[int, str], list[int]] = {}
    for each in signs:
        if not each.asked and not each.answered:
            continue
        unit = unit_of.get(each.subject_id, each.subject_id)
        sums = summed.setdefault((unit, each.channel), [0, 0, 0])
        sums[0] += each.asked
        sums[1] += each.answered
        sums[2] = max(sums[2], each.used_us or 0)
    for (unit, channel), (asked, answered, last_us) in summed.items():
        yield ChannelUse(unit, channel, asked, answered, last_us or None)
