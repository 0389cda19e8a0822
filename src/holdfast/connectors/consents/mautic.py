"""Mautic: contacts as its API tells them with ``doNotContact``, and as CSV with the same said in a column.

Mautic knows who must not be written to, by channel and reason (1 unsubscribed, 2 bounced, 3 by hand; 0 may
be). That somebody is not among these is no consent: of such contacts nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from holdfast.connectors.consents.contract import (
    Bad,
    Row,
    Says,
    Told,
    address_in,
    moment,
    no_address,
    no_moment,
    number_in,
)
from holdfast.connectors.webhooks import at, parts_of, words
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

_REASONS: Mapping[str, Says] = {"1": "refused", "2": "bounced", "3": "refused"}
_LISTS = ("dnc_list", "dnc_preferences", "dnc", "donotcontact", "do not contact")
"""Columns of a report or export that list reasons with channels: "1:email", or "Unsubscribed: Email"."""

_FLAGS = ("donotemail", "do_not_email", "do not email")
"""The column by which Mautic's own import says it: 1 or yes."""

_YES = frozenset({"1", "yes", "true", "y", "on"})
_CHANNELS: Mapping[str, str] = {"email": "email", "sms": "sms", "text message": "sms", "text messages": "sms"}
_NUMBERS = ("mobile", "phone")


def read_csv(name: str, rows: Iterable[Row]) -> Iterator[Told | Bad]:
    """What a CSV of contacts says. Refuses ("no_dnc") one without a column of who must not be contacted."""
    for number, (place, row) in enumerate(rows):
        if number == 0 and not any(column in row for column in (*_LISTS, *_FLAGS)):
            raise _no_column(name)
        found = list(_entries(row))
        if not found:
            yield Told(place, address_in(row, "email", "e-mail", "email address") or place, "nothing")
        for says, channel, proof in found:
            yield _told(place, row, says, channel, "", proof)


def read_contacts(contacts: Iterable[Mapping[str, Any]]) -> Iterator[Told | Bad]:
    """What contacts say as ``GET /api/contacts`` answers them."""
    for contact in contacts:
        place = f"contact {words(contact, 'id')}"
        row = {name: _field(contact, name) for name in ("email", *_NUMBERS)}
        said = [each for each in parts_of(contact, "doNotContact") if words(each, "reason") in _REASONS]
        if not said:
            yield Told(place, row["email"] or place, "nothing")
        for each in said:
            channel = _CHANNELS.get(words(each, "channel").lower(), "")
            if not channel:
                yield Told(place, row["email"] or place, "nothing")
                continue
            proof = ", ".join(
                part for part in (f"doNotContact {words(each, 'reason')}", words(each, "comments")) if part
            )
            yield _told(place, row, _REASONS[words(each, "reason")], channel, words(each, "dateAdded"), proof)


def _told(
    place: str, row: Mapping[str, str], says: Says, channel: str, written: str, proof: str
) -> Told | Bad:
    address = (
        number_in(row, *_NUMBERS) if channel == "sms" else address_in(row, "email", "e-mail", "email address")
    )
    if not address:
        return no_address(place, row.get("mobile" if channel == "sms" else "email", ""))
    try:
        return Told(place, address, says, channel, moment(written), proof=proof)
    except ValueError:
        return no_moment(place, written)


def _entries(row: Mapping[str, str]) -> Iterator[tuple[Says, str, str]]:
    """(what is said, channel, as it was written) for each entry of a row."""
    for column in _LISTS:
        for entry in row.get(column, "").split(","):
            reason, _, channel = (part.strip() for part in entry.partition(":"))
            says, known = _reason(reason), _CHANNELS.get(channel.lower(), "")
            if says is not None and known:
                yield says, known, f"{column} {reason}:{channel}"
    for column in _FLAGS:
        if row.get(column, "").strip().lower() in _YES:
            yield "refused", "email", f"{column} {row[column].strip()}"


def _reason(written: str) -> Says | None:
    """A reason by its number or, in English, its name."""
    plain = written.strip().lower()
    if plain in _REASONS:
        return _REASONS[plain]
    if "bounce" in plain:
        return "bounced"
    return "refused" if "unsubscribe" in plain or "manual" in plain else None


def _field(contact: Mapping[str, Any], name: str) -> str:
    """The value of a field, which the API tells twice."""
    return words(contact, f"fields.all.{name}") or str(at(contact, f"fields.core.{name}.value") or "")


def _no_column(name: str) -> Refusal:
    return Refusal(
        "no_dnc",
        found=Text("{file} does not say who must not be contacted.", file=name[:80]),
        expected=Text("A column dnc_list (of a report of contacts) or doNotEmail."),
        remedy=Text("Make a report of contacts with that column, or read the contacts by the API."),
    )
