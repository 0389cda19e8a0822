"""Readings that an older reader made, and what a newer one finds instead."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.readings import SEEN
from holdfast.store.readings_written import codes, spans, together

if TYPE_CHECKING:
    from holdfast.text.found import Found

AT_ONCE = 250
"""Readings that one transaction changes."""


class Older(NamedTuple):
    """A reading by an older reader, with its text."""

    id: int
    text: str
    codes: tuple[str, ...]


def older(settings: Settings, version: str, most: int) -> list[Older]:
    """Readings that nobody corrected and that another reader than ``version`` made, the newest first."""
    store.connect(settings)
    rows = sql.read(
        "SELECT r.id, t.text, r.sentiment, r.causes, r.wants FROM text_reading r "
        "JOIN customer_text t ON t.event_key = r.event_key "
        f"WHERE r.version <> %s AND r.corrected_us IS NULL AND {SEEN} "
        "ORDER BY r.at_us DESC, r.id DESC LIMIT %s",
        (version, most),
    )
    return [
        Older(number, text, codes(sentiment, causes.split(), wants.split()))
        for number, text, sentiment, causes, wants in rows
    ]


def replace(settings: Settings, found: Sequence[tuple[Older, Found]], *, version: str, now_us: int) -> int:
    """Keep what the newer reader found, unless somebody corrected it meanwhile; how many say other things."""
    from django.db import connection

    store.connect(settings)
    rows = []
    changed = 0
    for before, each in found:
        now = codes(each.sentiment, each.causes, each.wants)
        changed += now != before.codes
        rows.append(
            (
                *(each.language, each.sentiment, together(each.causes), together(each.wants)),
                *(json.dumps(each.competitors), spans(each.evidence), version, now_us, each.doubt),
                *(together(now), before.id),
            )
        )
    with sql.short_write(), connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE text_reading SET language = %s, sentiment = %s, causes = %s, wants = %s, "
            "competitors = %s, evidence = %s, version = %s, read_us = %s, doubt = %s, "
            "facts_due = (told <> %s) WHERE id = %s AND corrected_us IS NULL",
            rows,
        )
    return changed
