"""Pictures for messages: kept with the rest in the database, so that a copy of it holds whole messages."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql


@dataclass(frozen=True, slots=True)
class Image:
    """A picture without its content; ``width`` and ``height`` in pixels, 0 where they are not known."""

    name: str
    title: str
    media_type: str
    size: int
    width: int
    height: int


def keep(settings: Settings, image: Image, content: bytes, *, by: str, now_us: int) -> None:
    """Keep a picture; the same one is kept once."""
    store.connect(settings)
    sql.write(
        "INSERT INTO message_image (name, title, media_type, size, width, height, content, made_us, made_by) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (name) DO NOTHING",
        (
            image.name,
            image.title,
            image.media_type,
            image.size,
            image.width,
            image.height,
            content,
            now_us,
            by,
        ),
    )


def listed(settings: Settings, *, most: int = 200) -> list[Image]:
    """The pictures there are, the newest first."""
    store.connect(settings)
    return [Image(*row) for row in sql.read(f"{_SELECT} ORDER BY id DESC LIMIT {int(most)}")]


def among(settings: Settings, names: Collection[str]) -> dict[str, Image]:
    """Those of ``names`` that there are."""
    store.connect(settings)
    if not names:
        return {}
    rows = sql.read(f"{_SELECT} WHERE name IN ({', '.join(['%s'] * len(names))})", tuple(names))
    return {row[0]: Image(*row) for row in rows}


def content(settings: Settings, name: str) -> tuple[str, bytes] | None:
    """The type and the content of a picture."""
    store.connect(settings)
    row = sql.one("SELECT media_type, content FROM message_image WHERE name = %s", (name,))
    return None if row is None else (str(row[0]), bytes(row[1]))


_SELECT = "SELECT name, title, media_type, size, width, height FROM message_image"
