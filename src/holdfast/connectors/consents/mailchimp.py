"""Mailchimp: the audience export (a ZIP of CSV files), and members as its Marketing API 3.0 tells them.

The export has a file for each sort of contact, and says which only in its name: subscribed, unsubscribed,
cleaned (their mail does not arrive) and nonsubscribed (contacts who never agreed). Its moments are UTC.
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
)
from holdfast.connectors.webhooks import words
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

_FILES: tuple[tuple[str, Says], ...] = (
    ("unsubscribed", "refused"),
    ("nonsubscribed", "nothing"),
    ("non_subscribed", "nothing"),
    ("non-subscribed", "nothing"),
    ("subscribed", "agreed"),
    ("cleaned", "bounced"),
)
"""How a file's name begins, and what its rows are; the longer names first."""

_STATUS: Mapping[str, Says] = {
    "subscribed": "agreed",
    "unsubscribed": "refused",
    "cleaned": "bounced",
}
"""Statuses of the API; "pending", "transactional" and "archived" say nothing of consent."""

_WHEN: Mapping[Says, tuple[str, ...]] = {
    "agreed": ("confirm_time", "optin_time"),
    "refused": ("unsub_time", "last_changed"),
    "complaint": ("unsub_time", "last_changed"),
    "bounced": ("clean_time", "last_changed"),
    "nothing": (),
}
_PROOF = ("optin_time", "optin_ip", "confirm_time", "confirm_ip", "unsub_campaign_title", "unsub_reason",
          "unsub_reason_other", "clean_campaign_title", "euid")  # fmt: skip


def sort_of_file(name: str) -> Says | None:
    """What the rows of a file of this name are; ``None`` for a name that says nothing."""
    plain = name.replace("\\", "/").rpartition("/")[2].lower()
    return next((says for begins, says in _FILES if plain.startswith(begins)), None)


def read_export(name: str, rows: Iterable[Row]) -> Iterator[Told | Bad]:
    """What a file of the export says. Refuses ("unknown_file") one whose name does not say what it is."""
    sort = sort_of_file(name)
    if sort is None:
        raise Refusal(
            "unknown_file",
            found=Text("The name {file} does not say which contacts these are.", file=name[:80]),
            expected=Text(
                "subscribed_…, unsubscribed_…, cleaned_… or nonsubscribed_…, as Mailchimp names them."
            ),
            remedy=Text(
                "Give the file its name of the export again, or bring the ZIP; nothing was imported."
            ),
        )
    for place, row in rows:
        yield _told(place, row, sort)


def read_members(members: Iterable[Mapping[str, Any]]) -> Iterator[Told | Bad]:
    """What members say as ``GET /lists/{list_id}/members`` answers them."""
    for member in members:
        status = words(member, "status")
        row = {
            "email address": words(member, "email_address"),
            "optin_time": words(member, "timestamp_signup"),
            "optin_ip": words(member, "ip_signup"),
            "confirm_time": words(member, "timestamp_opt"),
            "confirm_ip": words(member, "ip_opt"),
            "last_changed": words(member, "last_changed"),
            "unsub_reason": words(member, "unsubscribe_reason"),
            "euid": words(member, "unique_email_id"),
        }
        yield _told(f"member {words(member, 'id')[:40]}", row, _STATUS.get(status, "nothing"))


def _told(place: str, row: Mapping[str, str], sort: Says) -> Told | Bad:
    address = address_in(row, "email address", "email", "email_address")
    if not address:
        return no_address(place, row.get("email address", row.get("email", "")))
    says: Says = "complaint" if sort == "refused" and _is_complaint(row) else sort
    written = next((row[name] for name in _WHEN[says] if row.get(name, "").strip()), "")
    try:
        at = moment(written)
    except ValueError:
        return no_moment(place, written)
    proof = ", ".join(f"{name} {row[name].strip()}" for name in _PROOF if row.get(name, "").strip())
    return Told(place, address, says, at=at, proof=proof)


def _is_complaint(row: Mapping[str, str]) -> bool:
    """Whether the reason says that the mail was reported as spam."""
    return "abuse" in f"{row.get('unsub_reason', '')} {row.get('unsub_campaign_title', '')}".lower()
