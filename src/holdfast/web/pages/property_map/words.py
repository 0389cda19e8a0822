"""Names of events and what their properties fill, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from django.urls import reverse
from markupsafe import Markup

from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.services.collect.property_map import EventName
from holdfast.store.property_map import Maps

COLUMNS: dict[str, Text] = {
    "code": Text("Kind, reason or plan: one of a few words"),
    "score": Text("Score: a number that somebody gave"),
    "amount": Text("Amount of money"),
    "quantity": Text("Quantity"),
    "object_id": Text("Number of the order, ticket or contract"),
    "product_id": Text("Product"),
    "currency": Text("Currency"),
    "promised_at": Text("Moment by which something was promised"),
}


@dataclass(frozen=True, slots=True)
class ShownName:
    """One name of events: how many, when the last, what is mapped, and the page of its map."""

    name: str
    events: str
    last: str
    mapped: str
    url: str


@dataclass(frozen=True, slots=True)
class Field:
    """One column of the form: what it means, and which property fills it."""

    column: str
    words: str
    value: str
    error: str


def sentence(names: Sequence[EventName], maps: Maps, reader: Reader) -> Markup:
    """How many kinds of events have come."""
    if not names:
        return reader.say_html(Text("No event has come yet."))
    return reader.say_html(
        Text(
            "{names} of events have come. {mapped}",
            names=Text("{n} kind", "{n} kinds", n=len(names)),
            mapped=Text(
                "{n} of them has properties that you mapped.",
                "{n} of them have properties that you mapped.",
                n=len(maps),
            ),
        ),
        strong=("names",),
    )


def shown(names: Sequence[EventName], maps: Maps, reader: Reader) -> list[ShownName]:
    """Names that came, and those that are mapped and have not come."""
    unseen = [EventName(name, 0, 0) for name in maps if name not in {each.name for each in names}]
    return [
        ShownName(
            each.name,
            reader.number(each.events),
            reader.moment(datetime.fromtimestamp(each.last_us / 1_000_000, UTC)) if each.events else "",
            reader.list_of(f"{path} → {column}" for column, path in maps.get(each.name, {}).items()),
            address(each.name),
        )
        for each in [*names, *unseen]
    ]


def address(name: str) -> str:
    """The page of one name."""
    return f"{reverse('event_name')}?{urlencode({'name': name})}"


def fields(
    mapped: Mapping[str, str], typed: Mapping[str, str], errors: Mapping[str, str], reader: Reader
) -> list[Field]:
    """The columns, each with what fills it now."""
    return [
        Field(
            column,
            reader.say(words),
            typed.get(column, mapped.get(column, "")),
            errors.get(column, ""),
        )
        for column, words in COLUMNS.items()
    ]
