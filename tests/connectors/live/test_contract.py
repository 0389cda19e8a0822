"""What every source promises: its examples, its signature, and patience with whatever is signed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.live.signing import SECRET, delivery
from holdfast.connectors.segment import check
from holdfast.connectors.segment_columns import rows_of
from holdfast.connectors.webhooks import Example, Source, Told, called, options_of
from holdfast.domain.events import EVENT_NAMES
from holdfast.domain.texts import Text
from holdfast.registry import parts

NOW = datetime(2026, 5, 17, 9, 30, tzinfo=UTC)
NOW_US = int(NOW.timestamp() * 1_000_000)
SOURCES: dict[str, Source] = {name: part.declared for name, part in parts("sources").items()}  # type: ignore[misc]
EXAMPLES = [
    pytest.param(source, example, id=f"{name}-{number}")
    for name, source in SOURCES.items()
    for number, example in enumerate(source.examples)
]

UNSIGNED = {"telegram", "mail_provider"}
"""Telegram and mail providers send a secret word: what they send is protected by HTTPS alone (and, of some
providers, by a signature that anymail checks)."""
UNDATED = {"shopify", "telegram", "sms", "whatsapp", "mail_provider"}


def _read(source: Source, payload: Any, headers: Any = None, **options: Any) -> list[Told]:
    return list(source.read(payload, headers or {}, options_of(source, options)))


def _calls(told: list[Told]) -> Iterator[dict[str, Any]]:
    for each in told:
        yield from each.calls


def _owned(told: list[Told]) -> list[dict[str, Any]]:
    """The calls, those about an object given to somebody, as the intake does."""
    return [call if "userId" in call else call | {"userId": "somebody"} for call in _calls(told)]


@pytest.mark.parametrize(("source", "example"), EXAMPLES)
def test_an_example_becomes_what_it_says(source: Source, example: Example) -> None:
    told = _read(source, example.payload, example.headers)
    assert tuple(called(call) for call in _calls(told)) == example.becomes


@pytest.mark.parametrize(("source", "example"), EXAMPLES)
def test_every_call_of_an_example_is_understood_and_known_by_name(source: Source, example: Example) -> None:
    for call in _owned(_read(source, example.payload, example.headers)):
        assert check(call, endpoint="batch", received_us=NOW_US) is None, call
        assert call.get("event", "Unsubscribed") in EVENT_NAMES
        assert json.loads(json.dumps(call)) == call


@pytest.mark.parametrize(("source", "example"), EXAMPLES)
def test_ids_are_told_apart_and_the_same_each_time(source: Source, example: Example) -> None:
    first, second = (list(_calls(_read(source, example.payload, example.headers))) for _ in range(2))
    assert first == second
    ids = [call["messageId"] for call in first]
    assert len(set(ids)) == len(ids)
    assert all(ids)


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_a_signed_delivery_is_believed_with_any_secret_that_holds(source: Source) -> None:
    sent = delivery(source.name, source.examples[0].payload, NOW)
    assert source.verify(sent, [SECRET], NOW) is None
    assert source.verify(sent, ["new", SECRET], NOW + timedelta(seconds=299)) is None


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_a_forged_delivery_is_not_believed(source: Source) -> None:
    sent = delivery(source.name, source.examples[0].payload, NOW)
    changed = [] if source.name in UNSIGNED else [replace(sent, body=sent.body + b" ")]
    for forged in (
        *changed,
        replace(sent, headers={}),
        replace(sent, headers={name: "" for name in sent.headers}),
        replace(sent, headers={name: f"{value}x" for name, value in sent.headers.items()}),
        replace(sent, headers={name: "t=ä,v1=\udcff" for name in sent.headers}),
        delivery(source.name, source.examples[0].payload, NOW, secret="another"),
    ):
        refusal = source.verify(forged, [SECRET], NOW)
        assert refusal is not None
        assert refusal.code == "bad_signature"
    assert source.verify(sent, [], NOW) is not None


@pytest.mark.parametrize("name", [name for name in SOURCES if name not in UNDATED])
@pytest.mark.parametrize("late", [timedelta(seconds=301), timedelta(seconds=-301), timedelta(days=400)])
def test_a_recording_is_not_believed(name: str, late: timedelta) -> None:
    source = SOURCES[name]
    sent = delivery(name, source.examples[0].payload, NOW)
    refusal = source.verify(sent, [SECRET], NOW + late)
    assert refusal is not None
    assert refusal.code == "stale_signature"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_whatever_is_signed_is_read_without_an_error(source: Source, data: st.DataObject) -> None:
    """Any JSON, and any example with one of its values replaced by something else."""
    assert all(isinstance(each, Told) for each in _read(source, data.draw(JSON)))
    example = data.draw(st.sampled_from(source.examples))
    payload = json.loads(json.dumps(example.payload))
    places = list(_places(payload))
    holder, key = data.draw(st.sampled_from(places))
    holder[key] = data.draw(JSON)
    for call in _owned(_read(source, payload, example.headers)):
        json.dumps(call)
        refusal = check(call, endpoint="batch", received_us=NOW_US)
        assert refusal is None or refusal.code in _VALUES, (refusal, call)


_VALUES = {"no_id", "bad_id", "too_early", "too_late", "too_deep"}
"""What a provider's own value can be refused for, kept in the quarantine with the reason."""


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in list(inner):
        yield value, key
        yield from _places(each)


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_a_source_explains_itself(source: Source) -> None:
    assert source.name in SOURCES
    assert source.secrets[0].needed
    assert source.events
    assert all(isinstance(step, Text) for step in source.steps)
    for each in fields(source.options):
        assert isinstance(each.metadata["label"], Text)
        assert isinstance(each.metadata["hint"], Text)


def test_kept_options_that_are_no_longer_known_do_no_harm() -> None:
    kept = {"customer_id_in": "key", "was_there_once": 1}
    assert options_of(SOURCES["stripe"], kept).customer_id_in == "key"


def test_rows_carry_what_the_examples_say() -> None:
    """The columns of the event log, from provider to row."""
    from holdfast.connectors.segment import read_call

    calls = _owned(
        _read(
            SOURCES["shopify"], SOURCES["shopify"].examples[0].payload, {"x-shopify-topic": "orders/create"}
        )
    )
    rows = rows_of(read_call(calls[1], endpoint="batch", received_us=NOW_US), {}, "EUR")
    assert [(row.product_id, row.amount_minor, row.currency) for row in rows] == [("632910392", 38800, "USD")]
    assert rows[0].object_id == "820982911946154508"
    assert rows[0].code == "WELCOME10"
