"""The door says what the take-in will say, only quicker."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.connectors import segment
from holdfast.connectors.segment_door import look_at
from holdfast.domain.refusals import Refusal

NOW_US = 1_772_366_400_000_000  # 2026-03-01T12:00:00Z
TEXTS = st.sampled_from(
    ["u1", "", " ", "\u0000", "a\nb", "مریم", "x" * 300, "\ud83d\ude00", "\ud83d", "0", "[{"]
)
NUMBERS = st.one_of(
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.just("12.50"),
    st.just("lots"),
)
VALUES: st.SearchStrategy[Any] = st.one_of(
    TEXTS, NUMBERS, st.booleans(), st.none(), st.just([]), st.just({"a": {}})
)
MOMENTS = st.sampled_from(
    [
        "2026-03-01T11:59:00Z",
        "2026-03-01T11:59:00.123+02:00",
        "2026-03-01T12:30:00Z",
        "2026-03-02T13:00:00Z",
        "1969-12-31T23:59:59Z",
        "9999-12-31T23:59:59Z",
        "2026-03-01",
        "yesterday",
        "",
        None,
        5,
    ]
)
PROPERTIES = st.one_of(
    st.none(),
    st.just([]),
    st.dictionaries(
        st.sampled_from(
            [
                "total",
                "currency",
                "quantity",
                "score",
                "rating",
                "order_id",
                "promised_at",
                "due_at",
                "text",
                "x",
                "sku",
            ]
        ),
        VALUES,
        max_size=4,
    ),
    st.fixed_dictionaries(
        {
            "products": st.lists(
                st.dictionaries(st.sampled_from(["product_id", "quantity", "price"]), VALUES), max_size=3
            )
        }
    ),
)
EVENTS = st.one_of(
    st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from([*segment.KINDS, "buy", None, 5]),
            "userId": st.one_of(TEXTS, NUMBERS),
            "anonymousId": TEXTS,
            "groupId": TEXTS,
            "previousId": TEXTS,
            "messageId": VALUES,
            "event": st.one_of(st.just("Order Completed"), st.just("Ticket Closed"), VALUES),
            "timestamp": MOMENTS,
            "originalTimestamp": MOMENTS,
            "sentAt": MOMENTS,
            "properties": PROPERTIES,
            "traits": VALUES,
            "context": VALUES,
        },
    ),
    st.sampled_from([None, 5, "event", []]),
)


def closely(body: bytes, endpoint: str) -> tuple[int, list[tuple[int, str, str]]]:
    """What a full reading says: how many events, and (which, code, message id) of the bad ones."""
    said = list(segment.read_body(body, endpoint=endpoint, received_us=NOW_US))
    return len(said), [
        (each.index, each.refusal.code, each.message_id) for each in said if each.refusal is not None
    ]


def quickly(body: bytes, endpoint: str) -> tuple[int, list[tuple[int, str, str]]]:
    count, bad = look_at(body, endpoint=endpoint, received_us=NOW_US)
    return count, [
        (each.index, each.refusal.code, each.message_id) for each in bad if each.refusal is not None
    ]


@given(st.lists(EVENTS, max_size=6), MOMENTS, st.sampled_from(["batch", "import"]), st.booleans())
@settings(max_examples=600, deadline=None)
def test_a2_a_batch_gets_the_same_answers(
    events: list[Any], sent_at: object, endpoint: str, escaped: bool
) -> None:
    body = json.dumps({"batch": events, "sentAt": sent_at}, ensure_ascii=escaped).encode(
        "utf-8", "surrogatepass"
    )
    try:
        wanted = closely(body, endpoint)
    except Refusal as refusal:
        with pytest.raises(Refusal) as refused:
            quickly(body, endpoint)
        assert refused.value.code == refusal.code
    else:
        assert quickly(body, endpoint) == wanted


@given(EVENTS, st.sampled_from(segment.KINDS))
@settings(max_examples=300, deadline=None)
def test_a2_a_single_call_gets_the_same_answer(event: Any, endpoint: str) -> None:
    body = json.dumps(event).encode()
    try:
        wanted = closely(body, endpoint)
    except Refusal as refusal:
        with pytest.raises(Refusal) as refused:
            quickly(body, endpoint)
        assert refused.value.code == refusal.code
    else:
        assert quickly(body, endpoint) == wanted


def test_a_usual_batch_is_seen_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(*_: object, **__: object) -> None:
        raise AssertionError("looked closer")

    monkeypatch.setattr(segment, "read_body", read)
    order = {
        "type": "track",
        "userId": 17,
        "event": "Order Completed",
        "messageId": "m",
        "timestamp": "2026-03-01T11:59:00Z",
        "properties": {
            "total": 12,
            "currency": "EUR",
            "products": [{"sku": "P1", "quantity": 2, "price": 6.0}],
        },
        "context": {"ip": "8.8.8.8", "page": {"title": "Café [new] {x}"}},
    }
    people = [{"type": "identify", "anonymousId": "a", "traits": {"email": "a@example.com"}}]
    body = json.dumps({"batch": [order, *people], "sentAt": "2026-03-01T12:00:00Z"}, ensure_ascii=False)
    assert look_at(body.encode(), endpoint="batch", received_us=NOW_US) == (2, ())
