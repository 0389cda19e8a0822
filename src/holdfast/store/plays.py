"""Plays and their versions as they are kept; what holds of all plays; how far triggers were read."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from holdfast import store
from holdfast.domain.plays import PlayPurpose, PlayState
from holdfast.settings import Settings
from holdfast.store import sql


@dataclass(frozen=True, slots=True)
class KeptPlay:
    """One play; see :class:`holdfast.store.models.Play`."""

    id: int
    key: str
    title: str
    state: PlayState
    purpose: PlayPurpose
    priority: int
    number: int
    running: int | None
    made_us: int
    made_by: str
    changed_us: int
    launched_us: int | None
    ended_us: int | None
    ended_why: str


@dataclass(frozen=True, slots=True)
class KeptVersion:
    """One version; see :class:`holdfast.store.models.PlayVersion`."""

    id: int
    play_id: int
    number: int
    content: Mapping[str, Any]
    made_us: int
    made_by: str
    asked_us: int | None
    asked_by: str
    launched_us: int | None
    launched_by: str
    approved_by: str

    @property
    def written(self) -> str:
        """What it says, as JSON text."""
        return json.dumps(self.content, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class PlaySettings:
    """What holds of all plays; ``workspace`` is the word from which arms are drawn."""

    workspace: str
    hold_out: float
    approve_above: int


@dataclass(frozen=True, slots=True)
class Said:
    """How a version calls itself, kept beside it for lists."""

    title: str
    purpose: str
    priority: int


_PLAY = (
    "p.id, p.key, p.title, p.state, p.purpose, p.priority, p.number, p.running, p.made_us, p.made_by, "
    "p.changed_us, p.launched_us, p.ended_us, p.ended_why"
)
_VERSION = (
    "v.id, v.play_id, v.number, v.content, v.made_us, v.made_by, v.asked_us, v.asked_by, v.launched_us, "
    "v.launched_by, v.approved_by"
)


def listed(settings: Settings) -> list[KeptPlay]:
    """Every play: the running ones first, of these the ones that go before others first."""
    store.connect(settings)
    order = "CASE p.state WHEN 'running' THEN 0 WHEN 'paused' THEN 1 WHEN 'draft' THEN 2 ELSE 3 END"
    rows = sql.read(f"SELECT {_PLAY} FROM play p ORDER BY {order}, p.priority DESC, p.title, p.id")
    return [KeptPlay(*row) for row in rows]


def by_key(settings: Settings, key: str) -> KeptPlay | None:
    """The play of a key; ``None`` where there is none."""
    store.connect(settings)
    row = sql.one(f"SELECT {_PLAY} FROM play p WHERE p.key = %s", (key,))
    return None if row is None else KeptPlay(*row)


def by_id(settings: Settings, play_id: int) -> KeptPlay | None:
    """The play of a number; ``None`` where there is none."""
    store.connect(settings)
    row = sql.one(f"SELECT {_PLAY} FROM play p WHERE p.id = %s", (play_id,))
    return None if row is None else KeptPlay(*row)


def version(settings: Settings, play_id: int, number: int) -> KeptVersion | None:
    """One version; ``None`` where there is none."""
    store.connect(settings)
    row = sql.one(
        f"SELECT {_VERSION} FROM play_version v WHERE v.play_id = %s AND v.number = %s", (play_id, number)
    )
    return None if row is None else _version(row)


def version_by_id(settings: Settings, version_id: int) -> KeptVersion | None:
    """The version of an id; ``None`` where there is none."""
    store.connect(settings)
    row = sql.one(f"SELECT {_VERSION} FROM play_version v WHERE v.id = %s", (version_id,))
    return None if row is None else _version(row)


def versions(settings: Settings, play_id: int) -> list[KeptVersion]:
    """Every version of a play, the newest first."""
    store.connect(settings)
    rows = sql.read(
        f"SELECT {_VERSION} FROM play_version v WHERE v.play_id = %s ORDER BY v.number DESC", (play_id,)
    )
    return [_version(row) for row in rows]


def latest(settings: Settings) -> list[KeptVersion]:
    """The latest version of every play."""
    store.connect(settings)
    rows = sql.read(
        f"SELECT {_VERSION} FROM play_version v JOIN play p ON p.id = v.play_id AND p.number = v.number"
    )
    return [_version(row) for row in rows]


def running(settings: Settings) -> list[tuple[KeptPlay, KeptVersion]]:
    """Every running play with the version by which it enrols, those that go before others first."""
    rest = "v.number = p.running WHERE p.state = 'running' ORDER BY p.priority DESC, p.id"
    return _with_versions(settings, rest)


def waiting(settings: Settings) -> list[tuple[KeptPlay, KeptVersion]]:
    """Every play whose latest version somebody wants launched, the longest wish first."""
    rest = "v.number = p.number WHERE v.asked_us IS NOT NULL ORDER BY v.asked_us, p.id"
    return _with_versions(settings, rest)


def _with_versions(settings: Settings, rest: str) -> list[tuple[KeptPlay, KeptVersion]]:
    """Plays, each with the version of it that ``rest`` says; it ends the statement."""
    store.connect(settings)
    rows = sql.read(
        f"SELECT {_PLAY}, {_VERSION} FROM play p JOIN play_version v ON v.play_id = p.id AND {rest}"
    )
    wide = len(_PLAY.split(", "))
    return [(KeptPlay(*row[:wide]), _version(row[wide:])) for row in rows]


def walking(settings: Settings) -> list[KeptPlay]:
    """Plays in which customers go on: running ones, and ended ones whose last customers are under way."""
    store.connect(settings)
    rows = sql.read(
        f"SELECT {_PLAY} FROM play p WHERE p.state = 'running' OR (p.state = 'ended' AND EXISTS "
        "(SELECT 1 FROM enrolment e WHERE e.play_id = p.id AND e.ended_us IS NULL)) "
        "ORDER BY p.priority DESC, p.id"
    )
    return [KeptPlay(*row) for row in rows]


def launched_versions(settings: Settings, play_ids: Sequence[int]) -> list[KeptVersion]:
    """Every version of these plays by which customers entered, or enter."""
    store.connect(settings)
    listed_ids = ", ".join(str(int(each)) for each in play_ids) or "0"
    rows = sql.read(
        f"SELECT {_VERSION} FROM play_version v WHERE v.play_id IN ({listed_ids}) "
        "AND v.launched_us IS NOT NULL"
    )
    return [_version(row) for row in rows]


def versions_of_play(settings: Settings, play_id: int, version_ids: set[int]) -> dict[int, KeptVersion]:
    """These versions of a play, by their ids."""
    store.connect(settings)
    listed_ids = ", ".join(str(int(each)) for each in sorted(version_ids)) or "0"
    rows = sql.read(
        f"SELECT {_VERSION} FROM play_version v WHERE v.play_id = %s AND v.id IN ({listed_ids})", (play_id,)
    )
    return {int(row[0]): _version(row) for row in rows}


def add(settings: Settings, key: str, said: Said, content: Any, *, by: str, now_us: int) -> int:
    """Keep a new play as a draft; its number. Raises ``LookupError`` when the key is taken."""
    store.connect(settings)
    with sql.short_write():
        row = sql.one(
            "INSERT INTO play (key, title, state, purpose, priority, number, made_us, made_by, changed_us, "
            "ended_why) VALUES (%s, %s, 'draft', %s, %s, 1, %s, %s, %s, '') "
            "ON CONFLICT (key) DO NOTHING RETURNING id",
            (key, said.title, said.purpose, said.priority, now_us, by, now_us),
        )
        if row is None:
            raise LookupError(f"a play has the key {key}")
        _insert_version(int(row[0]), 1, content, by, now_us)
    return int(row[0])


def change(
    settings: Settings, play: KeptPlay, said: Said, content: Any, *, by: str, now_us: int
) -> int | None:
    """Keep another version of a play; its number. ``None`` when somebody was quicker.

    A version that was never launched is nobody's: the new one takes its place.
    """
    store.connect(settings)
    number = play.number + 1
    with sql.short_write():
        if not sql.write(
            "UPDATE play SET number = %s, title = %s, purpose = %s, priority = %s, changed_us = %s "
            "WHERE id = %s AND number = %s",
            (number, said.title, said.purpose, said.priority, now_us, play.id, play.number),
        ):
            return None
        sql.write(
            "DELETE FROM play_version WHERE play_id = %s AND number = %s AND launched_us IS NULL",
            (play.id, play.number),
        )
        _insert_version(play.id, number, content, by, now_us)
    return number


def ask_launch(settings: Settings, version_id: int, *, by: str, now_us: int) -> None:
    """Note who wants a version launched that needs a second person."""
    store.connect(settings)
    sql.write("UPDATE play_version SET asked_by = %s, asked_us = %s WHERE id = %s", (by, now_us, version_id))


def withdraw_launch(settings: Settings, version_id: int) -> bool:
    """Forget that somebody wants a version launched; whether anybody did."""
    store.connect(settings)
    return bool(
        sql.write(
            "UPDATE play_version SET asked_by = '', asked_us = NULL WHERE id = %s AND asked_us IS NOT NULL",
            (version_id,),
        )
    )


def launch(
    settings: Settings, play: KeptPlay, *, by: str, approved_by: str, now_us: int, starts: Mapping[str, int]
) -> bool:
    """Let customers be enrolled by the latest version; whether nobody changed the play meanwhile.

    What was asked for is done with: whoever launches an ended play again needs a second person again.
    ``starts`` are where its triggers begin to be read, by source: what was before is not for it.
    """
    store.connect(settings)
    with sql.short_write():
        if not sql.write(
            "UPDATE play SET state = 'running', running = number, changed_us = %s, ended_us = NULL, "
            "ended_why = '', launched_us = COALESCE(launched_us, %s) WHERE id = %s AND number = %s",
            (now_us, now_us, play.id, play.number),
        ):
            return False
        sql.write(
            "UPDATE play_version SET launched_us = %s, launched_by = %s, approved_by = %s, "
            "asked_us = NULL, asked_by = '' WHERE play_id = %s AND number = %s",
            (now_us, by, approved_by, play.id, play.number),
        )
        for source, position in starts.items():
            put_cursor(settings, play.id, source, position)
    return True


def set_state(settings: Settings, play: KeptPlay, state: PlayState, *, why: str = "", now_us: int) -> bool:
    """Pause, resume or end a play; whether it was (still) as it was read."""
    store.connect(settings)
    ended = now_us if state == "ended" else None
    return bool(
        sql.write(
            "UPDATE play SET state = %s, changed_us = %s, ended_us = %s, ended_why = %s "
            "WHERE id = %s AND state = %s AND number = %s",
            (state, now_us, ended, why, play.id, play.state, play.number),
        )
    )


def delete_draft(settings: Settings, play: KeptPlay) -> bool:
    """Delete a play that was never launched; whether it was there like that."""
    store.connect(settings)
    with sql.short_write():
        if not sql.write(
            "DELETE FROM play WHERE id = %s AND number = %s AND launched_us IS NULL", (play.id, play.number)
        ):
            return False
        sql.write("DELETE FROM play_version WHERE play_id = %s", (play.id,))
    return True


def read_settings(settings: Settings) -> PlaySettings:
    """What holds of all plays; the word of the workspace is made when it is missing."""
    store.connect(settings)
    found = sql.one("SELECT workspace, hold_out, approve_above FROM play_setting WHERE id = 1")
    if found is None:
        name_workspace(settings, secrets.token_hex(16))
        return read_settings(settings)
    return PlaySettings(*found)


def name_workspace(settings: Settings, word: str) -> None:
    """Draw arms from this word, unless there is one: of a demo company it is its seed, the same for all."""
    store.connect(settings)
    sql.write(
        "INSERT INTO play_setting (id, workspace, hold_out, approve_above) VALUES (1, %s, 0, 1000) "
        "ON CONFLICT (id) DO NOTHING",
        (word,),
    )


def save_settings(settings: Settings, *, hold_out: float, approve_above: int) -> None:
    """Decide what holds of all plays."""
    read_settings(settings)
    sql.write(
        "UPDATE play_setting SET hold_out = %s, approve_above = %s WHERE id = 1", (hold_out, approve_above)
    )


def cursor(settings: Settings, play_id: int, source: str) -> int | None:
    """How far a source was read for a play; ``None`` where it was not begun."""
    store.connect(settings)
    row = sql.one("SELECT position FROM play_cursor WHERE play_id = %s AND source = %s", (play_id, source))
    return None if row is None else int(row[0])


def put_cursor(settings: Settings, play_id: int, source: str, position: int) -> None:
    """Remember how far a source was read."""
    store.connect(settings)
    sql.write(
        "INSERT INTO play_cursor (play_id, source, position) VALUES (%s, %s, %s) "
        "ON CONFLICT (play_id, source) DO UPDATE SET position = excluded.position",
        (play_id, source, position),
    )


def _insert_version(play_id: int, number: int, content: Any, by: str, now_us: int) -> None:
    sql.write(
        "INSERT INTO play_version (play_id, number, content, made_us, made_by, asked_by, launched_by, "
        "approved_by) VALUES (%s, %s, %s, %s, %s, '', '', '')",
        (play_id, number, json.dumps(content, ensure_ascii=False), now_us, by),
    )


def _version(row: sql.Row) -> KeptVersion:
    number, play_id, of_play, content, *rest = row
    return KeptVersion(number, play_id, of_play, sql.json_value(content), *rest)
