"""The filters of the list: each a menu that needs no script."""

from __future__ import annotations

from collections.abc import Iterable

from holdfast.domain.texts import Share, Text
from holdfast.language import Reader
from holdfast.services.foresee.reading import Criteria
from holdfast.web.figures import country_name
from holdfast.web.pages.at_risk.asked import Asked, Facet
from holdfast.web.pages.at_risk.causes import CAUSES, cause_name
from holdfast.web.pages.at_risk.words import address
from holdfast.web.pages.customers.words import PRESENT, Choice, Filter, state_words

NAMES: dict[Facet, Text] = {
    "least": Text("Risk"),
    "cause": Text("Cause"),
    "country": Text("Country"),
    "state": Text("State"),
}


def filters(
    asked: Asked, criteria: Criteria, countries: Iterable[str], states: Iterable[str], reader: Reader
) -> list[Filter]:
    """What the list can be narrowed by: those filters with a choice, and those already chosen."""
    least = sorted({10, 25, 50, round(100 * criteria.watch_from), round(100 * criteria.act_from)})
    offered: dict[Facet, list[str]] = {
        "least": [str(share) for share in least if 0 < share < 100],
        "cause": list(CAUSES),
        "country": [country for country in countries if country],
        "state": [state for state in states if state in PRESENT],
    }
    return [
        _filter(asked, facet, values, reader)
        for facet, values in offered.items()
        if len(values) > 1 or getattr(asked, facet)
    ]


def _filter(asked: Asked, facet: Facet, values: list[str], reader: Reader) -> Filter:
    chosen: str = getattr(asked, facet)
    name = reader.say(NAMES[facet])
    return Filter(
        name=name,
        words=_value(facet, chosen, reader) if chosen else name,
        chosen=bool(chosen),
        theirs=bool(chosen) and facet == "country",
        choices=tuple(
            Choice(
                _value(facet, value, reader),
                address(asked.with_facet(facet, value)),
                value == chosen,
                theirs=facet == "country",
            )
            for value in values
        ),
        clear_url=address(asked.with_facet(facet, "")),
    )


def _value(facet: Facet, value: str, reader: Reader) -> str:
    if facet == "least":
        return reader.say(Text("from {share}", share=Share(int(value) / 100, 0)))
    if facet == "cause":
        return reader.say(cause_name(value))
    return country_name(value, reader.code) if facet == "country" else state_words(value, reader)
