"""Sessions in the reader's words: with what, from where, since when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.store.sessions import Session

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("YaBrowser", "Yandex Browser"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrom", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
    ("curl", "curl"),
)
"""What a browser's own account of itself holds, and its name; the first that fits."""

_SYSTEMS = (
    ("Windows", "Windows"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class ShownSession:
    """One session as a page shows it."""

    id: str
    device: str
    address: str
    since: str
    last: str
    here: bool


def shown(sessions: Sequence[Session], reader: Reader) -> list[ShownSession]:
    """The sessions in words, in the order given."""
    return [
        ShownSession(
            each.id,
            reader.say(device_words(each.device)),
            each.address,
            reader.moment(_moment(each.since_us)),
            reader.moment(_moment(each.last_us)),
            each.here,
        )
        for each in sessions
    ]


def device_words(said: str) -> Text:
    """A browser and a system, from what the browser calls itself; it can say anything."""
    browser = next((name for sign, name in _BROWSERS if sign in said), "")
    system = next((name for sign, name in _SYSTEMS if sign in said), "")
    if browser and system:
        return Text("{browser} on {system}", browser=browser, system=system)
    return Text("{name}", name=browser or system) if browser or system else Text("Another program")


def day(at_us: int, reader: Reader) -> str:
    """The day of a moment."""
    return reader.day(_moment(at_us).astimezone(reader.zone).date())


def _moment(at_us: int) -> datetime:
    return datetime.fromtimestamp(at_us / 1_000_000, UTC)
