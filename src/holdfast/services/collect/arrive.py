"""Accept calls: they are on disk when this returns, and become events with the worker's next tick."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.store.live_sources import LiveSource


def accept(
    settings: Settings,
    source_id: int,
    body: bytes,
    *,
    endpoint: str = "batch",
    events: int,
    received_us: int,
    browser: bool = False,
) -> None:
    """Keep the body of one call as it came. When this returns it outlives a crash and a power cut.

    ``events`` says how many it holds; ``browser`` that a public key sent it.
    """
    from holdfast.store import arriving

    arriving.put(settings, source_id, endpoint, body, events, received_us, browser=browser)


def accept_calls(
    settings: Settings, source: LiveSource, calls: Sequence[Mapping[str, Any]], *, received_us: int
) -> None:
    """Keep calls of our own making (a connector's, a form's) as one call; none is no call at all."""
    import msgspec

    if calls:
        body = msgspec.json.encode({"batch": list(calls)})
        accept(settings, source.id, body, events=len(calls), received_us=received_us)
