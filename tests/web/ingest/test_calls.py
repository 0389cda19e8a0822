"""A2: the Segment HTTP API: every endpoint, every bad input, and what is on disk after the answer."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from holdfast import store
from holdfast.services.collect.keys import create_key, revoke_key
from holdfast.settings import Settings, write_settings
from holdfast.store import live_sources, sql
from holdfast.store.write_keys import digest_of
from web.live import FAR, Service, arrived, make_key, service

ORDER = {"type": "track", "userId": "u1", "event": "Order Completed", "properties": {"total": 12.5}}
BY_KIND: dict[str, dict[str, Any]] = {
    "identify": {"userId": "u1", "traits": {"plan": "pro"}},
    "track": {"userId": "u1", "event": "Order Completed", "properties": {"total": 12.5}},
    "group": {"userId": "u1", "groupId": "g1"},
    "alias": {"userId": "u1", "previousId": "old"},
    "page": {"anonymousId": "a1", "name": "Pricing"},
    "screen": {"anonymousId": "a1", "name": "Home"},
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = Settings(tmp_path_factory.mktemp("ingest") / "workspace", currency="EUR", buckets=8)
    write_settings(settings)
    store.connect(settings)
    return settings


@pytest.fixture(scope="module")
def shop(place: Settings) -> Iterator[Service]:
    with service(place) as running:
        yield running


@pytest.fixture
def key(place: Settings) -> str:
    """A key, and a queue that is empty."""
    store.connect(place)
    sql.write("DELETE FROM arrived")
    return make_key(place)


@pytest.mark.parametrize("kind", BY_KIND)
def test_a2_each_kind_has_its_address_and_is_on_disk_when_it_is_answered(
    shop: Service, place: Settings, key: str, kind: str
) -> None:
    answer = shop.call(f"/v1/{kind}", BY_KIND[kind], key=key)
    assert (answer.status, answer.json) == (200, {"success": True, "accepted": 1, "rejected": []})
    assert arrived(place) == [{"endpoint": kind, "browser": False, "events": 1, "body": BY_KIND[kind]}]


@pytest.mark.parametrize(
    ("short", "kind"), [("t", "track"), ("i", "identify"), ("p", "page"), ("g", "group")]
)
def test_a2_the_short_addresses_of_segments_own_script_work(
    shop: Service, place: Settings, key: str, short: str, kind: str
) -> None:
    assert shop.call(f"/v1/{short}", BY_KIND[kind], key=key).status == 200
    assert arrived(place)[0]["endpoint"] == kind


@pytest.mark.parametrize("endpoint", ["batch", "import", "b"])
def test_a2_a_batch_holds_calls_of_any_kind(shop: Service, place: Settings, key: str, endpoint: str) -> None:
    body = {"batch": [{"type": kind, **call} for kind, call in BY_KIND.items()]}
    answer = shop.call(f"/v1/{endpoint}", body, key=key)
    assert answer.json == {"success": True, "accepted": 6, "rejected": []}
    (kept,) = arrived(place)
    assert (kept["endpoint"], kept["events"]) == ("batch" if endpoint == "b" else endpoint, 6)


def test_a2_the_key_may_stand_in_the_body_or_be_a_bearers(shop: Service, place: Settings, key: str) -> None:
    assert shop.call("/v1/track", {**ORDER, "writeKey": key}).status == 200
    assert shop.call("/v1/track", ORDER, headers={"Authorization": f"Bearer {key}"}).status == 200
    assert shop.call("/v1/track", ORDER, key=key, headers={"Content-Type": "text/plain"}).status == 200
    assert len(arrived(place)) == 3


def refusal(answer: Any, status: int, code: str) -> None:
    """The answer is a problem that says what was found, what was expected, and what helps."""
    assert answer.status == status, answer.body
    assert answer.headers["content-type"] == "application/problem+json"
    said = answer.json
    assert (said["status"], said["code"], said["error"], said["success"]) == (status, code, code, False)
    assert all(said[name] for name in ("found", "expected", "remedy", "message", "title"))


def test_a2_without_a_key_that_is_known_nothing_is_taken(shop: Service, place: Settings, key: str) -> None:
    refusal(shop.call("/v1/track", ORDER), 401, "no_key")
    refusal(shop.call("/v1/track", ORDER, key="hf_nobody"), 401, "unknown_key")
    refusal(shop.call("/v1/track", ORDER, key="x" * 5_000), 401, "unknown_key")
    refusal(shop.call("/v1/track", {**ORDER, "writeKey": 5}), 401, "no_key")
    refusal(shop.call("/v1/track", ORDER, headers={"Authorization": "Basic %%%"}), 401, "unknown_key")
    assert arrived(place) == []


def test_a2_a_revoked_key_is_refused_at_once(shop: Service, place: Settings, key: str) -> None:
    other = make_key(place, "Till")
    assert shop.call("/v1/track", ORDER, key=other).status == 200
    revoke_key(place, "Till", now=FAR)
    refusal(shop.call("/v1/track", ORDER, key=other), 401, "unknown_key")
    assert shop.call("/v1/track", ORDER, key=key).status == 200
    assert len(arrived(place)) == 2


def test_n2_a_key_is_refused_from_its_end_on(shop: Service, place: Settings, key: str) -> None:
    _, over = create_key(place, "Fair", days=1, now=datetime.now(UTC) - timedelta(days=2))
    _, still = create_key(place, "Season", days=1, now=datetime.now(UTC))
    _, watch = create_key(place, "Watch", scope="metrics", days=1, now=datetime.now(UTC) - timedelta(days=2))
    refusal(shop.call("/v1/track", ORDER, key=over), 401, "unknown_key")
    refusal(shop.call("/v1/track", ORDER, key=watch), 401, "unknown_key")
    assert shop.call("/v1/track", ORDER, key=still).status == 200
    sql.write("UPDATE write_key SET expires_us = 1 WHERE digest = %s", (digest_of(still),))
    refusal(shop.call("/v1/track", ORDER, key=still), 401, "unknown_key")
    assert shop.call("/v1/track", ORDER, key=key).status == 200
    assert len(arrived(place)) == 2


def test_a2_a_source_that_is_switched_off_is_refused_at_once(
    shop: Service, place: Settings, key: str
) -> None:
    other = make_key(place, "Kiosk")
    assert shop.call("/v1/track", ORDER, key=other).status == 200
    source = live_sources.by_name(place, "Kiosk")
    assert source is not None
    live_sources.change(place, source.id, enabled=False)
    refusal(shop.call("/v1/track", ORDER, key=other), 401, "unknown_key")


def test_a2_a_key_for_something_else_sends_no_events(shop: Service, place: Settings) -> None:
    refusal(shop.call("/v1/track", ORDER, key=make_key(place, "Watch", scope="metrics")), 403, "wrong_scope")


DEEP = b'{"userId":"u1","event":"e","properties":' + b'{"a":' * 50 + b"1" + b"}" * 51


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "not_json"),
        (b"no json", 400, "not_json"),
        (b'{"userId":"u1","event":"x"', 400, "not_json"),
        (b'[{"userId":"u1"}]', 400, "no_batch"),
        (b'{"userId":"u1","event":"\xff\xfe"}', 400, "not_json"),
        (b'{"userId":"u1","event":"\x00"}', 400, "not_json"),
        (b'{"batch":[' + b'{"a":' * 50_000, 400, "not_json"),
        (DEEP, 400, "too_deep"),
        (
            b'{"userId":"u1","event":"e","properties":{"text":"' + b"x" * 33_000 + b'"}}',
            413,
            "event_too_large",
        ),
        (b" " * 500_001, 413, "body_too_large"),
    ],
    ids=["empty", "text", "cut off", "list", "not UTF-8", "NUL", "very deep", "deep", "33 KB", "500 KB"],
)
def test_a2_a_body_that_cannot_be_read_is_refused_whole(
    shop: Service, place: Settings, key: str, body: bytes, status: int, code: str
) -> None:
    answer = shop.call("/v1/track", body, key=key)
    refusal(answer, status, code)
    assert arrived(place) == []


def test_a2_a_batch_has_limits_too(shop: Service, place: Settings, key: str) -> None:
    small = {"type": "track", "userId": "u", "event": "e"}
    assert shop.call("/v1/batch", {"batch": [small] * 2_500}, key=key).json["accepted"] == 2_500
    refusal(shop.call("/v1/batch", {"batch": [small] * 2_501}, key=key), 413, "too_many_events")
    refusal(shop.call("/v1/batch", {"events": [small]}, key=key), 400, "no_batch")
    refusal(shop.call("/v1/batch", {"batch": "x"}, key=key), 400, "no_batch")
    large = {**small, "messageId": "m-9", "properties": {"text": "x" * 33_000}}
    answer = shop.call("/v1/batch", {"batch": [small, large]}, key=key)
    refusal(answer, 413, "event_too_large")
    assert (answer.json["index"], answer.json["messageId"]) == (1, "m-9")
    assert shop.call("/v1/batch", {"batch": []}, key=key).json["accepted"] == 0
    assert [call["events"] for call in arrived(place)] == [2_500]


def test_a2_a_packed_body_is_unpacked_and_bounded(shop: Service, place: Settings, key: str) -> None:
    body = json.dumps({"batch": [ORDER]}).encode()
    for name, packed in (("gzip", gzip.compress(body)), ("deflate", zlib.compress(body))):
        assert shop.call("/v1/batch", packed, key=key, headers={"Content-Encoding": name}).status == 200
    bomb = gzip.compress(b" " * 50_000_000)
    assert len(bomb) < 500_000
    refusal(
        shop.call("/v1/batch", bomb, key=key, headers={"Content-Encoding": "gzip"}), 413, "body_too_large"
    )
    for spoilt in (gzip.compress(body)[:-4], b"no gzip", b""):
        answer = shop.call("/v1/batch", spoilt, key=key, headers={"Content-Encoding": "gzip"})
        refusal(answer, 400, "bad_gzip")
    answer = shop.call("/v1/batch", body, key=key, headers={"Content-Encoding": "br"})
    refusal(answer, 415, "unknown_encoding")
    assert [call["body"] for call in arrived(place)] == [{"batch": [ORDER]}] * 2


def test_a2_what_an_event_says_wrong_is_answered_for_it_alone_and_all_is_kept(
    shop: Service, place: Settings, key: str
) -> None:
    batch = [
        ORDER,
        {"type": "track", "userId": "u1", "messageId": "m-1"},
        {"type": "track", "event": "x"},
        {**ORDER, "timestamp": "9999-12-31T00:00:00Z"},
        {**ORDER, "timestamp": "1969-12-31T00:00:00Z"},
        {**ORDER, "event": "a\u0000b"},
        {**ORDER, "properties": {"total": "a lot"}},
        {**ORDER, "type": "buy"},
        "no event",
    ]
    answer = shop.call("/v1/batch", {"batch": batch}, key=key)
    said = answer.json
    assert (answer.status, said["success"], said["accepted"]) == (200, True, 1)
    assert [(each["index"], each["code"]) for each in said["rejected"]] == [
        (1, "no_event_name"),
        (2, "no_id"),
        (3, "too_late"),
        (4, "too_early"),
        (5, "no_event_name"),
        (6, "bad_number"),
        (7, "unknown_type"),
        (8, "not_an_event"),
    ]
    assert said["rejected"][0]["messageId"] == "m-1"
    assert all(each["found"] and each["expected"] and each["remedy"] for each in said["rejected"])
    assert arrived(place)[0]["body"] == {"batch": batch}
    assert shop.call("/v1/track", {"userId": "u1"}, key=key).json["success"] is False


def test_a2_an_unknown_address_and_a_wrong_method_say_what_there_is(shop: Service, key: str) -> None:
    refusal(shop.call("/v1/nothing", ORDER, key=key), 404, "no_such_endpoint")
    answer = shop.call("/v1/track", key=key)
    refusal(answer, 405, "wrong_method")
    assert answer.headers["allow"] == "POST, OPTIONS"
    assert shop.call("/v1/track/", ORDER, key=key).status == 200


def test_a2_pages_of_other_sites_may_call_and_read_the_answer(shop: Service, key: str) -> None:
    asked = {
        "Origin": "https://shop.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization, content-type",
    }
    allowed = shop.call("/v1/batch", method="OPTIONS", headers=asked)
    assert (allowed.status, allowed.headers["access-control-allow-origin"]) == (204, "*")
    assert "POST" in allowed.headers["access-control-allow-methods"]
    assert "authorization" in allowed.headers["access-control-allow-headers"]
    for answer in (shop.call("/v1/track", ORDER, key=key), shop.call("/v1/track", ORDER)):
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers


def test_a2_a_browser_key_works_on_its_sites_alone(shop: Service, place: Settings, key: str) -> None:
    public = make_key(place, browser=True, origins=["shop.example", "https://*.shop.example"])
    for origin in ("https://shop.example", "https://eu.shop.example"):
        assert shop.call("/v1/track", ORDER, key=public, headers={"Origin": origin}).status == 200
    for origin in (
        "https://shop.example.evil.test",
        "http://shop.example",
        "null",
        "https://evilshop.example",
    ):
        answer = shop.call("/v1/track", ORDER, key=public, headers={"Origin": origin})
        refusal(answer, 403, "wrong_origin")
    refusal(shop.call("/v1/track", ORDER, key=public), 403, "wrong_origin")
    assert [call["browser"] for call in arrived(place)] == [True, True]


def test_a2_one_visitor_may_not_flood(shop: Service, place: Settings) -> None:
    public = make_key(place, "Flooded", browser=True)
    many = {"batch": [ORDER] * 2_500}
    statuses = [shop.call("/v1/batch", many, key=public) for _ in range(3)]
    assert [answer.status for answer in statuses] == [200, 200, 429]
    refusal(statuses[2], 429, "too_many_events")
    assert int(statuses[2].headers["retry-after"]) >= 1


def test_a2_what_many_send_at_once_is_all_there(shop: Service, place: Settings, key: str) -> None:
    def send(number: int) -> int:
        batch = [{**ORDER, "messageId": f"m-{number}-{i}"} for i in range(10)]
        return shop.call("/v1/batch", {"batch": batch}, key=key).status

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(send, range(200))) == {200}
    sent = [event["messageId"] for call in arrived(place) for event in call["body"]["batch"]]
    assert sorted(sent) == sorted(f"m-{number}-{i}" for number in range(200) for i in range(10))


def test_the_pages_are_served_beside(shop: Service) -> None:
    assert b"<h1>Sign in</h1>" in shop.call("/sign-in").body
    assert shop.call("/healthz").body == b"ok\n"
    assert shop.call("/v1x").status in (302, 404)
    assert shop.call("/sign-in", method="HEAD").body == b""


def test_no_key_is_written_to_any_log(shop: Service, place: Settings, key: str) -> None:
    shop.call("/v1/track", ORDER, key=key)
    written = [
        path for path in Path(place.folder).rglob("*") if path.is_file() and "holdfast.db" not in path.name
    ]
    assert all(key.encode() not in path.read_bytes() for path in written)
    kept = sql.read("SELECT shown, digest FROM write_key")
    assert all(key not in (shown, digest) for shown, digest in kept)
