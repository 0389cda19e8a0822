"""Where a customer is reached, who looks after them, what they need and what is known, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo

from django.urls import reverse

from holdfast.domain.channels import CHANNELS
from holdfast.domain.masking import Kind
from holdfast.domain.texts import Share, Text
from holdfast.language import Reader
from holdfast.services.collect.care.channels import ChannelAdvice
from holdfast.services.collect.care.needs import Need
from holdfast.services.collect.care.view import Care
from holdfast.store.contact_points import Point
from holdfast.store.documents import Document
from holdfast.store.told import Said
from holdfast.web.figures import readable
from holdfast.web.masking import Masks
from holdfast.web.pages.customer.words import local, trait_name, trait_value
from holdfast.web.sizes import size_words

POINT_STATES: dict[str, Text] = {
    "ok": Text("in use"),
    "bounced": Text("came back"),
    "stale": Text("no sign of life"),
    "never_used": Text("never used"),
    "missing": Text("missing"),
    "unclear": Text("not clear yet"),
}
"""States of contact points in a word."""


PERSONAL: dict[str, Kind] = {
    **dict.fromkeys(("name", "first_name", "last_name", "firstname", "lastname", "full_name"), "name"),
    **dict.fromkeys(("email", "e_mail", "mail"), "email"),
    **dict.fromkeys(("phone", "telephone", "mobile", "fax", "whatsapp"), "phone"),
    **dict.fromkeys(
        ("address", "address1", "address2", "street", "postcode", "postal_code", "zip", "birth_date"),
        "address",
    ),
}
"""Traits that hold a name or a way to reach somebody."""


@dataclass(frozen=True, slots=True)
class ShownPoint:
    """A contact point: its state in a word ("" when ended), and what is known of its use."""

    kind: str
    value: str
    state: str
    state_words: str
    below: str
    ended: bool


@dataclass(frozen=True, slots=True)
class ShownValue:
    """A value that was said, and by whom and when."""

    value: str
    below: str


@dataclass(frozen=True, slots=True)
class ShownTrait:
    """Something that is known: its name, the value of now, and those before. ``code`` is its own name."""

    code: str
    name: str
    typed: str
    now: ShownValue | None
    earlier: tuple[ShownValue, ...]
    question: str = ""


@dataclass(frozen=True, slots=True)
class ShownChannel:
    """The channel that suits, and why; "" where it is not clear yet. ``code`` is what was declared."""

    name: str
    why: str
    code: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ShownOwner:
    """Who looks after a customer; ``choices`` are (number, name), ``chosen`` the number of now."""

    name: str
    below: str
    chosen: int
    choices: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """A document that can be saved."""

    id: int
    url: str
    name: str
    below: str


@dataclass(frozen=True, slots=True)
class ShownCare:
    """What stands beside the timeline."""

    points: tuple[ShownPoint, ...]
    ended: tuple[ShownPoint, ...]
    channel: ShownChannel
    owner: ShownOwner
    needs: tuple[ShownTrait, ...]
    gaps: tuple[ShownTrait, ...]
    traits: tuple[ShownTrait, ...]
    documents: tuple[ShownDocument, ...]


def shown_care(unit_id: int, care: Care, zone: tzinfo, reader: Reader, masks: Masks) -> ShownCare:
    """All of it in the reader's words, as far as the reader may see it."""
    points = [_masked(shown_point(point, zone, reader), masks) for point in care.points]
    needs = [_need(need, zone, reader) for need in care.needs]
    return ShownCare(
        tuple(point for point in points if not point.ended),
        tuple(point for point in points if point.ended),
        _channel(care.advice, zone, reader),
        _owner(care, zone, reader),
        tuple(each for each in needs if each.now is not None),
        tuple(each for each in needs if each.now is None),
        tuple(_covered(trait, masks) for trait in _traits(care, zone, reader)),
        tuple(_document(unit_id, each, zone, reader) for each in care.documents),
    )


def _masked(point: ShownPoint, masks: Masks) -> ShownPoint:
    return replace(point, value=masks.shown("email" if point.kind == "email" else "phone", point.value))


def _covered(trait: ShownTrait, masks: Masks) -> ShownTrait:
    """A trait that holds a name or a way to reach somebody, as it may be shown."""
    kind = PERSONAL.get(trait.code)
    if kind is None:
        return trait
    now = replace(trait.now, value=masks.shown(kind, trait.now.value)) if trait.now else None
    earlier = tuple(replace(each, value=masks.shown(kind, each.value)) for each in trait.earlier)
    return replace(trait, typed=masks.shown(kind, trait.typed), now=now, earlier=earlier)


def shown_point(point: Point, zone: tzinfo, reader: Reader) -> ShownPoint:
    """One contact point."""
    ended = point.ended
    if ended is not None:
        day = local(ended.at_us, zone).date()
        below = Text("ended on {day} by {person}", day=day, person=ended.made_by)
        return ShownPoint(point.kind, point.value, "", "", reader.say(below), ended=True)
    return ShownPoint(
        point.kind,
        point.value,
        point.state,
        reader.say(POINT_STATES[point.state]) if point.state in POINT_STATES else "",
        " · ".join(reader.say(words) for words in _use(point, zone)),
        ended=False,
    )


def _use(point: Point, zone: tzinfo) -> Iterable[Text]:
    """What is known of a contact point's use: what decides its state first."""
    if point.state == "bounced" and point.bounced_us is not None:
        yield Text("came back on {day}", day=local(point.bounced_us, zone).date())
    if point.checked_us is not None:
        yield Text("checked on {day}", day=local(point.checked_us, zone).date())
    if point.life_us is not None:
        yield Text("last sign of life on {day}", day=local(point.life_us, zone).date())
    elif point.used_us is not None:
        yield Text("used on {day}, no answer ever", day=local(point.used_us, zone).date())
    if point.refused_us is not None:
        yield Text("wants no more mails since {day}", day=local(point.refused_us, zone).date())


def _channel(advice: ChannelAdvice, zone: tzinfo, reader: Reader) -> ShownChannel:
    choices = tuple((code, reader.say(name)) for code, name in CHANNELS.items())
    if advice.channel is None:
        few = Text(
            "not clear yet: tried {n} time so far", "not clear yet: tried {n} times so far", n=advice.tries
        )
        return ShownChannel("", reader.say(few), "", choices)
    name = reader.say(CHANNELS[advice.channel])
    if advice.declared is not None:
        return ShownChannel(name, _said_by(advice.declared, zone, reader), advice.channel, choices)
    why = Text(
        "answered {answers} of {n} time; about {rate} to be expected",
        "answered {answers} of {n} times; about {rate} to be expected",
        answers=advice.answers,
        n=advice.tries,
        rate=Share(advice.rate, 0),
    )
    return ShownChannel(name, reader.say(why), "", choices)


def _owner(care: Care, zone: tzinfo, reader: Reader) -> ShownOwner:
    choices = tuple((person.id, person.name or person.email) for person in care.people)
    own = care.own.person if care.own is not None else None
    if care.own is not None and own is not None:
        since = Text("since {day}", day=local(care.own.from_us, zone).date())
        return ShownOwner(own.name or own.email, reader.say(since), own.id, choices)
    through = care.through.person if care.through is not None else None
    if through is not None:
        below = reader.gettext("looks after their account")
        return ShownOwner(through.name or through.email, below, 0, choices)
    return ShownOwner("", reader.gettext("nobody yet"), 0, choices)


def _need(need: Need, zone: tzinfo, reader: Reader) -> ShownTrait:
    return ShownTrait(
        need.field.trait,
        _own_or_ours(need.field.name, reader),
        need.said.value if need.said else "",
        _value(need.said, zone, reader) if need.said else None,
        tuple(_value(each, zone, reader) for each in need.earlier),
        _own_or_ours(need.field.question, reader),
    )


def _own_or_ours(words: Text | str, reader: Reader) -> str:
    return words if isinstance(words, str) else reader.say(words)


def _traits(care: Care, zone: tzinfo, reader: Reader) -> Iterable[ShownTrait]:
    for trait, rows in care.traits.items():
        now, earlier = rows[0], rows[1:]
        if not any(row.value for row in rows):
            continue
        yield ShownTrait(
            trait,
            trait_name(trait, reader),
            now.value,
            _value(now, zone, reader) if now.value else None,
            _changes(now, earlier, zone, reader),
        )


def _changes(now: Said, earlier: Sequence[Said], zone: tzinfo, reader: Reader) -> tuple[ShownValue, ...]:
    """The values before, without repeats of what was said the time after."""
    found, after = [], now.value
    for row in earlier:
        if row.value and row.value != after:
            found.append(_value(row, zone, reader))
        after = row.value
    return tuple(found)


def _value(said: Said, zone: tzinfo, reader: Reader) -> ShownValue:
    return ShownValue(trait_value(said.trait, said.value, reader), _said_by(said, zone, reader))


def _said_by(said: Said, zone: tzinfo, reader: Reader) -> str:
    """By whom and since when; what was always so has no beginning."""
    who = said.made_by or readable(said.source)
    if said.valid_from_us < -(10**16):
        return who
    day = local(said.valid_from_us, zone).date()
    return reader.say(Text("{who}, {day}", who=who, day=day)) if who else reader.day(day)


def _document(unit_id: int, document: Document, zone: tzinfo, reader: Reader) -> ShownDocument:
    below = Text(
        "{size}, {person}, {day}",
        size=size_words(document.size, reader),
        person=document.made_by,
        day=local(document.at_us, zone).date(),
    )
    url = reverse("document", args=[unit_id, document.id])
    return ShownDocument(document.id, url, document.name, reader.say(below))
