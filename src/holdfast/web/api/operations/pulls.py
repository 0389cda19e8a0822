"""What is fetched on a schedule, and where risks are written back to."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta

from holdfast.connectors.sql_scores import TABLE
from holdfast.services.collect.sources import pulls as service
from holdfast.services.collect.sources.setting_up import check_name
from holdfast.services.foresee.write_back import add_target
from holdfast.store import pulls as stored
from holdfast.store import score_targets
from holdfast.store.write_keys import ADMIN, READ
from holdfast.web.access import ADMINS, DECIDERS
from holdfast.web.api.contract import (
    Answered,
    Asked,
    Call,
    moment,
    moment_or_none,
    not_here,
    operation,
)
from holdfast.web.api.source_shapes import Name

NewName = Annotated[str, Meta(min_length=1, max_length=40, description="Small letters, digits and hyphens.")]
Database = Annotated[
    str,
    Meta(min_length=1, max_length=2_000, description="With user and password; kept sealed, never answered."),
]
Minutes = Annotated[int, Meta(ge=service.LEAST_MINUTES, le=service.MOST_MINUTES)]


class Pull(Answered, frozen=True):
    """Something that is fetched every so many minutes.

    ``kind`` is sql, or the kind of the source whose API is asked; ``rows_are`` what its rows are. ``result``
    is what the last time brought, ``trouble`` what is wrong with it now.
    """

    name: str
    kind: str
    rows_are: str | None
    every_minutes: int
    enabled: bool
    due_at: datetime
    last_at: datetime | None
    result: dict[str, Any] | None
    trouble: str | None


class Pulls(Answered, frozen=True):
    """Every pull, by name."""

    items: list[Pull]


class Rows(Asked, kw_only=True, frozen=True):
    """Rows of a database: ``rows_are`` orders, customers and so on; ``cursor`` a column that only rises."""

    url: Database
    query: Annotated[str, Meta(min_length=1, max_length=20_000)]
    rows_are: Annotated[str, Meta(min_length=1, max_length=60)]
    cursor: Annotated[str, Meta(max_length=200)] = ""


class NewPull(Rows, kw_only=True, frozen=True):
    """A pull; ``map`` says in TOML which column is which: ask for a guess, and look at it."""

    name: NewName
    map: Annotated[str, Meta(min_length=1, max_length=50_000)]
    every_minutes: Minutes = 60


class Guess(Answered, frozen=True):
    """Which column is which, as TOML: a guess, to be looked at."""

    map: str


class ApiPull(Asked, kw_only=True, frozen=True):
    """How often the API of a source is asked."""

    every_minutes: Minutes = 60


class Switched(Asked, kw_only=True, frozen=True):
    """Whether it is switched on."""

    enabled: bool


class ScoreTarget(Answered, frozen=True):
    """A table of a database to which risks are written after each scoring."""

    name: str
    table: str
    enabled: bool
    last_at: datetime | None
    rows: int | None
    trouble: str | None


class ScoreTargets(Answered, frozen=True):
    """Every place for risks, by name."""

    items: list[ScoreTarget]


class NewTarget(Asked, kw_only=True, frozen=True):
    """A table to be written to; it is made where it is missing."""

    name: NewName = "warehouse"
    url: Database
    table: Annotated[str, Meta(min_length=1, max_length=200)] = TABLE


@operation("GET", "/pulls", scope=READ, roles=DECIDERS)
def list_pulls(call: Call) -> Pulls:
    """List what is fetched on a schedule."""
    return Pulls(items=[_pull(call, each) for each in stored.listed(call.settings)])


@operation("POST", "/pulls", scope=ADMIN, roles=ADMINS, status=201)
def add_pull(call: Call, body: NewPull) -> Pull:
    """Fetch rows of a database on a schedule; due at once."""
    made = service.add_sql(
        call.settings, body.name, _rows(body, body.map), every_minutes=body.every_minutes, now=call.actual
    )
    return _pull(call, made)


@operation("POST", "/pulls/guess", scope=ADMIN, roles=ADMINS)
def guess_pull(call: Call, body: Rows) -> Guess:
    """Read some rows, and guess which column is which; nothing is kept."""
    return Guess(map=service.guessed(call.settings, _rows(body)))


@operation("POST", "/sources/{name}/pull", scope=ADMIN, roles=ADMINS, status=201)
def add_source_pull(call: Call, name: Name, body: ApiPull) -> Pull:
    """Ask the API of a connected source on a schedule (HubSpot), with its access token."""
    made = service.add_api(call.settings, name, every_minutes=body.every_minutes, now=call.actual)
    return _pull(call, made)


@operation("GET", "/pulls/{name}", scope=READ, roles=DECIDERS)
def get_pull(call: Call, name: Name) -> Pull:
    """Get one pull."""
    return _pull(call, _found(call, name))


@operation("PATCH", "/pulls/{name}", scope=ADMIN, roles=ADMINS)
def switch_pull(call: Call, name: Name, body: Switched) -> Pull:
    """Switch a pull on or off."""
    stored.enable(call.settings, _found(call, name).id, body.enabled)
    return get_pull(call, name)


@operation("POST", "/pulls/{name}/run", scope=ADMIN, roles=ADMINS, status=202)
def run_pull(call: Call, name: Name) -> Pull:
    """Let a pull run within a minute."""
    stored.run_soon(call.settings, _found(call, name).id, now_us=call.actual_us)
    return get_pull(call, name)


@operation("DELETE", "/pulls/{name}", scope=ADMIN, roles=ADMINS)
def end_pull(call: Call, name: Name) -> None:
    """Fetch it no more; what it brought stays."""
    stored.remove(call.settings, _found(call, name).id)


@operation("GET", "/score-targets", scope=READ, roles=DECIDERS)
def list_score_targets(call: Call) -> ScoreTargets:
    """List where risks are written to."""
    return ScoreTargets(items=[_target(call, each) for each in score_targets.listed(call.settings)])


@operation("POST", "/score-targets", scope=ADMIN, roles=ADMINS, status=201)
def add_score_target(call: Call, body: NewTarget) -> ScoreTarget:
    """Write risks to a table of a database."""
    name = check_name(body.name)
    add_target(call.settings, name, url=body.url, table=body.table.strip(), now=call.actual)
    return _target(call, _found_target(call, name))


@operation("PATCH", "/score-targets/{name}", scope=ADMIN, roles=ADMINS)
def switch_score_target(call: Call, name: Name, body: Switched) -> ScoreTarget:
    """Write there, or no longer."""
    score_targets.enable(call.settings, _found_target(call, name).id, body.enabled)
    return _target(call, _found_target(call, name))


@operation("DELETE", "/score-targets/{name}", scope=ADMIN, roles=ADMINS)
def end_score_target(call: Call, name: Name) -> None:
    """Forget a place for risks; its table stays as it is."""
    score_targets.remove(call.settings, _found_target(call, name).id)


def _rows(body: Rows, map_toml: str = "") -> service.SqlPull:
    return service.SqlPull(body.url, body.query, body.rows_are, map_toml, body.cursor.strip())


def _found(call: Call, name: str) -> stored.Pull:
    found = stored.by_name(call.settings, name)
    if found is None:
        raise not_here("pull", name)
    return found


def _found_target(call: Call, name: str) -> score_targets.ScoreTarget:
    found = next((each for each in score_targets.listed(call.settings) if each.name == name), None)
    if found is None:
        raise not_here("place for risks", name)
    return found


def _pull(call: Call, each: stored.Pull) -> Pull:
    return Pull(
        name=each.name,
        kind=each.kind,
        rows_are=each.options.get("as"),
        every_minutes=each.every_minutes,
        enabled=each.enabled,
        due_at=moment(each.due_us),
        last_at=moment_or_none(each.last_us),
        result=None if each.result is None else dict(each.result),
        trouble=None if each.trouble is None else call.say(each.trouble),
    )


def _target(call: Call, each: score_targets.ScoreTarget) -> ScoreTarget:
    return ScoreTarget(
        name=each.name,
        table=each.table,
        enabled=each.enabled,
        last_at=moment_or_none(each.last_us),
        rows=each.rows,
        trouble=None if each.trouble is None else call.say(each.trouble),
    )
