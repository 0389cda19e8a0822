"""E1, E7 through the API: causes, losses page by page, inquiries."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from holdfast.services.understand import voice
from holdfast.settings import Settings
from holdfast.store import losses, segments
from holdfast.store.losses import KeptLoss, Told
from web.api.conftest import Program
from web.api.test_calls import problem
from web.api.test_rights import person
from web.pages.test_voice import counted

Make = Callable[..., Program]
DAY = 19_900


def said(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content
    return json.loads(answer.content)


@pytest.fixture
def lost(served: Settings) -> None:
    """Three losses, two of known cause."""
    told = Told("tick", "late_delivery", DAY, 0.7, "Subscription Ended", "late_delivery")
    losses.save(
        served,
        [
            KeptLoss(*(1, DAY, 0, "contract", "late_delivery", "ours", 0.7, "tick"), (told,), 500, "IE", ""),
            KeptLoss(2, DAY, 0, "silent", "", "", 0.0, "", (), 0, "IE", ""),
            KeptLoss(3, DAY - 40, 0, "contract", "late_delivery", "ours", 0.7, "tick", (told,), 0, "RO", ""),
        ],
    )


@pytest.mark.usefixtures("lost")
def test_e1_losses_are_listed_newest_first_with_their_evidence(program: Make) -> None:
    call = program("read")
    first = said(call("GET", "/losses?limit=2"))
    assert [each["customer_id"] for each in first["items"]] == [1, 2]
    assert first["items"][0]["evidence"][0] | {"day": ""} == {
        "kind": "tick",
        "cause": "late_delivery",
        "day": "",
        "event": "Subscription Ended",
        "code": "late_delivery",
        "weight": 0.7,
    }
    rest = said(call("GET", f"/losses?limit=2&after={first['next']}"))
    assert ([each["customer_id"] for each in rest["items"]], rest["next"]) == ([3], None)
    assert [each["customer_id"] for each in said(call("GET", "/losses?cause=unknown"))["items"]] == [2]
    since = said(call("GET", "/losses?cause=late_delivery&since=2024-06-20"))["items"]
    assert [each["customer_id"] for each in since] == [1]
    problem(call("GET", "/losses?after=nonsense"), 400, "bad_cursor")


def test_e7_inquiries_are_set_by_deciders(program: Make, served: Settings) -> None:
    call = program("admin", acts_for=person(served, "manager"))
    assert said(call("GET", "/inquiry")) == {"enabled": True, "from_minor": None}
    body = {"enabled": True, "from_minor": 125_000}
    assert said(call("PUT", "/inquiry", body)) == body
    problem(call("PUT", "/inquiry", {"enabled": True, "from_minor": 0}), 422, "bad_threshold")
    assert call("PUT", "/inquiry", {"enabled": "perhaps"}).status_code == 422
    assert said(program("read")("GET", "/inquiry")) == body
    assert program("read")("PUT", "/inquiry", body).status_code == 403


def test_e1_losses_are_parted_by_segment_country_and_way(
    program: Make, served: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(voice, "read", lambda _: counted())
    segments.save(served, "vip", "Our dearest", {}, now_us=1)
    call = program("read")
    told = said(call("GET", "/causes/parts"))
    assert (told["by"], [(each["key"], each["name"]) for each in told["parts"]]) == (
        "segment",
        [("vip", "Our dearest")],
    )
    (romania,) = said(call("GET", "/causes/parts?by=country"))["parts"]
    assert (romania["key"], romania["causes"]) == ("RO", {"late_delivery": 60, "price_too_high": 20})
    assert romania["stands_out"] == [
        {"cause": "late_delivery", "hits": 60, "of": 80, "others": 40, "of_others": 220}
    ]
    assert said(call("GET", "/causes/parts?by=how"))["parts"][0]["name"] == "ended a contract"
    assert call("GET", "/causes/parts?by=weather").status_code == 422


def test_before_the_first_run_nothing_is_known(program: Make) -> None:
    found = said(program("read")("GET", "/causes"))
    assert (found["as_of"], found["losses"], found["unknown_high"], found["causes"]) == (None, 0, 1.0, [])
    parts = said(program("read")("GET", "/causes/parts"))
    assert (parts["as_of"], parts["parts"]) == (None, [])
