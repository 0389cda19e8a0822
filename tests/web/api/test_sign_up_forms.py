"""Sign-up forms through the API (G8): made, changed, and who signed up by them."""

from __future__ import annotations

from collections.abc import Callable

from dispatching import set_up, smtp
from holdfast.settings import Settings
from holdfast.store import message_settings
from web.api.conftest import Program
from web.api.test_calls import problem
from web.api.test_reports import said
from web.api.test_rights import person

Make = Callable[..., Program]


def test_g8_a_sign_up_form_is_made_changed_and_counted(program: Make, served: Settings) -> None:
    call = program("write", acts_for=person(served, "manager"))
    made = said(call("POST", "/sign-up-forms", {"title": "On the shop's till", "key": "till"}), 201)
    at = f"/sign-up-forms/{made['id']}"
    assert (made["key"], made["open"], made["address"], made["version"]) == ("till", True, "", 1)
    problem(call("POST", "/sign-up-forms", {"title": "Again", "key": "till"}), 422, "key_taken")
    problem(call("PATCH", at, {"content": {"topics": ["gossip"]}}), 422, "bad_form")
    problem(call("PATCH", at, {"content": {"words": {"de": {"button": "Anmelden"}}}}), 422, "bad_form")
    content = {"topics": ["offers", "news"], "name": "needed", "words": {"en": {"button": "Join"}}}
    kept = said(call("PATCH", at, {"content": content}))
    assert (kept["version"], kept["content"]["topics"]) == (2, ["offers", "news"])
    assert kept["content"]["words"]["en"]["button"] == "Join"
    set_up(served, smtp(2525))
    message_settings.set_public_url(served, "https://holdfast.shop.example")
    assert said(call("GET", at))["address"] == "https://holdfast.shop.example/f/till"
    typed = {"email": "ann@example.org", "name": "Ann", "topic": "news"}
    assert call.client.post("/f/till", typed).status_code == 303
    (entered,) = said(call("GET", f"{at}/sign-ups"))["items"]
    assert (entered["address"], entered["topics"], entered["confirmed_at"]) == (
        "a•••n@example.org",
        ["news"],
        None,
    )
    (listed,) = said(call("GET", "/sign-up-forms"))["items"]
    assert (listed["entered"], listed["confirmed"]) == (1, 0)
    assert said(call("PATCH", at, {"open": False}))["address"] == ""
    problem(call("GET", "/sign-up-forms/9"), 404, "not_found")
    problem(program("read", acts_for=person(served, "agent"))("GET", at), 403, "not_allowed")
