"""Views of lists that people saved: their own, and those that somebody shared with the team."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql

MOST = 50
"""Views that one person may have of one list."""


@dataclass(frozen=True, slots=True)
class SavedView:
    """See :class:`holdfast.store.models.SavedView`; ``maker`` is the name of who made it."""

    id: int
    list: str
    title: str
    query: str
    person_id: int
    shared: bool
    made_us: int
    deleted_us: int | None
    maker: str


_SELECT = (
    "SELECT v.id, v.list, v.title, v.query, v.person_id, v.shared, v.made_us, v.deleted_us, "
    "COALESCE(NULLIF(p.name, ''), p.email, '') FROM saved_view v LEFT JOIN person p ON p.id = v.person_id"
)


def views_for(settings: Settings, person_id: int, list_name: str = "") -> list[SavedView]:
    """What ``person_id`` sees of a list ("": of every list): their own views first, then the team's."""
    store.connect(settings)
    of_list, values = ("AND v.list = %s ", (list_name,)) if list_name else ("", ())
    rows = sql.read(
        f"{_SELECT} WHERE v.deleted_us IS NULL AND (v.person_id = %s OR v.shared) {of_list}"
        "ORDER BY v.list, CASE WHEN v.person_id = %s THEN 0 ELSE 1 END, v.position, v.id",
        (person_id, *values, person_id),
    )
    return [_view(row) for row in rows]


def one(settings: Settings, view_id: int) -> SavedView | None:
    """The view with this id, a deleted one too; ``None`` when there is none."""
    store.connect(settings)
    row = sql.one(f"{_SELECT} WHERE v.id = %s", (view_id,))
    return None if row is None else _view(row)


def add(
    settings: Settings,
    person_id: int,
    list_name: str,
    title: str,
    query: str,
    *,
    shared: bool = False,
    now_us: int,
) -> int | None:
    """Save a view behind those that the person has; its id, ``None`` when there are too many already."""
    store.connect(settings)
    with sql.short_write():
        row = sql.one(
            "INSERT INTO saved_view (list, title, query, person_id, shared, position, made_us) "
            "SELECT %s, %s, %s, %s, %s, COALESCE(MAX(position), 0) + 1, %s FROM saved_view "
            "WHERE list = %s AND person_id = %s AND deleted_us IS NULL HAVING COUNT(*) < %s RETURNING id",
            (list_name, title, query, person_id, shared, now_us, list_name, person_id, MOST),
        )
    return None if row is None else int(row[0])


def change(settings: Settings, view_id: int, *, title: str | None = None, shared: bool | None = None) -> None:
    """Give a view another name, or share it with the team or no longer."""
    store.connect(settings)
    if title is not None:
        sql.write("UPDATE saved_view SET title = %s WHERE id = %s", (title, view_id))
    if shared is not None:
        sql.write("UPDATE saved_view SET shared = %s WHERE id = %s", (shared, view_id))


def move(settings: Settings, view: SavedView, step: int) -> None:
    """Put a view before (-1) or behind (+1) its neighbour among the views of the same person and list.

    One that is deleted by now stays where it stood.
    """
    store.connect(settings)
    with sql.short_write():
        ids = [
            id_
            for (id_,) in sql.read(
                "SELECT id FROM saved_view WHERE list = %s AND person_id = %s AND deleted_us IS NULL "
                "ORDER BY position, id",
                (view.list, view.person_id),
            )
        ]
        if view.id not in ids:
            return
        at = ids.index(view.id)
        to = min(max(at + step, 0), len(ids) - 1)
        ids.insert(to, ids.pop(at))
        for position, id_ in enumerate(ids, 1):
            sql.write("UPDATE saved_view SET position = %s WHERE id = %s", (position, id_))


def delete(settings: Settings, view_id: int, *, now_us: int) -> None:
    """Take a view away; it can be brought back until it is swept."""
    store.connect(settings)
    sql.write("UPDATE saved_view SET deleted_us = %s WHERE id = %s AND deleted_us IS NULL", (now_us, view_id))


def restore(settings: Settings, view_id: int) -> None:
    """Bring a deleted view back to where it stood."""
    store.connect(settings)
    sql.write("UPDATE saved_view SET deleted_us = NULL WHERE id = %s", (view_id,))


def written(settings: Settings) -> dict[int, tuple[str, ...]]:
    """What stands in each view, a deleted one too, in lower case: its title, the values of its filters."""
    store.connect(settings)
    return {
        int(id_): tuple(
            " ".join(each.lower().split())
            for each in (title, *(value for _, value in parse_qsl(query.removeprefix("?"))))
        )
        for id_, title, query in sql.read("SELECT id, title, query FROM saved_view ORDER BY id")
    }


def sweep(settings: Settings, before_us: int) -> int:
    """Forget for good what was deleted before a moment; how many views."""
    store.connect(settings)
    return sql.write("DELETE FROM saved_view WHERE deleted_us < %s", (before_us,))


def _view(row: sql.Row) -> SavedView:
    id_, list_name, title, query, person_id, shared, made_us, deleted_us, maker = row
    return SavedView(id_, list_name, title, query, person_id, bool(shared), made_us, deleted_us, maker)
