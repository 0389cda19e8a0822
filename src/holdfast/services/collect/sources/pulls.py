"""Fetch on a schedule: rows of a SQL database, or what a provider's API has changed.

A pull of rows is an import: whole or not at all, and what is there already changes nothing. So it may be
cut short, come late, and read a little twice.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from holdfast.connectors.outward import Door
from holdfast.domain.moments import microseconds
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.collect.sources.setting_up import check_name, taken
from holdfast.services.progress import Silent
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.connectors.sql_cursor import Place
    from holdfast.domain.imports import ColumnMap, Guess
    from holdfast.store.pulls import Pull

SQL = "sql"
LEAST_MINUTES, MOST_MINUTES = 5, 7 * 24 * 60
OVERLAP_MINUTES = 10
"""So much before the last moment is read again: what was written late has an earlier moment."""

NOTHING_NEW: Mapping[str, Any] = {"rows_read": 0}
"""The result of a pull that found nothing that it had not read before."""

_BUSY_AGAIN = timedelta(minutes=1)
_log = logging.getLogger("holdfast.worker")


@dataclass(frozen=True, slots=True)
class SqlPull:
    """What to read from a SQL database: ``query`` on ``url``, as rows of ``kind``, mapped by ``map_toml``.

    With ``cursor`` (a column that only rises) each time goes on where the last one ended.
    """

    url: str
    query: str
    kind: str
    map_toml: str = ""
    cursor: str = ""


def add_sql(settings: Settings, name: str, wanted: SqlPull, *, every_minutes: int, now: datetime) -> Pull:
    """A new scheduled pull, due at once.

    Its columns have to be told: without a map, ask :func:`guessed` and show it to someone. Refuses
    ("bad_name", "name_taken", "bad_schedule", "columns_not_agreed", and what an import refuses).
    """
    from holdfast.store import pulls

    check_name(name)
    _check_schedule(every_minutes)
    if not wanted.map_toml.strip():
        raise Refusal(
            "columns_not_agreed",
            found=Text("Nobody has said which column is which."),
            expected=Text("A map that says which column is which."),
            remedy=Text("Look at the guessed one, mend it, and save it with the pull."),
        )
    with _as_file(wanted.map_toml) as path:
        guessed(settings, wanted, map_path=path)
    options = {"query": wanted.query, "as": wanted.kind, "map": wanted.map_toml, "cursor": wanted.cursor}
    made = pulls.add(
        settings,
        name,
        SQL,
        options=options,
        every_minutes=every_minutes,
        secrets={"url": wanted.url.strip()},
        now_us=microseconds(now),
    )
    if made is None:
        raise taken(name)
    return made


def add_api(settings: Settings, source_name: str, *, every_minutes: int, now: datetime) -> Pull:
    """A scheduled pull over the API of the source called ``source_name`` (HubSpot), with its access token.

    Refuses ("no_pull") a source that has none, and ("no_secret") one without a token.
    """
    from holdfast.services.collect.sources.secrets import has
    from holdfast.services.collect.sources.setting_up import found
    from holdfast.store import pulls

    source = found(settings, source_name)
    _check_schedule(every_minutes)
    if source.kind not in _APIS:
        raise Refusal(
            "no_pull",
            found=Text("Nothing can be pulled from {name}.", name=source_name),
            expected=Text("A source of one of these kinds: {names}.", names=", ".join(_APIS)),
            remedy=Text("Its webhooks tell everything."),
        )
    if not has(settings, source.id, "access_token"):
        raise Refusal(
            "no_secret",
            found=Text("{name} has no access token.", name=source_name),
            expected=Text("A token that may read contacts and deals."),
            remedy=Text("Enter it on the source's page first."),
        )
    made = pulls.add(
        settings,
        source_name,
        source.kind,
        options={},
        every_minutes=every_minutes,
        source_id=source.id,
        secrets={},
        now_us=microseconds(now),
    )
    if made is None:
        raise taken(source_name)
    return made


def guessed(settings: Settings, wanted: SqlPull, *, map_path: Path | None = None) -> str:
    """The columns that an import of the first rows would take, as TOML: a guess, or the map that is given.

    Refuses what an import refuses: database, query, kind, map, columns that are missing.
    """
    from holdfast.connectors.guessing import guess_map
    from holdfast.connectors.map_toml import map_as_toml
    from holdfast.connectors.maps import read_map
    from holdfast.connectors.sql import fetch
    from holdfast.connectors.sql_cursor import reached
    from holdfast.domain.maps import check_map, missing_columns
    from holdfast.services.collect.import_file import import_kind

    kind = import_kind(wanted.kind)
    if wanted.cursor:
        reached(wanted.url, wanted.query, wanted.cursor)
    with TemporaryDirectory(prefix="holdfast-pull-") as folder:
        some = f"SELECT * FROM (\n{wanted.query.strip().rstrip(';')}\n) AS q LIMIT 200"
        table = fetch(wanted.url, some, Path(folder))
        if map_path is not None:
            given = read_map(map_path)
            return map_as_toml(check_map(given, kind, table.columns))
        guess = guess_map(kind, table, None)
        if guess.missing:
            raise missing_columns(kind, guess.missing, table.columns, guess.looks_like)
        return map_as_toml(guess.map)


def run_due(settings: Settings, now: datetime, *, door: Door | None = None) -> int:
    """Run every pull that is due, one after the other; how many. What goes wrong is kept with the pull."""
    from holdfast.store import pulls

    ran = 0
    for pull in pulls.due(settings, microseconds(now)):
        if pulls.claim(settings, pull, next_us=microseconds(now) + pull.every_minutes * 60_000_000):
            run_one(settings, pull, now, door=door)
            ran += 1
    return ran


def run_one(settings: Settings, pull: Pull, now: datetime, *, door: Door | None = None) -> bool:
    """Run a pull now and note how it went; whether it went well. Another import goes first ("busy")."""
    from holdfast.store import pulls

    at_us = microseconds(now)
    try:
        if pull.kind == SQL:
            result, cursor = _pull_rows(settings, pull, now)
        else:
            result, cursor = _APIS[pull.kind](settings, pull, now, door or Door())
    except Refusal as refusal:
        said = Text("{found} {remedy}", found=refusal.found, remedy=refusal.remedy)
        again = microseconds(now + _BUSY_AGAIN) if refusal.code == "busy" else None
        pulls.note(settings, pull.id, at_us=at_us, trouble=said, again_us=again)
        return False
    except Exception as error:
        _log.exception("the pull %s failed", pull.name)
        failed = Text("It failed: {error}.", error=type(error).__name__)
        pulls.note(settings, pull.id, at_us=at_us, trouble=failed)
        return False
    pulls.note(settings, pull.id, at_us=at_us, result=result, cursor=cursor)
    return True


def _pull_rows(
    settings: Settings, pull: Pull, now: datetime
) -> tuple[Mapping[str, Any], Mapping[str, Any] | None]:
    """Import what is new; what it brought, and how far it came."""
    from holdfast.services.collect.import_file import import_file
    from holdfast.store import pulls

    url, options = pulls.secrets_of(settings, pull.id)["url"], pull.options
    query, until = _next_rows(url, options, pull.cursor)
    if not query:
        return NOTHING_NEW, None
    try:
        with _as_file(str(options["map"])) as map_path:
            report = import_file(
                settings,
                (),
                str(options["as"]),
                map_path=map_path,
                query=query,
                database=url,
                choose=_never,
                progress=Silent(),
                now=settings.now(now),
            )
    except Refusal as refusal:
        if refusal.code != "header_only":
            raise
        return NOTHING_NEW, None
    names = ("import_id", "rows_read", "rows_taken", "rows_rejected", "duplicates")
    return {name: getattr(report, name) for name in names}, None if until is None else until.as_json()


def _next_rows(
    url: str, options: Mapping[str, Any], cursor: Mapping[str, Any] | None
) -> tuple[str, Place | None]:
    """The query for the rows that have not been read, and how far it comes; "" where there are none."""
    from holdfast.connectors.sql_cursor import Place, between, reached

    query, column = str(options["query"]), str(options.get("cursor") or "")
    if not column:
        return query, None
    last, until = Place.of_json(cursor), reached(url, query, column)
    if until is None or until == last:
        return "", None
    return between(query, column, last and last.earlier(OVERLAP_MINUTES), until), until


def _pull_hubspot(
    settings: Settings, pull: Pull, now: datetime, door: Door
) -> tuple[Mapping[str, Any], Mapping[str, Any] | None]:
    """Take contacts and deals that have changed; every page is on disk before the next is asked for."""
    from holdfast.connectors.hubspot_api import API, KINDS, HubSpot
    from holdfast.connectors.live.hubspot import SOURCE
    from holdfast.connectors.webhooks import options_of
    from holdfast.services.collect.sources.owned import take_calls
    from holdfast.store import live_sources, pulls, sql
    from holdfast.store.sealed import unseal

    source = live_sources.by_id(settings, pull.source_id or 0)
    if source is None:
        raise RuntimeError(f"the source of the pull {pull.name} is gone")
    token = unseal(settings, source.id).get("access_token", "")
    address = str(pull.options.get("api") or API)
    hubspot = HubSpot(token, options_of(SOURCE, source.options), door, address)
    cursor, result = dict(pull.cursor or {}), dict.fromkeys(KINDS, 0)
    for kind in KINDS:
        since = datetime.fromisoformat(cursor[kind]) if kind in cursor else None
        for page in hubspot.changed(kind, since):
            with sql.short_write():
                take_calls(settings, source, page.calls, page.owners, received_us=microseconds(now))
                cursor[kind] = page.until.isoformat()
                pulls.note(settings, pull.id, at_us=microseconds(now), cursor=cursor)
            result[kind] += len(page.calls)
    return result, cursor


_APIS = {"hubspot": _pull_hubspot}
"""Kinds of sources that can be asked, beside what they tell."""

API_KINDS = frozenset(_APIS)
"""Their names."""


def _check_schedule(minutes: int) -> None:
    if not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        raise Refusal(
            "bad_schedule",
            found=Text("Every {n} minute.", "Every {n} minutes.", n=minutes),
            expected=Text("Between {least} minutes and a week.", least=LEAST_MINUTES),
            remedy=Text("Choose another number of minutes, 1440 for once a day."),
        )


@contextmanager
def _as_file(toml: str) -> Iterator[Path]:
    """A map as a file, for as long as it is needed."""
    with TemporaryDirectory(prefix="holdfast-map-") as folder:
        path = Path(folder) / "map.toml"
        path.write_text(toml, encoding="utf-8")
        yield path


def _never(guess: Guess) -> ColumnMap | None:
    """A pull runs where nobody can be asked; its map has columns."""
    return None
