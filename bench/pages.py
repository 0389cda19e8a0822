"""Overview, list, search and one customer's page in a company of many customers."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from bench.importing import holdfast
from bench.measuring import Line, p95, wall_milliseconds
from holdfast.engines.embedded import EmbeddedEngine, literal
from holdfast.settings import Settings, read_settings

if TYPE_CHECKING:
    from django.test import Client

SEED = 3
_CUSTOMERS = """
WITH drawn AS (
  SELECT i, CAST(hash(i) % 6 AS BIGINT) AS given, CAST(hash(i * 3) % 7 AS BIGINT) AS family,
    CAST(hash(i * 5) % 6 AS BIGINT) AS country, CAST(hash(i * 7) % 4 AS BIGINT) AS source
  FROM range({customers}) t(i)
)
SELECT 'C' || i AS customer, 'c' || i || '@example.com' AS email,
  ['Ana', 'Ivan', 'Maria', 'Wei', 'Sara', 'Niall'][1 + given] || ' ' ||
    ['Popescu', 'Petrova', 'Karimi', 'Chen', 'Murphy', 'Ivanov', 'Stoica'][1 + family] || i AS name,
  ['IE', 'RO', 'IR', 'BG', 'KZ', 'SG'][1 + country] AS country,
  ['search', 'social', 'referral', 'direct'][1 + source] AS source
FROM drawn
"""
_ORDERS = """
SELECT 'C' || (i % {customers}) AS customer, 'O' || i AS order_id,
  strftime(TIMESTAMP '2023-01-01' + INTERVAL (hash(i) % 63072000) SECOND, '%Y-%m-%d %H:%M:%S') AS "at",
  1 + hash(i * 5) % 99 AS amount, 'EUR' AS currency
FROM range({orders}) t(i)
"""
_MAILS = """
SELECT 'C' || i AS customer,
  ['Email Opened', 'Email Bounced', 'Email Delivered'][1 + CAST(hash(i) % 3 AS BIGINT)] AS event,
  strftime(TIMESTAMP '2023-01-01' + INTERVAL (hash(i * 11) % 63072000) SECOND, '%Y-%m-%d %H:%M:%S') AS "at"
FROM range({customers}) t(i)
"""


def run(size: str, folder: Path) -> list[Line]:
    """Answer each page 40 times over a base of 100,000 (large: a million) customers with four orders each."""
    customers = 1_000_000 if size == "large" else 100_000
    settings = _company(folder, customers)
    ask = _reader(settings)
    draw = random.Random(SEED)
    pages: dict[str, Callable[[], str]] = {
        "overview": lambda: "/measure",
        "customers, by what they spent": lambda: "/customers",
        "customers, one state and country": lambda: "/customers?state=active&country=RO",
        "customers, searched by name": lambda: f"/customers?q=popescu{draw.randrange(customers)}",
        "customers, searched by a common name": lambda: "/customers?q=maria",
        "contact points to mend": lambda: "/contact-points",
        "contact points to mend, one country": lambda: "/contact-points?country=RO&state=bounced",
        "gaps of the needs profile": lambda: "/needs",
        "one customer": lambda: f"/customers/{draw.randint(1, customers)}",
    }
    floor = wall_milliseconds(lambda: ask("/healthz"), 40)
    return [_line(name, page, ask, customers, p95(floor)) for name, page in pages.items()]


def _line(
    name: str, page: Callable[[], str], ask: Callable[[str], None], customers: int, floor: float
) -> Line:
    ask(page())
    slow = p95(wall_milliseconds(lambda: ask(page()), 40))
    beside = f"the empty page /healthz ({floor:.1f} ms)"
    return Line(
        f"page: {name}, {customers:,} customers, p95",
        slow,
        "ms",
        beside,
        slow / floor,
        "under 150 ms",
        slow < 150,
    )


def _company(folder: Path, customers: int) -> Settings:
    workspace = folder / "workspace"
    holdfast("init", "--workspace", str(workspace), "--currency", "EUR")
    with EmbeddedEngine(temp=folder / "spill") as engine:
        for kind, made in (("customers", _CUSTOMERS), ("orders", _ORDERS), ("events", _MAILS)):
            rows = made.format(customers=customers, orders=customers * 4)
            engine.run(f"COPY ({rows}) TO {literal(str(folder / kind))} (FORMAT csv, HEADER)", {})
    for kind in ("customers", "orders", "events"):
        holdfast("import", str(folder / kind), "--as", kind, "--yes", "--workspace", str(workspace))
    holdfast("run", "--workspace", str(workspace))
    return read_settings(workspace)


def _reader(settings: Settings) -> Callable[[str], None]:
    """Asks for pages as a person who has signed in, in this process."""
    from holdfast.web.workspace import serve_workspace

    serve_workspace(settings)
    from django.test import Client

    from holdfast.store.models import User

    client: Client = Client()
    client.force_login(User.objects.create_user("reader@example.com", None, name="Reader", role="admin"))

    def ask(path: str) -> None:
        answer = client.get(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status_code}")
        b"".join(answer) if answer.streaming else answer.content

    return ask
