"""Outgoing webhooks: who is told what, what is on its way, and how it went.

:func:`announce` writes a message and asks the outbox for a touch per webhook, inside the caller's
transaction: what happened and that it is told stand or fall together. Only ``services/act`` sends.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from holdfast import store
from holdfast.domain.announcements import FOR_CHATS, wants
from holdfast.domain.texts import Text
from holdfast.domain.touch import Recipient, TouchRequest
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.outbox_sending import written
from holdfast.store.sealed import decrypt, encrypt
from holdfast.store.written import from_json

BOTH_US = 24 * 3_600_000_000
"""After a change of secrets the former one signs too, for so long."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that is told of ``kinds``; without its secrets.

    ``failing_since_us``: it has not worked since; ``off_us``: it was switched off for that.
    """

    id: int
    name: str
    url: str
    kinds: tuple[str, ...]
    enabled: bool
    made_us: int
    made_by: str
    changed_us: int
    rotated_us: int | None
    worked_us: int | None
    failing_since_us: int | None
    off_us: int | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message on its way to a webhook, or where that ended."""

    id: int
    webhook_id: int
    number: str
    kind: str
    state: str
    tries: int
    status: int | None
    trouble: Text | None
    made_us: int
    last_us: int | None


_COLUMNS = (
    "id, name, url, kinds, enabled, made_us, made_by, changed_us, rotated_us, worked_us, "
    "failing_since_us, off_us"
)


def add(
    settings: Settings, name: str, url: str, kinds: Sequence[str], *, by: str, now_us: int
) -> tuple[Webhook, str] | None:
    """A new webhook and its secret, which is told this once; ``None``: the name is taken."""
    store.connect(settings)
    secret = _new_secret()
    with sql.short_write():
        row = sql.one(
            "INSERT INTO webhook (name, url, kinds, sealed, enabled, made_us, made_by, changed_us) "
            "VALUES (%s, %s, %s, '', %s, %s, %s, %s) ON CONFLICT (name) DO NOTHING RETURNING id",
            (name, url, json.dumps(list(kinds)), True, now_us, by, now_us),
        )
        if row is None:
            return None
        _seal(settings, int(row[0]), {"secret": secret})
    made = one(settings, int(row[0]))
    assert made is not None  # noqa: S101  (just written)
    return made, secret


def listed(settings: Settings) -> list[Webhook]:
    """Every webhook, by name."""
    store.connect(settings)
    return [_webhook(row) for row in sql.read(f"SELECT {_COLUMNS} FROM webhook ORDER BY name")]


def one(settings: Settings, webhook_id: int) -> Webhook | None:
    """The webhook with this id."""
    store.connect(settings)
    row = sql.one(f"SELECT {_COLUMNS} FROM webhook WHERE id = %s", (webhook_id,))
    return None if row is None else _webhook(row)


def by_name(settings: Settings, name: str) -> Webhook | None:
    """The webhook called ``name``."""
    store.connect(settings)
    row = sql.one(f"SELECT {_COLUMNS} FROM webhook WHERE name = %s", (name,))
    return None if row is None else _webhook(row)


def change(
    settings: Settings, webhook_id: int, *, name: str, url: str, kinds: Sequence[str], now_us: int
) -> bool:
    """Give it another name, address or kinds; ``False``: the name is taken."""
    store.connect(settings)
    with sql.short_write():
        if sql.one("SELECT 1 FROM webhook WHERE name = %s AND id <> %s", (name, webhook_id)):
            return False
        sql.write(
            "UPDATE webhook SET name = %s, url = %s, kinds = %s, changed_us = %s WHERE id = %s",
            (name, url, json.dumps(list(kinds)), now_us, webhook_id),
        )
    return True


def enable(settings: Settings, webhook_id: int, enabled: bool, *, now_us: int) -> None:
    """Switch it on or off; switched on, its failures are forgotten."""
    store.connect(settings)
    sql.write(
        "UPDATE webhook SET enabled = %s, failing_since_us = NULL, off_us = NULL, changed_us = %s "
        "WHERE id = %s",
        (enabled, now_us, webhook_id),
    )


def remove(settings: Settings, webhook_id: int) -> None:
    """Forget a webhook and its deliveries."""
    store.connect(settings)
    with sql.short_write():
        sql.write("DELETE FROM webhook_delivery WHERE webhook_id = %s", (webhook_id,))
        sql.write("DELETE FROM webhook WHERE id = %s", (webhook_id,))


def secret_of(settings: Settings, webhook_id: int) -> str:
    """The secret that signs what it is told. Refuses ("sealed_elsewhere") what cannot be read."""
    store.connect(settings)
    row = sql.one("SELECT sealed FROM webhook WHERE id = %s", (webhook_id,))
    return decrypt(settings, _sealed_for(webhook_id), "" if row is None else str(row[0])).get("secret", "")


def rotate(settings: Settings, webhook_id: int, *, now_us: int) -> str:
    """A new secret; what is sent within the next day is signed with the one before too."""
    store.connect(settings)
    secret = _new_secret()
    with sql.short_write():
        former = secret_of(settings, webhook_id)
        _seal(settings, webhook_id, {"secret": secret, "former": former})
        sql.write(
            "UPDATE webhook SET rotated_us = %s, changed_us = %s WHERE id = %s", (now_us, now_us, webhook_id)
        )
    return secret


def is_wanted(settings: Settings, kind: str) -> bool:
    """Whether any webhook that is switched on is told of ``kind``: what nobody wants is not computed."""
    store.connect(settings)
    return bool(_wanting(kind))


def announce(
    settings: Settings, kind: str, told: Mapping[str, Any], *, units: Collection[int] = (), now_us: int
) -> int:
    """Tell every webhook that wants ``kind``; how many. Joins the caller's transaction.

    ``told`` is JSON, ``units`` the customers it is about: with them it is erased.
    """
    store.connect(settings)
    wanting = _wanting(kind)
    if not wanting:
        return 0
    with sql.short_write():
        message_id = _keep_message(kind, told, units, now_us)
        for webhook_id in wanting:
            _ask(settings, webhook_id, message_id, kind, now_us=now_us)
    return len(wanting)


def tell_one(settings: Settings, webhook_id: int, kind: str, told: Mapping[str, Any], *, now_us: int) -> int:
    """Tell one webhook, whether or not it wants ``kind`` (a trial); the delivery's id."""
    store.connect(settings)
    with sql.short_write():
        return _ask(settings, webhook_id, _keep_message(kind, told, (), now_us), kind, now_us=now_us)


def resend(settings: Settings, delivery_id: int, *, now_us: int) -> int | None:
    """Send the message of a delivery once more, under its own number; ``None``: it is forgotten by now."""
    store.connect(settings)
    with sql.short_write():
        row = sql.one(
            "SELECT d.webhook_id, d.message_id, m.kind FROM webhook_delivery d "
            "JOIN webhook_message m ON m.id = d.message_id WHERE d.id = %s",
            (delivery_id,),
        )
        return None if row is None else _ask(settings, row[0], row[1], row[2], now_us=now_us)


def outgoing(
    settings: Settings, delivery_id: int, *, now_us: int
) -> tuple[dict[str, Any], dict[str, str]] | None:
    """What the channel needs to send a delivery, and the secrets that sign it now ("secret", "former").

    ``None`` when the message or the webhook is gone.
    """
    store.connect(settings)
    row = sql.one(
        "SELECT w.id, w.url, w.enabled, m.number, m.body, w.rotated_us, w.sealed FROM webhook_delivery d "
        "JOIN webhook w ON w.id = d.webhook_id JOIN webhook_message m ON m.id = d.message_id "
        "WHERE d.id = %s",
        (delivery_id,),
    )
    if row is None:
        return None
    webhook_id, url, enabled, number, body, rotated_us, sealed = row
    kept = decrypt(settings, _sealed_for(webhook_id), str(sealed))
    if rotated_us is None or now_us - rotated_us >= BOTH_US:
        kept.pop("former", None)
    return {"url": url, "enabled": bool(enabled), "number": number, "body": body}, kept


def note_result(
    settings: Settings, touch_id: int, *, what: str, code: str, reason: Text | None, now_us: int
) -> None:
    """Keep how a try went, in the caller's transaction; the webhook works again, or has failed since.

    ``what`` is what became of the touch: sent, again (to be tried again), failed, unknown, refused. What
    is only held or given back was no try.
    """
    state = _STATES.get(what)
    named = sql.one("SELECT via FROM touch WHERE id = %s AND channel = 'webhook'", (touch_id,))
    if state is None or named is None or not str(named[0]).isdecimal():
        return
    row = sql.one("SELECT id, webhook_id FROM webhook_delivery WHERE id = %s", (int(named[0]),))
    if row is None:
        return
    state = "dropped" if code in ("switched_off", "gone") else state
    status = int(code.removeprefix("http_")) if code.startswith("http_") else None
    sql.write(
        "UPDATE webhook_delivery SET state = %s, tries = tries + 1, status = %s, trouble = %s, "
        "last_us = %s WHERE id = %s",
        (state, status, (state != "delivered" and written(reason)) or "", now_us, row[0]),
    )
    if state == "delivered":
        sql.write(
            "UPDATE webhook SET worked_us = %s, failing_since_us = NULL WHERE id = %s", (now_us, row[1])
        )
    elif state != "dropped":
        sql.write(
            "UPDATE webhook SET failing_since_us = COALESCE(failing_since_us, %s) WHERE id = %s",
            (now_us, row[1]),
        )


_STATES = {
    "sent": "delivered",
    "again": "waiting",
    "failed": "failed",
    "unknown": "failed",
    "refused": "failed",
}


def switch_off_failing(settings: Settings, *, since_us: int, now_us: int) -> list[Webhook]:
    """Switch off what has not worked since before ``since_us``; which were switched off now."""
    store.connect(settings)
    rows = sql.read(
        "UPDATE webhook SET enabled = %s, off_us = %s, changed_us = %s "
        f"WHERE enabled AND failing_since_us < %s RETURNING {_COLUMNS}",
        (False, now_us, now_us, since_us),
    )
    return [_webhook(row) for row in rows]


def deliveries(
    settings: Settings,
    webhook_id: int | None = None,
    *,
    state: str = "",
    before: int | None = None,
    limit: int = 50,
) -> list[Delivery]:
    """Deliveries, the newest first; of one webhook, in one state, before one of that id."""
    store.connect(settings)
    conditions = {"d.webhook_id = %s": webhook_id, "d.state = %s": state or None, "d.id < %s": before}
    chosen = {text: value for text, value in conditions.items() if value is not None}
    where = f"WHERE {' AND '.join(chosen)} " if chosen else ""
    rows = sql.read(
        "SELECT d.id, d.webhook_id, COALESCE(m.number, ''), COALESCE(m.kind, ''), d.state, d.tries, "
        "d.status, d.trouble, d.made_us, d.last_us FROM webhook_delivery d "
        f"LEFT JOIN webhook_message m ON m.id = d.message_id {where}ORDER BY d.id DESC LIMIT %s",
        [*chosen.values(), limit],
    )
    return [_delivery(row) for row in rows]


def forget_before(settings: Settings, before_us: int) -> int:
    """Forget messages that are older, and their deliveries; how many messages."""
    store.connect(settings)
    old = "(SELECT id FROM webhook_message WHERE made_us < %s LIMIT 2000)"
    gone = 0
    while True:
        with sql.short_write():
            sql.write(f"DELETE FROM webhook_about WHERE message_id IN {old}", (before_us,))
            sql.write(f"DELETE FROM webhook_delivery WHERE message_id IN {old}", (before_us,))
            now_gone = sql.write(f"DELETE FROM webhook_message WHERE id IN {old}", (before_us,))
        gone += now_gone
        if not now_gone:
            return gone


def _wanting(kind: str) -> list[int]:
    rows = sql.read("SELECT id, kinds FROM webhook WHERE enabled ORDER BY id")
    return [int(id_) for id_, kinds in rows if wants(_kinds(kinds), kind)]


def _keep_message(kind: str, told: Mapping[str, Any], units: Collection[int], now_us: int) -> int:
    number = f"msg_{secrets.token_urlsafe(20)}"
    at = datetime.fromtimestamp(now_us / 1_000_000, UTC).isoformat(timespec="milliseconds")
    said = told if kind in FOR_CHATS else {"type": kind, "timestamp": at.replace("+00:00", "Z"), "data": told}
    row = sql.one(
        "INSERT INTO webhook_message (number, kind, body, made_us) VALUES (%s, %s, %s, %s) RETURNING id",
        (number, kind, json.dumps(said, ensure_ascii=False, separators=(",", ":")), now_us),
    )
    assert row is not None  # noqa: S101  (an insert answers with its row)
    message_id = int(row[0])
    about = sorted({int(unit) for unit in units})
    if about:
        marks = ", ".join(f"({message_id}, {unit})" for unit in about)
        sql.write(f"INSERT INTO webhook_about (message_id, unit_id) VALUES {marks}")
    return message_id


def _ask(settings: Settings, webhook_id: int, message_id: int, kind: str, *, now_us: int) -> int:
    """A delivery, and its row in the outbox, which names it and says nothing of customers."""
    from holdfast.store import outbox

    row = sql.one(
        "INSERT INTO webhook_delivery (webhook_id, message_id, state, tries, trouble, made_us) "
        "VALUES (%s, %s, 'waiting', 0, '', %s) RETURNING id",
        (webhook_id, message_id, now_us),
    )
    assert row is not None  # noqa: S101  (an insert answers with its row)
    delivery_id = int(row[0])
    outbox.ask(
        settings,
        TouchRequest(
            key=f"webhook delivery {delivery_id}",
            purpose="staff",
            channel="webhook",
            to=Recipient(str(webhook_id)),
            subject=kind,
            text=kind,
            via=str(delivery_id),
        ),
        now_us=now_us,
    )
    return delivery_id


def _new_secret() -> str:
    """As the Standard Webhooks specification writes one: 32 random bytes in base64."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"


def _seal(settings: Settings, webhook_id: int, kept: Mapping[str, str]) -> None:
    closed = encrypt(settings, _sealed_for(webhook_id), kept)
    sql.write("UPDATE webhook SET sealed = %s WHERE id = %s", (closed, webhook_id))


def _sealed_for(webhook_id: int) -> str:
    return f"webhook {webhook_id}"


def _webhook(row: sql.Row) -> Webhook:
    id_, name, url, kinds, enabled, *rest = row
    return Webhook(id_, name, url, _kinds(kinds), bool(enabled), *rest)


def _delivery(row: sql.Row) -> Delivery:
    id_, webhook_id, number, kind, state, tries, status, trouble, *rest = row
    said = from_json(json.loads(trouble)) if trouble else None
    return Delivery(id_, webhook_id, number, kind, state, tries, status, said, *rest)


def _kinds(kept: Any) -> tuple[str, ...]:
    return tuple(json.loads(kept) if isinstance(kept, str) else kept)
