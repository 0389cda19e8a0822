"""Signed deliveries that could not be read: kept with what is needed to read them, mended, replayed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from holdfast.connectors.webhooks import RECEIVED, Delivery, Source, Told, options_of
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.collect.sources.owned import take_calls
from holdfast.services.collect.sources.parts import known_part
from holdfast.services.collect.sources.reported import note_reports
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.store.live_sources import LiveSource

HOOK = "hook"
"""The endpoint of a delivery in the quarantine: what stands there is no call yet."""

_NO_NEWS = ("hmac", "signature", "timestamp")
"""Headers of a provider that only prove where a delivery is from."""


def understood(part: Source, source: LiveSource, delivery: Delivery) -> Sequence[Told]:
    """What a delivery says. Refuses what cannot be read, whatever the reason: it is kept, not lost."""
    payload = _form(delivery.body) if part.manners.form else _json(delivery.body)
    try:
        return list(part.read(payload, delivery.headers, options_of(part, source.options)))
    except Exception as error:  # a defect of ours must not cost the delivery
        raise _not_read(part, error) from error


def _json(body: bytes) -> Any:
    import msgspec

    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _not_json(str(error)) from error


def _form(body: bytes) -> dict[str, str]:
    """The fields of a form; of one that is there twice the last counts."""
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def put(source: LiveSource, delivery: Delivery, refusal: Refusal, now_us: int) -> None:
    """Keep a delivery in the quarantine, with the reason."""
    from holdfast.store.arriving import BadEvent, put_aside

    kept = {
        name: value
        for name, value in delivery.headers.items()
        if name == RECEIVED
        or (name.startswith(f"x-{source.kind}-") and not any(each in name for each in _NO_NEWS))
    }
    event = json.dumps(
        {"headers": kept, "body": delivery.body.decode("utf-8", "replace")}, ensure_ascii=False, indent=1
    )
    put_aside([BadEvent(source.id, HOOK, False, now_us, event.encode("utf-8", "replace"), refusal)])


def why_not(settings: Settings, source_id: int, written: str) -> Refusal | None:
    """Why a delivery that was put aside could not be read as it is ``written`` now; ``None`` when it can."""
    try:
        _told(settings, source_id, written)
    except Refusal as refusal:
        return refusal
    return None


def replay(settings: Settings, source_id: int, written: str, *, received_us: int) -> None:
    """Take a delivery that was put aside as it is ``written`` now, inside the caller's transaction.

    Refuses like :func:`understood`.
    """
    source, told = _told(settings, source_id, written)
    calls = [call for each in told for call in each.calls]
    owners = {name: key for each in told for name, key in each.owners.items()}
    take_calls(settings, source, calls, owners, received_us=received_us)
    note_reports(settings, source, [report for each in told for report in each.reports], now_us=received_us)


def _told(settings: Settings, source_id: int, written: str) -> tuple[LiveSource, Sequence[Told]]:
    from holdfast.store import live_sources

    source = live_sources.by_id(settings, source_id)
    if source is None:
        raise RuntimeError(f"a delivery of source {source_id}, which is not there")
    return source, understood(known_part(source.kind), source, _delivery(written))


def _delivery(written: str) -> Delivery:
    try:
        kept = json.loads(written)
        headers = {str(name).lower(): str(value) for name, value in kept["headers"].items()}
        body = kept["body"]
        return Delivery("", headers, (body if isinstance(body, str) else json.dumps(body)).encode())
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refusal(
            "not_json",
            found=Text("This is no delivery: {reason}.", reason=str(error)[:200]),
            expected=Text("An object like {example}.", example='{"headers": {}, "body": "..."}'),
            remedy=Text("Mend the body, and leave the rest as it is."),
        ) from error


def _not_json(reason: str) -> Refusal:
    return Refusal(
        "not_json",
        found=Text("The delivery is signed, but it is no JSON: {reason}.", reason=reason[:200]),
        expected=Text("A body in JSON, in UTF-8."),
        remedy=Text("Choose JSON as the format of the webhook at the provider."),
    )


def _not_read(part: Source, error: Exception) -> Refusal:
    return Refusal(
        "not_understood",
        found=Text(
            "A delivery of {source} could not be read: {error}.",
            source=part.title,
            error=f"{type(error).__name__}: {error}"[:200],
        ),
        expected=Text("The format that the provider publishes."),
        remedy=Text("Please report it with this delivery; it is kept and can be replayed."),
    )
