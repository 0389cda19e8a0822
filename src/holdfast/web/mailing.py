"""Digests: dashboards as letters with pictures, for whoever is to get one now.

Runs in a process of its own (``python -m holdfast.web.mailing FOLDER``) that the worker starts when one is
due: what a dashboard says in words and pictures is known to the pages.
"""

from __future__ import annotations

import hashlib
import logging
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from holdfast.domain.moments import microseconds
from holdfast.domain.period import day_number
from holdfast.domain.texts import Text
from holdfast.domain.touch import Attachment
from holdfast.language import Reader
from holdfast.language.letters import Heading, Line, Part, Picture, Table, Way
from holdfast.settings import Settings, read_settings

if TYPE_CHECKING:
    from holdfast.services.prove.look import Look
    from holdfast.store.dashboards import Dashboard
    from holdfast.store.digests import Reader as Getting
    from holdfast.store.staff import Colleague
    from holdfast.web.pages.dashboards.words import ShownTile

_LATER_US = 3_600_000_000
_log = logging.getLogger("holdfast.worker")
_WHY = Text("You get this digest because somebody of your workspace chose you as a reader.")


def send_due(settings: Settings, now: datetime) -> int:
    """Ask for the mails of all digests that are due; how many were asked for.

    Who may not look at the dashboard any more, or switched the digest off, gets none; a quiet digest stays
    away when it would say what the last one said.
    """
    from holdfast.store import dashboards, digests, staff

    asked = 0
    for getting in digests.due(settings, microseconds(now)):
        dashboard = dashboards.one(settings, getting.digest.dashboard_id)
        person = staff.colleague(settings, getting.person_id)
        if dashboard is None or person is None:
            continue
        try:
            asked += _send(settings, getting, dashboard, person, now)
        except Exception:
            # One that cannot be made must not keep the others from being sent: it is tried again later.
            _log.exception("digest %s for person %s cannot be made", getting.digest.id, person.id)
            digests.settle(
                settings, getting, next_us=microseconds(now) + _LATER_US, now_us=microseconds(now), mark=None
            )
    return asked


def _send(
    settings: Settings, getting: Getting, dashboard: Dashboard, person: Colleague, now: datetime
) -> bool:
    from holdfast.services.prove.digests import next_us
    from holdfast.services.prove.mails import Mail, ask_for
    from holdfast.store import digests, mail_choices, sql

    sort = f"digest.{getting.digest.id}"
    wanted = mail_choices.wants(settings, person.id, sort, otherwise=True) and dashboard.is_seen_by(person.id)
    reader = _reader(settings, person, getting.zone)
    look, tiles = _tiles(settings, dashboard, person, reader, now)
    mark = _mark(look, tiles)
    wanted = wanted and not (getting.digest.quiet and mark == getting.mark)
    # The pictures are drawn before the transaction: it holds the database's one lock.
    parts, pictures = _letter(settings, dashboard, tiles, reader) if wanted else ((), ())
    with sql.short_write():
        told = mark if wanted else None
        again_us = next_us(getting, now)
        if (
            not digests.settle(settings, getting, next_us=again_us, now_us=microseconds(now), mark=told)
            or not wanted
        ):
            return False
        key = f"digest {getting.digest.id} due {getting.next_us}"
        title = Text("{title}: {period}", title=dashboard.title, period=_period(look, reader, now))
        named = any(tile.rows or tile.kind == "warnings" for tile in tiles)
        mail = Mail(key, sort, reader.say(title), parts, _WHY, pictures, names_customers=named)
        return ask_for(settings, person, mail, reader, now_us=microseconds(now))


def _reader(settings: Settings, person: Colleague, zone: str) -> Reader:
    from zoneinfo import ZoneInfo

    from holdfast.language import preferred

    return Reader(person.language or preferred(""), ZoneInfo(zone) if zone else settings.zone)


def _tiles(
    settings: Settings, dashboard: Dashboard, person: Colleague, reader: Reader, now: datetime
) -> tuple[Look, list[ShownTile]]:
    from holdfast.services.prove.look import look
    from holdfast.store.models import User
    from holdfast.web.access import portfolio
    from holdfast.web.masking import masks_of
    from holdfast.web.pages.dashboards.words import Reading, shown

    user = User.objects.get(pk=person.id)
    today = day_number(settings.now(now).astimezone(settings.zone).date())
    who = Reading(settings, reader, masks_of(user, settings), portfolio(user, settings), today)
    seen = look(settings, dashboard, today=today)
    return seen, shown(seen, who)


def _mark(look: Look, tiles: list[ShownTile]) -> str:
    """What a digest says, as a hash: of the figures and lists, not of the pictures of them."""
    said = [
        (tile.id, tile.title, tile.value, tile.reason, tile.lines, tile.chart.rows if tile.chart else (),
         [(row.name, row.value, row.risk.share) for row in tile.rows])
        for tile in tiles
    ]  # fmt: skip
    return hashlib.blake2b(repr((look.period, said)).encode(), digest_size=16).hexdigest()


def _letter(
    settings: Settings, dashboard: Dashboard, tiles: list[ShownTile], reader: Reader
) -> tuple[tuple[Part, ...], tuple[Attachment, ...]]:
    from holdfast.store import message_settings
    from holdfast.web.charts.png import png

    base = message_settings.rules(settings).public_url
    attachments = tuple(
        Attachment(f"{tile.id}.png", "image/png", png(tile.chart.picture.narrow), _cid(dashboard, tile))
        for tile in tiles
        if tile.chart is not None
    )
    parts = [part for tile in tiles for part in _parts(dashboard, tile, reader)]
    way = Way(reader.gettext("Look at the dashboard"), f"{base}/dashboards/{dashboard.id}" if base else "")
    return (*parts, way), attachments


def _parts(dashboard: Dashboard, tile: ShownTile, reader: Reader) -> Iterator[Part]:
    yield Heading(tile.title)
    # Each on a line of its own: a sign between them would read like a Persian zero.
    yield from (Line(said) for said in (tile.value, tile.change, tile.reason) if said)
    if tile.chart is not None:
        finding = f"{tile.title}. {tile.chart.caption}".strip()
        yield Picture(_cid(dashboard, tile), finding, width=358)
    if tile.lines:
        yield Table(tile.head, tile.lines)
    if tile.rows:
        head = (reader.gettext("Customer"), reader.gettext("Risk"), reader.gettext("Value at risk"))
        yield Table(head, [(row.name, row.risk.share, row.value) for row in tile.rows])


def _cid(dashboard: Dashboard, tile: ShownTile) -> str:
    return f"tile{dashboard.id}.{tile.id}@holdfast"


def _period(look: Look, reader: Reader, now: datetime) -> str:
    return reader.period(look.period) if look.period else reader.day(now.date())


def main(arguments: list[str]) -> None:
    """Send what is due of the workspace in the folder that is named."""
    from holdfast.services.processes import end_with_parent
    from holdfast.web.workspace import serve_workspace

    end_with_parent()
    settings = read_settings(Path(arguments[0]))
    serve_workspace(settings)
    send_due(settings, datetime.now(UTC))


if __name__ == "__main__":
    main(sys.argv[1:])
