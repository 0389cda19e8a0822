"""Changes of ours that customers should hear of from us, before they bite: kinds, notice, words.

A fix, an upgrade, a new price, another process or colleague, a way to pay that ends, a mistake of ours, a
worry to be answered. Each kind knows how long before it a fair notice goes out, which ready play tells it,
and what has to be said in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from holdfast.domain.merge_fields import compiled
from holdfast.domain.texts import Text
from holdfast.domain.written_fields import Field, If, Part, Parts

ChangeKind = Literal["fix", "upgrade", "price", "process", "staff", "payment", "mistake", "trust"]
CHANGE_KINDS: tuple[ChangeKind, ...] = get_args(ChangeKind)

Words = Mapping[str, Mapping[str, str]]
"""Language to field to what customers read of it."""

LONGEST_TITLE = 200
LONGEST_WORDS = 2_000
NEAR_DAYS = 7
"""So many days before its notice a change that nobody has launched is warned of."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What holds of all changes of a kind.

    ``notice_days`` lie between the notice and the day it takes effect; 0: customers hear of it at once.
    ``ready`` is the ready play that tells it, ``fields`` are the words it needs, by name. ``day_fields`` are
    fields of that play where the day stands. ``code`` is what the event "Change Announced" says of it, "" for
    what is no change of terms.
    """

    title: Text
    notice_days: int
    ready: str
    fields: Mapping[str, Text]
    day_fields: tuple[str, ...] = ()
    code: str = ""

    @property
    def needs_day(self) -> bool:
        """Whether it takes effect on a day that is to be told."""
        return self.notice_days > 0


_CHANGES = Text("What changes, and what it means for the customer")
_WHY = Text("Why we do it")
_CHOICES = Text("What the customer can do, or has to do")
_COMING = {"what_changes": _CHANGES, "why_it_changes": _WHY, "what_to_do": _CHOICES}

KINDS: Mapping[ChangeKind, Kind] = {
    "fix": Kind(Text("Something is mended"), 0, "fix_announced", {"what_was_fixed": Text("What is mended")}),
    "upgrade": Kind(Text("An upgrade"), 7, "change_of_ours", _COMING, ("change_day",), "product"),
    "price": Kind(
        Text("A new price"),
        30,
        "price_change",
        {"next_price": Text("The new price, as the customer reads it"), "price_reason": _WHY},
        ("renewal_date",),
        "price",
    ),
    "process": Kind(Text("Another process"), 14, "change_of_ours", _COMING, ("change_day",), "terms"),
    "staff": Kind(
        Text("Somebody else is there for them"), 14, "change_of_ours", _COMING, ("change_day",), "terms"
    ),
    "payment": Kind(
        Text("A way to pay is dropped"),
        45,
        "way_to_pay_dropped",
        {"old_way_to_pay": Text("The way to pay that ends")},
        ("last_day",),
        "terms",
    ),
    "mistake": Kind(
        Text("A mistake of ours"),
        0,
        "our_mistake",
        {
            "what_happened": Text("What happened, and how it came about"),
            "what_it_means": Text("What it means for the customer"),
            "what_was_done": Text("What we do about it, and what makes it good"),
        },
    ),
    "trust": Kind(
        Text("A worry after an update, or about data"),
        0,
        "trust_repair",
        {
            "what_happened": Text("What happened, as far as we know"),
            "what_was_done": Text("What we do about it, and what makes it good"),
            "where_explained": Text("Where it is explained: a page or a video"),
            "when_live": Text("When we answer questions live, and where"),
        },
    ),
}


def proposed_notice(kind: ChangeKind, effect_on: date | None, today: date) -> date:
    """The day by which customers should hear of it: in good time, but not before today."""
    days = KINDS[kind].notice_days
    if effect_on is None or not days:
        return today
    return max(today, effect_on - timedelta(days=days))


def late_by(kind: ChangeKind, effect_on: date | None, told_on: date) -> int:
    """By how many days a notice that goes out on ``told_on`` comes late; 0: in time."""
    days = KINDS[kind].notice_days
    if effect_on is None or not days:
        return 0
    return max(0, (told_on - (effect_on - timedelta(days=days))).days)


def filled(template: str, said: Mapping[str, str]) -> str:
    """A message with the words for everybody in place; what is known of each customer stays a field.

    Refuses ("bad_template") a message that cannot be read.
    """
    return _written(compiled(template), {name: words.strip() for name, words in said.items()})


def _written(parts: Parts, said: Mapping[str, str]) -> str:
    return "".join(_part(part, said) for part in parts)


def _part(part: Part, said: Mapping[str, str]) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, Field):
        return _field(part, said)
    return _condition(part, said)


def _field(field: Field, said: Mapping[str, str]) -> str:
    if said.get(field.name):
        return said[field.name]
    return (
        f"{{{{ {field.name} }}}}" if field.fallback is None else f"{{{{ {field.name} | {field.fallback} }}}}"
    )


def _condition(part: If, said: Mapping[str, str]) -> str:
    then, otherwise = _written(part.then, said), _written(part.otherwise, said)
    if said.get(part.name):
        holds = part.value is None or said[part.name].casefold() == part.value.casefold()
        return then if holds else otherwise
    asked = part.name if part.value is None else f"{part.name} = {part.value}"
    middle = f"{{{{else}}}}{otherwise}" if otherwise else ""
    return f"{{{{#if {asked}}}}}{then}{middle}{{{{/if}}}}"


def unfinished(kind: ChangeKind, words: Words) -> tuple[str, ...]:
    """The languages in which some words were written and others are missing."""
    fields = KINDS[kind].fields
    return tuple(
        language
        for language, said in words.items()
        if any(said.get(each) for each in fields) and not all(said.get(each) for each in fields)
    )
