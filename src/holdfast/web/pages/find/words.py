"""What the palette offers, in groups and in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.urls import Resolver404, ResolverMatch, resolve, reverse

from holdfast.domain.search import query_tokens, tokens
from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.settings import Settings
from holdfast.store import saved_views, segments
from holdfast.store.customers import (
    CustomerFilter,
    CustomerSort,
    ListedCustomer,
    list_customers,
    listed_among,
)
from holdfast.store.models import User
from holdfast.web import places, places_within
from holdfast.web.access import portfolio
from holdfast.web.figures import country_name
from holdfast.web.masking import masks_of
from holdfast.web.pages.customers.words import state_words
from holdfast.web.pages.views.lists import LISTS
from holdfast.web.place import Place

CUSTOMERS_AT_ONCE = 6
OTHERS_AT_ONCE = 5
RECENT_AT_ONCE = 5
LONGEST_RECENT = 20
SHORTEST_IN_SENTENCES = 3
"""From so many letters on, a page is found by what is said about it, too."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: where it leads, what stands on it and beside it; ``theirs``: not our words."""

    url: str
    words: str
    beside: str
    icon: str
    theirs: bool = False
    opens: str = ""


@dataclass(frozen=True, slots=True)
class EntryGroup:
    """Entries under a heading."""

    words: str
    entries: tuple[Entry, ...]


class Palette:
    """Everything one reader may find in one workspace."""

    def __init__(self, person: User | AnonymousUser, workspace: Settings, reader: Reader) -> None:
        self._person, self._workspace, self._reader = person, workspace, reader

    def groups(self, typed: str, recent: Sequence[str]) -> list[EntryGroup]:
        """What matches ``typed``; before anything is typed, what was open last and what is there."""
        asked = query_tokens(typed)
        made = self._found(typed, asked) if asked else self._begun(recent)
        return [EntryGroup(self._reader.say(words), entries) for words, entries in made if entries]

    def _begun(self, recent: Sequence[str]) -> Iterator[tuple[Text, tuple[Entry, ...]]]:
        yield Text("Recent"), tuple(self._recent(recent))[:RECENT_AT_ONCE]
        yield Text("Do"), tuple(self._places(places.DO))[:OTHERS_AT_ONCE]
        yield Text("Go to"), tuple(self._places((*places.PLACES, *places.LOOP, places.SETTINGS_PLACE)))

    def _found(self, typed: str, asked: Sequence[str]) -> Iterator[tuple[Text, tuple[Entry, ...]]]:
        yield Text("Customers"), tuple(self._customers(typed))
        yield Text("Segments"), tuple(self._segments(asked))[:OTHERS_AT_ONCE]
        yield Text("Saved views"), tuple(self._views(asked))[:OTHERS_AT_ONCE]
        yield Text("Do"), (*self._places(self._matching(places.DO, asked)), *self._keys(asked))
        pages = self._matching(_everywhere(), asked)
        yield Text("Go to"), tuple(self._places(pages))
        named = {page.url_name for page in pages}
        rest = [each for each in self._matching(_settings(), asked) if each.url_name not in named]
        yield Text("Settings"), tuple(self._places(rest))

    def _matching(self, offered: Iterable[Place], asked: Sequence[str]) -> list[Place]:
        """Those whose name begins so, then those that are described so."""
        by_name, by_sentence = [], []
        for place in offered:
            if _begins(asked, self._reader.say(place.words), place.words.msgid):
                by_name.append(place)
            elif max(map(len, asked)) >= SHORTEST_IN_SENTENCES and _begins(
                asked, self._reader.say(place.words), self._reader.say(place.about)
            ):
                by_sentence.append(place)
        return by_name + by_sentence

    def _places(self, offered: Iterable[Place]) -> Iterator[Entry]:
        for place in places.open_to(self._person, offered):
            beside = place.under or place.about
            yield Entry(place.url, self._reader.say(place.words), self._reader.say(beside), place.icon)

    def _keys(self, asked: Sequence[str]) -> Iterator[Entry]:
        words = Text("Show the keys")
        if _begins(asked, self._reader.say(words), words.msgid):
            yield Entry(reverse("preferences"), self._reader.say(words), "?", "keys", opens="keys")

    def _customers(self, typed: str) -> Iterator[Entry]:
        sort = CustomerSort("amount")
        wanted = CustomerFilter(typed, among=portfolio(self._person, self._workspace))
        found = list_customers(self._workspace, wanted, sort, limit=CUSTOMERS_AT_ONCE)
        mask = masks_of(self._person, self._workspace)
        return map(self._customer, map(mask.named, found.rows))

    def _customer(self, row: ListedCustomer) -> Entry:
        parts = (country_name(row.country, self._reader.code), state_words(row.state, self._reader))
        return Entry(
            reverse("customer", args=[row.unit_id]),
            row.name or self._reader.say(Text("Customer {id}", id=str(row.unit_id))),
            " · ".join(part for part in parts if part),
            "people",
            theirs=True,
        )

    def _segments(self, asked: Sequence[str]) -> Iterator[Entry]:
        for each in segments.listed(self._workspace):
            if _begins(asked, each.title):
                yield self._segment(each)

    def _segment(self, kept: segments.KeptSegment) -> Entry:
        size = "" if kept.size is None else self._reader.number(kept.size)
        return Entry(reverse("segment", args=[kept.key]), kept.title, size, "flag", theirs=True)

    def _views(self, asked: Sequence[str]) -> Iterator[Entry]:
        if not isinstance(self._person, User):
            return
        for each in saved_views.views_for(self._workspace, int(self._person.pk)):
            if each.list in LISTS and _begins(asked, each.title):
                kept = LISTS[each.list]
                url = reverse(kept.url_name) + each.query
                yield Entry(url, each.title, self._reader.say(kept.words), "star", theirs=True)

    def _recent(self, paths: Sequence[str]) -> Iterator[Entry]:
        """What lies behind addresses that were open; what is none of ours, or is gone, is left out."""
        named = {place.url_name: place for place in (*_settings(), *_everywhere(), *places.DO)}
        opened = [match for path in paths[:LONGEST_RECENT] if (match := _page_at(path)) is not None]
        customers = self._opened([each.kwargs["unit_id"] for each in opened if each.url_name == "customer"])
        keys = {each.kwargs["key"] for each in opened if each.url_name == "segment"}
        kept = {each.key: each for each in segments.listed(self._workspace)} if keys else {}
        for match in opened:
            if match.url_name == "customer":
                yield from customers.get(match.kwargs["unit_id"], ())
            elif match.url_name == "segment":
                yield from map(self._segment, filter(None, [kept.get(match.kwargs["key"])]))
            elif match.url_name in named:
                yield from self._places([named[match.url_name]])

    def _opened(self, unit_ids: Sequence[int]) -> dict[int, list[Entry]]:
        """Customers whom the reader may see, by unit: one statement for all of them."""
        seen = portfolio(self._person, self._workspace)
        theirs = [unit for unit in unit_ids if seen is None or unit in seen]
        mask = masks_of(self._person, self._workspace)
        found = listed_among(self._workspace, theirs) if theirs else ()
        return {row.unit_id: [self._customer(mask.named(row))] for row in found}


def _page_at(path: str) -> ResolverMatch | None:
    try:
        return resolve(path)
    except Resolver404:
        return None


def _everywhere() -> tuple[Place, ...]:
    return (*places.PLACES, *places.LOOP, *places_within.FURTHER, places.SETTINGS_PLACE)


def _settings() -> tuple[Place, ...]:
    return tuple(place for group in places.SETTINGS for place in group.places)


def _begins(asked: Sequence[str], *said: str) -> bool:
    """Whether each word that was typed is the beginning of one that is said."""
    words = [word for each in said for word in tokens(each)]
    return all(any(word.startswith(token) for word in words) for token in asked)
