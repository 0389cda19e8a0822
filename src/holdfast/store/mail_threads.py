"""Which mails belong together, and how far mailboxes and bots have been read."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql

_AT_ONCE = 200


def conversation_of(settings: Settings, source_id: int, names: Sequence[str], *, since_us: int = 0) -> str:
    """The conversation that the first known of ``names`` belongs to, in their order; "" for none.

    What was last spoken of before ``since_us`` is not known.
    """
    store.connect(settings)
    tokens = [_token(name) for name in names[:_AT_ONCE]]
    if not tokens:
        return ""
    places = ", ".join(["%s"] * len(tokens))
    found = {
        bytes(token): key
        for token, key in sql.read(
            "SELECT token, conversation_key FROM mail_thread "
            f"WHERE source_id = %s AND at_us >= %s AND token IN ({places})",
            (source_id, since_us, *tokens),
        )
    }
    return next((found[token] for token in tokens if token in found), "")


def remember(settings: Settings, source_id: int, names: Sequence[str], conversation: str, at_us: int) -> None:
    """Let ``names`` be found as ``conversation``; one that belongs to another stays there.

    Subjects are spoken of again: whoever was last spoken of counts. Joins the caller's transaction.
    """
    store.connect(settings)
    tokens = sorted({_token(name) for name in names[:_AT_ONCE]})
    if tokens:
        sql.write(
            "INSERT INTO mail_thread (source_id, token, conversation_key, at_us) "
            f"VALUES {', '.join(['(%s, %s, %s, %s)'] * len(tokens))} "
            "ON CONFLICT (source_id, token) DO UPDATE SET conversation_key = excluded.conversation_key, "
            "at_us = excluded.at_us WHERE mail_thread.conversation_key = excluded.conversation_key "
            "AND mail_thread.at_us < excluded.at_us",
            [value for token in tokens for value in (source_id, token, conversation, at_us)],
        )


def rename(settings: Settings, source_id: int, name: str, conversation: str, at_us: int) -> None:
    """Let ``name`` be found as ``conversation`` from now on, whatever it belonged to."""
    store.connect(settings)
    sql.write(
        "INSERT INTO mail_thread (source_id, token, conversation_key, at_us) VALUES (%s, %s, %s, %s) "
        "ON CONFLICT (source_id, token) DO UPDATE SET conversation_key = excluded.conversation_key, "
        "at_us = excluded.at_us WHERE mail_thread.at_us <= excluded.at_us",
        (source_id, _token(name), conversation, at_us),
    )


def place(settings: Settings, source_id: int, name: str) -> tuple[int, int] | None:
    """How far ``name`` (a folder, a bot's updates) was read: epoch and place; ``None`` at the beginning."""
    store.connect(settings)
    row = sql.one(
        "SELECT epoch, place FROM inbox_cursor WHERE source_id = %s AND name = %s", (source_id, name)
    )
    return None if row is None else (int(row[0]), int(row[1]))


def move_on(settings: Settings, source_id: int, name: str, epoch: int, place: int) -> None:
    """Note how far ``name`` was read. Joins the caller's transaction."""
    store.connect(settings)
    sql.write(
        "INSERT INTO inbox_cursor (source_id, name, epoch, place) VALUES (%s, %s, %s, %s) "
        "ON CONFLICT (source_id, name) DO UPDATE SET epoch = excluded.epoch, place = excluded.place",
        (source_id, name, epoch, place),
    )


def known_address(settings: Settings, email: str) -> bool:
    """Whether anybody is reached at this address."""
    store.connect(settings)
    found = sql.one("SELECT 1 FROM contact_point WHERE kind = 'email' AND value = %s LIMIT 1", (email,))
    return found is not None


def _token(name: str) -> bytes:
    return blake2b(name.encode("utf-8", "replace"), digest_size=16).digest()
