"""``holdfast calendar``: what goes to how many on the days ahead, who hears nothing, and who too much."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from holdfast.cli.answers import columns
from holdfast.cli.group import Command, Option
from holdfast.cli.session import Session
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.domain.contact_calendar import Entry
    from holdfast.services.act.calendar.gaps import Gaps
    from holdfast.services.act.calendar.planned import Planned
    from holdfast.settings import Settings

ORDER = 49
MOST_DAYS = 100


def _run(session: Session, days: int) -> None:
    from holdfast.services.act.calendar.gaps import gaps
    from holdfast.services.act.calendar.planned import planned

    settings, now = session.settings(), session.now()
    today = settings.now(now).astimezone(settings.zone).date()
    found = planned(settings, today, today + timedelta(days=days - 1), session.language, now)
    heard = gaps(settings, now)
    session.finish(_answer(session, found, heard), lambda: _show(session, settings, found, heard))


def _answer(session: Session, found: Planned, heard: Gaps) -> dict[str, Any]:
    return {
        "entries": [_entry(session, each) for each in found.entries],
        "daily": [asdict(each) for each in found.daily],
        "undated": found.undated,
        "hears": [
            {
                "segment": each.segment_key,
                "customers": each.customers,
                "by_channel": each.by_channel,
                "nothing": each.nothing,
                "too_much": each.too_much,
            }
            for each in heard.hears
        ],
        "plan": [
            {
                "segment": each.plan.segment_key,
                "channel": each.plan.channel,
                "every_days": each.plan.every_days,
                "customers": each.customers,
                "reached": each.reached,
            }
            for each in heard.plan
        ],
    }


def _entry(session: Session, each: Entry) -> dict[str, Any]:
    return {
        "day": each.day.isoformat(),
        "kind": each.kind,
        "title": each.title,
        "key": each.key,
        "channel": each.channel,
        "customers": each.customers,
        "state": each.state,
        "note": "" if each.note is None else session.say(each.note),
        "pressing": each.pressing,
        "countries": list(each.countries),
    }


def _show(session: Session, settings: Settings, found: Planned, heard: Gaps) -> None:
    from holdfast.domain.contact_calendar import ENTRY_KINDS

    reader = session.reader(settings)
    if not found.entries:
        session.tell(Text("Nothing is planned on these days."))
    rows = [
        (
            reader.day(each.day),
            session.say(ENTRY_KINDS[each.kind]),
            each.title,
            "" if each.customers is None else str(each.customers),
            "" if each.note is None else session.say(each.note),
        )
        for each in found.entries
    ]
    if rows:
        session.write(columns(rows, numbers=frozenset({3})))
    everybody = heard.hears[0]
    session.tell(
        Text(
            "{n} customer hears nothing of you in the next 30 days.",
            "{n} customers hear nothing of you in the next 30 days.",
            n=everybody.nothing,
        )
    )
    session.tell(
        Text(
            "For {n} customer more is planned than the contact rules let through.",
            "For {n} customers more is planned than the contact rules let through.",
            n=everybody.too_much,
        )
    )
    for each in heard.plan:
        session.tell(
            Text(
                "{segment}, once in {n} day at least: {reached} of {customers} reached.",
                "{segment}, once in {n} days at least: {reached} of {customers} reached.",
                segment=each.title,
                n=each.plan.every_days,
                reached=each.reached,
                customers=each.customers,
            )
        )


COMMAND = Command(
    "calendar",
    Text("Show what goes to customers on the days ahead, who hears nothing, and who too much."),
    _run,
    [
        Option(
            "--days",
            words=Text("How many days ahead, today included."),
            type=click.IntRange(min=1, max=MOST_DAYS),
            default=30,
            show_default=True,
        ),
    ],
)
