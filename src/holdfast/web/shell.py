"""What stands around every page of somebody who is signed in: the ways on, the keys, the last word."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.contrib.auth.models import AnonymousUser

from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.store.models import User
from holdfast.web import places, places_within
from holdfast.web.place import Place

AT_THE_THUMB = ("customers", "inbox", "tasks", "overview", "at_risk", "settings")
THUMBS = 5


@dataclass(frozen=True, slots=True)
class Way:
    """A link of the navigation."""

    url: str
    words: str
    icon: str
    here: bool


@dataclass(frozen=True, slots=True)
class Key:
    """Keys that do something, and what; several are pressed one after the other."""

    keys: tuple[str, ...]
    words: str


class Shell:
    """The frame of one page for one reader; ``place`` is where the page belongs."""

    def __init__(self, person: User | AnonymousUser, reader: Reader, place: str) -> None:
        self._person, self._reader, self._place = person, reader, place

    @cached_property
    def name(self) -> str:
        """Who reads."""
        return (self._person.name or self._person.email) if isinstance(self._person, User) else ""

    def opens(self, url_name: str) -> bool:
        """Whether the page of this name is there, and the reader may open it."""
        return places.may_open(self._person, url_name)

    @cached_property
    def places(self) -> list[Way]:
        """What stands before the loop."""
        return self._ways(places.PLACES)

    @cached_property
    def loop(self) -> list[Way]:
        """The verbs that have pages."""
        return self._ways(places.LOOP)

    @cached_property
    def stopped(self) -> str:
        """Who stopped all sending and since when; "" while it goes on."""
        from holdfast.store import message_settings
        from holdfast.web.pages.messages.words import stop_words
        from holdfast.web.workspace import served_workspace

        stop = message_settings.stopped(served_workspace())
        return stop_words(stop, self._reader) if stop is not None else ""

    @cached_property
    def settings(self) -> Way:
        """The way to the settings."""
        return self._way(places.SETTINGS_PLACE)

    @cached_property
    def thumbs(self) -> list[Way]:
        """The most used places, for narrow screens."""
        every = {each.url_name: each for each in (*places.PLACES, *places.LOOP, places.SETTINGS_PLACE)}
        wanted = places.open_to(self._person, [every[name] for name in AT_THE_THUMB])
        return [self._way(place) for place in [*wanted[: THUMBS - 1], places.SETTINGS_PLACE][:THUMBS]]

    @cached_property
    def go_keys(self) -> list[tuple[str, Way]]:
        """The letters that are pressed after g, and where they lead."""
        every = (*places.PLACES, *places.LOOP, *places_within.FURTHER, places.SETTINGS_PLACE)
        return [(each.key, self._way(each)) for each in places.open_to(self._person, every) if each.key]

    @cached_property
    def list_keys(self) -> list[Key]:
        """The keys within a page."""
        said = (
            (("j",), Text("The next row")),
            (("k",), Text("The row before")),
            (("Enter",), Text("Open the row")),
            (("n",), Text("The next page of a list")),
            (("/",), Text("Search this list")),
            (("x",), Text("Undo what was just done")),
            (("?",), Text("Show the keys")),
            (("Esc",), Text("Close what is open")),
        )
        return [Key(keys, self._reader.say(words)) for keys, words in said]

    def _ways(self, found: tuple[Place, ...]) -> list[Way]:
        return [self._way(place) for place in places.open_to(self._person, found)]

    def _way(self, place: Place) -> Way:
        here = bool(place.here) and place.here == self._place
        return Way(place.url, self._reader.say(place.words), place.icon, here)
