"""The voice of those who left, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from markupsafe import Markup

from holdfast.analytics.loss_evidence import KIND_WORDS
from holdfast.analytics.loss_groups import Group
from holdfast.domain.origins import ORIGINS, Origin
from holdfast.domain.texts import Share, Text
from holdfast.language import Reader
from holdfast.services.understand.drivers import UNSEEN, Compared
from holdfast.services.understand.loss_parts import PARTS, part_name, parted
from holdfast.services.understand.voice import Agreed, CauseTold, Voice
from holdfast.web.cause_words import CauseName
from holdfast.web.figures import country_name
from holdfast.web.lists import Choice
from holdfast.web.pages.at_risk.causes import CAUSES as AREAS
from holdfast.web.pages.at_risk.words import whole_money

MOST_GROUPS = 12
MOST_CAUSES = 12
"""So many causes are listed until all are asked for."""


@dataclass(frozen=True, slots=True)
class ShownCause:
    """One cause: its share of all losses with the likely range, how often it was named, and its money."""

    id: str
    name: str
    url: str
    origin: str
    share: str
    likely: str
    width: str
    named: str
    money: str
    money_share: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class ShownOrigin:
    """One origin with its share of all losses."""

    name: str
    share: str
    likely: str
    width: str


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """A part of the losses: how many, of how many the cause is known, the causes named most, what stands
    out.
    """

    name: str
    losses: str
    known: str
    money: str
    causes: str
    stands_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownArea:
    """One area: what part of the losses is said to come from it, and what part of the risks it drives."""

    name: str
    said: str
    drives: str


def sentence(voice: Voice, reader: Reader) -> Markup:
    """How many left and of how many the cause is known."""
    return reader.say_html(
        Text(
            "Of <b>{n} loss</b> in the last year, the cause of <b>{share}</b> is known.",
            "Of <b>{n} losses</b> in the last year, the cause of <b>{share}</b> is known.",
            n=voice.losses,
            share=Share(1 - voice.unknown / voice.losses if voice.losses else 0.0, 0),
        )
    )


def unknown(voice: Voice, currency: str, reader: Reader) -> str:
    """The share without a known cause, with its likely range, and its money."""
    return reader.say(
        Text(
            "Without a known cause: {share} (likely range {low} to {high}). They took {money} a year with "
            "them.",
            share=Share(voice.unknown / voice.losses if voice.losses else 0.0, 0),
            low=Share(voice.unknown_low, 0),
            high=Share(voice.unknown_high, 0),
            money=whole_money(voice.unknown_money_minor, currency, reader),
        )
    )


def causes(
    voice: Voice, chosen: str, by_money: bool, currency: str, reader: Reader, name: CauseName
) -> list[ShownCause]:
    """The causes, by share of the losses or of the money."""
    told = sorted(voice.causes, key=lambda each: -each.money_share) if by_money else voice.causes
    most = max((each.high for each in told), default=0.0) or 1.0
    return [_cause(each, most, each.cause == chosen, currency, reader, name) for each in told]


def _cause(
    each: CauseTold, most: float, chosen: bool, currency: str, reader: Reader, name: CauseName
) -> ShownCause:
    return ShownCause(
        id=each.cause,
        name=name(each.cause),
        url=f"{reverse('voice')}?cause={each.cause}#cause",
        origin=reader.say(ORIGINS[_origin(each.origin)]),
        share=reader.share(Share(each.share)),
        likely=likely(each.low, each.high, reader),
        width=f"{100 * each.share / most:.1f}",
        named=reader.number(each.named),
        money=whole_money(each.money_minor, currency, reader),
        money_share=reader.share(Share(each.money_share)),
        chosen=chosen,
    )


def origins(voice: Voice, reader: Reader) -> list[ShownOrigin]:
    """The three origins."""
    return [
        ShownOrigin(
            reader.say(ORIGINS[_origin(each.origin)]),
            reader.share(Share(each.share, 0)),
            likely(each.low, each.high, reader),
            f"{100 * each.share:.1f}",
        )
        for each in voice.origins
    ]


def _origin(name: str) -> Origin:
    return next(each for each in ORIGINS if each == name)


def likely(low: float, high: float, reader: Reader) -> str:
    """A 95 % interval."""
    return reader.say(Text("{low} to {high}", low=Share(low), high=Share(high)))


def parts(chosen: str, reader: Reader) -> list[Choice]:
    """By what the losses can be parted."""
    return [
        Choice(reader.say(words), f"{reverse('voice')}?part={name}#parts", name == chosen)
        for name, words in PARTS.items()
    ]


def groups(
    voice: Voice, part: str, titles: Mapping[str, str], currency: str, reader: Reader, name: CauseName
) -> list[ShownGroup]:
    """The losses by one part, the largest first; of segments those that ``titles`` knows."""
    found = parted(voice, part, titles)
    return [
        _group(
            each,
            group_name(part, each.name, titles, reader),
            voice.ids,
            currency,
            reader,
            name,
        )
        for each in found[:MOST_GROUPS]
    ]


def _group(
    each: Group, called: str, ids: Sequence[str], currency: str, reader: Reader, name: CauseName
) -> ShownGroup:
    named = [
        f"{name(ids[cause])} {reader.share(Share(times / each.known, 0))}" for cause, times in each.causes[:3]
    ]
    return ShownGroup(
        name=called,
        losses=reader.number(each.losses),
        known=reader.share(Share(each.known / each.losses if each.losses else 0.0, 0)),
        money=whole_money(each.money_minor, currency, reader),
        causes=reader.list_of(named),
        stands_out=tuple(
            reader.say(
                Text(
                    "{cause}: {here} here, {elsewhere} elsewhere",
                    cause=name(ids[out.cause]),
                    here=Share(out.hits / out.of, 0),
                    elsewhere=Share(out.others / out.of_others if out.of_others else 0.0, 0),
                )
            )
            for out in each.stands_out
        ),
    )


def group_name(part: str, name: str, titles: Mapping[str, str], reader: Reader) -> str:
    """The name of a part of the losses."""
    if part == "country":
        return country_name(name, reader.code)
    return reader.say(part_name(part, name, titles))


def agreed(told: Sequence[Agreed], reader: Reader) -> list[str]:
    """How often each kind of evidence named what people then said in own words."""
    return [
        reader.say(
            Text(
                "{kind}: right {right} of {of} times",
                kind=reader.say(KIND_WORDS[each.kind]),
                right=each.right,
                of=each.of,
            )
        )
        for each in told
    ]


def areas(told: Sequence[Compared], reader: Reader) -> list[ShownArea]:
    """What is said beside what drives the model."""
    return [
        ShownArea(
            name=reader.gettext("rivals and their own life")
            if each.area == UNSEEN
            else reader.say(AREAS.get(each.area, Text("{area}", area=each.area))),
            said=reader.share(Share(each.said_share, 0)),
            drives=reader.share(Share(each.drives_share, 0)),
        )
        for each in told
    ]


def area_sentence(told: Sequence[Compared], reader: Reader) -> str:
    """What people say and the model does not see, or the other way round; "" where they go together."""
    apart = sorted(told, key=lambda each: -abs(each.said_share - each.drives_share))
    if not apart or abs(apart[0].said_share - apart[0].drives_share) < 0.1:
        return (
            reader.gettext("What people say and what drives the model weigh about the same.") if apart else ""
        )
    first = apart[0]
    if first.area == UNSEEN:
        return reader.say(
            Text(
                "{share} of the known losses are for rivals or a changed life: no number of the model can "
                "foresee these.",
                share=Share(first.said_share, 0),
            )
        )
    words = Text(
        "Most apart: {area}. People name it in {said} of the known losses; it drives {drives} of the risks.",
        area=AREAS.get(first.area, Text("{area}", area=first.area)),
        said=Share(first.said_share, 0),
        drives=Share(first.drives_share, 0),
    )
    return reader.say(words)
