"""Forgets for good what was taken away long enough ago that nobody brings it back."""

from __future__ import annotations

from holdfast.services.collect.care.documents import forget_documents, remove_strays
from holdfast.settings import Settings
from holdfast.store import dashboards, documents, notes, saved_views, segments, sign_ups, templates

KEPT_DAYS = 30
"""So long what was taken away can be brought back: notes, documents, saved views, segments, dashboards,
templates of messages; and what was typed into a sign-up form and never confirmed is kept."""

_DAY_US = 86_400_000_000


def sweep(settings: Settings, *, now_us: int) -> int:
    """Remove for good what was taken away a month ago, and bytes that belong to nothing.

    ``now_us`` is the clock on the wall. How many there were; may be repeated.
    """
    before_us = now_us - KEPT_DAYS * _DAY_US
    swept = notes.sweep(settings, before_us)
    swept += saved_views.sweep(settings, before_us) + segments.sweep(settings, before_us)
    swept += dashboards.sweep(settings, before_us) + templates.sweep(settings, before_us)
    swept += sign_ups.forget_typed(settings, before_us)
    while found := documents.deleted_before(settings, before_us):
        forget_documents(settings, found)
        swept += len(found)
    return swept + remove_strays(settings, older_than=(now_us - _DAY_US) / 1_000_000)
