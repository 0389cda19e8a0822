"""A CSV file of consents, of whatever program: an address, yes or no, and what proves it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

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
from holdfast.domain.consent import ANY, channel_named, topic_named
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

_SAYS: Mapping[str, Says] = {
    **dict.fromkeys(
        ("yes", "y", "1", "true", "agreed", "given", "subscribed", "opt-in", "opted in"), "agreed"
    ),
    **dict.fromkeys(
        ("no", "n", "0", "false", "refused", "withdrawn", "unsubscribed", "opt-out", "opted out"), "refused"
    ),
    **dict.fromkeys(("bounced", "cleaned", "hard bounce", "invalid"), "bounced"),
    **dict.fromkeys(("complaint", "complained", "spam"), "complaint"),
    "": "nothing",
}
_STATE = ("consent", "status", "agreed", "state", "subscribed")
_EMAILS = ("email", "e-mail", "email address", "e-mail address", "mail")
_PHONES = ("phone", "mobile", "number", "telephone")
_WHEN = ("at", "date", "when", "moment", "timestamp")


def read_table(name: str, rows: Iterable[Row]) -> Iterator[Told | Bad]:
    """What the rows say. Refuses ("no_columns") a table without an address or without yes and no."""
    for number, (place, row) in enumerate(rows):
        if number == 0:
            _check(name, row)
        yield _told(place, row)


def _told(place: str, row: Mapping[str, str]) -> Told | Bad:
    written = _first(row, _STATE)
    says = _SAYS.get(written.strip().lower())
    if says is None:
        return Bad(place, Text("{value} is neither yes nor no.", value=written.strip()[:40]))
    channel = channel_named(row.get("channel", ""))
    if channel is None:
        return Bad(place, Text("{value} is no channel.", value=row["channel"].strip()[:40]))
    email, number = address_in(row, *_EMAILS), number_in(row, *_PHONES)
    address = number if channel in ("sms", "whatsapp") or (not email and not channel) else email
    if not address:
        return no_address(place, _first(row, (*_EMAILS, *_PHONES)))
    topics = _topics(row.get("topic", "") or row.get("topics", ""))
    if topics is None:
        return Bad(place, Text("{value} is no topic.", value=(row.get("topic") or row["topics"])[:40]))
    try:
        at = moment(_first(row, _WHEN))
    except ValueError:
        return no_moment(place, _first(row, _WHEN))
    wording, proof = row.get("wording", "").strip(), row.get("source", "").strip()
    return Told(place, address, says, channel or _channel_of(address), at, topics, wording, proof)


def _channel_of(address: str) -> str:
    return "email" if "@" in address else "sms"


def _topics(written: str) -> tuple[str, ...] | None:
    """The topics named, between semicolons or bars; ``None`` where one is none of ours."""
    found: list[str] = []
    for each in written.replace("|", ";").split(";"):
        if not each.strip():
            continue
        topic = topic_named(each)
        if topic is None:
            return None
        found += [] if topic == ANY else [topic]
    return tuple(dict.fromkeys(found))


def _first(row: Mapping[str, str], names: Iterable[str]) -> str:
    return next((row[name] for name in names if row.get(name, "").strip()), "")


def _check(name: str, row: Mapping[str, str]) -> None:
    if any(each in row for each in _STATE) and any(each in row for each in (*_EMAILS, *_PHONES)):
        return
    raise Refusal(
        "no_columns",
        found=Text("{file} has no column with an address, or none with yes and no.", file=name[:80]),
        expected=Text("Columns email (or phone) and consent; topic, channel, at, wording and source help."),
        remedy=Text("Name the columns so in the first line; nothing was imported."),
    )
