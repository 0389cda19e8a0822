"""What people entered into the contact calendar: issues, dates of our own, plans of segments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql

MOST = 1_000


@dataclass(frozen=True, slots=True)
class Issue:
    """What a newsletter says on a day."""

    id: int
    play_id: int
    day: int
    template: str
    made_by: str


@dataclass(frozen=True, slots=True)
class OwnDate:
    """A date of our own; for everybody where ``segment_key`` is ""."""

    id: int
    kind: str
    title: str
    day: int
    until_day: int
    segment_key: str
    made_by: str


@dataclass(frozen=True, slots=True)
class Plan:
    """That a segment is to hear of us by a channel ("": any) at least once in so many days."""

    id: int
    segment_key: str
    channel: str
    every_days: int
    made_by: str


def keep_issue(settings: Settings, play_id: int, day: int, template: str, *, by: str, now_us: int) -> None:
    """Decide what a newsletter says on a day; what was decided for it before is gone."""
    store.connect(settings)
    sql.write(
        "INSERT INTO newsletter_issue (play_id, day, template, made_us, made_by) VALUES (%s, %s, %s, %s, %s) "
        "ON CONFLICT (play_id, day) DO UPDATE SET template = excluded.template, "
        "made_us = excluded.made_us, made_by = excluded.made_by",
        (play_id, day, template, now_us, by),
    )


def drop_issue(settings: Settings, play_id: int, day: int) -> None:
    """Take an issue away again."""
    store.connect(settings)
    sql.write("DELETE FROM newsletter_issue WHERE play_id = %s AND day = %s", (play_id, day))


def issues(settings: Settings, from_day: int, to_day: int, play_id: int | None = None) -> list[Issue]:
    """The issues of these days, both included; those of one play where it is named."""
    store.connect(settings)
    whose = "" if play_id is None else f" AND play_id = {int(play_id)}"
    rows = sql.read(
        "SELECT id, play_id, day, template, made_by FROM newsletter_issue "
        f"WHERE day >= %s AND day <= %s{whose} ORDER BY day, id LIMIT {MOST}",
        (from_day, to_day),
    )
    return [Issue(*row) for row in rows]


def add_date(
    settings: Settings,
    kind: str,
    title: str,
    days: tuple[int, int],
    segment_key: str,
    *,
    by: str,
    now_us: int,
) -> int:
    """Enter a date of our own, from the first to the last of ``days``; its number."""
    store.connect(settings)
    row = sql.one(
        "INSERT INTO own_date (kind, title, day, until_day, segment_key, made_us, made_by) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id",
        (kind, title, *days, segment_key, now_us, by),
    )
    assert row is not None  # noqa: S101
    return int(row[0])


def drop_date(settings: Settings, date_id: int) -> bool:
    """Take a date away; whether it was there."""
    store.connect(settings)
    return sql.write("DELETE FROM own_date WHERE id = %s", (date_id,)) == 1


def dates(settings: Settings, from_day: int, to_day: int) -> list[OwnDate]:
    """The dates of our own of which a day lies between these, both included."""
    store.connect(settings)
    rows = sql.read(
        "SELECT id, kind, title, day, until_day, segment_key, made_by FROM own_date "
        f"WHERE until_day >= %s AND day <= %s ORDER BY day, id LIMIT {MOST}",
        (from_day, to_day),
    )
    return [OwnDate(*row) for row in rows]


def keep_plan(
    settings: Settings, segment_key: str, channel: str, every_days: int, *, by: str, now_us: int
) -> None:
    """Decide how often a segment is to hear of us by a channel."""
    store.connect(settings)
    sql.write(
        "INSERT INTO contact_plan (segment_key, channel, every_days, made_us, made_by) "
        "VALUES (%s, %s, %s, %s, %s) ON CONFLICT (segment_key, channel) DO UPDATE SET "
        "every_days = excluded.every_days, made_us = excluded.made_us, made_by = excluded.made_by",
        (segment_key, channel, every_days, now_us, by),
    )


def drop_plan(settings: Settings, plan_id: int) -> bool:
    """Take a line of the plan away; whether it was there."""
    store.connect(settings)
    return sql.write("DELETE FROM contact_plan WHERE id = %s", (plan_id,)) == 1


def plans(settings: Settings) -> list[Plan]:
    """How often each segment is to hear of us."""
    store.connect(settings)
    rows = sql.read(
        "SELECT id, segment_key, channel, every_days, made_by FROM contact_plan "
        f"ORDER BY segment_key, channel LIMIT {MOST}"
    )
    return [Plan(*row) for row in rows]


def entered_since(settings: Settings, play_id: int, since_us: int) -> list[tuple[int, int]]:
    """Who entered a play since then, and when they did last."""
    store.connect(settings)
    rows = sql.read(
        "SELECT unit_id, MAX(entered_us) FROM enrolment WHERE play_id = %s AND entered_us >= %s "
        "GROUP BY unit_id",
        (play_id, since_us),
    )
    return [(int(unit), int(at_us)) for unit, at_us in rows]


@dataclass(frozen=True, slots=True)
class Cost:
    """What a play of greetings came to: messages sent, who unsubscribed by one, who reported one as spam."""

    sent: int
    unsubscribed: int
    complaints: int


def costs(settings: Settings, play_keys: Sequence[str], since_us: int) -> dict[str, Cost]:
    """What plays came to since then, by their keys."""
    store.connect(settings)
    if not play_keys:
        return {}
    by = {f"play {key}": key for key in play_keys}
    marks = ", ".join(["%s"] * len(by))
    whose = f"AND t.asked_by IN ({marks}) GROUP BY t.asked_by"
    of_touch = "JOIN touch t ON t.id = CAST(SUBSTR(s.source, 7) AS BIGINT) WHERE s.source LIKE 'touch %%'"
    sent = sql.read(
        "SELECT t.asked_by, COUNT(*) FROM touch t WHERE t.state = 'sent' AND t.purpose = 'marketing' "
        f"AND t.changed_us >= %s {whose}",
        (since_us, *by),
    )
    left = sql.read(
        f"SELECT t.asked_by, COUNT(DISTINCT t.id) FROM consent_said s {of_touch} "
        "AND NOT s.given AND s.how IN ('page', 'one_click', 'program') AND s.topic IN ('', t.topic) "
        f"AND s.at_us >= %s {whose}",
        (since_us, *by),
    )
    reported = sql.read(
        f"SELECT t.asked_by, COUNT(DISTINCT t.id) FROM suppressed s {of_touch} "
        f"AND s.reason = 'complaint' AND s.at_us >= %s {whose}",
        (since_us, *by),
    )
    found = {key: Cost(0, 0, 0) for key in play_keys}
    for name, rows in (("sent", sent), ("unsubscribed", left), ("complaints", reported)):
        for asked_by, count in rows:
            found[by[asked_by]] = replace(found[by[asked_by]], **{name: int(count)})
    return found


def first_days(settings: Settings) -> list[tuple[int, int]]:
    """On which day how many customers ordered for the first time."""
    store.connect(settings)
    rows = sql.read("SELECT first_day, COUNT(*) FROM standing WHERE first_day IS NOT NULL GROUP BY first_day")
    return [(int(day), int(count)) for day, count in rows]


def countries(settings: Settings, most: int) -> list[tuple[str, int]]:
    """The countries in which most customers live, with how many do."""
    store.connect(settings)
    rows = sql.read(
        "SELECT country, SUM(units) FROM standing_count WHERE country <> '' "
        f"GROUP BY country ORDER BY SUM(units) DESC, country LIMIT {int(most)}"
    )
    return [(str(code), int(count)) for code, count in rows]
