"""A source of live events as it is answered: without its secrets."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta

from holdfast.services.collect.sources import setting_up
from holdfast.store.live_sources import LiveSource
from holdfast.web.api.contract import Answered, Call, moment, moment_or_none

Name = Annotated[str, Meta(min_length=1, max_length=100)]


class Source(Answered, frozen=True):
    """A source of live events: when it last told something, and what is wrong, if anything."""

    name: str
    kind: str
    enabled: bool
    last_at: datetime | None
    trouble: str | None


class Count(Answered, frozen=True):
    """How often a source told of something, and what became of it."""

    outcome: str
    kind: str
    count: int
    last_at: datetime


class SourceAbout(Answered, frozen=True):
    """A source with what it told; ``waiting`` calls are about objects whose customer is not known yet.

    ``hook`` is the address to enter at a provider that tells by webhook, else null; ``secrets`` says of
    each secret whether there is one: none is ever answered.
    """

    name: str
    kind: str
    enabled: bool
    last_at: datetime | None
    trouble: str | None
    options: dict[str, Any]
    hook: str | None
    secrets: dict[str, bool]
    waiting: int
    counts: list[Count]


def source_row(call: Call, source: LiveSource) -> Source:
    """A source as lists show it."""
    return Source(
        name=source.name,
        kind=source.kind,
        enabled=source.enabled,
        last_at=moment_or_none(source.last_us),
        trouble=None if source.trouble is None else call.say(source.trouble),
    )


def source_about(call: Call, name: str) -> SourceAbout:
    """The source called ``name`` with what it told. Refuses ("unknown_source") one that is not there."""
    view = setting_up.view(call.settings, name, address=call.address)
    about = source_row(call, view.source)
    return SourceAbout(
        name=about.name,
        kind=about.kind,
        enabled=about.enabled,
        last_at=about.last_at,
        trouble=about.trouble,
        options=dict(view.source.options),
        hook=None if view.part is None else view.hook,
        secrets=dict(view.secrets),
        waiting=view.waiting,
        counts=[
            Count(outcome=each.outcome, kind=each.kind, count=each.count, last_at=moment(each.last_us))
            for each in view.tallies
        ],
    )
