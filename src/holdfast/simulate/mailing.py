"""What the company sends unasked: newsletters, promotions, a word from its staff, and the answers
of silence: mails not opened, people who unsubscribe.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from holdfast.simulate.arrays import Array, Ints
from holdfast.simulate.catalogue import OFFICE
from holdfast.simulate.draws import Purpose
from holdfast.simulate.people import NEVER, Kind, Stage
from holdfast.simulate.speaking import theme_index, write_words
from holdfast.simulate.today import Today, strings
from holdfast.simulate.touches import annoy

_OPENS = 0.42
_WAVERING_OPENS = 0.35
_UNSUBSCRIBES = 0.0022
_WAVERING_UNSUBSCRIBES = 6.0
_MAIL_PRESSURE = 0.35
_STAYS_ON_LIST = 150


def mail(today: Today) -> None:
    """The day's newsletter or promotion, if there is one."""
    campaign = campaign_of(today.on)
    if not campaign:
        return
    people = today.people
    recent = people.since > today.day - _STAYS_ON_LIST
    listed = people.consent & (people.deleted == NEVER) & (people.kind != Kind.WHOLESALE)
    rows = np.flatnonzero(listed & (people.present() | recent))
    ids = strings([campaign] * len(rows))
    at = today.at_hour(rows, 7)
    today.event("Email Delivered", rows, at, object_kind="message", object_id=ids, code="marketing")
    annoy(today, rows, _MAIL_PRESSURE)
    _read(today, rows, ids)
    _unsubscribe(today, rows)


def campaign_of(on: date) -> str:
    """Name of the mail that goes out on this date: on the second Tuesday of each month the news, on
    the Fridays before Christmas a promotion; "" on most days.
    """
    if on.weekday() == 1 and 8 <= on.day <= 14:
        return f"news-{on:%Y-%m}"
    if on.weekday() == 4 and ((on.month == 11 and on.day >= 15) or (on.month == 12 and on.day <= 20)):
        return f"promotion-{on.isoformat()}"
    return ""


def check_in(today: Today) -> None:
    """Staff write to an office now and then, to others hardly ever (C12)."""
    people = today.people
    rows = np.flatnonzero(people.present() & (people.kind != Kind.WHOLESALE))
    chance = np.where(people.plan[rows] == OFFICE, 0.012, 0.0004)
    rows = rows[today.uniform(rows, Purpose.CHECK_IN) < chance]
    if not len(rows):
        return
    themes = np.full(len(rows), theme_index("check_in"), np.int64)
    text = write_words(today, rows, themes, 1, np.zeros(len(rows), bool))
    send_message(today, rows, today.at_hour(rows, 9), text, letter="N", direction="out")


def invite(today: Today) -> None:
    """Content customers invite friends (J2)."""
    people = today.people
    rows = np.flatnonzero((people.stage == Stage.CONTENT) & (people.kind != Kind.WHOLESALE))
    chance = 0.0006 * np.exp(0.5 * np.clip(people.fit[rows], -3, 2)) * (people.grievance[rows] < 0.0005)
    rows = rows[today.uniform(rows, Purpose.INVITE) < chance]
    today.event("Invite Sent", rows, today.moments(rows, Purpose.INVITE))


def send_message(today: Today, rows: Ints, at: Ints, text: Array, *, letter: str, direction: str) -> Array:
    """Put messages into today's table and return their ids."""
    ids = today.numbered(letter, rows, np.full(len(rows), today.day, np.int64))
    today.add(
        "messages",
        customer=today.ids(rows),
        at=at,
        direction=strings([direction] * len(rows)),
        channel=strings(np.where(today.people.chats[rows], "chat", "email").tolist()),
        text=text,
        message_id=ids,
    )
    return ids


def _read(today: Today, rows: Ints, ids: Array) -> None:
    people = today.people
    chance = _OPENS * np.clip(people.tolerance[rows], 0.1, 1.9)
    chance = chance * np.where(people.stage[rows] == Stage.WAVERING, _WAVERING_OPENS, 1.0)
    chance = chance * np.where(people.stage[rows] == Stage.LEFT, 0.25, 1.0)
    opens = today.uniform(rows, Purpose.MAIL_OPEN) < chance
    # Nobody opens a mail before it went out at seven.
    at = np.maximum(today.moments(rows, Purpose.MAIL_MOMENT), today.at_hour(rows, 7) + 60_000_000)
    today.event(
        "Email Opened", rows[opens], at[opens], object_kind="message", object_id=ids[opens], code="marketing"
    )


def _unsubscribe(today: Today, rows: Ints) -> None:
    people = today.people
    chance = _UNSUBSCRIBES / people.tolerance[rows] * np.maximum(people.pressure[rows], 0.5)
    chance = chance * np.where(people.stage[rows] == Stage.WAVERING, _WAVERING_UNSUBSCRIBES, 1.0)
    goes = rows[today.uniform(rows, Purpose.UNSUBSCRIBE) < chance]
    people.consent[goes] = False
    today.event("Unsubscribed", goes, today.at_hour(goes, 20), code="newsletter")
