"""Offers and news to a customer pause until a day: asked by them or set by us; ended by either."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.settings import Settings

LONGEST_DAYS = 730
LONGEST_WHY = 500


def pause(
    settings: Settings,
    subjects: Collection[int],
    until: date,
    *,
    asked: bool,
    why: str = "",
    by: str = "",
    address_key: bytes = b"",
    now_us: int,
) -> None:
    """Let offers and news to a customer pause until that day begins by the company's clock.

    The first of ``subjects`` keeps it; those before it end. Refuses ("bad_day") a day that is over or too
    far ahead.
    """
    from holdfast.store import pauses, sql

    today = datetime.fromtimestamp(now_us // 1_000_000, UTC).astimezone(settings.zone).date()
    if not today < until <= today + timedelta(days=LONGEST_DAYS):
        raise Refusal(
            "bad_day",
            found=Text("Nothing can pause until {day}.", day=until),
            expected=Text("A day from tomorrow on, two years ahead at most."),
            remedy=Text("Choose another day; nothing was changed."),
        )
    until_us = int(datetime(until.year, until.month, until.day, tzinfo=settings.zone).timestamp()) * 1_000_000
    with sql.short_write():
        _end(settings, subjects, by, address_key, now_us)
        pauses.pause(
            settings,
            min(subjects, default=0),
            until_us,
            asked=asked,
            why=_kept(why),
            by=by,
            address_key=address_key,
            now_us=now_us,
        )


def end(
    settings: Settings, subjects: Collection[int], *, by: str, address_key: bytes = b"", now_us: int
) -> bool:
    """Let offers and news go again; whether they paused. What waits for it is looked at at once."""
    from holdfast.store import sql

    with sql.short_write():
        return _end(settings, subjects, by, address_key, now_us)


def _end(settings: Settings, subjects: Collection[int], by: str, address_key: bytes, now_us: int) -> bool:
    from holdfast.store import pauses, pressure

    ended = pauses.end(settings, subjects, by=by, now_us=now_us, address_key=address_key)
    if ended:
        pressure.look_again(settings, ("paused",), now_us=now_us, subjects=subjects)
    return bool(ended)


def _kept(written: str) -> str:
    plain = written.replace("\r\n", "\n").replace("\0", "")
    return plain.encode("utf-8", "ignore").decode("utf-8").strip()[:LONGEST_WHY]
