"""What stands in the apps of the company: messages that went there, and which of them were read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.linked import among, stretches
from holdfast.store.outbox_told import Sent

KIND = "in_app"
"""The kind of the source that an app is."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A message as it stands in an app, and whether it was read."""

    id: int
    at_us: int
    title: str
    text: str
    language: str
    author: str
    read: bool


def subject_called(settings: Settings, namespace: str, key: str) -> int | None:
    """Whom an app calls so; ``None`` for somebody we do not know."""
    store.connect(settings)
    row = sql.one("SELECT id FROM subject WHERE namespace = %s AND key = %s", (namespace, key))
    return None if row is None else int(row[0])


def called(settings: Settings, subjects: Collection[int]) -> dict[int, tuple[str, str]]:
    """Subject to (how an app calls them, the name of the app), of those whom an app that is on knows."""
    store.connect(settings)
    found: dict[int, tuple[str, str]] = {}
    for some in stretches(sorted(subjects)):
        rows = sql.read(
            "SELECT s.id, s.key, l.name FROM live_source l JOIN subject s ON s.namespace = l.namespace "
            f"WHERE l.kind = '{KIND}' AND l.enabled = %s AND s.id IN {among(some)} ORDER BY s.id, l.id",
            (True,),
        )
        found |= {int(subject): (str(key), str(name)) for subject, key, name in rows}
    return found


_OF_ONE = (
    "FROM touch t WHERE t.subject_id = %s AND t.channel = 'in_app' AND t.state = 'sent' AND t.address = %s "
    "AND t.via = %s AND t.changed_us >= %s"
)


def messages(
    settings: Settings, subject_id: int, address: str, app: str, *, since_us: int, most: int
) -> list[Standing]:
    """What stands in an app for one customer, the newest first."""
    store.connect(settings)
    rows = sql.read(
        "SELECT t.id, t.changed_us, c.subject, c.text, c.language, c.sender_name, EXISTS (SELECT 1 FROM "
        "touch_try y WHERE y.touch_id = t.id AND y.what = 'read') "
        f"{_OF_ONE.replace('FROM touch t', 'FROM touch t JOIN touch_content c ON c.touch_id = t.id')} "
        f"ORDER BY t.id DESC LIMIT {int(most)}",
        (subject_id, address, app, since_us),
    )
    return [
        Standing(int(number), int(at_us), str(title), str(text), str(language), str(author), bool(read))
        for number, at_us, title, text, language, author, read in rows
    ]


def those_of(
    settings: Settings, subject_id: int, address: str, app: str, ids: Collection[int]
) -> Mapping[int, Sent]:
    """Of these messages those that stand in the app for this customer."""
    store.connect(settings)
    if not ids:
        return {}
    rows = sql.read(
        f"SELECT t.id, t.address, t.purpose, t.unit_id, t.subject_id {_OF_ONE} "
        f"AND t.id IN {among(sorted(ids))}",
        (subject_id, address, app, 0),
    )
    return {int(row[0]): Sent(*row) for row in rows}
