"""Who may call what (N2): every operation with every scope and every role, portfolios, masks."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from holdfast.domain.refusals import Refusal
from holdfast.services.collect.keys import create_key
from holdfast.settings import Settings
from holdfast.store import owners, portfolio, sql
from holdfast.store.portfolio import Decided
from holdfast.store.users import create_user
from holdfast.store.write_keys import API_SCOPES
from web.api.conftest import Program
from web.matrix import RIGHTS


def person(served: Settings, role: str) -> str:
    email = f"{role}@example.com"
    create_user(served, email=email, name=role.title(), role=role)
    return email


def test_every_operation_asks_for_scope_and_role(
    program: Callable[..., Program], served: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from holdfast.store.models import User
    from holdfast.web.api import passing
    from holdfast.web.api.contract import operations
    from holdfast.web.api.problems import Refused

    def opened(each: Any, scope: str, role: str) -> bool:
        key = create_key(served, f"{scope} {role}", scope=scope, now=datetime.now(UTC))[0]
        try:
            passing.check_open(each, key, User(role=role))
        except Refused as refused:
            assert refused.status == 403
            return False
        return True

    keys = {scope: create_key(served, scope, scope=scope, now=datetime.now(UTC))[0] for scope in API_SCOPES}
    monkeypatch.setattr("web.api.test_rights.create_key", lambda *_, scope, **__: (keys[scope], ""))
    for each in operations():
        assert each.roles in RIGHTS.values() or each.roles == RIGHTS["work"] | RIGHTS["decide"], each.name
        for at, scope in enumerate(API_SCOPES):
            for role in User.ROLES:
                enough = at >= API_SCOPES.index(each.scope) and role in each.roles
                assert opened(each, scope, role) is enough, (each.name, scope, role)


def test_a_key_that_acts_for_somebody_opens_no_more_than_they_may(
    program: Callable[..., Program], served: Settings, full: int
) -> None:
    call = program("admin", acts_for=person(served, "analyst"))
    assert json.loads(call("GET", "/me").content)["role"] == "analyst"
    assert call("GET", "/customers").status_code == 200
    assert call("POST", f"/customers/{full}/notes", {"text": "x"}).status_code == 403
    sql.write("UPDATE person SET is_active = %s WHERE email = 'analyst@example.com'", (False,))
    assert call("GET", "/customers").status_code == 401


def test_who_sees_only_their_own_customers_sees_no_others_through_a_key(
    program: Callable[..., Program], served: Settings, full: int
) -> None:
    email = person(served, "agent")
    portfolio.decide(served, Decided(frozenset({"agent"})))
    call = program("admin", acts_for=email)
    assert json.loads(call("GET", "/customers").content)["items"] == []
    assert json.loads(call("GET", "/customers/find?wanted=Ioana").content)["ids"] == []
    paths = ("", "/events", "/risk", "/notes", "/documents", "/contact-points", "/traits", "/consent")
    for path in paths:
        assert call("GET", f"/customers/{full}{path}").status_code == 404, path
    for path in ("/tasks/1", "/cases/1", "/conversations/1", "/conversations/1/messages"):
        assert call("GET", path).status_code == 404, path
    for path in ("/tasks", "/cases", "/conversations", "/risks", "/segments/gold/customers"):
        assert json.loads(call("GET", path).content)["items"] == [], path
    assert call("POST", "/tasks", {"title": "x", "customer_id": full}).status_code == 404
    assert call("POST", "/merges", {"customer_ids": [full, full + 1]}).status_code == 404
    mine = owners.person_by_email(served, email)
    assert mine is not None
    owners.set_owner(served, [full], full, mine.id, by="", now_us=1)
    assert [each["id"] for each in json.loads(call("GET", "/customers").content)["items"]] == [full]
    assert call("GET", f"/customers/{full}").status_code == 200


def test_addresses_are_shown_as_the_role_may_see_them(
    program: Callable[..., Program], served: Settings, full: int
) -> None:
    def seen(call: Program) -> list[str]:
        points = json.loads(call("GET", f"/customers/{full}/contact-points").content)["items"]
        emails = json.loads(call("GET", f"/customers/{full}").content)["emails"]
        return [*emails, *(each["value"] for each in points)]

    whole, masked = seen(program("write")), seen(program("read"))
    assert whole and len(whole) == len(masked)
    assert all("@" not in each or "•" not in each for each in whole)
    assert not set(whole) & set(masked) and all("•" in each for each in masked)
    everything = program("read")("GET", f"/customers/{full}").content.decode()
    assert not any(address in everything for address in whole)
    assert program("read")("GET", "/exports/customers").status_code == 403
    file = program("write")("GET", "/exports/customers?format=jsonl")
    assert file.status_code == 200
    file.close()
    assert program("write")("GET", "/exports/events").status_code == 403  # on the pages for administrators
    file = program("admin")("GET", "/exports/events?format=jsonl")
    assert file.status_code == 200
    file.close()


def test_where_a_list_goes_on_says_no_name_that_is_shown_in_part(
    program: Callable[..., Program], served: Settings, full: int
) -> None:
    portfolio.decide(served, Decided(names={"analyst": "hidden"}))
    path = "/customers?sort=name&order=ascending&limit=1"
    (name,) = (each["name"] for each in json.loads(program("write")("GET", path).content)["items"])
    answer = json.loads(program("read")("GET", path).content)
    assert answer["items"][0]["name"] != name
    for piece in re.split("[:.]", answer["next"]):
        read = base64.urlsafe_b64decode(piece + "=" * (-len(piece) % 4))
        assert name.split()[0].casefold().encode() not in read.lower()


def test_an_address_in_a_text_is_shown_as_the_role_may_see_it_and_not_kept_in_part(
    program: Callable[..., Program], served: Settings, full: int
) -> None:
    notes = f"/customers/{full}/notes"
    written = 'Write to "ana.pop@example.org"\nor +40721555123, not to agent@example.com'
    assert program("write")("POST", notes, {"text": written}).status_code == 201
    assert written in [each["text"] for each in json.loads(program("write")("GET", notes).content)["items"]]
    call = program("write", acts_for=person(served, "agent"))
    portfolio.decide(served, Decided(points={"agent": "on_request"}))
    for reader in (program("read"), call):
        (text,) = (
            each["text"]
            for each in json.loads(reader("GET", notes).content)["items"]
            if each["text"].startswith("Write")
        )
        assert text == 'Write to "a•••@example.org"\nor •••23, not to agent@example.com'
    answer = call("POST", notes, {"text": text})
    assert (answer.status_code, json.loads(answer.content)["error"]) == (422, "masked")


def test_who_works_with_customers_sees_messages_of_one_customer_and_no_others(
    program: Callable[..., Program], served: Settings, full: int
) -> None:
    agent, manager = (program("admin", acts_for=person(served, role)) for role in ("agent", "manager"))
    assert agent("GET", f"/messages?customer_id={full}").status_code == 200
    assert agent("GET", "/messages").status_code == 404
    assert manager("GET", "/messages").status_code == 200


def test_nobody_makes_a_key_that_opens_more_than_they_may(served: Settings) -> None:
    manager, other = person(served, "manager"), person(served, "admin")

    def made(scope: str, acts_for: str = "") -> bool:
        try:
            create_key(
                served,
                "BI",
                scope=scope,
                acts_for=acts_for,
                made_by=manager,
                maker_role="manager",
                now=datetime.now(UTC),
            )
        except Refusal as refusal:
            assert refusal.code == "not_allowed"
            return False
        return True

    assert made("read") and made("write") and made("ingest") and made("admin", manager)
    assert not made("admin") and not made("read", other) and not made("admin", other)
