"""Every page there is: the addresses without arguments in urls.py, and one of each kind with them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from holdfast.domain.written_expressions import parse
from holdfast.services.act import cases as case_acts
from holdfast.services.act import tasks as task_acts
from holdfast.services.warn import own
from holdfast.settings import Settings
from holdfast.store import saved_views, segments
from holdfast.store.cases import NewCase
from holdfast.store.tasks import NewTask
from web.graded import grade
from web.history import Happened, Person, bring, unit_of
from web.pages.test_customer import IOANA
from web.pages.test_customer_care import write_about
from web.pages.test_customers import stand
from web.pages.test_inbox import write
from web.quarantined import put_aside
from web.sources import connect
from web.warned import warn

if TYPE_CHECKING:
    from django.test import Client

TWIN = Person(
    "c-18",
    "Alexandra-Ștefania Constantinescu-Dimitrescu",
    (Happened("2024-03-11T08:00", "Signed Up"),),
    email="alexandra@example.org",
)
"""Somebody beside whom Ioana is looked at."""

NO_PAGE = frozenset({"sign_in", "first_page", "find"})
"""What leads elsewhere once somebody is signed in, and the list of the palette."""


def furnish(settings: Settings) -> list[str]:
    """Put something on every page; the addresses of those that are about one thing."""
    from holdfast.web.workspace import present

    bring(settings, IOANA, TWIN)
    put_aside(settings)
    connect(settings)
    unit = unit_of("c-17")
    stand(unit, "Ioana Marin", state="lapsed", country="RO", orders=3, amount_minor=6900,
          first_day=19792, last_day=19801, last_key=19801, left_day=19900)  # fmt: skip
    for number in range(unit + 1, unit + 60):
        stand(number, f"Customer {number}", orders=number % 7, amount_minor=number * 100, country="IE")
    stand(999, "Alexandra-Ștefania Constantinescu-Dimitrescu și fiii", amount_minor=10**12)
    stand(998, "مریم رستمی", country="IR", amount_minor=123456)
    write_about(settings, unit)
    write(settings, "ann@example.org", "The kettle broke again, and nobody answers. " * 4)
    made = segments.save(settings, "gold", "Gold members", {"trait": "plan", "is": "gold"}, now_us=1)
    segments.apply(settings, made, [unit, 998], [], day=1, now_us=1, moved=False)
    saved_views.add(settings, 1, "customers", "Romania, by orders", "?country=RO&sort=-orders", now_us=1)
    now = present(settings)
    task = task_acts.make(settings, NewTask("Call Ioana", subject_id=unit), by="niamh@example.com", now=now)
    case = case_acts.open_case(settings, NewCase(unit, "The kettle broke"), by="niamh@example.com", now=now)
    signal = _warn(settings, unit, 998, 999)
    grade(settings, unit, 998, 999)
    return [
        f"/customers/{unit}",
        f"/customers/{unit}/data",
        f"/customers/{unit}/ids",
        f"/customers/{unit}/and/{unit_of(TWIN.key)}",
        "/customers?q=nobody",
        "/customers?country=RO&sort=-orders",
        "/customers?segment=gold",
        "/warn/of/payment_failed",
        "/understand/reasons/of/poor_quality",
        "/understand/reasons/of/late_delivery",
        f"/warn/of/{signal}",
        f"/warn/of/{signal}/edit",
        "/segments/of/gold",
        "/segments/of/gold/edit",
        "/inbox/1",
        f"/tasks/{task}",
        "/team/scripts/apology",
        f"/cases/{case}",
        f"/cases/new?customer={unit}",
        "/settings/quarantine/1",
        "/settings/events/map?name=Order+Completed",
        "/settings/sources/add/stripe",
        "/settings/sources/of/stripe",
        f"/import/files/{brought(settings)}",
        "/import/1",
        "/nowhere",
    ]


def brought(settings: Settings) -> int:
    """A file that waits to be mapped, with rows that could not be taken."""
    from holdfast.services.collect.uploads import files, look
    from holdfast.store.uploads import NewUpload

    content = "Kunde;Datum;Summe;Bemerkung – sehr lang, und mit Absicht\n" + "مریم;31/09/2025;3,50;\n" * 12
    arrived = files.arriving(settings)
    arrived.write_text(content, encoding="utf-8")
    number = files.receive(settings, arrived, NewUpload("Bestellungen März.csv", 9), by_id=None, now_us=1)
    look.look(settings, number, now_us=1)
    return number


def pages_without_arguments(client: Client) -> list[str]:
    """Every address that needs nothing and answers this reader with a whole page."""
    from django.urls import NoReverseMatch, reverse

    from holdfast.web import urls

    found = []
    for pattern in urls.urlpatterns:
        if pattern.name in NO_PAGE or pattern.name is None:
            continue
        try:
            path = reverse(pattern.name)
        except NoReverseMatch:
            continue
        answer = client.get(path)
        if answer.status_code == 200 and answer.get("Content-Type", "").startswith("text/html"):
            whole = not answer.streaming and b"</html>" in answer.content
            found += [path] if whole else []
    return found


def _warn(settings: Settings, *units: int) -> str:
    """Early warnings of some customers, one of a storm, and a signal of one's own; its key."""
    warn(settings, "payment_failed", *units, days_ago=2)
    warn(settings, "overdue", units[0])
    rule = parse({"event": "Order Completed", "days": 30, "at_most": 0})
    made = own.create(settings, "Bestellt keine Kaffeefilter mehr", rule, by="x", now=datetime.now(UTC))
    warn(settings, made.key, *units)
    return made.key
