"""Add a source, change it, look at it, try it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from holdfast.connectors.webhooks import Source, called, options_of
from holdfast.domain.moments import microseconds
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.collect.sources.intake import hook_address
from holdfast.services.collect.sources.parts import known_part, read_options, source_part
from holdfast.services.collect.sources.secrets import check_secrets, has, renew
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.store.live_sources import LiveSource
    from holdfast.store.source_notes import Tally

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_OURS = frozenset({"customer", "account", "anonymous"})
"""Namespaces of ids that are not a source's own."""

ADDRESS = "address"
"""Option of every source: where the provider reaches us (scheme and host)."""


@dataclass(frozen=True, slots=True)
class SourceView:
    """A source as its page shows it.

    ``part`` is ``None`` for one that tells in another way than by webhook. ``hook`` is the address to
    paste at the provider; ``tallies`` are what it told; ``waiting`` calls wait for an owner.
    """

    source: LiveSource
    part: Source | None
    hook: str
    tallies: tuple[Tally, ...]
    waiting: int
    secrets: Mapping[str, bool]


def add(
    settings: Settings,
    kind: str,
    *,
    name: str = "",
    options: Mapping[str, str],
    secrets: Mapping[str, str],
    address: str = "",
    now: datetime,
) -> LiveSource:
    """A new source of events by webhook, called ``name`` (otherwise as its kind).

    Refuses ("unknown_kind", "bad_name", "name_taken", "unknown_option", "bad_option", "no_secret",
    "bad_secret", "bad_address") what cannot be one; nothing is kept then.
    """
    from holdfast.store import live_sources, sealed, sql

    part, name = known_part(kind), check_name(name or kind)
    chosen = read_options(part, options) | _address(address)
    kept = check_secrets(part, secrets, all_needed=True)
    if live_sources.by_name(settings, name) is not None:
        raise taken(name)
    space = f"account:{name}" if chosen.get("customers_are") == "accounts" else name
    with sql.short_write():
        source = live_sources.ensure(
            settings, name, kind, namespace=space, options=chosen, now_us=microseconds(now)
        )
        sealed.seal(settings, source.id, kept)
    return source


def change(
    settings: Settings,
    name: str,
    *,
    options: Mapping[str, str],
    secrets: Mapping[str, str],
    address: str = "",
    now: datetime,
) -> None:
    """Change what is given of a source; a new signing secret leaves the old one valid for a day.

    Refuses like :func:`add`. Whether customers are people or accounts cannot be changed: their ids
    carry it.
    """
    from holdfast.store import live_sources, sql

    source, part = _webhook_source(settings, name)
    chosen = {**source.options, **read_options(part, options), **_address(address)}
    chosen["customers_are"] = source.options.get("customers_are", chosen.get("customers_are"))
    with sql.short_write():
        live_sources.change(
            settings, source.id, options={key: value for key, value in chosen.items() if value is not None}
        )
        renew(settings, source.id, part, secrets, now)


def enable(settings: Settings, name: str, enabled: bool) -> None:
    """Let a source deliver, or not: what it sends meanwhile is not taken (a provider repeats for days)."""
    from holdfast.store import live_sources

    live_sources.change(settings, found(settings, name).id, enabled=enabled)


def found(settings: Settings, name: str) -> LiveSource:
    """The source called ``name``. Refuses ("unknown_source") one that is not there."""
    from holdfast.store import live_sources

    source = live_sources.by_name(settings, name)
    if source is None:
        raise Refusal(
            "unknown_source",
            found=Text("There is no source {name}.", name=name),
            expected=Text(
                "One of {names}.", names=", ".join(each.name for each in live_sources.listed(settings))
            ),
            remedy=Text("`holdfast source list` lists them."),
        )
    return source


def view(settings: Settings, name: str, *, address: str = "") -> SourceView:
    """A source as its page shows it; ``address`` is where this page was reached, for one without its own."""
    from holdfast.store import source_notes

    source = found(settings, name)
    part = source_part(source.kind)
    return SourceView(
        source,
        part,
        hook_address(str(source.options.get(ADDRESS) or address), name),
        tuple(source_notes.tallies(settings, source.id)),
        source_notes.waiting(settings, source.id),
        {each.name: has(settings, source.id, each.name) for each in part.secrets} if part else {},
    )


def listed(settings: Settings) -> list[tuple[LiveSource, Source | None]]:
    """Every source of live events with its part, by name."""
    from holdfast.store import live_sources

    return [(source, source_part(source.kind)) for source in live_sources.listed(settings)]


def try_out(settings: Settings, name: str) -> list[tuple[str, tuple[str, ...]]]:
    """Read the provider's published examples under the source's options, storing nothing.

    Each example's kind with the names of the events that it becomes. Refuses ("no_secret",
    "sealed_elsewhere") a source whose secret is missing or cannot be read.
    """
    source, part = _webhook_source(settings, name)
    if not has(settings, source.id, part.signing.name):
        check_secrets(part, {}, all_needed=True)
    options = options_of(part, source.options)
    return [
        (told.kind, tuple(called(call) for call in told.calls))
        for example in part.examples
        for told in part.read(example.payload, example.headers, options)
        if told.calls
    ]


def check_name(name: str) -> str:
    """A name that can stand in an address. Refuses ("bad_name") others and those that mean something else."""
    if _NAME.fullmatch(name) and name not in _OURS:
        return name
    raise Refusal(
        "bad_name",
        found=Text("{name} cannot be a name.", name=repr(name[:60])),
        expected=Text("Small letters, digits and hyphens, 40 at most, like stripe-eu."),
        remedy=Text("Choose another name."),
    )


def taken(name: str) -> Refusal:
    """The refusal of a name that something has already."""
    return Refusal(
        "name_taken",
        found=Text("There is a source called {name} already.", name=name),
        expected=Text("Each source has a name of its own."),
        remedy=Text("Choose another name."),
    )


def _webhook_source(settings: Settings, name: str) -> tuple[LiveSource, Source]:
    source = found(settings, name)
    return source, known_part(source.kind)


def _address(address: str) -> dict[str, Any]:
    """The address at which the provider reaches us, as an option; none where none is given."""
    if not address:
        return {}
    parts = urlsplit(address.strip())
    if parts.scheme in ("http", "https") and parts.hostname and parts.username is None:
        return {ADDRESS: f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"}
    raise Refusal(
        "bad_address",
        found=Text("{address} is no address of a website.", address=repr(address[:100])),
        expected=Text("Where the provider reaches Holdfast, like https://holdfast.example.com."),
        remedy=Text("Write it with https:// and without a password."),
    )
