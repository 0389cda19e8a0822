"""E3-E6 through the API: reasons, what the lost have in common, the journey, the log of outside events."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from holdfast.services.understand import common, journey, outside, outside_causes
from holdfast.services.understand.common import Behind
from holdfast.services.understand.journey import Waiting
from holdfast.settings import Settings
from holdfast.store import portfolio
from holdfast.store.portfolio import Decided
from web import graded, warned
from web.api.conftest import Program
from web.api.test_calls import problem
from web.api.test_rights import person
from web.pages.test_common import FOUND as IN_COMMON
from web.pages.test_common import GROUP
from web.pages.test_journey import FOUND as JOURNEY
from web.pages.test_outside import BY_CAUSE, FOUND

Make = Callable[..., Program]
ERASED = 999_999


def said(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content
    return json.loads(answer.content)


@pytest.fixture
def units(served: Settings) -> dict[str, int]:
    """What a nightly run found: two customers behind a group and one step, and one who was erased since."""
    found = warned.company(served)
    gone = (Behind(found["tariq"], date(2026, 2, 20), 250_000), Behind(ERASED, date(2026, 2, 21), 1))
    first = replace(GROUP, gone=gone, there=(Behind(found["ioana"], None, 90_000),))
    common.keep(served, replace(IN_COMMON, groups=(first, *IN_COMMON.groups[1:])))
    stuck = (Waiting(found["tariq"], date(2026, 7, 1)), Waiting(ERASED, date(2026, 6, 1)))
    journey.keep(served, replace(JOURNEY, behind={"first_purchase": stuck}))
    return found


def test_e3_groups_come_with_who_is_behind_them_but_no_erased(program: Make, units: dict[str, int]) -> None:
    told = said(program("read")("GET", "/common"))
    first, second = told["groups"]
    assert (told["tried"], told["left"], first["who"], first["state"]) == (
        6_120, 1_800, "Source: deal_site", "confirmed",
    )  # fmt: skip
    assert first["later"] == {
        "rows": 500, "left": 150, "others": 4_500, "others_left": 450, "ratio": 3.0, "low": 2.5, "high": 3.6,
    }  # fmt: skip
    assert first["gone"] == [
        {"customer_id": units["tariq"], "departed": "2026-02-20", "yearly_minor": 250_000}
    ]
    assert [each["customer_id"] for each in first["there"]] == [units["ioana"]]
    assert second["gone"] == second["there"] == []


def test_e6_steps_come_with_who_is_stuck_but_no_erased(program: Make, units: dict[str, int]) -> None:
    told = said(program("read")("GET", "/journey"))
    signed_up, bought = told["steps"]
    assert (bought["key"], bought["told"], bought["went_on"]) == ("first_purchase", 800, 400)
    assert signed_up["stuck"] == []
    assert bought["stuck"] == [{"customer_id": units["tariq"], "since": "2026-07-01"}]
    assert [(each["key"], each["judged"]) for each in told["occasions"]] == [("declined", "more")]


def test_e4_reasons_come_with_grade_and_customers_page_by_page(
    program: Make, served: Settings, units: dict[str, int]
) -> None:
    graded.grade(served, units["tariq"], units["ioana"])
    call = program("read")
    first, second = said(call("GET", "/reasons"))["items"][:2]
    assert [(each["key"], each["grade"]) for each in (first, second)] == [
        (graded.BAD, "bad"), (graded.WEAK, "weak"),
    ]  # fmt: skip
    assert (first["customers"], first["losses"], first["money"]) == (
        412, 7, {"amount_minor": 1_234_500, "currency": "EUR"},
    )  # fmt: skip
    assert said(call("GET", f"/reasons/{graded.BAD}")) == first
    path = f"/reasons/{graded.BAD}/customers?limit=1"
    one = said(call("GET", path))
    rest = said(call("GET", f"{path}&after={one['next']}"))
    assert [each["customer_id"] for each in (*one["items"], *rest["items"])] == [
        units["tariq"], units["ioana"],
    ]  # fmt: skip
    assert rest["next"] is None
    problem(call("GET", "/reasons/singing"), 404, "not_found")


def test_e4_bounds_are_set_and_go_back_to_ours(
    program: Make, served: Settings, units: dict[str, int]
) -> None:
    graded.grade(served, units["tariq"], units["ioana"])
    call, path = program(), f"/reasons/{graded.BAD}/bounds"
    wanted = {"measure": "returned", "weak_from": 0.5, "bad_from": 0.9}
    told = said(call("PUT", path, {"bounds": [wanted]}))
    measure = next(each for each in told["measures"] if each["measure"] == "returned")
    assert (told["grade"], measure["grade"], measure["set_by_people"]) == ("good", "good", True)
    assert (measure["weak_from"], measure["bad_from"]) == (0.5, 0.9)
    problem(call("PUT", path, {"bounds": [wanted | {"weak_from": 0.95}]}), 422, "bad_bounds")
    problem(call("PUT", path, {"bounds": [wanted | {"measure": "singing"}]}), 422, "unknown_measure")
    problem(program("read")("PUT", path, {"bounds": [wanted]}), 403, "wrong_scope")
    problem(call("PUT", "/reasons/singing/bounds", {"bounds": [wanted]}), 404, "not_found")
    assert call("DELETE", path).status_code == 204
    back = said(call("GET", f"/reasons/{graded.BAD}"))
    assert (back["grade"], any(each["set_by_people"] for each in back["measures"])) == ("bad", False)


@pytest.mark.usefixtures("units")
def test_n2_who_sees_only_their_own_customers_is_told_of_no_others(program: Make, served: Settings) -> None:
    portfolio.decide(served, Decided(own_only=frozenset({"agent"})))
    call = program("read", acts_for=person(served, "agent"))
    assert said(call("GET", "/common"))["groups"][0]["gone"] == []
    assert said(call("GET", "/journey"))["steps"][1]["stuck"] == []


def test_before_the_first_run_nothing_is_said_of_anybody(program: Make) -> None:
    call = program("read")
    assert said(call("GET", "/common"))["reason"]
    assert said(call("GET", "/common"))["groups"] == said(call("GET", "/journey"))["steps"] == []
    assert said(call("GET", "/outside"))["days"] == []


def test_e5_feasts_causes_and_whose_a_wave_was_are_told(program: Make, served: Settings) -> None:
    outside.keep(served, FOUND)
    outside_causes.keep(served, BY_CAUSE)
    told = said(program("read")("GET", "/outside"))
    assert told["days"][-1]["kind"] == "feast"
    assert told["days"][-1]["holidays"][0] == {"country": "IE", "name": "Christmas Day", "eve": False}
    (cause,) = told["causes"]
    assert (cause["cause"], cause["country"], cause["origin"], cause["came"]) == (
        "competitor_better_offer", "BG", "market", 31,
    )  # fmt: skip
    assert [each["parts"] for each in told["weeks"]] == [
        [{"origin": "ours", "named": 80, "of": 100, "low": 0.711, "high": 0.867, "usual": 0.55}], [],
    ]  # fmt: skip


def test_e5_an_outside_event_is_noted_reviewed_and_taken_out(program: Make) -> None:
    call = program()
    wanted = {"title": "A rival opened next door", "start": "2026-03-01", "country": "RO"}
    made = said(call("POST", "/outside/events", wanted), 201)
    path = f"/outside/events/{made['id']}"
    decided = said(call("PUT", f"{path}/review", {"review": "We open on Sundays."}))
    assert (decided["title"], decided["until"], decided["review"]) == (
        "A rival opened next door", None, "We open on Sundays.",
    )  # fmt: skip
    assert said(call("GET", "/outside/events"))["items"] == [decided]
    problem(program("read")("DELETE", path), 403, "wrong_scope")
    assert call("DELETE", path).status_code == 204
    assert said(call("GET", "/outside/events"))["items"] == []
    assert call("PUT", f"{path}/review", {"review": "Too late."}).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [{"country": "ROU"}, {"country": "12"}, {"until": "2025-01-01"}, {"title": " "}, {"start": "yesterday"}],
    ids=lambda wrong: "-".join(wrong),
)
def test_e5_what_is_no_outside_event_is_refused(program: Make, wrong: dict[str, str]) -> None:
    answer = program()("POST", "/outside/events", {"title": "Storm", "start": "2026-03-01"} | wrong)
    assert answer.status_code in {400, 422}, answer.content
    assert said(program()("GET", "/outside/events"))["items"] == []
