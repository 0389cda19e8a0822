"""Alerts by mail: to who chose to get them, in their language, once each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from holdfast.domain.texts import Text
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.store.figures import Alert
    from holdfast.store.staff import Colleague

KNOWN: Mapping[str, Text] = {"churn_rising": Text("More and more customers leave, month after month")}
"""Every alert that can come by mail, by its code."""

FRESH_DAYS = 3
"""An alert that was raised longer ago is no news."""

_FOR_DECIDERS = frozenset({"admin", "manager"})
_DAY_US = 86_400_000_000


def sort_of(code: str) -> str:
    """The sort of the mails about an alert."""
    return f"alert.{code}"


def usual(role: str) -> bool:
    """Whether somebody gets alerts who never chose: who decides does."""
    return role in _FOR_DECIDERS


def mail_alerts(settings: Settings, now: datetime) -> int:
    """Ask for a mail about each fresh alert to each who wants it; how many were not asked for before."""
    from holdfast.store import figures, mail_choices, staff

    now_us = int(now.timestamp() * 1_000_000)
    fresh = [
        each
        for each in figures.alerts(settings)
        if each.raised_us is not None and each.raised_us > now_us - FRESH_DAYS * _DAY_US
    ]
    asked = 0
    for alert in fresh:
        chosen = mail_choices.who_wants(settings, sort_of(alert.code))
        for person in staff.colleagues(settings):
            if chosen.get(person.id, usual(person.role)):
                asked += _ask(settings, alert, person, now_us)
    return asked


def _ask(settings: Settings, alert: Alert, person: Colleague, now_us: int) -> bool:
    from holdfast.language import Reader, preferred
    from holdfast.language.letters import Line, Way
    from holdfast.services.prove.mails import Mail, ask_for
    from holdfast.store import message_settings, sql

    base = message_settings.rules(settings).public_url
    reader = Reader(person.language or preferred(""), settings.zone)
    period = alert.period
    mail = Mail(
        f"alert {alert.code} {alert.group} {period.kind} {period.start.isoformat()}",
        sort_of(alert.code),
        reader.say(alert.strong),
        (
            Line(reader.say(alert.words)),
            Way(reader.gettext("Look at the figures"), f"{base}/measure" if base else ""),
        ),
        Text("You get this because you chose alerts by mail in Holdfast."),
    )
    with sql.short_write():
        return ask_for(settings, person, mail, reader, now_us=now_us)
