"""The API (N2): keys and scopes, problems, pages, repeats, versions, rates."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from holdfast.services.collect.keys import create_key, revoke_key
from holdfast.services.collect.uploads import files
from holdfast.settings import Settings
from holdfast.store import audit_reading, sealed, sql, uploads, write_keys
from holdfast.web.limits import Buckets
from web.api.conftest import BASE, Program


def problem(answer: Any, status: int, error: str) -> dict[str, Any]:
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json"), (
        answer.content
    )
    said: dict[str, Any] = json.loads(answer.content)
    assert (said["status"], said["error"], said["type"]) == (status, error, f"urn:holdfast:problem:{error}")
    assert said["title"] and said["detail"] and said["found"] and said["expected"] and said["remedy"]
    return said


def test_a_key_opens_its_scope_and_those_below(program: Callable[..., Program], full: int) -> None:
    read, write, admin = program("read"), program("write"), program("admin")
    assert read("GET", "/customers").status_code == 200
    problem(read("POST", f"/customers/{full}/notes", {"text": "Hello"}), 403, "wrong_scope")
    assert write("POST", f"/customers/{full}/notes", {"text": "Hello"}).status_code == 201
    problem(write("GET", "/keys"), 403, "wrong_scope")
    assert admin("GET", "/keys").status_code == 200


def test_without_a_key_that_holds_nothing_is_answered(
    program: Callable[..., Program], served: Settings
) -> None:
    caller = program("read")
    sesame = [
        {"authorization": each} for each in ("", "Bearer", "Bearer x", "Basic eDp5", f"Bearer {'x' * 900}")
    ]
    for headers in sesame:
        answer = caller.client.get(f"{BASE}/me", headers=headers)
        problem(answer, 401, "no_key")
        assert answer["WWW-Authenticate"].startswith('Bearer realm="Holdfast"')
    now = datetime.now(UTC)
    _, over = create_key(served, "Over", scope="read", days=1, now=now - timedelta(days=2))
    _, events = create_key(served, "Events", now=now)
    for secret in (over, events):
        problem(caller.client.get(f"{BASE}/me", headers={"authorization": f"Bearer {secret}"}), 401, "no_key")
    assert caller("GET", "/me").status_code == 200
    revoke_key(served, "Program read", now=now)
    problem(caller("GET", "/me"), 401, "no_key")
    assert caller.secret not in json.dumps(sql.read("SELECT * FROM write_key"), default=str)


def test_when_a_key_was_last_used_is_noted_once_a_minute(
    program: Callable[..., Program], served: Settings
) -> None:
    caller = program("read")
    assert write_keys.listed(served)[0].last_us is None
    caller("GET", "/me")
    first = write_keys.listed(served)[0].last_us
    caller("GET", "/me")
    assert first is not None and write_keys.listed(served)[0].last_us == first


def test_what_is_not_there_or_not_possible_is_a_problem(program: Callable[..., Program], full: int) -> None:
    call = program()
    problem(call("GET", "/nowhere"), 404, "no_such_place")
    problem(call("GET", ""), 404, "no_such_place")
    problem(call("GET", "/customers/9999999"), 404, "no_such_customer")
    problem(call("GET", "/customers/ioana"), 404, "not_found")
    problem(call("GET", "/customers/99999999999999999999"), 404, "not_found")
    answer = call("DELETE", f"/customers/{full}/notes")
    problem(answer, 405, "wrong_method")
    assert answer["Allow"] == "GET, POST"
    problem(call("TRACE", "/me"), 405, "wrong_method")
    problem(call("GET", "/me", host="elsewhere.example"), 400, "bad_request")
    assert call("HEAD", "/me").status_code == 200 and call("HEAD", "/me").content == b""


def test_what_does_not_fit_is_said_field_by_field(program: Callable[..., Program], full: int) -> None:
    call, notes = program(), f"/customers/{full}/notes"
    assert problem(call("GET", "/customers?limit=201"), 422, "does_not_fit")["errors"][0]["field"] == "limit"
    assert (
        problem(call("GET", "/customers?colour=red"), 422, "does_not_fit")["errors"][0]["field"] == "colour"
    )
    problem(call("GET", "/customers?limit=5&limit=6"), 422, "does_not_fit")
    problem(call("GET", "/customers?limit=1e1"), 422, "does_not_fit")
    assert problem(call("POST", notes, {"txt": "x"}), 422, "does_not_fit")["errors"][0]["field"] == "txt"
    assert problem(call("POST", notes, {"text": 7}), 422, "does_not_fit")["errors"][0]["field"] == "text"
    problem(call("POST", notes, "{"), 400, "not_json")
    problem(call("POST", notes, b"\xff\xfe"), 400, "not_json")
    deep = '{"title": "x", "rule": ' + '{"not": ' * 5_000
    problem(call("POST", "/segments", deep), 400, "not_json")
    problem(call("POST", notes, {"text": "x" * 1_000_001}), 413, "body_too_large")
    wrong = call.client.post(
        f"{BASE}{notes}",
        "text=x",
        content_type="text/plain",
        headers={"authorization": f"Bearer {call.secret}"},
    )
    problem(wrong, 415, "wrong_media_type")


def test_problems_are_said_in_the_language_that_was_asked_for(program: Callable[..., Program]) -> None:
    answer = program()("GET", "/customers/7", **{"accept-language": "ro"})
    assert answer["Content-Language"] == "ro"
    assert json.loads(answer.content)["error"] == "no_such_customer"


def test_a_list_goes_on_where_it_ended_and_ends(program: Callable[..., Program], full: int) -> None:
    call = program()
    for sort in ("amount", "name", "last", "orders"):
        seen: list[int] = []
        path = f"/customers?limit=17&sort={sort}"
        while True:
            answer = call("GET", path)
            page = json.loads(answer.content)
            assert len(page["items"]) <= 17
            seen += [each["id"] for each in page["items"]]
            if page["next"] is None:
                assert "Link" not in answer
                break
            assert answer["Link"].startswith(f"<{BASE}/customers?") and answer["Link"].endswith(
                '>; rel="next"'
            )
            path = answer["Link"][1:].partition(">")[0].removeprefix(BASE)
        assert len(seen) == len(set(seen)) == 62
    after = json.loads(call("GET", "/customers?limit=1").content)["next"]
    problem(call("GET", f"/customers?limit=1&state=active&after={after}"), 400, "bad_cursor")
    problem(call("GET", f"/risks?after={after}"), 400, "bad_cursor")
    problem(call("GET", f"/customers?after={after[:-1]}"), 400, "bad_cursor")


def test_a_write_that_arrives_twice_happens_once(program: Callable[..., Program], full: int) -> None:
    call, other, notes = program(), program("write"), f"/customers/{full}/notes"
    before = len(json.loads(call("GET", notes).content)["items"])
    key = {"Idempotency-Key": "5f0c"}
    first, again = (call("POST", notes, {"text": "Hello"}, **key) for _ in range(2))
    assert (first.status_code, first.content) == (again.status_code, again.content) == (201, first.content)
    assert "Idempotent-Replayed" not in first and again["Idempotent-Replayed"] == "true"
    assert len(json.loads(call("GET", notes).content)["items"]) == before + 1
    problem(call("POST", notes, {"text": "Goodbye"}, **key), 422, "key_of_another")
    problem(call("POST", notes, {"text": "x"}, **{"Idempotency-Key": "x" * 256}), 400, "bad_key")
    assert other("POST", notes, {"text": "Hello"}, **key).status_code == 201  # another program's key
    refused = {"Idempotency-Key": "6a"}
    for _ in range(2):
        problem(call("POST", notes, {"text": " "}, **refused), 422, "bad_note")
    sql.write("UPDATE api_answer SET status = NULL WHERE name = '5f0c'")
    answer = call("POST", notes, {"text": "Hello"}, **key)
    problem(answer, 409, "still_answering")
    assert int(answer["Retry-After"]) > 0
    sql.write("UPDATE api_answer SET until_us = 1")  # whoever was answering is gone
    assert call("POST", notes, {"text": "Hello"}, **key).status_code == 201


def test_n1_after_an_erasure_no_answer_that_was_kept_speaks_of_anybody(
    program: Callable[..., Program], full: int
) -> None:
    from holdfast.store import api_answers

    call, notes, key = program(), f"/customers/{full}/notes", {"Idempotency-Key": "e"}
    before = sql.one("SELECT COUNT(*) FROM note")
    assert call("POST", notes, {"text": "Call Ioana"}, **key).status_code == 201
    assert "Ioana" in str(sql.read("SELECT body FROM api_answer"))
    api_answers.empty()
    assert "Ioana" not in str(sql.read("SELECT body, headers FROM api_answer"))
    problem(call("POST", notes, {"text": "Call Ioana"}, **key), 409, "answer_forgotten")
    assert before is not None
    assert sql.one("SELECT COUNT(*) FROM note") == (before[0] + 1,)


def test_what_was_changed_meanwhile_is_not_overwritten(program: Callable[..., Program], full: int) -> None:
    call = program()
    made = call("POST", "/segments", {"title": "Many", "rule": {"fact": "orders", "at_least": 3}})
    assert made.status_code == 201, made.content
    tag = call("GET", "/segments/many")["ETag"]
    assert call("GET", "/segments/many", **{"If-None-Match": tag}).status_code == 304
    changed = call("PATCH", "/segments/many", {"title": "Very many"}, **{"If-Match": tag})
    assert json.loads(changed.content)["title"] == "Very many"
    problem(call("PATCH", "/segments/many", {"title": "Few"}, **{"If-Match": tag}), 412, "changed_meanwhile")
    problem(call("DELETE", "/segments/many", **{"If-Match": tag}), 412, "changed_meanwhile")
    weak = "W/" + call("GET", "/segments/many")["ETag"]
    assert call("DELETE", "/segments/many", **{"If-Match": weak}).status_code == 204
    problem(call("GET", "/segments/many"), 404, "no_such_segment")


def test_who_calls_too_often_waits(program: Callable[..., Program], monkeypatch: pytest.MonkeyPatch) -> None:
    from holdfast.web.api import passing

    monkeypatch.setattr(passing, "calls", Buckets(per_second=0.2, burst=3))
    monkeypatch.setattr(passing, "strangers", Buckets(per_second=0.1, burst=2))
    first, second = program("read"), program("read")
    answers = [first("GET", "/me") for _ in range(4)]
    assert [each.status_code for each in answers] == [200, 200, 200, 429]
    problem(answers[-1], 429, "too_many")
    assert answers[-1]["Retry-After"] == "5"
    assert second("GET", "/me").status_code == 200  # each key has its own
    guesses = [first.client.get(f"{BASE}/me", headers={"authorization": "Bearer guess"}) for _ in range(3)]
    assert [each.status_code for each in guesses] == [401, 401, 429]


def test_writes_and_looks_at_customers_are_in_the_audit_trail(
    program: Callable[..., Program], served: Settings, full: int
) -> None:
    call = program("write")
    call("POST", f"/customers/{full}/notes", {"text": "Call 0721 555 123"})
    call("GET", f"/customers/{full}/risk")
    found = audit_reading.listed(served, audit_reading.Wanted(customer=full))
    told = [(each.did, each.about, each.via, each.details and each.details["operation"]) for each in found]
    number = write_keys.listed(served)[0].id
    assert told[:2] == [
        ("risks.seen", f"customer:{full}", f"api key {number}", "get_risk"),
        ("notes.made", f"customer:{full}", f"api key {number}", "create_note"),
    ]
    assert "0721" not in str(found)


def test_a_secret_is_answered_once(program: Callable[..., Program], served: Settings) -> None:
    call = program()
    key = {"Idempotency-Key": "a"}
    made = call("POST", "/keys", {"name": "BI", "scope": "read"}, **key)
    secret = json.loads(made.content)["key"]
    assert secret.startswith("hfk_r_")
    problem(call("POST", "/keys", {"name": "BI", "scope": "read"}, **key), 409, "already_made")
    assert secret not in str(sql.read("SELECT body, headers FROM api_answer"))
    hook = {"name": "CRM", "url": "https://crm.example/hook", "kinds": ["*"]}
    secret = json.loads(call("POST", "/webhooks", hook, **{"Idempotency-Key": "b"}).content)["secret"]
    assert secret.startswith("whsec_") and secret not in str(sql.read("SELECT body FROM api_answer"))


def test_a_defect_is_a_problem_and_a_repeat_tries_anew(
    program: Callable[..., Program], full: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from holdfast.services.collect.care import notes

    def broken(*_: object, **__: object) -> int:
        raise ZeroDivisionError

    call, path, key = program(), f"/customers/{full}/notes", {"Idempotency-Key": "c"}
    with monkeypatch.context() as patched:
        patched.setattr(notes, "write_note", broken)
        problem(call("POST", path, {"text": "Hello"}, **key), 500, "defect")
    assert call("POST", path, {"text": "Hello"}, **key).status_code == 201


def test_a_cursor_of_another_workspace_is_none(
    program: Callable[..., Program], served: Settings, full: int, tmp_path: Path
) -> None:
    purpose = (
        'api GET /customers {"country":null,"kind":null,"order":"descending","search":"",'
        '"segment":null,"sort":"amount","source":null,"state":null}'
    )
    ours, theirs = (
        sealed.encrypt(each, purpose, {"place": "[1,1]"}) for each in (served, Settings(tmp_path / "other"))
    )
    assert program()("GET", f"/customers?after={ours}").status_code == 200
    for forged in (theirs, "x", "\u00e9", ""):
        problem(program()("GET", f"/customers?after={forged}"), 400, "bad_cursor")


def test_pages_stay_what_they_are(program: Callable[..., Program], full: int) -> None:
    """A program's answer takes no session and no cookie, and sets none."""
    call = program()
    answer = call("GET", "/customers?limit=5")
    assert not answer.cookies and answer["Cache-Control"] == "no-store"
    assert call.client.get("/customers").status_code == 302  # a key opens no page


def test_whatever_stands_in_an_address_is_answered_as_a_problem(
    program: Callable[..., Program], full: int
) -> None:
    paths = ("/merges/%0A1/undo", "/customers/%00", "/customers/1%0A", "/segments/%E2%80%AE", "/..%2f..%2f")
    for path in paths:
        answer = program()("GET", path)
        assert answer["Content-Type"] == "application/problem+json", path
        assert answer.status_code in (404, 405), path


def test_a_file_that_cannot_be_read_or_is_on_its_way_is_not_imported(
    program: Callable[..., Program], served: Settings
) -> None:
    call = program()

    def brought(name: str, content: bytes) -> str:
        answer = call.client.generic(
            "POST",
            f"{BASE}/uploads?name={name}&kind=orders",
            data=content,
            content_type="application/octet-stream",
            headers={"authorization": f"Bearer {call.secret}"},
        )
        assert answer.status_code == 201, answer.content
        return f"/uploads/{json.loads(answer.content)['id']}"

    unreadable = brought("orders.xlsx", b"PK\x03\x04 no workbook")
    assert json.loads(call("GET", unreadable).content)["trouble"]
    problem(call("POST", f"{unreadable}/import"), 404, "not_found")
    good = brought("orders.csv", b"customer_id,order_id,ordered_at,total\nc-1,o-1,2026-01-02,10\n")
    sql.write("UPDATE upload SET layout = '{}', state = 'new' WHERE id = %s", (good.rpartition("/")[2],))
    problem(call("POST", f"{good}/import"), 404, "not_found")  # the worker has not looked at it yet
    sql.write("UPDATE upload SET state = 'asked' WHERE id = %s", (good.rpartition("/")[2],))
    problem(call("DELETE", good), 404, "not_found")
    problem(call("PUT", f"{good}/map", {"kind": "orders", "columns": {}}), 404, "not_found")


def test_of_two_who_undo_a_merge_at_once_one_does(
    program: Callable[..., Program], full: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from holdfast.store import merging

    call = program()
    merged = call("POST", "/merges", {"customer_ids": [full, full + 1]})
    assert merged.status_code == 201, merged.content
    undo, read = f"/merges/{json.loads(merged.content)['id']}/undo", merging.one

    def read_before_the_other(settings: Settings, merge_id: int) -> Any:
        found = read(settings, merge_id)
        monkeypatch.setattr(merging, "one", read)
        assert call("POST", undo).status_code == 200
        return found

    monkeypatch.setattr(merging, "one", read_before_the_other)
    problem(call("POST", undo), 409, "not_to_undo")


def test_what_a_database_cannot_keep_is_refused(program: Callable[..., Program], full: int) -> None:
    call, notes = program(), f"/customers/{full}/notes"
    for body in ('{"text": "a\\u0000b"}', '{"text": "\\\\\\u0000"}'):
        problem(call("POST", notes, body), 422, "does_not_fit")
    assert call("POST", notes, '{"text": "as C writes it: \\\\u0000"}').status_code == 201
    for path in ("/customers?search=%00", "/figures?metric=a&metric=%00"):
        problem(call("GET", path), 422, "does_not_fit")
    problem(call("GET", "/segments/%00"), 404, "not_found")
    for at in ("9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00", "9999-12-31T23:59:59Z"):
        sent: dict[str, dict[str, Any]] = {
            "/tasks": {"title": "Call", "due_at": at},
            f"/customers/{full}/consent": {"given": True, "at": at},
            f"/customers/{full}/contacts": {"contact": "visit", "text": "x", "at": at},
        }
        for path in sent:
            problem(call("POST", path, sent[path]), 422, "does_not_fit")
        problem(call("GET", f"/audit?end={at.replace('+', '%2B')}"), 422, "does_not_fit")
    assert call("GET", f"/customers/{full}/consent").status_code == 200


def test_a_busy_database_and_a_full_disk_are_no_defect(
    program: Callable[..., Program], full: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError

    from holdfast.services.collect.care import notes

    call = program()
    for words, code in (("database is locked", "busy"), ("database or disk is full", "disk_full")):

        def broken(*_: object, words: str = words, **__: object) -> int:
            raise OperationalError(words)

        monkeypatch.setattr(notes, "write_note", broken)
        answer = call("POST", f"/customers/{full}/notes", {"text": "Hello"})
        problem(answer, 503, code)
        assert int(answer["Retry-After"]) > 0


def test_a_repeat_is_noted_once(program: Callable[..., Program], served: Settings, full: int) -> None:
    call = program("write")
    for _ in range(2):
        call("POST", f"/customers/{full}/notes", {"text": "Hello"}, **{"Idempotency-Key": "n"})
    found = audit_reading.listed(served, audit_reading.Wanted(customer=full))
    assert [each.did for each in found].count("notes.made") == 1


def test_a_program_says_how_a_file_is_written(program: Callable[..., Program], served: Settings) -> None:
    call = program()
    rows = b"Sales of the till\nc-1;o-1;2026-01-02;10\nc-2;o-2;2026-01-03;12\n"
    brought = call.bring("/uploads?name=till.csv&kind=orders", rows)
    path = f"/uploads/{brought['id']}/map"
    columns = {"customer": "1", "order_id": "2", "at": "3", "amount": "4"}
    said = {"kind": "orders", "columns": columns, "options": {"header": False, "first_row": 2}}
    mapped = json.loads(call("PUT", path, said).content)
    assert mapped["state"] == "looked"
    shown = {each["name"]: (each["source"], each["examples"]) for each in mapped["columns"]}
    assert shown["customer"] == ("1", ["c-1", "c-2"])
    assert shown["amount"] == ("4", ["10", "12"])
    again = json.loads(call("PUT", path, said | {"options": {"currency": "EUR"}}).content)
    assert {each["name"]: each["examples"] for each in again["columns"]}["customer"] == ["c-1", "c-2"]
    for wrong in ({"header": "no"}, {"first_row": 0}, {"first_row": True}, {"delimiter": 7}):
        problem(call("PUT", path, said | {"options": wrong}), 422, "bad_map")
    assert json.loads(call("GET", path.removesuffix("/map")).content)["state"] == "looked"


def test_another_file_of_the_same_size_is_no_repeat(
    program: Callable[..., Program], served: Settings
) -> None:
    call, key = program(), {"Idempotency-Key": "file-1"}
    rows = b"customer_id,order_id,ordered_at,total\nc-1,o-1,2026-01-02,10\n"
    first = call.bring("/uploads?name=orders.csv", rows, **key)
    assert call.bring("/uploads?name=orders.csv", rows, **key) == first
    other = call.sent("/uploads?name=orders.csv", rows.replace(b"c-1", b"c-2"), **key)
    problem(other, 422, "key_of_another")
    kept = files.path_of(served, uploads.get(served, first["id"]))
    assert kept.read_bytes() == rows
    assert len(uploads.listed(served, ("new", "looked"))) == 1
