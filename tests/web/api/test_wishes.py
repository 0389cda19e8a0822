"""F6 through the API: wishes with the money behind them, and what was answered."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from holdfast.settings import Settings
from holdfast.store import sql
from web import warned
from web.api.conftest import Program


@pytest.fixture
def units(served: Settings) -> dict[str, int]:
    """Customers on the list, one of whom brings 2,500 a year."""
    found = warned.company(served)
    sql.write("UPDATE standing SET yearly_minor = 250000 WHERE unit_id = %s", (found["tariq"],))
    return found


def test_f6_wishes_by_program(units: dict[str, int], program: Callable[..., Program]) -> None:
    call = program()
    wanted = {
        "customer_id": units["tariq"],
        "title": "Pause",
        "kind": "wish",
        "due_at": "2030-01-01T00:00:00Z",
    }
    made = call("POST", "/cases", wanted)
    assert made.status_code == 201, made.content
    number = json.loads(made.content)["id"]
    (told,) = json.loads(call("GET", "/wishes").content)["items"]
    assert told == {
        "title": "Pause",
        "customers": 1,
        "yearly": {"amount_minor": 250_000, "currency": "EUR"},
        "waiting": 1,
        "promised_at": "2030-01-01T00:00:00Z",
        "outcome": "",
        "reason": "",
    }
    step = {"step": "solve", "outcome": "built", "reason": "in the app"}
    assert call("POST", f"/cases/{number}/steps", step).status_code == 200
    (told,) = json.loads(call("GET", "/wishes").content)["items"]
    assert (told["waiting"], told["outcome"], told["promised_at"]) == (0, "built", None)
