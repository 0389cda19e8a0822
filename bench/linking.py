"""Who is whom while events arrive: units, links that calls say, values that match; events a second."""

from __future__ import annotations

import random
from pathlib import Path

from bench.measuring import Line, cpu_seconds
from holdfast import store
from holdfast.settings import Settings, write_settings
from holdfast.store import identity_live, live_sources, sql
from holdfast.store.identity_live import LinkSaid

SEED = 29
AT_ONCE = 2_000
"""Events that one beat of the worker takes in."""


def run(size: str, folder: Path) -> list[Line]:
    """Beats of 2,000 events over many customers, a third of whom have a second id and two devices."""
    people = 1_000_000 if size == "large" else 200_000
    settings = Settings(folder / "workspace", currency="EUR")
    write_settings(settings)
    store.connect(settings)
    import_id = live_sources.ensure(settings, "site", "segment", now_us=1).import_id
    _fill(people, import_id)
    draw = random.Random(SEED)
    touched = [sorted({draw.randrange(1, people + 1) for _ in range(AT_ONCE)}) for _ in range(5)]
    looked = cpu_seconds(lambda: [identity_live.units_of(settings, each) for each in touched])
    known = [_said(each, people, 0) for each in touched]
    again = cpu_seconds(lambda: [_link(settings, pairs) for pairs in known])
    new = [_said(each, people, 9 * people) for each in touched]
    _name_devices(people, touched)
    linked = cpu_seconds(lambda: [_link(settings, pairs) for pairs in new])
    points = [_write_points(each, import_id, draw) for each in touched]
    matched = cpu_seconds(lambda: [_match(settings, some, import_id) for some in points])
    events = sum(len(each) for each in touched)
    beside = f"a beat of {AT_ONCE:,} takes {looked / 5 * 1000:.0f} ms"
    return [
        Line(f"units of the touched, {people:,} customers, seed {SEED}", events / looked, "/CPU s", beside),
        Line("links said again", events / again, "/CPU s", "looking units up", looked / again),
        Line(
            "new devices linked",
            events / linked,
            "/CPU s",
            "looking units up",
            looked / linked,
            "over 5,000 a CPU s",
            events / linked > 5_000,
        ),
        Line(
            "new addresses matched",
            events / matched,
            "/CPU s",
            "looking units up",
            looked / matched,
            "over 5,000 a CPU s",
            events / matched > 5_000,
        ),
    ]


def _fill(people: int, import_id: int) -> None:
    """Customers 1..n, second ids of every third, two devices each; addresses of all."""
    numbers = (
        "WITH RECURSIVE many(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < {people}) ".format
    )
    with sql.short_write():
        for shift, namespace in ((0, "customer"), (1, "crm"), (2, "anonymous"), (3, "anonymous")):
            some = "" if shift == 0 else "WHERE n % 3 = 0"
            sql.write(
                f"{numbers(people=people)} INSERT INTO subject (id, namespace, key) "
                f"SELECT n + {shift * people}, '{namespace}', 'K' || (n + {shift * people}) FROM many {some}"
            )
            if shift:
                sql.write(
                    f"{numbers(people=people)} INSERT INTO identity_link "
                    "(subject_id, unit_id, linked_us, reason, evidence, made_by, import_id) "
                    f"SELECT n + {shift * people}, n, 1, 'identify', '', 'call', {import_id} FROM many {some}"
                )
        sql.write(
            f"{numbers(people=people)} INSERT INTO contact_point (subject_id, kind, value, import_id, also) "
            f"SELECT n, 'email', 'c' || n || '@x.org', {import_id}, '' FROM many"
        )


def _said(subjects: list[int], people: int, devices_from: int) -> list[LinkSaid]:
    first = devices_from or 2 * people
    return [
        LinkSaid(first + each, each, 5, "identify", None, True)
        for each in subjects
        if devices_from or each % 3 == 0
    ]


def _name_devices(people: int, touched: list[list[int]]) -> None:
    for each in sorted({9 * people + subject for some in touched for subject in some}):
        sql.write("INSERT INTO subject (id, namespace, key) VALUES (%s, 'anonymous', %s)", (each, f"N{each}"))


def _link(settings: Settings, pairs: list[LinkSaid]) -> None:
    with sql.short_write():
        identity_live.link_said(settings, pairs, 10)


def _write_points(subjects: list[int], import_id: int, draw: random.Random) -> list[tuple[int, str, str]]:
    """New addresses, of which every tenth is that of somebody else."""
    points = [
        (each, "email", f"c{draw.choice(subjects)}@x.org" if each % 10 == 0 else f"n{each}@x.org")
        for each in subjects
    ]
    with sql.short_write():
        for subject, kind, value in points:
            sql.write(
                "INSERT INTO contact_point (subject_id, kind, value, import_id, also) "
                "VALUES (%s, %s, %s, %s, '')",
                (subject, kind, value, import_id),
            )
    return points


def _match(settings: Settings, points: list[tuple[int, str, str]], import_id: int) -> None:
    with sql.short_write():
        identity_live.link_matches_live(settings, points, import_id, 20)
