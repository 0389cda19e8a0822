"""A customer who left traces everywhere, and others who share a family, a name, an account with her."""

from __future__ import annotations

import gzip
import io
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import quote_plus

from holdfast.services.collect.arrive import accept
from holdfast.services.collect.care.documents import add_document
from holdfast.services.collect.care.notes import write_note
from holdfast.services.collect.care.who import who
from holdfast.services.collect.look_up import customer
from holdfast.services.collect.taking_in import take_in_arrived
from holdfast.services.keep.move import move
from holdfast.services.pulse.run import run
from holdfast.settings import Settings
from holdfast.store import live_sources, saved_views
from services.measure.companies import NOW, take_rows

NOW_US = int(NOW.timestamp() * 1_000_000)
EMAIL, PHONE, KEY = "ann.margarethe@kelp.example", "+353861234567", "cust-00042-ann"
NAME, TEXT = "Ann-Margarethe Kelpwood", "My parcel number forty-two never arrived, please look for it."
NOTE = "She prefers to be called after six, her sister answers before."
WORDS = (EMAIL, PHONE.lstrip("+"), KEY, NAME.lower(), TEXT[:40].lower(), NOTE[:40].lower())
SHARED = "family@kelp.example"
OTHERS = 60


@dataclass(frozen=True)
class Ann:
    """Her number, and the source under which she is live."""

    unit_id: int
    source_id: int


def people() -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = [("customer", "name", "email", "phone", "country", "street")]
    rows.append((KEY, NAME, EMAIL, PHONE, "IE", "12 Harbour Lane, Ballyvaughan"))
    rows += [
        (f"c{n}", f"Customer {n}", f"c{n}@example.org", f"+35387000{n:04d}", "IE", f"{n} Main Street, Cork")
        for n in range(OTHERS)
    ]
    return rows


def orders(*, also: int = 0) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = [("order_id", "customer", "at", "amount", "currency", "giftcard")]
    for n in range(OTHERS):
        rows += [
            (f"o{n}-{m}", f"c{n}", date(2024, 1 + m, 3 + n % 20).isoformat(), 10 + n, "EUR", "")
            for m in range(5)
        ]
    rows += [(f"a{m}", KEY, date(2024, 1 + m, 9).isoformat(), 40 + m, "EUR", f"to {EMAIL}") for m in range(5)]
    rows += [(f"x{n}", KEY, "not a date", 1, "EUR", EMAIL) for n in range(2)]
    rows += [(f"y{n}", "c1", "2024-06-01", n, "EUR", "") for n in range(also)]
    return rows


def live_calls() -> list[dict[str, object]]:
    return [
        {
            "type": "identify",
            "userId": KEY,
            "anonymousId": "browser-of-ann-77",
            "messageId": "ann-identify",
            "traits": {"email": EMAIL, "name": NAME},
            "timestamp": "2024-07-14T10:00:00Z",
        },
        {
            "type": "track",
            "userId": KEY,
            "event": "Product Viewed",
            "messageId": "ann-viewed",
            "properties": {"product_id": "p1", "referrer": f"https://mail/{EMAIL}"},
            "timestamp": "2024-07-14T10:01:00Z",
        },
        {
            "type": "track",
            "userId": "c1",
            "event": "Product Viewed",
            "messageId": "c1-viewed",
            "properties": {"product_id": "p1"},
            "timestamp": "2024-07-14T10:01:00Z",
        },
        {"type": "track", "userId": KEY, "messageId": "ann-bad", "properties": {"email": EMAIL}},
    ]


def send(settings: Settings, source_id: int, calls: list[dict[str, object]], *, now_us: int = NOW_US) -> None:
    body = json.dumps({"batch": calls}).encode()
    accept(settings, source_id, body, events=len(calls), received_us=now_us)


def company(settings: Settings, folder: Path, *, loop: bool = True) -> Ann:
    """Imports (one overlaps, one rejects rows), live events moved and not, a run, notes, documents, logs."""
    folder.mkdir(exist_ok=True)
    take_rows(settings, "customers", people(), folder)
    take_rows(settings, "orders", orders(), folder)
    take_rows(settings, "orders", orders(also=3), folder)
    tickets = [
        ("ticket_id", "customer", "opened_at", "subject", "text"),
        ("t1", KEY, "2024-06-20", "Lost", TEXT),
        ("t2", "c1", "2024-06-21", "Late", "Where is it?"),
    ]
    take_rows(settings, "tickets", tickets, folder)
    source = live_sources.ensure(settings, "web", "segment", now_us=NOW_US)
    send(settings, source.id, live_calls())
    take_in_arrived(settings, now_us=NOW_US)
    move(settings)
    if loop:
        run(settings, date(2024, 7, 1), now=NOW)
    again = [{**call, "messageId": f"{call['messageId']}-2"} for call in live_calls()[1:3]]
    send(settings, source.id, again)
    take_in_arrived(settings, now_us=NOW_US)
    unit_id = customer(settings, KEY, now=NOW).unit_id
    about = who(settings, unit_id)
    write_note(settings, about, NOTE, by="niamh@example.com", now_us=NOW_US)
    text = io.BytesIO(f"{NAME}\n{EMAIL}\n".encode())
    add_document(settings, about, "letter.txt", text, by="niamh@example.com", now_us=NOW_US)
    views = ((NAME, "?state=lapsed"), ("mine", f"?q={quote_plus(EMAIL)}"), ("Irish", "?country=IE"))
    for title, query in views:
        saved_views.add(settings, 1, "customers", title, query, now_us=NOW_US)
    logs = settings.folder / "logs"
    logs.mkdir(exist_ok=True)
    (logs / "holdfast.log").write_text(f"holdfast customer {EMAIL}\nanother line\n")
    return Ann(unit_id, source.id)


def rejected_rows(settings: Settings) -> str:
    return "".join(gzip.decompress(path.read_bytes()).decode() for path in settings.imports.glob("*/*.gz"))
