"""Sources of live events, the keys of programs, and events that could not be understood."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from holdfast.services.collect import keys
from holdfast.services.collect import quarantine as service
from holdfast.services.collect.sources import setting_up
from holdfast.store import quarantine as stored
from holdfast.store import write_keys
from holdfast.store.write_keys import ADMIN, READ, WRITE
from holdfast.web.access import ADMINS, DECIDERS
from holdfast.web.api import cursors
from holdfast.web.api.contract import (
    Answered,
    Asked,
    Call,
    Id,
    Page,
    Paging,
    moment,
    moment_or_none,
    not_here,
    operation,
)
from holdfast.web.api.source_shapes import Name, Source, SourceAbout, source_about, source_row


class Sources(Answered, frozen=True):
    """Every source of live events."""

    items: list[Source]


class Enabled(Asked, kw_only=True, frozen=True):
    """Whether it is switched on."""

    enabled: bool


class Quarantined(Answered, frozen=True):
    """An event that could not be understood: as it was sent, and what is wrong with it."""

    id: int
    source: str
    endpoint: str
    received_at: datetime
    event: str
    error: str
    found: str
    expected: str
    state: str


class QuarantineQuery(Paging, kw_only=True, frozen=True):
    """Which events."""

    state: Literal["waiting", "dropped", "replayed"] = "waiting"
    error: Annotated[str, Meta(max_length=60)] = ""


class Mended(Asked, kw_only=True, frozen=True):
    """The event as it should have been: one JSON object, written as a string."""

    event: Annotated[str, Meta(min_length=2, max_length=100_000)]


class Chosen(Asked, kw_only=True, frozen=True):
    """Which events."""

    ids: Annotated[list[Id], Meta(min_length=1, max_length=100)]


class Changed(Answered, frozen=True):
    """How many there were of them."""

    changed: int


class ReplayWanted(Asked, kw_only=True, frozen=True):
    """Which events are to be tried again: those refused for one reason, or all."""

    state: Literal["waiting", "dropped"] = "waiting"
    error: Annotated[str, Meta(max_length=60)] = ""


class Replayed(Answered, frozen=True):
    """How many are on their way, how many are still refused; ``more``: ask again."""

    replayed: int
    refused: int
    more: bool


class Key(Answered, frozen=True):
    """A key: ``begins`` is how it begins; the key itself is answered when it is made, and never again."""

    id: int
    name: str
    scope: str
    begins: str
    browser: bool
    sites: list[str]
    person_id: int | None
    made_at: datetime
    made_by: str
    last_used_at: datetime | None
    expires_at: datetime | None
    revoked_at: datetime | None


class NewKey(Asked, kw_only=True, frozen=True):
    """For whom and what a key is; ``acts_for`` is the e-mail address of one of our people."""

    name: Name
    scope: Literal["ingest", "metrics", "read", "write", "admin"]
    browser: bool = False
    sites: Annotated[list[Annotated[str, Meta(max_length=200)]], Meta(max_length=50)] = []  # noqa: RUF012
    acts_for: Annotated[str, Meta(max_length=254)] = ""
    days: Annotated[int, Meta(ge=1, le=keys.MOST_DAYS)] | None = None


class KeyMade(Answered, frozen=True):
    """A key, this once."""

    key: str
    about: Key


@operation("GET", "/sources", scope=READ, roles=ADMINS)
def list_sources(call: Call) -> Sources:
    """List the sources of live events."""
    return Sources(items=[source_row(call, source) for source, _ in setting_up.listed(call.settings)])


@operation("GET", "/sources/{name}", scope=READ, roles=ADMINS)
def get_source(call: Call, name: Name) -> SourceAbout:
    """Get one source with what it told."""
    return source_about(call, name)


@operation("PATCH", "/sources/{name}", scope=ADMIN, roles=ADMINS)
def switch_source(call: Call, name: Name, body: Enabled) -> SourceAbout:
    """Switch a source on or off."""
    setting_up.enable(call.settings, setting_up.found(call.settings, name).name, body.enabled)
    return get_source(call, name)


@operation("GET", "/quarantine", scope=READ, roles=DECIDERS)
def list_quarantined(call: Call, query: QuarantineQuery) -> Page[Quarantined]:
    """List the events that could not be understood, the newest first."""
    before = cursors.where(call, query, int)
    wanted = stored.Asked(query.state, query.error, 0, before or 0)
    rows = stored.listed(call.settings, wanted, query.limit + 1)
    return cursors.page(call, query, rows, place=lambda row: row.id, show=lambda row: _quarantined(call, row))


@operation("GET", "/quarantine/{event_id}", scope=READ, roles=DECIDERS)
def get_quarantined(call: Call, event_id: Id) -> Quarantined:
    """Get one event that could not be understood."""
    return _quarantined(call, _one(call, event_id))


@operation("POST", "/quarantine/{event_id}/replay", scope=WRITE, roles=DECIDERS)
def replay_event(call: Call, event_id: Id, body: Mended) -> Quarantined:
    """Send an event on its way again as it was mended; refused (422) with what is still wrong."""
    _one(call, event_id)
    refusal = service.replay(call.settings, event_id, body.event)
    if refusal is not None:
        raise refusal
    return get_quarantined(call, event_id)


@operation("POST", "/quarantine/replay", scope=WRITE, roles=DECIDERS)
def replay_events(call: Call, body: ReplayWanted) -> Replayed:
    """Send on their way all events that can be understood now."""
    done = service.replay_all(call.settings, stored.Asked(body.state, body.error))
    return Replayed(replayed=done.replayed, refused=done.refused, more=done.more)


@operation("POST", "/quarantine/drop", scope=WRITE, roles=DECIDERS)
def drop_events(call: Call, body: Chosen) -> Changed:
    """Leave events out."""
    return Changed(changed=service.drop(call.settings, body.ids))


@operation("POST", "/quarantine/take-back", scope=WRITE, roles=DECIDERS)
def take_events_back(call: Call, body: Chosen) -> Changed:
    """Let dropped events wait again."""
    return Changed(changed=service.take_back(call.settings, body.ids))


@operation("GET", "/keys", scope=ADMIN, roles=DECIDERS)
def list_keys(call: Call) -> Page[Key]:
    """List the keys of programs, those in use first."""
    return Page(items=[_key(each) for each in write_keys.listed(call.settings)])


@operation("POST", "/keys", scope=ADMIN, roles=DECIDERS, status=201, secret=True)
def create_key(call: Call, body: NewKey) -> KeyMade:
    """Make a key; it is answered this once.

    Who is no administrator makes keys for themselves, and keys for `read` and `write`.
    """
    made, secret = keys.create_key(
        call.settings,
        body.name,
        scope=body.scope,
        browser=body.browser,
        origins=body.sites,
        made_by=call.by,
        acts_for=body.acts_for,
        days=body.days,
        maker_role=call.person.role,
        now=call.actual,
    )
    return KeyMade(key=secret, about=_key(made))


@operation("DELETE", "/keys/{key_id}", scope=ADMIN, roles=DECIDERS)
def revoke_key(call: Call, key_id: Id) -> None:
    """Take a key back: nothing is opened with it from now on."""
    if write_keys.by_id(call.settings, key_id) is None:
        raise not_here("key", key_id)
    write_keys.revoke(call.settings, key_id, now_us=call.actual_us)


def _one(call: Call, event_id: int) -> stored.QuarantinedEvent:
    found = stored.by_id(call.settings, event_id)
    if found is None:
        raise not_here("event in quarantine", event_id)
    return found


def _quarantined(call: Call, each: stored.QuarantinedEvent) -> Quarantined:
    return Quarantined(
        id=each.id,
        source=each.source,
        endpoint=each.endpoint,
        received_at=moment(each.received_us),
        event=each.event,
        error=each.code,
        found=call.say(each.found),
        expected=call.say(each.expected),
        state=each.state,
    )


def _key(key: write_keys.WriteKey) -> Key:
    return Key(
        id=key.id,
        name=key.name,
        scope=key.scope,
        begins=key.shown,
        browser=key.browser,
        sites=list(key.origins),
        person_id=key.person_id,
        made_at=moment(key.made_us),
        made_by=key.made_by,
        last_used_at=moment_or_none(key.last_us),
        expires_at=moment_or_none(key.expires_us),
        revoked_at=moment_or_none(key.revoked_us),
    )
