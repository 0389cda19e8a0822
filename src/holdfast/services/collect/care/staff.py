"""Our own people as a source: what they type is kept under it, so that every reader sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.store.live_sources import LiveSource

STAFF = "staff"
"""The kind of the sources that stand for our own people, and the name of the first."""


def staff_source(settings: Settings, *, now_us: int, namespace: str = "customer") -> LiveSource:
    """The source of what our people say of customers whose ids are of ``namespace``; made when needed."""
    from holdfast.store import live_sources

    name = STAFF if namespace == "customer" else f"{STAFF}: {namespace}"
    found = live_sources.by_name(settings, name)
    return found or live_sources.ensure(settings, name, STAFF, namespace=namespace, now_us=now_us)
