"""The work list of contact points in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import tzinfo

from django.urls import reverse
from markupsafe import Markup

from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.settings import Settings
from holdfast.store.point_lists import WORK_STATES, ListedPoint
from holdfast.web.figures import country_name
from holdfast.web.lists import Filter, facet
from holdfast.web.pages.at_risk.words import whole_money
from holdfast.web.pages.contact_points.asked import Asked, Facet
from holdfast.web.pages.customer.care import POINT_STATES
from holdfast.web.pages.customer.words import local
from holdfast.web.pages.customers.words import PRESENT, state_words

COUNTED: dict[str, Text] = {
    "bounced": Text("{n} address came back", "{n} addresses came back"),
    "stale": Text("{n} contact point shows no sign of life", "{n} contact points show no sign of life"),
    "missing": Text("{n} customer cannot be reached at all", "{n} customers cannot be reached at all"),
    "never_used": Text("{n} contact point was never used", "{n} contact points were never used"),
}
NAMES: dict[Facet, Text] = {
    "state": Text("What is wrong"),
    "standing": Text("State"),
    "country": Text("Country"),
    "owner": Text("Looked after by"),
}


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One contact point to mend; ``can_check`` says that it can be marked as right."""

    url: str
    unit_id: int
    name: str
    sub: str
    kind: str
    value: str
    below: str
    state: str
    state_words: str
    worth: str
    can_check: bool


def shown_row(row: ListedPoint, workspace: Settings, reader: Reader) -> ShownRow:
    """One row of the list."""
    parts = (country_name(row.country, reader.code), state_words(row.standing, reader))
    return ShownRow(
        url=reverse("customer", args=[row.unit_id]) + "#reach",
        unit_id=row.unit_id,
        name=row.name or reader.say(Text("Customer {id}", id=str(row.unit_id))),
        sub=" · ".join(part for part in parts if part),
        kind=row.kind,
        value=row.value,
        below=_below(row, workspace.zone, reader),
        state=row.state,
        state_words=reader.say(POINT_STATES[row.state]) if row.state in POINT_STATES else row.state,
        worth=whole_money(row.value_minor, workspace.currency, reader),
        can_check=bool(row.kind),
    )


def _below(row: ListedPoint, zone: tzinfo, reader: Reader) -> str:
    """Since when it is so."""
    if row.state == "bounced" and row.bounced_us is not None:
        return reader.say(Text("on {day}", day=local(row.bounced_us, zone).date()))
    if row.life_us is not None:
        return reader.say(Text("last sign of life on {day}", day=local(row.life_us, zone).date()))
    if row.used_us is not None:
        return reader.say(Text("used on {day}, no answer ever", day=local(row.used_us, zone).date()))
    return ""


def sentence(counts: Mapping[str, int], reader: Reader) -> Markup:
    """How many there are of each kind of work; "" for none at all."""
    found = [state for state in WORK_STATES if counts.get(state)]
    if not found:
        return Markup("")
    said = [
        reader.say_html(Text(COUNTED[state].msgid, COUNTED[state].plural, n=counts[state]), strong=("n",))
        for state in found
    ]
    return Markup("<br>").join(said)


def filters(
    asked: Asked, counts: Mapping[str, int], countries: Iterable[str], reader: Reader
) -> list[Filter]:
    """What the list can be narrowed by: those filters with a choice, and those already chosen."""
    offered: dict[Facet, list[str]] = {
        "state": [state for state in WORK_STATES if counts.get(state)],
        "standing": [*PRESENT, "lapsed"],
        "country": [country for country in countries if country],
        "owner": ["mine"],
    }
    return [
        _filter(asked, name, values, counts, reader)
        for name, values in offered.items()
        if len(values) > 1 or name == "owner" or getattr(asked, name)
    ]


def _filter(
    asked: Asked, name: Facet, values: list[str], counts: Mapping[str, int], reader: Reader
) -> Filter:
    return facet(
        reader.say(NAMES[name]),
        values,
        getattr(asked, name) or None,
        say=lambda value: _value(name, value, reader),
        address=lambda value: asked.with_facet(name, value or "").address(),
        counts={value: reader.number(counts[value]) for value in values} if name == "state" else None,
        theirs=lambda _: name == "country",
    )


def _value(facet: Facet, value: str, reader: Reader) -> str:
    if facet == "state":
        return reader.say(POINT_STATES[value])
    if facet == "owner":
        return reader.gettext("me")
    return country_name(value, reader.code) if facet == "country" else state_words(value, reader)


def shown_so_far(rows: int, reader: Reader) -> str:
    """What of the list stands on the page."""
    return reader.say(
        Text("{n} row, by what they may still bring", "{n} rows, by what they may still bring", n=rows)
    )
