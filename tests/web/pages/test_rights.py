"""N2: agents who see only their own customers, and personal data masked by role."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from holdfast.settings import Settings
from holdfast.store import owners, sql
from web.history import Happened, Person, bring, unit_of
from web.people import prove

if TYPE_CHECKING:
    from django.test import Client

HISTORY = (
    Happened("2024-03-10", "Order Completed", 4600, more={"object_id": "1"}),
    Happened("2024-04-10", "Ticket Opened", text="Write to private@home.org", more={"code": "delivery"}),
)
MINE = Person("c-1", "Ioana Marin", HISTORY, email="ioana@example.com", phone="+40721000000")
THEIRS = Person("c-2", "Bogdan Iancu", HISTORY, email="bogdan@example.com", phone="+40722000000")
FIELDS = {
    f"{what}-{role}": "shown"
    for what in ("points", "names")
    for role in ("manager", "agent", "analyst", "read_only")
}


@pytest.fixture
def two(served: Settings) -> tuple[int, int]:
    """Two customers, listed and scored: the first will be the agent's."""
    from holdfast.services.collect.care import refresh
    from holdfast.store.models import PointState, RiskScore
    from holdfast.store.standings import Standings, save_standings

    bring(served, MINE, THEIRS)
    a, b = unit_of("c-1"), unit_of("c-2")
    day = [19792, 19792]
    save_standings(
        served, Standings([a, b], ["active"] * 2, day, day, [None, None], [1, 1], [4600] * 2, [0, 0])
    )
    refresh.refresh(served, now_us=1_720_000_000_000_000)
    PointState.objects.update(state="never_used", work=True)
    for unit in (a, b):
        RiskScore.objects.create(
            unit_id=unit, risk=0.5, value_minor=1, value_at_risk_minor=1, drivers="[]", state="active",
            country="", as_of_day=19792, cause="", model_version=1,
        )  # fmt: skip
    return a, b


def decide(admin: Client, **changed: str) -> None:
    given = FIELDS | {name.replace("_only_", "_only-"): value for name, value in changed.items()}
    answer = prove(admin).post("/settings/rights/change", given)
    assert (answer.status_code, answer["Location"]) == (302, "/settings/rights?done=1"), answer.content


def own(served: Settings, unit: int, role: str = "agent") -> None:
    (person,) = sql.read("SELECT id FROM person WHERE role = %s", (role,))[0]
    owners.set_owner(served, [unit], unit, person, by="test", now_us=1)


def body(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


LISTS = (
    "/customers", "/customers?q=example", "/customers?state=active", "/customers?sort=name",
    "/contact-points", "/contact-points?owner=mine", "/needs", "/find?q=bogdan", "/find?q=ioana",
    "/inbox", "/inbox?state=all", "/customers/duplicates", "/customers/merges", "/segments/fit",
)  # fmt: skip


def test_n2_an_agent_sees_nobody_elses_customers_once_it_is_decided(
    signed_in: Callable[..., Client], served: Settings, two: tuple[int, int]
) -> None:
    admin, agent = signed_in("admin"), signed_in("agent")
    mine, _ = two
    own(served, mine)
    assert "Bogdan" in body(agent, "/customers")
    decide(admin, **{"own-agent": "1"})
    for path in LISTS:
        assert "Bogdan" not in body(agent, path), path
    for path in ("/customers", "/customers?q=ioana", "/customers?state=active", "/find?q=ioana", "/needs"):
        assert "Ioana" in body(agent, path), path
    assert "Bogdan" in body(admin, "/customers")
    assert agent.get(f"/customers/{mine}").status_code == 200
    decide(admin)
    assert "Bogdan" in body(agent, "/customers")


def test_n2_addresses_typed_by_hand_and_forms_reach_nobody_elses(
    signed_in: Callable[..., Client], served: Settings, two: tuple[int, int]
) -> None:
    """Object by object (IDOR): what is not theirs is not there."""
    admin, agent = signed_in("admin"), signed_in("agent")
    mine, theirs = two
    own(served, mine)
    decide(admin, **{"own-agent": "1"})
    for path in ("", "/news", "/ids", "/accounts", "/documents/1"):
        assert agent.get(f"/customers/{theirs}{path}").status_code == 404, path
    assert agent.get(f"/customers/{mine}/and/{theirs}").status_code == 404
    for path, given in (
        ("notes", {"text": "x"}), ("owner", {"person": "1"}), ("said", {"trait": "city", "value": "x"}),
        ("points", {"do": "add", "value": "x@example.com"}), ("contacts", {"contact": "call_made"}),
        ("documents", {}), ("parent", {}), ("ids/take-out", {"id": str(theirs)}), ("unmask", {}),
    ):  # fmt: skip
        assert agent.post(f"/customers/{theirs}/{path}", given).status_code == 404, path
    for path in ("/customers/merge", "/customers/different"):
        assert agent.post(path, {"left": str(mine), "right": str(theirs)}).status_code == 404, path
    assert agent.post(f"/customers/{mine}/ids/take-out", {"id": str(theirs)}).status_code == 404
    admin.post(f"/customers/{theirs}/notes", {"text": "Theirs"})
    (note,) = sql.read("SELECT id FROM note")[0]
    agent.post(f"/customers/{mine}/notes/{note}/change", {"text": "Mine"})
    agent.post(f"/customers/{mine}/notes/{note}/delete")
    assert sql.read("SELECT text, deleted_us FROM note") == [("Theirs", None)]
    number = admin.post("/customers/merge", {"left": str(mine), "right": str(theirs)})["Location"]
    assert agent.get(f"/customers/{theirs}").status_code == 200  # they are one customer now, and theirs
    admin.post(f"/customers/merges/{number.rpartition('=')[2]}/undo")
    assert agent.get(f"/customers/{theirs}").status_code == 404


def test_n2_owning_an_account_shows_its_contacts(
    signed_in: Callable[..., Client], served: Settings, two: tuple[int, int]
) -> None:
    from holdfast.store.models import AccountContact

    admin, agent = signed_in("admin"), signed_in("agent")
    decide(admin, **{"own-agent": "1"})
    own(served, two[0])
    AccountContact.objects.create(subject_id=two[1], account_id=two[0], from_us=0)
    assert agent.get(f"/customers/{two[1]}").status_code == 200
    sql.write("UPDATE owner SET until_us = 5")
    assert agent.get(f"/customers/{two[1]}").status_code == 404
    assert "Nobody matches" in body(agent, "/customers")


PAGES = (
    "/customers/{unit}",
    "/customers/{unit}/ids",
    "/contact-points",
    "/customers?q=ioana",
    "/find?q=ioana",
)


@pytest.mark.parametrize("role", ["analyst", "read_only"])
def test_n2_who_reads_figures_sees_no_way_to_reach_anybody(
    signed_in: Callable[..., Client], two: tuple[int, int], role: str
) -> None:
    client = signed_in(role)
    for path in PAGES:
        text = body(client, path.format(unit=two[0]))
        for reach in ("ioana@example.com", "private@home.org", "+40721000000", "721000000"):
            assert reach not in text, (path, reach)
    page = body(client, f"/customers/{two[0]}")
    assert "i•••@example.com" in page
    assert "•••00" in page
    assert "p•••@home.org" in page
    assert client.post(f"/customers/{two[0]}/unmask").status_code == 422
    assert "ioana@example.com" not in body(client, f"/customers/{two[0]}")


def test_n2_an_export_is_masked_as_the_page_is(
    signed_in: Callable[..., Client], two: tuple[int, int]
) -> None:
    masked = b"".join(signed_in("analyst").get("/contact-points.csv").streaming_content).decode()
    assert "i•••@example.com" in masked
    assert "ioana@" not in masked
    whole = b"".join(signed_in("manager").get("/contact-points.csv").streaming_content).decode()
    assert "ioana@example.com" in whole


def test_n2_a_file_with_whole_addresses_is_not_written_for_who_sees_them_in_part(
    signed_in: Callable[..., Client],
) -> None:
    admin, analyst = signed_in("admin"), signed_in("analyst")
    given = {"kind": "customers", "format": "csv"}
    assert 'value="customers"' not in body(analyst, "/exports")
    assert analyst.post("/exports/ask", given).status_code == 403
    decide(admin)
    assert 'value="customers"' in body(analyst, "/exports")
    assert analyst.post("/exports/ask", given).status_code == 302
    (number,) = sql.read("SELECT id FROM export_file")[0]
    decide(admin, **{"points-analyst": "hidden"})
    assert analyst.get(f"/exports/{number}").status_code == 403


def test_n2_on_request_shows_one_customer_for_a_while_and_notes_it(
    signed_in: Callable[..., Client], two: tuple[int, int]
) -> None:
    admin, agent = signed_in("admin"), signed_in("agent")
    decide(admin, **{"points-agent": "on_request"})
    page = body(agent, f"/customers/{two[0]}")
    assert "ioana@example.com" not in page
    assert "Show them whole" in page
    changed = agent.post(f"/customers/{two[0]}/said", {"trait": "email", "value": "i•••@example.com"})
    assert changed.status_code == 422
    assert agent.post(f"/customers/{two[0]}/unmask").status_code == 302
    assert "ioana@example.com" in body(agent, f"/customers/{two[0]}")
    assert "bogdan@example.com" not in body(agent, f"/customers/{two[1]}")
    did = [did for (did,) in sql.read("SELECT did FROM audit_note ORDER BY id")]
    assert did.count("customer.unmasked") == 1


def test_n2_names_are_masked_where_it_is_decided(
    signed_in: Callable[..., Client], two: tuple[int, int]
) -> None:
    admin, analyst = signed_in("admin"), signed_in("analyst")
    decide(admin, **{"names-analyst": "hidden", "points-analyst": "hidden"})
    for path in ("/customers", f"/customers/{two[0]}", "/find?q=ioana", "/contact-points", "/needs"):
        assert "Ioana" not in body(analyst, path), path
    assert "I••• M•••" in body(analyst, "/customers")
    assert "Ioana" not in b"".join(analyst.get("/customers.csv").streaming_content).decode()
    assert analyst.get("/foresee/export/csv").status_code == 403


def test_n2_a_decision_is_an_administrators_and_is_noted(signed_in: Callable[..., Client]) -> None:
    admin, manager = signed_in("admin"), signed_in("manager")
    assert "disabled" in body(manager, "/settings/rights")
    assert manager.post("/settings/rights/change", FIELDS).status_code == 403
    asked = admin.post("/settings/rights/change", FIELDS, headers={"Referer": "http://x/settings/rights"})
    assert asked["Location"] == "/confirm?next=%2Fsettings%2Frights", "a fresh proof of who it is"
    assert sql.read("SELECT 1 FROM audit_note WHERE did = 'rights.changed'") == []
    assert prove(admin).post("/settings/rights/change", FIELDS | {"names-agent": "often"}).status_code == 400
    decide(admin, **{"points-agent": "hidden"})
    assert "It is decided." in body(admin, "/settings/rights?done=1")
    (details,) = sql.read("SELECT details FROM audit_note WHERE did = 'rights.changed'")[0]
    assert "agent hidden" in details
