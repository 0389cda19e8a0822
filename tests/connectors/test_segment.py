"""Calls in the Segment format: what is understood, and how what is not is told (A2)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.connectors import segment
from holdfast.connectors.segment import Call, check, read_body, read_call
from holdfast.connectors.segment_columns import Row, flat_traits, rows_of, text_of
from holdfast.domain.refusals import Refusal

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
NOW_US = int(NOW.timestamp() * 1_000_000)
GOOD: dict[str, Any] = {"type": "track", "userId": "C-1", "event": "Feature Used", "messageId": "m1"}


def us(written: str) -> int:
    return int(datetime.fromisoformat(written).timestamp() * 1_000_000)


def read(**changed: Any) -> Call:
    return read_call({**GOOD, **changed}, endpoint="batch", received_us=NOW_US)


def rows(name: str, **properties: Any) -> list[Row]:
    return list(rows_of(read(event=name, properties=properties), {}, "EUR"))


BAD = [
    ("not_an_event", None, {}),
    ("unknown_type", "buy", {"type": "buy"}),
    ("unknown_type", None, {"type": None}),
    ("no_id", "userId", {"userId": None}),
    ("no_id", "userId", {"userId": "", "anonymousId": ""}),
    ("no_id", "groupId", {"type": "group"}),
    ("no_id", "previousId", {"type": "alias"}),
    ("bad_id", "userId", {"userId": ["C-1"]}),
    ("bad_id", "userId", {"userId": True}),
    ("bad_id", "userId", {"userId": "   "}),
    ("bad_id", "userId", {"userId": "a\x00b"}),
    ("bad_id", "userId", {"userId": "x" * 256}),
    ("bad_id", "messageId", {"messageId": {"a": 1}}),
    ("no_event_name", "event", {"event": None}),
    ("no_event_name", "event", {"event": " "}),
    ("no_event_name", "event", {"event": 7}),
    ("no_event_name", "event", {"event": "x" * 201}),
    ("no_event_name", "event", {"event": "a\nb"}),
    ("not_an_object", "properties", {"properties": [1]}),
    ("not_an_object", "traits", {"type": "identify", "traits": "name"}),
    ("not_an_object", "context", {"context": 5}),
    ("bad_moment", "timestamp", {"timestamp": "yesterday"}),
    ("bad_moment", "timestamp", {"timestamp": 1_700_000_000}),
    ("too_late", "9999", {"timestamp": "9999-12-31T00:00:00Z"}),
    ("too_late", "2026-06-03", {"timestamp": "2026-06-03T00:00:00Z"}),
    ("too_early", "1969", {"timestamp": "1969-12-31T23:59:59Z"}),
    ("too_early", "0001", {"timestamp": "0001-01-01T00:00:00+14:00"}),
]


@pytest.mark.parametrize(("code", "named", "changed"), BAD)
def test_a2_what_is_wrong_is_said(code: str, named: str | None, changed: dict[str, Any]) -> None:
    call = {**GOOD, **changed} if changed else "track"
    refusal = check(call, endpoint="batch", received_us=NOW_US)
    assert refusal is not None
    assert refusal.code == code
    assert named is None or named in str(refusal.found) + str(refusal.expected)
    assert len(str(refusal.found)) < 120


def test_a2_an_event_nested_too_deep_is_refused() -> None:
    deep: Any = 1
    for _ in range(25):
        deep = [deep]
    refusal = check({**GOOD, "properties": {"x": deep}}, endpoint="batch", received_us=NOW_US)
    assert refusal is not None
    assert refusal.code == "too_deep"


@pytest.mark.parametrize(
    ("code", "body"),
    [
        ("not_json", b'{"batch": ['),
        ("not_json", b"userId=C-1"),
        ("no_batch", b"[1, 2]"),
        ("no_batch", b'{"events": []}'),
        ("no_batch", b'{"batch": "all"}'),
        ("not_json", b'{"batch": [], "x": "\xff\xfe"}'),
        ("too_many_events", json.dumps({"batch": [GOOD] * 2_501}).encode()),
    ],
)
def test_a2_a_body_that_is_none_is_refused_as_a_whole(code: str, body: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        list(read_body(body, endpoint="batch", received_us=NOW_US))
    assert refused.value.code == code


def test_a2_what_is_nested_so_deep_that_no_reader_follows_is_refused() -> None:
    body = b'{"batch":[{"type":"track","userId":"u","event":"e","properties":{"x":%s}}]}'
    deep = b"[" * 200_000 + b"]" * 200_000
    try:
        (said,) = read_body(body % deep, endpoint="batch", received_us=NOW_US)
    except Refusal as refusal:
        assert refusal.code == "not_json"
    else:
        assert said.refusal is not None
        assert said.refusal.code == "too_deep"


def test_a2_one_bad_event_leaves_the_others() -> None:
    large = {**GOOD, "messageId": "m2", "properties": {"x": "y" * 33_000}}
    bad_value = {**GOOD, "messageId": "m3", "properties": {"amount": "a lot"}}
    body = json.dumps({"batch": [GOOD, large, bad_value, {**GOOD, "messageId": "m4"}]}).encode()
    said = list(read_body(body, endpoint="batch", received_us=NOW_US))
    assert [each.refusal.code if each.refusal else None for each in said] == [
        None,
        "event_too_large",
        "bad_number",
        None,
    ]
    assert [each.message_id for each in said] == ["m1", "m2", "m3", "m4"]
    assert json.loads(said[1].written)["messageId"] == "m2"


@pytest.mark.parametrize("kind", ["track", "identify", "page", "screen", "group", "alias"])
def test_a2_an_endpoint_says_the_type(kind: str) -> None:
    body = json.dumps({**GOOD, "type": None, "groupId": "G", "previousId": "P"}).encode()
    (said,) = read_body(body, endpoint=kind, received_us=NOW_US)
    assert said.call is not None
    assert said.call.kind == kind


def test_a_write_key_may_stand_in_the_body() -> None:
    assert segment.write_key_of(b'{"writeKey": "abc", "batch": []}') == "abc"
    assert segment.write_key_of(b'{"writeKey": 7}') == ""


@pytest.mark.parametrize(
    ("timestamp", "sent", "expected"),
    [
        (None, None, "2026-06-01T12:00:00+00:00"),
        ("2026-05-01T10:00:00Z", None, "2026-05-01T10:00:00+00:00"),
        ("2026-05-01T10:00:00", None, "2026-05-01T10:00:00+00:00"),
        ("2026-05-01T10:00:00.250+02:00", None, "2026-05-01T08:00:00.250+00:00"),
        ("2026-06-01T12:00:30Z", None, "2026-06-01T12:00:00+00:00"),  # a little ahead
        ("2026-06-01T11:59:50Z", "2026-06-01T12:00:10Z", "2026-06-01T11:59:50+00:00"),  # the way here
        ("2026-06-01T13:59:00Z", "2026-06-01T14:00:00Z", "2026-06-01T11:59:00+00:00"),  # clock ahead
        ("2019-01-01T00:00:00Z", "2019-01-01T00:01:00Z", "2026-06-01T11:59:00+00:00"),  # clock reset
    ],
)
def test_a2_when_it_happened_by_our_clock(timestamp: str | None, sent: str | None, expected: str) -> None:
    assert read(timestamp=timestamp, sentAt=sent).at_us == us(expected)


def test_a2_history_is_taken_at_its_word() -> None:
    call = {**GOOD, "timestamp": "2019-01-01T00:00:00Z", "sentAt": "2019-01-01T00:01:00Z"}
    assert read_call(call, endpoint="import", received_us=NOW_US).at_us == us("2019-01-01T00:00:00+00:00")


def test_a1_further_ids_of_the_person_are_not_taken_from_a_public_key() -> None:
    context = {"externalIds": [{"type": "crm", "id": 7}, {"type": "x"}, "y", {"type": "a\n", "id": "b"}]}
    assert read(context=context).external == (("crm", "7"),)
    call = {**GOOD, "context": context}
    assert read_call(call, endpoint="batch", received_us=NOW_US, browser=True).external == ()


@pytest.mark.parametrize(
    ("name", "properties", "expected"),
    [
        (
            "Order Refunded",
            {"order_id": "o1", "total": 5},
            {"object_kind": "order", "object_id": "o1", "amount_minor": -500, "currency": "EUR"},
        ),
        (
            "Subscription Started",
            {"subscription_id": 9, "plan": "pro", "mrr": "49", "seats": 3},
            {
                "object_kind": "subscription",
                "object_id": "9",
                "code": "pro",
                "amount_minor": 4900,
                "quantity": Decimal(3),
            },
        ),
        (
            "Payment Failed",
            {"invoice_id": "i", "reason": "card_declined", "amount": 100, "currency": "jpy"},
            {
                "object_kind": "invoice",
                "amount_minor": 100,
                "currency": "JPY",
                "code": "card_declined",
            },
        ),
        (
            "Invoice Issued",
            {"invoice_id": "i", "due_at": "2026-07-01T00:00:00Z"},
            {
                "promised_us": us("2026-07-01T00:00:00+00:00"),
            },
        ),
        ("Survey Answered", {"survey": "nps", "score": 9}, {"code": "nps", "score": 9.0}),
        ("Product Viewed", {"sku": "S", "price": "3.999"}, {"product_id": "S", "amount_minor": 400}),
        ("Something Else", {"code": "x", "n": 1}, {"code": "x", "details": '{"n": 1}', "object_kind": None}),
        (
            "Feature Used",
            {"feature": "export", "text": "free", "subject": "s"},
            {
                "code": "export",
                "details": None,
            },
        ),
    ],
)
def test_a2_properties_fill_columns(name: str, properties: dict[str, Any], expected: dict[str, Any]) -> None:
    (row,) = rows(name, **properties)
    assert {column: getattr(row, column) for column in expected} == expected


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({"amount": "a lot"}, "bad_number"),
        ({"amount": float("1e30")}, "bad_number"),
        ({"amount": True}, "bad_number"),
        ({"amount": 5, "currency": "euro"}, "bad_currency"),
        ({"quantity": [1]}, "bad_number"),
        ({"code": {"a": 1}}, "bad_value"),
        ({"promised_at": "soon"}, "bad_moment"),
    ],
)
def test_a2_values_that_are_none_are_refused(properties: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        rows("Something Else", **properties)
    assert refused.value.code == code


money = st.decimals(min_value=0, max_value=10_000, places=2)


@given(
    total=money,
    lines=st.lists(st.tuples(st.text("abc", min_size=1), money, st.integers(1, 9)), min_size=1, max_size=6),
    name=st.sampled_from(["Order Completed", "Order Refunded"]),
)
def test_money_is_never_made_by_cutting_an_order(total: Decimal, lines: list[Any], name: str) -> None:
    products = [{"product_id": p, "price": str(price), "quantity": n} for p, price, n in lines]
    made = rows(name, order_id="o", total=str(total), products=products)
    sign = -1 if name == "Order Refunded" else 1
    assert sum(row.amount_minor or 0 for row in made) == sign * int(total * 100)
    assert [row.part for row in made] == list(range(1, len(lines) + 1))


def test_traits_are_written_flat() -> None:
    said = {
        "a": 1,
        "b": {"c": True, "d": {"e": 1.5}},
        "f": ["x", 2, {"no": 1}],
        "g": None,
        "h": " ",
        "i": "\x00z",
    }
    assert dict(flat_traits(said)) == {"a": "1", "b.c": "true", "b.d.e": "1.5", "f": "x, 2", "i": "z"}


def test_free_text_has_no_nul_and_an_end() -> None:
    assert text_of({"text": " a\x00b "}) == "ab"
    assert len(text_of({"text": "x" * 30_000})) == 20_000
    assert text_of({"text": 7}) == ""
