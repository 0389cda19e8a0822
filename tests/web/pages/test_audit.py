"""N2: the audit trail: who saw and who changed what, filtered, checked, exported."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from holdfast.settings import Settings
from holdfast.store import audit, audit_check, sql
from web.history import bring, unit_of
from web.matrix import expected
from web.pages.test_customer import IOANA

if TYPE_CHECKING:
    from django.test import Client

NOTES_THEMSELVES = {
    "customers_export", "contact_points_export", "segment_export", "export_risks", "audit_export",
    "dashboard_export",
}  # fmt: skip


@pytest.fixture
def ioana(served: Settings) -> int:
    bring(served, IOANA)
    return unit_of("c-17")


def notes() -> list[tuple[str, str, str]]:
    return [
        (did, sort, about)
        for did, sort, about in sql.read("SELECT did, sort, about FROM audit_note ORDER BY id")
    ]


def body(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_n2_seeing_changing_and_being_refused_are_noted(
    signed_in: Callable[..., Client], served: Settings, ioana: int
) -> None:
    agent = signed_in("agent")
    agent.get(f"/customers/{ioana}")
    agent.post(f"/customers/{ioana}/notes", {"text": "Wants ioana@example.com kept secret"})
    agent.get("/customers.csv")
    agent.get("/customers/999999")
    agent.post(f"/customers/{ioana}/notes", {"text": " "})
    about = f"customer:{ioana}"
    assert notes() == [
        ("customer.seen", "saw", about),
        ("note_write.done", "changed", about),
        ("access.refused", "changed", "page:customers_export"),
    ]
    assert audit_check.verify(served).whole
    assert sql.read("SELECT COUNT(*) FROM audit_note WHERE details LIKE '%%secret%%'") == [(0,)]


def test_n2_who_is_refused_is_noted_also_where_a_service_notes_what_is_done(
    signed_in: Callable[..., Client],
) -> None:
    agent = signed_in("agent")
    agent.post("/settings/people/invite", {"email": "me@example.com", "role": "admin"})
    assert notes() == [("access.refused", "changed", "page:invite_person")]


def test_n2_exports_are_noted_with_what_was_asked(signed_in: Callable[..., Client], ioana: int) -> None:
    analyst = signed_in("analyst")
    b"".join(analyst.get("/customers.csv?state=active").streaming_content)
    b"".join(analyst.get("/contact-points.csv").streaming_content)
    found = sql.read("SELECT did, details FROM audit_note ORDER BY id")
    assert [did for did, _ in found] == ["customers.exported", "contact_points.exported"]
    assert '"state":"active"' in found[0][1]


def test_n2_the_page_says_who_what_and_when_and_narrows(signed_in: Callable[..., Client], ioana: int) -> None:
    agent, admin = signed_in("agent"), signed_in("admin")
    agent.get(f"/customers/{ioana}")
    agent.post(f"/customers/{ioana}/notes", {"text": "x"})
    admin.get("/customers.csv")
    text = body(admin, "/settings/audit")
    for said in ("3 notes of who saw", "looked at", "exported", "Ioana"):
        assert said in text, said
    (who,) = sql.read("SELECT id FROM person WHERE role = 'agent'")[0]
    for query, rows in (
        (f"who={who}", 2), ("sort=saw", 2), ("sort=changed", 1), (f"customer={ioana}", 2),
        (f"customer={str(ioana).translate(str.maketrans('0123456789', '۰۱۲۳۴۵۶۷۸۹'))}", 2),
        ("from=2000-01-01&to=2200-01-01", 3), ("to=2000-01-01", 0), (f"who={who}&sort=saw", 1),
    ):  # fmt: skip
        assert len(re.findall(r"<th role=\"rowheader\"", body(admin, f"/settings/audit?{query}"))) == rows, (
            query
        )
    for wrong in ("who=x", "sort=x", "from=yesterday", "customer=-1", "before=9e9", "from=0001-01-01"):
        assert admin.get(f"/settings/audit?{wrong}").status_code == 400, wrong


def test_n2_a_trail_that_was_touched_is_found_on_the_page(
    signed_in: Callable[..., Client], ioana: int
) -> None:
    admin = signed_in("admin")
    for _ in range(3):
        admin.get(f"/customers/{ioana}")
    answer = admin.post("/settings/audit/verify").content.decode()
    assert "The trail is whole: 3 notes" in answer
    sql.write("UPDATE audit_note SET who = 99 WHERE id = 2")
    answer = admin.post("/settings/audit/verify").content.decode()
    assert "Notes 2 to 2 are not as they were written" in answer
    assert "somebody who is gone, number 99" in answer


def test_n2_the_trail_goes_out_as_csv_and_no_cell_is_a_formula(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    from holdfast.store import audit

    admin = signed_in("admin")
    audit.note(served, who=None, did="x.changed", about="=1+1", now_us=1, via="@via")
    text = b"".join(admin.get("/settings/audit.csv").streaming_content).decode()
    assert text.startswith("\ufeffnumber,at,person,")
    assert "'=1+1" in text
    assert "'@via" in text
    assert "audit.exported" in text


def test_n3_who_was_not_signed_in_is_said_in_the_readers_language(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    for number, via in enumerate(("command by ann", "api key 7", "web process")):
        audit.note(served, who=None, did="key.made", about="key:1", now_us=number, via=via)
    text = signed_in().get("/settings/audit").content.decode()
    for words in ("ann by a command", "the API key 7", "Holdfast itself"):
        assert words in text
    assert "با یک دستور" in signed_in("admin", "fa").get("/settings/audit").content.decode()


def test_n2_only_an_administrator_reads_the_trail(signed_in: Callable[..., Client]) -> None:
    for role in ("manager", "agent", "analyst", "read_only"):
        client = signed_in(role)
        for path in ("/settings/audit", "/settings/audit.csv"):
            assert client.get(path).status_code == 403
        assert client.post("/settings/audit/verify").status_code == 403


def test_n2_an_erased_customer_is_not_named_in_the_trail(
    signed_in: Callable[..., Client], served: Settings, ioana: int
) -> None:
    manager, admin = signed_in("manager"), signed_in("admin")
    manager.get(f"/customers/{ioana}")
    manager.post(f"/customers/{ioana}/data/erase", {"name": "Ioana Marin"})
    assert sql.read("SELECT COUNT(*) FROM subject") == [(0,)]
    left = sql.read(
        "SELECT details FROM audit_note WHERE about = %s AND did = 'customer.seen'", (f"customer:{ioana}",)
    )
    assert left == [("",)]
    assert audit_check.verify(served).whole
    assert "emptied: the customer was erased" in body(admin, "/settings/audit")


def test_n2_every_route_that_changes_or_exports_something_has_words(served: Settings) -> None:
    from holdfast.web.pace import EXPORTS
    from holdfast.web.pages.audit.deeds import BY_ROUTE
    from holdfast.web.watching import NOT_NOTED

    changing = {name for name, (_, post) in expected().items() if post not in ("-", "open")}
    missing = changing - BY_ROUTE.keys() - NOT_NOTED
    assert missing == set()
    assert BY_ROUTE.keys() - expected().keys() == set()
    assert EXPORTS - BY_ROUTE.keys() - NOTES_THEMSELVES == set()
