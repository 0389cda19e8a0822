"""What people said of episodes: snoozed, right or wrong, over; and what they did first."""

from __future__ import annotations

from collections.abc import Sequence

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.linked import among, stretches


def snooze(settings: Settings, episode_id: int, until_day: int | None, *, by: str) -> bool:
    """Show an open episode no more until a day (``None``: again at once); whether it is open."""
    store.connect(settings)
    return bool(
        sql.write(
            "UPDATE episode SET snoozed_until_day = CAST(%s AS INTEGER), snoozed_by = %s "
            "WHERE id = %s AND ended_day IS NULL",
            (until_day, by, episode_id),
        )
    )


def judge(settings: Settings, episode_id: int, right: bool | None, *, by: str, now_us: int) -> bool:
    """Note whether the warning was right (``None``: nobody says so any more); whether there is one."""
    store.connect(settings)
    return bool(
        sql.write(
            "UPDATE episode SET judged_right = CAST(%s AS BOOLEAN), judged_us = %s, judged_by = %s "
            "WHERE id = %s",
            (right, None if right is None else now_us, "" if right is None else by, episode_id),
        )
    )


def end(settings: Settings, episode_id: int, day: int, *, by: str, now_us: int) -> bool:
    """End an open episode for a person; whether it was open."""
    store.connect(settings)
    return bool(
        sql.write(
            "UPDATE episode SET ended_day = %s, ended_us = %s, ended_by = %s "
            "WHERE id = %s AND ended_day IS NULL",
            (day, now_us, by, episode_id),
        )
    )


def unanswered(settings: Settings, units: Sequence[int], *, since_us: int) -> list[tuple[int, int, int]]:
    """(episode, customer, raised) of these customers' news since a moment that nobody has answered yet."""
    store.connect(settings)
    found: list[tuple[int, int, int]] = []
    for some in stretches(units):
        rows = sql.read(
            f"SELECT id, unit_id, raised_us FROM episode WHERE unit_id IN {among(some)} AND raised_us >= %s "
            "AND acted_us IS NULL AND NOT quiet AND merged_into IS NULL ORDER BY id",
            (since_us,),
        )
        found += [(int(number), int(unit), int(raised)) for number, unit, raised in rows]
    return found


def units_unanswered(settings: Settings, *, since_us: int) -> list[int]:
    """The customers, sorted, with news since a moment that nobody has answered yet."""
    store.connect(settings)
    rows = sql.read(
        "SELECT DISTINCT unit_id FROM episode WHERE raised_us >= %s AND acted_us IS NULL AND NOT quiet "
        "AND merged_into IS NULL ORDER BY unit_id",
        (since_us,),
    )
    return [int(unit) for (unit,) in rows]


def tasks_done(settings: Settings, *, since_us: int) -> list[tuple[int, int]]:
    """(subject, moment) of tasks about customers that were done since a moment."""
    store.connect(settings)
    rows = sql.read(
        "SELECT subject_id, closed_us FROM task WHERE state = 'done' AND closed_us >= %s "
        "AND subject_id IS NOT NULL ORDER BY closed_us",
        (since_us,),
    )
    return [(int(subject), int(at)) for subject, at in rows]


def note_acted(settings: Settings, acts: Sequence[tuple[int, int, str]]) -> None:
    """Note the first thing that was done: (episode, moment, what)."""
    from django.db import connection

    store.connect(settings)
    for first in range(0, len(acts), 500):
        with sql.short_write(), connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE episode SET acted_us = %s, acted_what = %s WHERE id = %s AND "
                "(acted_us IS NULL OR acted_us > %s)",
                [(at_us, what, number, at_us) for number, at_us, what in acts[first : first + 500]],
            )


def answers(settings: Settings, *, since_us: int) -> dict[str, tuple[int, int, list[int]]]:
    """Signal to: news raised since a moment, those nobody answered, and the delays of the others (in us)."""
    store.connect(settings)
    found: dict[str, tuple[int, int, list[int]]] = {}
    for key, raised, acted in sql.read(
        "SELECT signal_key, raised_us, acted_us FROM episode WHERE raised_us >= %s AND NOT quiet "
        "AND merged_into IS NULL AND storm_id IS NULL",
        (since_us,),
    ):
        number, silent, delays = found.get(key, (0, 0, []))
        if acted is not None:
            delays.append(max(0, int(acted) - int(raised)))
        found[key] = (number + 1, silent + (acted is None), delays)
    return found
