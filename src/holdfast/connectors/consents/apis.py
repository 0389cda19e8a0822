"""Members and contacts fetched from Mailchimp and Mautic by their APIs, page by page."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from holdfast.connectors.outward import Answer, Door
from holdfast.connectors.webhooks import parts_of, words
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

PAGE = 500
"""Members of one page; Mailchimp gives at most 1,000."""
CONTACTS = 200
"""Contacts of one page: Mautic tells each with every field twice, and an answer has its bounds."""
MOST_PAGES = 20_000
"""Of a server that never comes to an end."""

_CENTRE = re.compile(r"[a-z]{2,4}\d{1,4}")
_MEMBER = ("id", "email_address", "unique_email_id", "status", "unsubscribe_reason", "ip_signup",
           "timestamp_signup", "ip_opt", "timestamp_opt", "last_changed")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mailchimp:
    """One audience of an account; ``key`` ends with the data centre ("…-us19"), part of the address."""

    key: str
    audience: str
    door: Door
    address: str = ""

    def members(self) -> Iterator[Mapping[str, Any]]:
        """All members, of whatever status. Refuses what :class:`Door` refuses, and "not_allowed"."""
        fields = ",".join(f"members.{name}" for name in _MEMBER)
        for page in range(MOST_PAGES):
            asked = {"count": PAGE, "offset": page * PAGE, "fields": f"{fields},total_items"}
            url = f"{self._base()}/3.0/lists/{quote(self.audience, safe='')}/members?{urlencode(asked)}"
            found = list(parts_of(_asked(self.door, url, "anystring", self.key), "members"))
            yield from found
            if len(found) < PAGE:
                return

    def _base(self) -> str:
        centre = self.key.rpartition("-")[2]
        if not self.address and not _CENTRE.fullmatch(centre):
            raise Refusal(
                "bad_key",
                found=Text("The key does not say in which data centre the account is."),
                expected=Text("A key as Mailchimp gives it, which ends like -us19."),
                remedy=Text("Copy all of it; nothing was imported."),
            )
        return self.address or f"https://{centre}.api.mailchimp.com"


@dataclass(frozen=True, slots=True)
class Mautic:
    """A Mautic server with its API and Basic authentication switched on."""

    address: str
    user: str
    password: str
    door: Door

    def contacts(self) -> Iterator[Mapping[str, Any]]:
        """All contacts, by number. Refuses what :class:`Door` refuses, and "not_allowed"."""
        base = self.address.rstrip("/")
        for page in range(MOST_PAGES):
            asked = {"start": page * CONTACTS, "limit": CONTACTS, "orderBy": "id", "orderByDir": "asc"}
            answer = _asked(self.door, f"{base}/api/contacts?{urlencode(asked)}", self.user, self.password)
            told = answer.get("contacts") if isinstance(answer, Mapping) else None
            # An object by number; PHP writes an empty one as a list.
            found = list(told.values()) if isinstance(told, Mapping) else list(told or ())
            yield from (each for each in found if isinstance(each, Mapping))
            if len(found) < CONTACTS:
                return


def _asked(door: Door, url: str, user: str, password: str) -> Any:
    proof = b64encode(f"{user}:{password}".encode()).decode("ascii")
    answer = door.ask("GET", url, headers={"Authorization": f"Basic {proof}"})
    if answer.status != 200:
        raise _refused(answer)
    return answer.json()


def _refused(answer: Answer) -> Refusal:
    try:
        said = answer.json()
    except Refusal:
        said = {}
    told = words(said, "detail") or words(said, "errors.0.message") or words(said, "error_description")
    return Refusal(
        "not_allowed" if answer.status in (401, 403) else "bad_answer",
        found=Text(
            "The server answered {status}: {words}", status=str(answer.status), words=told[:200] or "…"
        ),
        expected=Text("An answer with the list of contacts."),
        remedy=Text("Check the key or password, the address and the audience; nothing was imported."),
    )
