"""Templates of messages: what is being worked on, what was published, and when."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from holdfast import store
from holdfast.domain.templates import Body, body_as_json, parse_body
from holdfast.settings import Settings
from holdfast.store import sql


@dataclass(frozen=True, slots=True)
class Template:
    """One template; see :class:`holdfast.store.models.MessageTemplate`."""

    id: int
    key: str
    title: str
    kind: str
    draft: Body
    version: int
    published: int
    made_us: int
    changed_us: int
    changed_by: str
    deleted_us: int | None


@dataclass(frozen=True, slots=True)
class Published:
    """What is sent of a template now."""

    template_id: int
    key: str
    kind: str
    number: int
    body: Body


@dataclass(frozen=True, slots=True)
class Version:
    """When a template was published, by whom."""

    number: int
    published_us: int
    published_by: str


def listed(settings: Settings) -> list[Template]:
    """Every template that was not taken away: messages before shared parts, by title."""
    store.connect(settings)
    rows = sql.read(f"{_SELECT} WHERE t.deleted_us IS NULL ORDER BY t.kind, LOWER(t.title), t.id")
    return [_template(row) for row in rows]


def one(settings: Settings, template_id: int) -> Template | None:
    """One template, a deleted one too; ``None`` when there is none."""
    store.connect(settings)
    row = sql.one(f"{_SELECT} WHERE t.id = %s", (template_id,))
    return None if row is None else _template(row)


def keyed(settings: Settings, key: str) -> Template | None:
    """The template called ``key``, a deleted one too."""
    store.connect(settings)
    row = sql.one(f"{_SELECT} WHERE t.key = %s", (key,))
    return None if row is None else _template(row)


def keys_like(settings: Settings, key: str) -> set[str]:
    """The keys there are that begin with ``key``, those of deleted ones too."""
    store.connect(settings)
    rows = sql.read("SELECT key FROM message_template WHERE key >= %s AND key < %s", (key, key + "\uffff"))
    return {found for (found,) in rows}


def add(
    settings: Settings, key: str, title: str, kind: str, body: Body, *, by: str, now_us: int
) -> int | None:
    """Make a template; its id, or ``None`` where another has the key."""
    store.connect(settings)
    row = sql.one(
        "INSERT INTO message_template (key, title, kind, draft, version, published, made_us, changed_us, "
        "changed_by) VALUES (%s, %s, %s, %s, 1, 0, %s, %s, %s) ON CONFLICT (key) DO NOTHING RETURNING id",
        (key, title, kind, _json(body), now_us, now_us, by),
    )
    return None if row is None else int(row[0])


def change(
    settings: Settings, template: Template, *, by: str, now_us: int, body: Body | None = None, title: str = ""
) -> bool:
    """Keep another draft or title; whether nobody else had changed it since it was read."""
    store.connect(settings)
    changed = sql.write(
        "UPDATE message_template SET draft = %s, title = %s, version = version + 1, changed_us = %s, "
        "changed_by = %s WHERE id = %s AND version = %s AND deleted_us IS NULL",
        (_json(body or template.draft), title or template.title, now_us, by, template.id, template.version),
    )
    return changed == 1


def publish(settings: Settings, template: Template, *, by: str, now_us: int) -> int | None:
    """Let the draft be what is sent from now on; its number, or ``None`` where somebody changed it."""
    store.connect(settings)
    number = template.published + 1
    with sql.short_write():
        changed = sql.write(
            "UPDATE message_template SET published = %s, version = version + 1, changed_us = %s, "
            "changed_by = %s WHERE id = %s AND version = %s AND deleted_us IS NULL",
            (number, now_us, by, template.id, template.version),
        )
        if changed != 1:
            return None
        sql.write(
            "INSERT INTO message_template_version (template_id, number, content, published_us, published_by) "
            "VALUES (%s, %s, %s, %s, %s)",
            (template.id, number, _json(template.draft), now_us, by),
        )
    return number


def published(settings: Settings, keys: Collection[str]) -> dict[str, Published]:
    """What is sent of these templates now, by key; what was never published or is gone is left out."""
    store.connect(settings)
    if not keys:
        return {}
    rows = sql.read(
        "SELECT t.id, t.key, t.kind, v.number, v.content FROM message_template t "
        "JOIN message_template_version v ON v.template_id = t.id AND v.number = t.published "
        f"WHERE t.deleted_us IS NULL AND t.key IN ({', '.join(['%s'] * len(keys))})",
        tuple(keys),
    )
    return {
        key: Published(template_id, key, kind, number, parse_body(sql.json_value(content)))
        for template_id, key, kind, number, content in rows
    }


def body_of(settings: Settings, template: Template, number: int) -> Body | None:
    """What a template said when it was published for the ``number``-th time."""
    store.connect(settings)
    row = sql.one(
        "SELECT content FROM message_template_version WHERE template_id = %s AND number = %s",
        (template.id, number),
    )
    return None if row is None else parse_body(sql.json_value(row[0]))


def versions(settings: Settings, template: Template, *, most: int = 20) -> list[Version]:
    """When it was published, the latest first."""
    store.connect(settings)
    rows = sql.read(
        "SELECT number, published_us, published_by FROM message_template_version WHERE template_id = %s "
        f"ORDER BY number DESC LIMIT {int(most)}",
        (template.id,),
    )
    return [Version(*row) for row in rows]


def delete(settings: Settings, template_id: int, *, now_us: int) -> None:
    """Take a template away; it can be brought back until it is swept."""
    store.connect(settings)
    sql.write(
        "UPDATE message_template SET deleted_us = %s WHERE id = %s AND deleted_us IS NULL",
        (now_us, template_id),
    )


def sweep(settings: Settings, before_us: int) -> int:
    """Forget for good what was deleted before a moment; how many templates."""
    store.connect(settings)
    with sql.short_write():
        gone = "(SELECT id FROM message_template WHERE deleted_us < %s)"
        sql.write(f"DELETE FROM message_template_version WHERE template_id IN {gone}", (before_us,))
        return sql.write("DELETE FROM message_template WHERE deleted_us < %s", (before_us,))


def restore(settings: Settings, template_id: int) -> None:
    """Bring a deleted template back."""
    store.connect(settings)
    sql.write("UPDATE message_template SET deleted_us = NULL WHERE id = %s", (template_id,))


_SELECT = (
    "SELECT t.id, t.key, t.title, t.kind, t.draft, t.version, t.published, t.made_us, t.changed_us, "
    "t.changed_by, t.deleted_us FROM message_template t"
)


def _template(row: sql.Row) -> Template:
    values: list[Any] = list(row)
    values[4] = parse_body(sql.json_value(values[4]))
    return Template(*values)


def _json(body: Body) -> str:
    return json.dumps(body_as_json(body), ensure_ascii=False)
