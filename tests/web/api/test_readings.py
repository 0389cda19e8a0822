"""E2: texts that were read, corrected, and the words they are read by, through the API."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from holdfast.settings import Settings
from web.api.conftest import Program
from web.api.test_calls import problem
from web.api.test_rights import person
from wrote import LEAVING, wrote

Make = Callable[..., Program]


def said(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content
    return json.loads(answer.content)


def test_e2_texts_are_listed_and_corrected(program: Make, served: Settings) -> None:
    wrote(
        served,
        ("C1", "Ticket Opened", f"{LEAVING} Call +40 721 123 456."),
        ("C2", "Message Received", "Great coffee, thank you!"),
    )
    call = program("write", acts_for=person(served, "agent"))
    (found,) = said(call("GET", "/readings?leaving=true"))["items"]
    assert (found["causes"], found["language"]) == (["slow_response"], "en")
    assert "721" not in found["quote"]
    assert len(said(call("GET", "/readings/to-review"))["items"]) == 2
    page = said(call("GET", "/readings?limit=1"))
    rest = said(call("GET", f"/readings?limit=1&after={page['next']}"))
    assert {page["items"][0]["id"], rest["items"][0]["id"]} == {1, 2}
    assert rest["next"] is None
    here = f"/readings/{found['id']}"
    meaning = {"sentiment": "negative", "causes": ["poor_support"], "wants": []}
    changed = said(call("PUT", f"{here}/meaning", meaning))
    assert changed["causes"] == ["poor_support"]
    assert changed["corrected_at"] is not None
    assert said(call("GET", "/readings/counts"))["corrected"] == 1
    problem(call("PUT", f"{here}/meaning", {"sentiment": "angry"}), 422, "bad_meaning")
    problem(call("GET", "/readings/999"), 404, "not_found")


def test_e2_causes_and_competitors_are_named(program: Make, served: Settings) -> None:
    call = program("admin", acts_for=person(served, "manager"))
    assert len(said(call("GET", "/taxonomy"))["items"]) == 29
    named = said(call("PUT", "/taxonomy/late_delivery/names", {"names": {"en": "Came late"}}))
    assert (named["names"]["en"], named["renamed"]) == ("Came late", True)
    made = said(call("POST", "/taxonomy", {"name": "Burnt beans", "group": "product"}), 201)
    assert (made["id"], made["added"]) == ("own_burnt_beans", True)
    problem(call("PUT", "/taxonomy/none/names", {"names": {"en": "x"}}), 404, "no_such_cause")
    (one,) = said(call("POST", "/competitors", {"name": "Beanstalk"}), 201)["items"]
    problem(call("POST", "/competitors", {"name": "beanstalk"}), 422, "bad_name")
    assert call("DELETE", f"/competitors/{one['id']}").status_code == 204
    problem(call("DELETE", f"/competitors/{one['id']}"), 404, "not_found")
