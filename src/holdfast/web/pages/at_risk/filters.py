"""The filters of the list: each a menu that needs no script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from holdfast.domain.texts import Share, Text
from holdfast.language import Reader
from holdfast.services.foresee.reading import Criteria
from holdfast.web.figures import country_name
from holdfast.web.lists import Filter, facet
from holdfast.web.pages.at_risk.asked import Asked, Facet
from holdfast.web.pages.at_risk.causes import CAUSES, cause_name
from holdfast.web.pages.at_risk.words import address
from holdfast.web.pages.customers.words import PRESENT, state_words

NAMES: dict[Facet, Text] = {
    "least": Text("Risk"),
    "cause": Text("Cause"),
    "country": Text("Country"),
    "state": Text("State"),
    "segment": Text("Segment"),
}
THEIR_WORDS: tuple[Facet, ...] = ("country", "segment")


def filters(
    asked: Asked,
    criteria: Criteria,
    countries: Iterable[str],
    states: Iterable[str],
    segments: Mapping[str, str],
    reader: Reader,
) -> list[Filter]:
    """What the list can be narrowed by: those filters with a choice, and those already chosen.

    ``segments`` are titles by key.
    """
    least = sorted({10, 25, 50, round(100 * criteria.watch_from), round(100 * criteria.act_from)})
    offered: dict[Facet, list[str]] = {
        "least": [str(share) for share in least if 0 < share < 100],
        "cause": list(CAUSES),
        "country": [country for country in countries if country],
        "state": [state for state in states if state in PRESENT],
        "segment": sorted(segments, key=lambda key: reader.sort_key(segments[key])),
    }
    return [
        _filter(asked, name, values, segments, reader)
        for name, values in offered.items()
        if len(values) > 1 or getattr(asked, name) or (name == "segment" and values)
    ]


def _filter(
    asked: Asked, name: Facet, values: list[str], segments: Mapping[str, str], reader: Reader
) -> Filter:
    return facet(
        reader.say(NAMES[name]),
        values,
        getattr(asked, name) or None,
        say=lambda value: segments.get(value, value) if name == "segment" else _value(name, value, reader),
        address=lambda value: address(asked.with_facet(name, value or "")),
        theirs=lambda _: name in THEIR_WORDS,
    )


def _value(facet: Facet, value: str, reader: Reader) -> str:
    if facet == "least":
        return reader.say(Text("from {share}", share=Share(int(value) / 100, 0)))
    if facet == "cause":
        return reader.say(cause_name(value))
    return country_name(value, reader.code) if facet == "country" else state_words(value, reader)
