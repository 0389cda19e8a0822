"""Our own people, saved views, and the Stop button through the API (N2): nobody gains more than they have."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from holdfast.settings import Settings
from holdfast.store import channel_settings, message_settings, people, sql
from web.api.conftest import Program
from web.api.test_calls import problem
from web.api.test_rights import person

Make = Callable[..., Program]


def said(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content
    return json.loads(answer.content)


def number(served: Settings, email: str) -> int:
    found = people.by_email(served, email)
    assert found is not None
    return found.id


def signed_in(email: str) -> None:
    from django.test import Client

    from holdfast.store.models import User

    Client(headers={"user-agent": "Firefox"}).force_login(User.objects.get(email=email))


def test_somebody_is_asked_in_and_the_link_is_answered_once(program: Make, served: Settings) -> None:
    call = program("admin", acts_for=person(served, "admin"))
    wanted = {"email": "New@example.com", "role": "manager", "language": "ro"}
    made = said(call("POST", "/invitations", wanted, **{"Idempotency-Key": "i"}), 201)
    assert made["link"].startswith("http://testserver/invitation/") and made["mailed"] is False
    assert (made["invitation"]["email"], made["invitation"]["inviter"]) == ("new@example.com", "Admin")
    problem(call("POST", "/invitations", wanted, **{"Idempotency-Key": "i"}), 409, "already_made")
    from django.test import Client

    assert Client().get(made["link"]).status_code == 200
    token = made["link"].rpartition("/")[2]
    listed = call("GET", "/invitations")
    assert [each["state"] for each in said(listed)["items"]] == ["open"]
    assert token not in listed.content.decode() + str(sql.read("SELECT * FROM api_answer"))
    at = f"/invitations/{made['invitation']['id']}"
    assert call("DELETE", at).status_code == 204
    problem(call("DELETE", at), 409, "closed_invitation")
    problem(call("DELETE", "/invitations/999"), 404, "not_found")
    assert said(call("GET", "/invitations"))["items"] == []
    assert said(call("GET", "/invitations?state=all"))["items"][0]["state"] == "revoked"
    problem(call("POST", "/invitations", wanted | {"email": "admin@example.com"}), 409, "taken_email")
    problem(call("POST", "/invitations", wanted | {"language": "xx"}), 422, "unknown_language")
    notes = sql.read("SELECT did, via FROM audit_note WHERE did LIKE 'invitation%%' ORDER BY id")
    assert [did for did, _ in notes] == ["invitation.made", "invitation.revoked"]
    assert all(via.startswith("api key ") for _, via in notes)


def test_no_key_gives_more_rights_than_it_has(program: Make, served: Settings) -> None:
    manager = person(served, "manager")
    person(served, "agent")
    agent = number(served, "agent@example.com")
    keys = (program("write"), program("write", acts_for=person(served, "admin")), program("read"))
    invitation = {"email": "x@example.com", "role": "admin"}
    for call in keys:
        problem(call("POST", "/invitations", invitation), 403, "wrong_scope")
        problem(call("PUT", f"/people/{agent}/role", {"role": "admin"}), 403, "wrong_scope")
        problem(call("POST", "/keys", {"name": "x", "scope": "admin"}), 403, "wrong_scope")
    call = program("admin", acts_for=manager)
    problem(call("POST", "/invitations", invitation | {"role": "read_only"}), 403, "not_allowed")
    problem(call("PUT", f"/people/{agent}/role", {"role": "read_only"}), 403, "not_allowed")
    problem(call("POST", "/keys", {"name": "x", "scope": "admin"}), 403, "not_allowed")
    problem(call("POST", "/keys", {"name": "x", "scope": "read", "acts_for": "admin@example.com"}),
            403, "not_allowed")  # fmt: skip
    made = said(call("POST", "/keys", {"name": "x", "scope": "admin", "acts_for": manager}), 201)
    mine = Program(call.client, made["key"])
    problem(mine("POST", "/invitations", invitation), 403, "not_allowed")
    assert people.by_email(served, "x@example.com") is None
    assert sql.one("SELECT COUNT(*) FROM invitation") == (0,)


def test_roles_are_given_and_somebody_always_remains_who_can_let_others_in(
    program: Make, served: Settings
) -> None:
    call = program("admin", acts_for=person(served, "admin"))
    person(served, "agent")
    me, agent = number(served, "admin@example.com"), number(served, "agent@example.com")
    assert said(call("PUT", f"/people/{agent}/role", {"role": "manager"}))["role"] == "manager"
    problem(call("PUT", f"/people/{agent}/role", {"role": "owner"}), 422, "does_not_fit")
    problem(call("PUT", f"/people/{me}/role", {"role": "agent"}), 409, "last_admin")
    problem(call("POST", f"/people/{me}/shut-out"), 409, "own_sign_in")
    problem(program("admin")("POST", f"/people/{me}/shut-out"), 409, "last_admin")
    signed_in("agent@example.com")
    theirs = program("read", acts_for="agent@example.com")
    assert theirs("GET", "/me").status_code == 200
    out = said(call("POST", f"/people/{agent}/shut-out"))
    assert (out["active"], out["sessions"]) == (False, 0)
    assert theirs("GET", "/me").status_code == 401
    assert said(call("POST", f"/people/{agent}/let-in"))["active"] is True
    assert said(call("POST", f"/people/{agent}/second-factor/forget"))["second_factor"] is False
    assert call("POST", f"/people/{agent}/new-password").status_code == 204
    problem(call("PUT", "/people/999/role", {"role": "agent"}), 404, "unknown_person")
    problem(call("GET", "/people/999"), 404, "not_found")


def test_sessions_are_listed_and_ended(program: Make, served: Settings) -> None:
    admin, agent = person(served, "admin"), person(served, "agent")
    for _ in range(3):
        signed_in(agent)
    signed_in(admin)
    call, own = program("admin", acts_for=admin), program("write", acts_for=agent)
    at = f"/people/{number(served, agent)}/sessions"
    found = said(call("GET", at))["items"]
    assert len(found) == 3 and set(found[0]) == {"id", "since", "last_at", "address", "device"}
    assert said(own("GET", "/me/sessions"))["items"] == found
    first = said(own("GET", "/me/sessions?limit=2"))
    assert [*first["items"], *said(own("GET", f"/me/sessions?after={first['next']}"))["items"]] == found
    problem(own("GET", at), 403, "wrong_scope")
    theirs = said(call("GET", "/me/sessions"))["items"]
    problem(own("DELETE", f"/me/sessions/{theirs[0]['id']}"), 404, "not_found")
    assert own("DELETE", f"/me/sessions/{found[0]['id']}").status_code == 204
    assert call("DELETE", f"{at}/{found[1]['id']}").status_code == 204
    problem(call("DELETE", f"{at}/{found[1]['id']}"), 404, "not_found")
    assert said(own("DELETE", "/me/sessions"))["ended"] == 1
    assert said(call("DELETE", at))["ended"] == 0
    assert len(said(call("GET", "/me/sessions"))["items"]) == 1
    problem(program("read")("GET", "/me/sessions"), 403, "acts_for_nobody")
    problem(program("read", acts_for=agent)("DELETE", "/me/sessions"), 403, "wrong_scope")


def test_views_are_saved_shared_and_there_for_who_may_see_them(program: Make, served: Settings) -> None:
    call = program("write", acts_for=person(served, "agent"))
    reader = program("write", acts_for=person(served, "read_only"))
    view = {"list": "customers", "title": " Romania ", "query": "?country=RO&sort=-orders"}
    made = said(call("POST", "/saved-views", view), 201)
    assert (made["title"], made["query"]) == ("Romania", "?country=RO&sort=-orders")
    at = f"/saved-views/{made['id']}"
    problem(reader("PATCH", at, {"title": "x"}), 404, "not_found")
    assert (
        said(reader("GET", "/saved-views"))["items"]
        == said(program("read")("GET", "/saved-views"))["items"]
        == []
    )
    problem(
        call("POST", "/saved-views", view | {"list": "inbox", "query": "?state=cake"}), 422, "does_not_fit"
    )
    problem(call("POST", "/saved-views", view | {"title": " "}), 422, "does_not_fit")
    problem(reader("POST", "/saved-views", view | {"shared": True}), 403, "not_allowed")
    problem(program("write")("POST", "/saved-views", view), 403, "acts_for_nobody")
    assert said(call("PATCH", at, {"shared": True, "title": "RO"}))["shared"] is True
    assert [each["may_change"] for each in said(reader("GET", "/saved-views"))["items"]] == [False]
    problem(reader("DELETE", at), 403, "not_yours")
    assert said(program("write")("PATCH", at, {"title": "Ours"}))["title"] == "Ours"  # as one who decides
    second = said(call("POST", "/saved-views", view | {"title": "B"}), 201)["id"]
    assert call("POST", f"/saved-views/{second}/move", {"direction": "up"}).status_code == 204
    order = sql.read("SELECT id FROM saved_view ORDER BY position")
    assert [each for (each,) in order] == [second, made["id"]]
    assert said(call("GET", "/saved-views?list=tasks"))["items"] == []
    assert call("DELETE", at).status_code == 204
    problem(call("DELETE", at), 404, "not_found")
    assert said(call("POST", f"{at}/restore"))["title"] == "Ours"


def test_sending_is_stopped_by_who_decides_and_started_by_an_administrator(
    program: Make, served: Settings
) -> None:
    manager, admin = program("write", acts_for=person(served, "manager")), program("admin")
    assert said(manager("GET", "/sending"))["stop"] is None
    stopped = said(manager("POST", "/sending/stop", {"why": "A wrong price"}))["stop"]
    assert (stopped["by"], stopped["why"]) == ("manager@example.com", "A wrong price")
    assert message_settings.stopped(served) is not None
    problem(manager("POST", "/sending/start"), 403, "wrong_scope")
    problem(program("admin", acts_for="manager@example.com")("POST", "/sending/start"), 403, "not_allowed")
    assert said(admin("POST", "/sending/start"))["stop"] is None
    problem(program("read")("GET", "/sending"), 403, "not_allowed")


def test_safe_mode_is_read_and_set(program: Make, served: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    admin = program("admin")
    assert said(admin("GET", "/sending"))["safe_mode"] is True
    body = {"addresses": ["Ann@example.com", "@example.org"]}
    after = said(admin("PUT", "/sending/safe-addresses", body))
    assert after["safe_addresses"] == ["@example.org", "ann@example.com"]
    problem(admin("PUT", "/sending/safe-addresses", {"addresses": ["nobody"]}), 422, "bad_address")
    problem(admin("PATCH", "/sending", {"basis": "customers", "public_url": "x y"}), 422, "bad_url")
    assert said(admin("GET", "/sending"))["basis"] == "asked"  # all of it, or nothing
    changed = {"basis": "customers", "public_url": "https://h.example", "machines": ["192.0.2.25"]}
    assert {name: said(admin("PATCH", "/sending", changed))[name] for name in changed} == changed
    problem(admin("POST", "/sending/check-domain"), 422, "no_mail_server")
    server = {"host": "smtp.shop.example", "user": "shop", "password": "geheim-1",
              "from_address": "hello@shop.example"}  # fmt: skip
    answer = admin("PUT", "/sending/mail-server", {"fields": server})
    shown = {each["name"]: each for each in said(answer)["fields"]}
    assert (shown["password"]["value"], shown["password"]["kept"]) == ("", True)
    assert "geheim-1" not in answer.content.decode() + admin("GET", "/sending/mail-server").content.decode()
    kept = channel_settings.read(served, "email")
    assert kept is not None and kept.secrets["password"] == "geheim-1"
    wrong = problem(
        admin("PUT", "/sending/mail-server", {"fields": {"port": "x", "host": "a"}}), 422, "does_not_fit"
    )
    assert [each["field"] for each in wrong["errors"]] == ["port"]
    wrong = problem(admin("PUT", "/sending/mail-server", {"fields": {"dkim_key": "x"}}), 422, "does_not_fit")
    assert [each["field"] for each in wrong["errors"]] == ["dkim_key"]
    assert said(admin("POST", "/sending/key"), 201)["record"].startswith("v=DKIM1")
    from holdfast.connectors import dns_records

    monkeypatch.setattr(dns_records, "usual", lambda: lambda name, kind: ())
    looked = said(admin("POST", "/sending/check-domain"))
    assert (looked["domain"], looked["safe_mode"]) == ("shop.example", True)
    assert [each["passed"] for each in looked["proofs"]] == [False, False, False]
    problem(admin("POST", "/messages/9/send-again"), 404, "not_found")
    problem(
        program("write", acts_for=person(served, "agent"))("POST", "/messages/9/call-off"), 403, "not_allowed"
    )


def test_a_message_is_called_off_and_sent_again(program: Make, served: Settings) -> None:
    from holdfast.domain.touch import Recipient, TouchRequest
    from holdfast.store import outbox

    now_us = int(datetime.now(UTC).timestamp() * 1_000_000)
    wanted = TouchRequest("k", "staff", "email", Recipient("ann@example.com"), "Hello", "Hello")
    touch = outbox.ask(served, wanted, now_us=now_us)
    call = program("write")
    assert said(call("POST", f"/messages/{touch}/call-off"))["changed"] is True
    assert said(call("POST", f"/messages/{touch}/call-off"))["changed"] is False
    assert sql.one("SELECT state FROM touch") == ("cancelled",)
