"""What a workspace decided about sending: who is safe to write to, the sender's domain, the Stop button."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from holdfast import store
from holdfast.domain.pressure import USUAL, Policy
from holdfast.domain.written_pressure import read, written
from holdfast.settings import Settings
from holdfast.store import sql

LISTED, PROVEN, BASIS, PUBLIC, SENDERS = "listed", "proven", "basis", "public", "senders"
CONTACT, CLICKS, OPENS = "contact_rules", "clicks", "opens"
"""Names of what is kept: safe addresses, what proved the domain, what consent rests on, where we are
reached, from which machines mails leave; how often and when customers are written to; whether it is
counted that links are followed, and that mails are opened."""

ASKED, CUSTOMERS = "asked", "customers"
"""Where a customer has said nothing, marketing may not go; or customers may be written to."""

BASES = (ASKED, CUSTOMERS)


@dataclass(frozen=True, slots=True)
class Stop:
    """That all sending is stopped: since when, by whom, why."""

    id: int
    at_us: int
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class Proven:
    """What the last look at the sender's domain found; see :mod:`holdfast.domain.sender_domain`.

    ``doubted_us`` is when a domain that had passed did not pass for the first time since.
    """

    domain: str
    at_us: int
    passed: bool
    findings: Mapping[str, Any]
    doubted_us: int | None = None

    @property
    def unclear(self) -> bool:
        """Whether the DNS left a question unanswered."""
        return any(each["code"] == "no_answer" for each in self.findings.values())


@dataclass(frozen=True, slots=True)
class Rules:
    """What decides whether anything may go out now.

    ``safe`` says that safe mode holds; ``listed`` are the addresses ("ann@example.com") and domains
    ("@example.com") to which it lets mails go, ``staff`` those of everybody who signs in or
    is invited.
    """

    stop: Stop | None
    safe: bool
    listed: frozenset[str]
    staff: frozenset[str]
    basis: str
    public_url: str
    contact: Policy = USUAL

    def is_safe_address(self, address: str) -> bool:
        """Whether safe mode lets a mail to ``address`` go."""
        written = address.strip().lower()
        return (
            written in self.listed or written in self.staff or f"@{written.rpartition('@')[2]}" in self.listed
        )


def rules(settings: Settings) -> Rules:
    """The rules as they are now: three small statements."""
    store.connect(settings)
    kept = _read(LISTED, PROVEN, BASIS, PUBLIC, CONTACT)
    people = sql.read(
        "SELECT email FROM person WHERE is_active UNION SELECT email FROM invitation "
        "WHERE used_us IS NULL AND revoked_us IS NULL AND expires_us > %s",
        (time.time_ns() // 1_000,),
    )
    return Rules(
        stopped(settings),
        not kept.get(PROVEN, {}).get("passed", False),
        frozenset(kept.get(LISTED, {}).get("addresses", ())),
        frozenset(str(email).lower() for (email,) in people),
        str(kept.get(BASIS, {}).get("basis", ASKED)),
        str(kept.get(PUBLIC, {}).get("url", "")),
        read(kept[CONTACT]) if CONTACT in kept else USUAL,
    )


def contact_rules(settings: Settings) -> Policy:
    """How often and when customers are written to; the usual before anybody decided."""
    store.connect(settings)
    kept = _read(CONTACT)
    return read(kept[CONTACT]) if CONTACT in kept else USUAL


def set_contact_rules(settings: Settings, policy: Policy) -> None:
    """Decide how often and when customers are written to."""
    _write(settings, CONTACT, written(policy))


def public_url(settings: Settings) -> str:
    """Where Holdfast is reached from the internet; "" before anybody said it."""
    store.connect(settings)
    return str(_read(PUBLIC).get(PUBLIC, {}).get("url", ""))


def counts_clicks(settings: Settings) -> bool:
    """Whether links in offers and news lead over us, to hear that they are followed. Not by itself."""
    store.connect(settings)
    return bool(_read(CLICKS).get(CLICKS, {}).get("on", False))


def set_counts_clicks(settings: Settings, on: bool) -> None:
    """Decide whether links in offers and news lead over us."""
    _write(settings, CLICKS, {"on": on})


def counts_opens(settings: Settings) -> bool:
    """Whether offers and news carry a picture, to hear that they are opened. Not by itself."""
    store.connect(settings)
    return bool(_read(OPENS).get(OPENS, {}).get("on", False))


def set_counts_opens(settings: Settings, on: bool) -> None:
    """Decide whether offers and news carry a picture."""
    _write(settings, OPENS, {"on": on})


@dataclass(frozen=True, slots=True)
class Counted:
    """Where links and the picture of a mail lead over us (``base``), and which of them do."""

    base: str
    clicks: bool
    opens: bool


def counted(settings: Settings) -> Counted | None:
    """What of mails leads over us; ``None`` where nothing does."""
    store.connect(settings)
    kept = _read(CLICKS, OPENS, PUBLIC)
    base = str(kept.get(PUBLIC, {}).get("url", ""))
    clicks, opens = (bool(kept.get(each, {}).get("on", False)) for each in (CLICKS, OPENS))
    return Counted(base, clicks, opens) if base and (clicks or opens) else None


def stopped(settings: Settings) -> Stop | None:
    """The Stop that holds now; ``None`` while sending goes on."""
    store.connect(settings)
    row = sql.one("SELECT id, stopped_us, stopped_by, why FROM sending_stop WHERE holds")
    return None if row is None else Stop(*row)


def stop(settings: Settings, *, by: str, why: str, now_us: int) -> bool:
    """Stop everything that would go out; whether it was not stopped before."""
    store.connect(settings)
    return bool(
        sql.write(
            "INSERT INTO sending_stop (stopped_us, stopped_by, why, started_us, started_by, holds) "
            "VALUES (%s, %s, %s, NULL, '', TRUE) ON CONFLICT DO NOTHING",
            (now_us, by, why),
        )
    )


def start(settings: Settings, *, by: str, now_us: int) -> bool:
    """Let sending go on; whether it was stopped."""
    store.connect(settings)
    return bool(
        sql.write(
            "UPDATE sending_stop SET started_us = %s, started_by = %s, holds = FALSE WHERE holds",
            (now_us, by),
        )
    )


def list_addresses(settings: Settings, addresses: Sequence[str]) -> None:
    """Keep exactly these addresses and domains as those to which safe mode lets mails go."""
    _write(settings, LISTED, {"addresses": sorted({each.strip().lower() for each in addresses} - {""})})


def set_basis(settings: Settings, basis: str) -> None:
    """Decide what marketing rests on where a customer has said nothing."""
    _write(settings, BASIS, {"basis": basis})


def set_public_url(settings: Settings, url: str) -> None:
    """Say at which address Holdfast is reached from the internet: links in mails begin with it."""
    _write(settings, PUBLIC, {"url": url.rstrip("/")})


def senders(settings: Settings) -> tuple[str, ...]:
    """The machines (IP addresses) from which mails leave, where somebody named them."""
    store.connect(settings)
    return tuple(_read(SENDERS).get(SENDERS, {}).get("machines", ()))


def set_senders(settings: Settings, machines: Sequence[str]) -> None:
    """Name the machines from which mails leave, where they are not those that take them."""
    _write(settings, SENDERS, {"machines": list(machines)})


def proven(settings: Settings) -> Proven | None:
    """What the last look at the sender's domain found; ``None`` before the first."""
    store.connect(settings)
    kept = _read(PROVEN).get(PROVEN)
    if not kept or "domain" not in kept:
        return None
    return Proven(
        kept["domain"], int(kept["at_us"]), bool(kept["passed"]), kept["findings"], kept.get("doubted_us")
    )


def note_proven(settings: Settings, found: Proven) -> None:
    """Keep what a look at the sender's domain found; where all passed, safe mode ends."""
    _write(
        settings,
        PROVEN,
        {
            "domain": found.domain,
            "at_us": found.at_us,
            "passed": found.passed,
            "findings": dict(found.findings),
            "doubted_us": found.doubted_us,
        },
    )


def into_safe_mode(settings: Settings) -> None:
    """Begin safe mode again: another domain or key has proved nothing yet."""
    _write(settings, PROVEN, {})


def _read(*names: str) -> dict[str, dict[str, Any]]:
    marks = ", ".join(["%s"] * len(names))
    rows = sql.read(f"SELECT name, value FROM message_setting WHERE name IN ({marks})", names)
    return {str(name): sql.json_value(value) for name, value in rows}


def _write(settings: Settings, name: str, value: Mapping[str, Any]) -> None:
    store.connect(settings)
    sql.write(
        "INSERT INTO message_setting (name, value) VALUES (%s, %s) "
        "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, json.dumps(dict(value), ensure_ascii=False)),
    )
