"""What a row of another program says about whether somebody may be written to.

Readers are pure: rows in, :class:`Told` or :class:`Bad` out, one for each row. Whether a row changes anything
is decided later, and never in the direction of more messages than the customer wants.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from holdfast.connectors.mails.reading import email_in
from holdfast.domain.phones import e164
from holdfast.domain.texts import Text

Says = Literal["agreed", "refused", "bounced", "complaint", "nothing"]
"""*agreed*: wants messages; *refused*: wants no more; *bounced*: mail does not arrive there for good;
*complaint*: reported one as spam (and wants no more); *nothing*: the other program does not know."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a row says. ``topics`` are empty where it does not say which; ``wording`` are the words agreed
    to, "" where they are not told; ``proof`` is what else the row says of how it came.
    """

    place: str
    address: str
    says: Says
    channel: str = "email"
    at: datetime | None = None
    topics: tuple[str, ...] = ()
    wording: str = ""
    proof: str = ""


@dataclass(frozen=True, slots=True)
class Bad:
    """A row that cannot be understood: where it stands, and why."""

    place: str
    why: Text


Row = tuple[str, Mapping[str, str]]
"""Where it stands ("line 12"), and what stands in it by the name of the column in small letters."""

Reader = Callable[[str, Iterable[Row]], Iterator[Told | Bad]]
"""Reads the rows of one table, whose name is given: some programs say in it what its rows are."""


def address_in(row: Mapping[str, str], *names: str) -> str:
    """The mail address in the first of these columns that has one; "" for none."""
    for name in names:
        found = row.get(name, "").strip().strip("<>").lower()
        if found and email_in(found) == found and len(found) <= 254:
            return found
    return ""


def number_in(row: Mapping[str, str], *names: str) -> str:
    """The telephone number in one of these columns, with its country; "" for none."""
    return next((number for name in names if (number := e164(row.get(name, "")))), "")


def no_address(place: str, written: str) -> Bad:
    """The row names nobody who could be written to."""
    return Bad(place, Text("{value} is no address.", value=written.strip()[:60] or '""'))


def moment(written: str) -> datetime | None:
    """A moment as these programs write it; without a zone it is UTC. Raises ``ValueError`` for none."""
    written = written.strip()
    if not written or written.startswith("0000"):
        return None
    found = datetime.fromisoformat(written)
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def no_moment(place: str, written: str) -> Bad:
    """The row's date cannot be read."""
    return Bad(place, Text("{value} is no date.", value=written.strip()[:40]))
