"""Dashboards, digests and files through the API (N2, N4): whose they are, what they show, what is refused."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from holdfast.services.pulse.reports import write_files
from holdfast.settings import Settings
from holdfast.store import digests, portfolio, risk, sql
from holdfast.store.portfolio import Decided
from web import reports
from web.api.conftest import Program
from web.api.test_calls import problem
from web.api.test_rights import person

NOW = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
Make = Callable[..., Program]


def said(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content
    return json.loads(answer.content)


@pytest.fixture
def saved(served: Settings) -> Settings:
    """A workspace with figures, and a segment of two customers at risk."""
    reports.save(served)
    risk.note_reason(served, risk.Scoring(20_700, 90, 1, 0.1, None, reports.NOW_US))
    reports.segment(served, "regulars", reports.people(served, "Ann", "Ben"))
    return served


def test_a_dashboard_is_made_put_together_looked_at_and_brought_back(program: Make, saved: Settings) -> None:
    call = program("write", acts_for=person(saved, "analyst"))
    made = said(call("POST", "/dashboards", {"title": "Churn", "empty": True}), 201)
    at = f"/dashboards/{made['id']}"
    for tile in (
        {"kind": "figure", "metric": "churn_rate", "definition": "lost_of_start"},
        {"kind": "trend", "metric": "churn_rate", "definition": "lost_of_start", "title": "Over time"},
        {"kind": "groups", "metric": "churn_rate", "definition": "lost_of_start", "group": "country"},
        {"kind": "segment", "segment": "regulars", "size": "wide"},
        {"kind": "at_risk", "rows": 1},
    ):
        said(call("POST", f"{at}/tiles", tile), 201)
    problem(call("POST", f"{at}/tiles", {"kind": "figure", "metric": "cake"}), 422, "bad_tile")
    problem(call("POST", f"{at}/tiles", {"kind": "segment", "segment": "x"}), 404, "no_such_segment")
    assert said(call("PATCH", f"{at}/tiles/3", {"size": "small", "title": "Where"}))["title"] == "Where"
    assert [each["id"] for each in said(call("POST", f"{at}/tiles/5/move", {"place": 1}))["tiles"]] == [
        5, 1, 2, 3, 4,
    ]  # fmt: skip
    found = said(call("GET", f"{at}/results"))
    assert found["period"] == {"start": "2026-10-01", "end": "2026-11-01", "kind": "month"}
    shown = {each["id"]: each for each in found["tiles"]}
    assert (shown[1]["figure"]["value"], shown[1]["before"]["value"]) == (0.03, 0.028)
    assert (shown[2]["title"], len(shown[2]["trend"])) == ("Over time", 10)
    assert [each["group"] for each in shown[3]["groups"]] == ["country=IE", "country=RO"]
    assert (shown[4]["segment"], shown[4]["size"]) == ("regulars", 2)
    assert ([each["risk"] for each in shown[5]["customers"]], shown[5]["customers_in_all"]) == ([0.6], 2)
    assert said(call("GET", f"{at}/results?start=2026-03-01"))["period"]["start"] == "2026-03-01"
    problem(call("GET", f"{at}/results?start=2026-03-02"), 404, "not_found")
    assert call("DELETE", f"{at}/tiles/5").status_code == 204
    problem(call("DELETE", f"{at}/tiles/5"), 404, "not_found")
    changed = {"title": "Ours", "period_kind": "quarter", "periods": 6, "segment": "regulars", "shared": True}
    assert {name: said(call("PATCH", at, changed))[name] for name in changed} == changed
    problem(call("PATCH", at, {"periods": 7}), 422, "bad_period")
    tag = call("GET", at)["ETag"]
    assert call("PATCH", at, {"title": "Again"}, **{"If-Match": tag}).status_code == 200
    problem(call("DELETE", at, **{"If-Match": tag}), 412, "changed_meanwhile")
    assert call("DELETE", at).status_code == 204
    problem(call("GET", at), 404, "not_found")
    assert said(call("POST", f"{at}/restore"))["title"] == "Again"


def test_a_private_dashboard_is_there_for_its_maker_only(program: Make, saved: Settings) -> None:
    mine = program("write", acts_for=person(saved, "analyst"))
    at = f"/dashboards/{said(mine('POST', '/dashboards', {'title': 'Mine'}), 201)['id']}"
    others = (program("admin"), program("admin", acts_for=person(saved, "manager")))
    for other in others:
        problem(other("GET", at), 404, "not_found")
        problem(other("GET", f"{at}/results"), 404, "not_found")
        problem(other("DELETE", at), 404, "not_found")
        problem(other("POST", "/export-files", {"kind": "dashboard", "dashboard_id": 1}),
                403 if other is others[0] else 404,
                "acts_for_nobody" if other is others[0] else "not_found")  # fmt: skip
        assert said(other("GET", "/dashboards"))["items"] == []
    said(mine("PATCH", at, {"shared": True}))
    assert [said(each("GET", at))["may_change"] for each in (*others, program("read"))] == [True, True, False]
    agent = program("admin", acts_for=person(saved, "agent"))
    assert said(agent("GET", at))["may_change"] is False
    problem(agent("PATCH", at, {"title": "x"}), 403, "not_allowed")
    sql.write("UPDATE dashboard SET person_id = NULL, shared = %s", (False,))
    problem(program("admin")("GET", at), 404, "not_found")  # nobody's is not that of a key for nobody
    problem(program("admin")("POST", "/dashboards", {"title": "x"}), 403, "acts_for_nobody")
    problem(program("read", acts_for="analyst@example.com")("DELETE", at), 403, "wrong_scope")


def test_names_and_customers_on_a_dashboard_are_those_that_the_role_may_see(
    program: Make, saved: Settings
) -> None:
    maker = program("write", acts_for=person(saved, "manager"))
    made = said(maker("POST", "/dashboards", {"title": "Next", "shared": True}), 201)["id"]

    def names(call: Program) -> list[str]:
        tiles = said(call("GET", f"/dashboards/{made}/results"))["tiles"]
        return [each["name"] for tile in tiles for each in tile["customers"]]

    agent = program("admin", acts_for=person(saved, "agent"))
    assert names(maker) == names(agent) == ["Ann", "Ben"]
    portfolio.decide(saved, Decided(frozenset({"agent"}), names={"read_only": "hidden"}))
    assert names(program("admin", acts_for="agent@example.com")) == []
    assert names(program("read", acts_for=person(saved, "read_only"))) != ["Ann", "Ben"]


def test_dashboards_come_in_stretches(program: Make, saved: Settings) -> None:
    call = program("write", acts_for=person(saved, "analyst"))
    made = [said(call("POST", "/dashboards", {"title": f"B{n}"}), 201)["id"] for n in range(5)]
    seen: list[int] = []
    path = "/dashboards?limit=2"
    while path:
        answer = call("GET", path)
        seen += [each["id"] for each in said(answer)["items"]]
        path = answer["Link"][1:].partition(">")[0].removeprefix("/api/v1") if "Link" in answer else ""
    assert seen == made
    key = {"Idempotency-Key": "d"}
    twice = [call("POST", "/dashboards", {"title": "Once"}, **key) for _ in range(2)]
    assert twice[0].content == twice[1].content
    assert len(said(call("GET", "/dashboards"))["items"]) == 6


def test_a_digest_is_made_changed_and_ended(program: Make, saved: Settings) -> None:
    call = program("write", acts_for=person(saved, "manager"))
    person(saved, "analyst")
    ids = {each["email"]: each["id"] for each in said(call("GET", "/people"))["items"]}
    me, other = ids["manager@example.com"], ids["analyst@example.com"]
    at = f"/dashboards/{said(call('POST', '/dashboards', {'title': 'Mine'}), 201)['id']}"
    wanted = {"every": "week", "day": 1, "at": "07:30", "person_ids": [me]}
    made = said(call("POST", f"{at}/digests", wanted), 201)
    assert {name: made[name] for name in wanted} == wanted
    assert made["made_by"] == "manager@example.com"
    (reader,) = digests.of_person(saved, me)
    sql.write("UPDATE digest_reader SET mark = 'said', last_us = 7")
    one = f"{at}/digests/{made['id']}"
    problem(call("PUT", one, wanted | {"person_ids": [other]}), 422, "private")
    problem(call("PUT", one, wanted | {"day": 9}), 422, "bad_schedule")
    problem(call("PUT", one, wanted | {"person_ids": [10_000]}), 404, "no_such_person")
    problem(call("PUT", one, wanted | {"at": "25:00"}), 422, "does_not_fit")
    said(call("PATCH", at, {"shared": True}))
    monthly = {"every": "month", "day": 28, "at": "18:00", "quiet": True, "person_ids": [other, me]}
    changed = said(call("PUT", one, monthly))
    assert sorted(changed["person_ids"]) == sorted([me, other]) and changed["every"] == "month"
    (after,) = digests.of_person(saved, me)
    assert (after[0].mark, after[0].last_us) == ("said", 7) and after[0].next_us != reader[0].next_us
    assert said(call("PUT", one, monthly | {"person_ids": [other]}))["person_ids"] == [other]
    assert digests.of_person(saved, me) == []
    assert said(call("GET", f"{at}/digests"))["items"][0]["quiet"] is True
    problem(program("read", acts_for=person(saved, "agent"))("GET", f"{at}/digests"), 403, "not_allowed")
    assert call("DELETE", one).status_code == 204
    problem(call("PUT", one, monthly), 404, "not_found")
    assert digests.of_person(saved, other) == []


def test_a_file_is_asked_for_written_and_fetched_by_who_asked(program: Make, saved: Settings) -> None:
    call = program("write", acts_for=person(saved, "manager"))
    other = program("admin", acts_for=person(saved, "admin"))
    asked = said(call("POST", "/export-files", {"kind": "segment", "segment": "regulars"}), 202)
    assert said(call("POST", "/export-files", {"kind": "segment", "segment": "regulars"}), 202) == asked
    at = f"/export-files/{asked['id']}"
    assert said(call("GET", at))["state"] == "waiting"
    problem(call("GET", f"{at}/content"), 404, "not_found")
    write_files(saved, NOW)
    assert [(each["state"], each["rows"]) for each in said(call("GET", "/export-files"))["items"]] == [
        ("ready", 2)
    ]
    answer = call("GET", f"{at}/content")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
    answer.close()
    assert [row["name"] for row in rows] == ["Ann", "Ben"]
    for path in (at, f"{at}/content"):
        problem(other("GET", path), 404, "not_found")
    problem(other("DELETE", at), 404, "not_found")
    (noted,) = sql.read("SELECT about FROM audit_note WHERE did = 'export_files.exported'")
    assert noted == (f"export:{asked['id']}",)
    assert call("DELETE", at).status_code == 204
    assert said(call("GET", at))["state"] == "gone"


def test_what_may_not_be_in_a_file_is_refused(program: Make, saved: Settings) -> None:
    manager = program("write", acts_for=person(saved, "manager"))
    problem(manager("POST", "/export-files", {"kind": "events"}), 403, "not_allowed")
    problem(manager("POST", "/export-files", {"kind": "segment"}), 422, "does_not_fit")
    problem(manager("POST", "/export-files", {"kind": "segment", "segment": "x"}), 404, "no_such_segment")
    analyst = program("write", acts_for=person(saved, "analyst"))
    problem(analyst("POST", "/export-files", {"kind": "customers"}), 403, "not_allowed")  # with addresses
    asked = said(analyst("POST", "/export-files", {"kind": "risks"}), 202)
    portfolio.decide(saved, Decided(names={"analyst": "hidden"}))
    again = program("write", acts_for="analyst@example.com")
    problem(again("GET", f"/export-files/{asked['id']}"), 403, "not_allowed")
    agent = program("admin", acts_for=person(saved, "agent"))
    problem(agent("POST", "/export-files", {"kind": "metrics"}), 403, "not_allowed")
    problem(program("admin")("POST", "/export-files", {"kind": "metrics"}), 403, "acts_for_nobody")
    assert said(program("admin")("GET", "/export-files"))["items"] == []
