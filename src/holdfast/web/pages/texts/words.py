"""Readings in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse
from markupsafe import Markup, escape

from holdfast.domain.quoting import quoted
from holdfast.domain.readings import INTENTS
from holdfast.domain.texts import Share, Text
from holdfast.language import Reader, languages
from holdfast.language.languages import language
from holdfast.services.understand.corrections import MOODS, Rightness
from holdfast.store.own_words import OwnCause
from holdfast.store.readings import Counts, Reading
from holdfast.store.text_layers import Layer
from holdfast.store.to_review import Narrowed
from holdfast.web.text_words import MOOD_WORDS, WANTS_WORDS

KIND_WORDS: dict[str, Text] = {
    "ticket": Text("Ticket"),
    "message": Text("Message"),
    "survey": Text("Answer to a survey"),
    "review": Text("Review"),
    "call": Text("Call"),
    "visit": Text("Visit"),
    "reason": Text("Reason given"),
    "event": Text("Event"),
}
GROUP_WORDS: dict[str, Text] = {
    "service": Text("Service"),
    "product": Text("Product"),
    "adoption_value": Text("Use and value"),
    "money": Text("Price and payment"),
    "competition": Text("Competition"),
    "delivery": Text("Delivery"),
    "relationship": Text("Relationship"),
    "natural": Text("Not in our hands"),
}
PART_WORDS: dict[str, Text] = {
    "causes": Text("Causes"),
    "sentiment": Text("How it sounds"),
    "leaving": Text("Wish to leave"),
}
"""What a learned layer decides."""


@dataclass(frozen=True, slots=True)
class ShownText:
    """One reading: ``words`` is the text as it may be shown, ``said`` what was read in it."""

    id: int
    url: str
    words: Markup | str
    by: str
    by_url: str
    where: str
    day: str
    mood: str
    mood_kind: str
    said: list[str]
    language: str
    corrected: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be chosen."""

    value: str
    words: str
    chosen: bool
    url: str = ""
    theirs: bool = False
    count: str = ""


def shown(
    reading: Reading,
    names: Mapping[str, OwnCause],
    name: str,
    zone: ZoneInfo,
    reader: Reader,
    *,
    hide: str,
    whole: bool = False,
) -> ShownText:
    """A reading of a customer called ``name``; ``hide`` is left out of the quote.

    ``whole`` shows the text as it was written, with what speaks for the reading marked.
    """
    said = [cause_name(names, each, reader) for each in reading.causes]
    said += [reader.say(WANTS_WORDS[each]) for each in reading.wants if each in WANTS_WORDS]
    at = _at(reading.at_us).astimezone(zone)
    return ShownText(
        reading.id,
        reverse("text", args=[reading.id]),
        _marked(reading) if whole else quoted(reading.text, [hide]),
        name,
        reverse("customer", args=[reading.unit_id]),
        reader.say(KIND_WORDS.get(reading.kind, KIND_WORDS["event"])),
        reader.day(at.date()),
        reader.say(MOOD_WORDS[reading.sentiment]),
        reading.sentiment,
        said,
        language_name(reading.language, reader),
        _corrected(reading, zone, reader),
    )


def cause_name(names: Mapping[str, OwnCause], cause: str, reader: Reader) -> str:
    """What a cause is called; its id where it is not known any more."""
    return names[cause].name(reader.code) if cause in names else cause


def language_name(code: str | None, reader: Reader) -> str:
    """A language by its own name; "" for none, its code where we have no name for it."""
    if code is None:
        return reader.say(Text("not read"))
    return language(code).own_name if code in languages() else code


def _marked(reading: Reading) -> Markup:
    """The text with what speaks for the reading marked; of places that overlap the first."""
    parts, at = [], 0
    for span in sorted(reading.evidence, key=lambda each: (each.start, -each.end)):
        if span.start < at or span.end <= span.start:
            continue
        parts += [escape(reading.text[at : span.start])]
        parts += [Markup("<mark>{}</mark>").format(reading.text[span.start : span.end])]
        at = span.end
    return Markup("").join([*parts, escape(reading.text[at:])])


def _corrected(reading: Reading, zone: ZoneInfo, reader: Reader) -> str:
    if reading.corrected_us is None:
        return ""
    day = reader.day(_at(reading.corrected_us).astimezone(zone).date())
    return reader.say(Text("Looked at by {who}, {day}", who=reading.corrected_by, day=day))


def sentence(counts: Counts, right: Rightness, reader: Reader) -> Markup:
    """How much was read, and how often that is right."""
    if not counts.texts:
        return reader.say_html(Text("No text has been read yet."))
    read = reader.say_html(
        Text(
            "{n} text of customers was read, {corrected} of them looked at by a person.",
            "{n} texts of customers were read, {corrected} of them looked at by a person.",
            n=counts.texts,
            corrected=counts.corrected,
        )
    )
    parts = [read]
    if counts.not_read:
        parts.append(
            reader.say_html(
                Text(
                    "{n} is in no language that is read.",
                    "{n} are in no language that is read.",
                    n=counts.not_read,
                )
            )
        )
    if right.causes is not None:
        share, low, high = map(Share, right.causes)
        parts.append(
            reader.say_html(
                Text(
                    "Of {n} text drawn by lot the causes were right in {share} (likely {low} to {high}).",
                    "Of {n} texts drawn by lot the causes were right in {share} (likely {low} to {high}).",
                    n=right.texts,
                    share=share,
                    low=low,
                    high=high,
                )
            )
        )
    return Markup(" ").join(parts)


def moods(chosen: str, reader: Reader) -> list[Choice]:
    """How a text can sound."""
    return [Choice(each, reader.say(MOOD_WORDS[each]), each == chosen) for each in MOODS]


def wants(chosen: Sequence[str], reader: Reader) -> list[Choice]:
    """What a writer can want."""
    return [Choice(each, reader.say(WANTS_WORDS[each]), each in chosen) for each in INTENTS]


def groups(
    names: Mapping[str, OwnCause], chosen: Sequence[str], reader: Reader
) -> list[tuple[str, list[Choice]]]:
    """Every cause, by group."""
    found: dict[str, list[Choice]] = {}
    for each in names.values():
        url = reverse("cause_words", args=[each.id])
        choice = Choice(each.id, each.name(reader.code), each.id in chosen, url)
        found.setdefault(each.group, []).append(choice)
    return [(group_name(group, reader), choices) for group, choices in found.items()]


def group_name(group: str, reader: Reader) -> str:
    """What a group of causes is called."""
    return reader.say(GROUP_WORDS[group]) if group in GROUP_WORDS else group


def narrowed(typed: Mapping[str, str], names: Mapping[str, OwnCause]) -> Narrowed:
    """Which readings a list is to show; what is not known is left out."""
    corrected = {"1": True, "0": False}.get(typed.get("corrected", ""))
    return Narrowed(
        language=typed.get("language", "")[:10],
        cause=typed["cause"] if typed.get("cause", "") in names else "",
        kind=typed["kind"] if typed.get("kind", "") in KIND_WORDS else "",
        sentiment=typed["sentiment"] if typed.get("sentiment", "") in MOOD_WORDS else "",
        leaving=typed.get("leaving") == "1",
        corrected=corrected,
    )


def query(wanted: Narrowed, **changed: str) -> str:
    """The address of the list as it is narrowed, with something else chosen."""
    told = {
        "language": wanted.language,
        "cause": wanted.cause,
        "kind": wanted.kind,
        "sentiment": wanted.sentiment,
        "leaving": "1" if wanted.leaving else "",
        "corrected": "" if wanted.corrected is None else str(int(wanted.corrected)),
    } | changed
    return f"{reverse('texts')}?{urlencode({'show': 'all'} | {k: v for k, v in told.items() if v})}"


def menus(
    wanted: Narrowed, counts: Counts, names: Mapping[str, OwnCause], reader: Reader
) -> list[tuple[str, list[Choice], str]]:
    """The menus over a list: what it is called, the choices, and where all are shown again."""
    return [
        (
            reader.say(Text("Cause")),
            [
                Choice(each, cause_name(names, each, reader), each == wanted.cause, query(wanted, cause=each))
                for each in names
            ],
            query(wanted, cause=""),
        ),
        (
            reader.say(Text("How it sounds")),
            [
                Choice(each, reader.say(said), each == wanted.sentiment, query(wanted, sentiment=each))
                for each, said in MOOD_WORDS.items()
            ],
            query(wanted, sentiment=""),
        ),
        (
            reader.say(Text("Where it stands")),
            [
                Choice(each, reader.say(said), each == wanted.kind, query(wanted, kind=each))
                for each, said in KIND_WORDS.items()
            ],
            query(wanted, kind=""),
        ),
        (
            reader.say(Text("Language")),
            [
                Choice(
                    each, language_name(each, reader), each == wanted.language, query(wanted, language=each)
                )
                for each in counts.by_language
            ],
            query(wanted, language=""),
        ),
    ]


def _at(us: int) -> datetime:
    return datetime.fromtimestamp(us / 1_000_000, UTC)


@dataclass(frozen=True, slots=True)
class ShownPart:
    """One thing that a layer decides: how the phrases and the layer did on held-back corrections."""

    name: str
    phrases: str
    learnt: str
    verdict: str


@dataclass(frozen=True, slots=True)
class ShownLayer:
    """A learned layer; ``usable`` ones hold something that can be used."""

    id: int
    language: str
    code: str
    day: str
    corrections: str
    state: str
    enabled: bool
    usable: bool
    parts: list[ShownPart]


def layer(each: Layer, zone: ZoneInfo, reader: Reader) -> ShownLayer:
    """A learned layer with its figures."""
    at: datetime = _at(each.made_us).astimezone(zone)
    parts = [
        ShownPart(
            reader.say(PART_WORDS[name]) if name in PART_WORDS else name,
            reader.number(told["phrases"], 2),
            reader.number(told["learnt"], 2),
            reader.say(Text("clearly better: used") if told["on"] else Text("not clearly better: not used")),
        )
        for name, told in each.figures.items()
    ]
    used = Text("in use") if each.enabled else Text("not in use")
    return ShownLayer(
        each.id,
        language_name(each.language, reader),
        each.language,
        reader.day(at.date()),
        reader.say(Text("{n} correction", "{n} corrections", n=each.corrections)),
        reader.say(used),
        each.enabled,
        bool(each.layer),
        parts,
    )
