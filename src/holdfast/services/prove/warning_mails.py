"""Early warnings told once a day: by mail to who wants them, of their customers; and to the team's chat.

Grouped by customer, the highest value at risk first; a storm is one line. Nothing is told where nothing was
raised. In each reader's language, from seven in the morning by the reader's clock; where the workspace has a
clock of its own (the demo company), its day counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from holdfast.domain.announcements import WARNINGS_TOLD
from holdfast.domain.moments import microseconds
from holdfast.domain.money import NO_CURRENCY, Money
from holdfast.domain.texts import Text
from holdfast.language import Reader, preferred
from holdfast.language.letters import Line, Part, Table, Way
from holdfast.services.warn.reading import Raised, Storm, one_cause, raised_since, storms
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.store.staff import Colleague

SORT = "warnings.day"
"""The sort of these mails."""

WORDS = Text("Early warnings of my customers")
BELOW = Text("once a day, where there are new ones")
FROM_HOUR = 7
SHOWN = 20
"""Customers that one message names; the rest is counted."""

_READ = 500
_DAY_US = 86_400_000_000
_TOLD = "warnings_told"
_TEAM = "team"
_USUAL = frozenset({"admin", "manager", "agent"})


@dataclass(frozen=True, slots=True)
class News:
    """What was raised in a day: storms, and customers with their warnings, the highest value first."""

    storms: tuple[Storm, ...]
    people: tuple[tuple[Raised, ...], ...]

    def __bool__(self) -> bool:
        return bool(self.storms or self.people)


def usual(role: str) -> bool:
    """Whether somebody gets them who never chose: who works with customers does."""
    return role in _USUAL


def tell_warnings(settings: Settings, now: datetime) -> int:
    """Tell everybody whose morning has come and who was not told today; how many were told."""
    from holdfast.services.prove.digests import clock_of
    from holdfast.store import care_settings, mail_choices, staff

    told: dict[str, str] = care_settings.read(settings, _TOLD).get(_TOLD, {})
    chosen, count, before = mail_choices.who_wants(settings, SORT), 0, dict(told)
    here = settings.now(now)
    for person in staff.colleagues(settings):
        zone = ZoneInfo(clock_of(settings, person.id))
        if chosen.get(person.id, usual(person.role)) and _is_due(told, str(person.id), here, zone):
            count += _mail(settings, person, now, zone)
    if _is_due(told, _TEAM, here, settings.zone):
        count += _tell_team(settings, now)
    if told != before:
        care_settings.write(settings, _TOLD, told)
    return count


def _is_due(told: dict[str, str], whom: str, now: datetime, zone: ZoneInfo) -> bool:
    """Whether somebody's morning has come for the first time today; it is noted that it has."""
    here = now.astimezone(zone)
    if here.hour < FROM_HOUR or told.get(whom) == here.date().isoformat():
        return False
    told[whom] = here.date().isoformat()
    return True


def news(settings: Settings, seen: frozenset[int] | None, now: datetime) -> News:
    """What was raised since a day ago, of the customers that a reader sees (``None``: all)."""
    since_us = microseconds(settings.now(now)) - _DAY_US
    rows = raised_since(settings, seen, since_us, now=now, limit=_READ)
    found = storms(settings, now=now, days=1) if seen is None else []
    return News(
        tuple(each for each in found if each.raised_us > since_us),
        tuple(tuple(each) for _, each in groupby(rows, key=lambda row: row.unit_id)),
    )


def _mail(settings: Settings, person: Colleague, now: datetime, zone: ZoneInfo) -> bool:
    from holdfast.services.prove.mails import Mail, ask_for
    from holdfast.store import message_settings, sql

    found = news(settings, _whose(settings, person), now)
    if not found:
        return False
    reader, base = Reader(person.language or preferred(""), zone), message_settings.rules(settings).public_url
    way = Way(reader.gettext("See them all"), f"{base}/today" if base else "")
    mail = Mail(
        f"{SORT} {settings.now(now).astimezone(zone).date().isoformat()}",
        SORT,
        subject(found, reader),
        (*_parts(settings, found, person.role, reader), way),
        Text("You get this because you look after customers in Holdfast."),
        names_customers=True,
    )
    with sql.short_write():
        return ask_for(settings, person, mail, reader, now_us=microseconds(now))


def _whose(settings: Settings, person: Colleague) -> frozenset[int] | None:
    """The customers somebody looks after; who looks after none hears of all, where they may see all."""
    from holdfast.store.portfolio import decided, portfolio

    theirs = portfolio(settings, person.id)
    return theirs if theirs or person.role in decided(settings).own_only else None


def subject(found: News, reader: Reader) -> str:
    """What a message is called."""
    if not found.people:
        return reader.say(one_cause(found.storms)[0][0].words)
    words = Text(
        "Early warnings about {n} customer", "Early warnings about {n} customers", n=len(found.people)
    )
    return reader.say(words)


def _parts(settings: Settings, found: News, role: str, reader: Reader) -> list[Part]:
    from holdfast.store.portfolio import decided

    parts: list[Part] = [Line(each) for each in storm_lines(found, reader)]
    sight = decided(settings).sight_of_names(role)
    if found.people:
        head = (reader.gettext("Customer"), reader.gettext("Why"), reader.gettext("Value at risk"))
        parts.append(Table(head, [_row(rows, sight, reader) for rows in found.people[:SHOWN]]))
    if (more := len(found.people) - SHOWN) > 0:
        parts.append(Line(reader.say(Text("and {n} more", "and {n} more", n=more))))
    return parts


def storm_lines(found: News, reader: Reader) -> list[str]:
    """One line for each day with storms."""
    days = one_cause(found.storms)
    return [" ".join(reader.say(each.words) for each in together) for together in days]


def _row(rows: Sequence[Raised], sight: str, reader: Reader) -> tuple[str, str, str]:
    from holdfast.domain.masking import SHOWN as WHOLE
    from holdfast.domain.masking import mask

    first = rows[0]
    name = first.name if sight == WHOLE else mask("name", first.name)
    value = first.value_at_risk_minor
    return (
        name or reader.say(Text("Customer {id}", id=str(first.unit_id))),
        "; ".join(reader.say(each.title) for each in rows),
        "" if value is None else reader.money(Money(value, first.currency or NO_CURRENCY), 0),
    )


def _tell_team(settings: Settings, now: datetime) -> bool:
    """The message for the chat of the team, in the language of most of them."""
    from holdfast.store import webhooks_out

    if not webhooks_out.is_wanted(settings, WARNINGS_TOLD):
        return False
    found = news(settings, None, now)
    if not found:
        return False
    told = {"text": team_text(settings, found, Reader(_language(settings), settings.zone))}
    units = [rows[0].unit_id for rows in found.people[:SHOWN]]
    return webhooks_out.announce(settings, WARNINGS_TOLD, told, units=units, now_us=microseconds(now)) > 0


def team_text(settings: Settings, found: News, reader: Reader) -> str:
    """The message: what it is about, then a line for each customer."""
    from holdfast.domain.masking import SHOWN as WHOLE
    from holdfast.store import message_settings

    base = message_settings.rules(settings).public_url
    about = subject(found, reader)
    lines = [about, *(line for line in storm_lines(found, reader) if line != about)]
    for rows in found.people[:SHOWN]:
        name, why, value = _row(rows, WHOLE, reader)
        lines.append(" · ".join(part for part in (name, why, value) if part))
    if (more := len(found.people) - SHOWN) > 0:
        lines.append(reader.say(Text("and {n} more", "and {n} more", n=more)))
    return "\n".join([*lines, *([f"{base}/today"] if base else [])])


def _language(settings: Settings) -> str:
    """The language that most of our people read; English where nobody said."""
    from holdfast.store import staff

    said = [person.language for person in staff.colleagues(settings) if person.language]
    return max(sorted(set(said)), key=said.count) if said else preferred("")
