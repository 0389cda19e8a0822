"""The early warnings of one customer: open ones first, then what was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from holdfast.services.warn import reading
from holdfast.web.episode_words import ShownEpisode, shown_episode
from holdfast.web.reading import Request
from holdfast.web.workspace import present

PAST_SHOWN = 10
"""Warnings that are over, the latest."""


@dataclass(frozen=True, slots=True)
class ShownEpisodes:
    """Warnings that hold, put off ones among them, and those that are over."""

    open: tuple[ShownEpisode, ...]
    past: tuple[ShownEpisode, ...]


def shown_episodes(request: Request, unit_id: int) -> ShownEpisodes:
    """What signals said and say of a customer."""
    workspace, reader = request.workspace, request.reader
    day = present(workspace).astimezone(workspace.zone).date()
    found = [
        shown_episode(each, day, reader)
        for each in reading.episodes_of(workspace, unit_id, now=datetime.now(UTC))
    ]
    return ShownEpisodes(
        tuple(each for each in found if each.mark in ("open", "snoozed")),
        tuple(each for each in found if each.mark in ("over", "ended"))[:PAST_SHOWN],
    )
