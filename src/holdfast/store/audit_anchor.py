"""Where the audit trail ends, kept beside the database: a file that only moves forward.

Whoever can write to the database could cut notes off its end and set its head back. This file, signed
with the workspace's secret, still says how far the trail had come.
"""

from __future__ import annotations

import fcntl
import hmac
import json
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

FILE = "audit.head"


@dataclass(frozen=True, slots=True)
class Anchor:
    """That the note at ``position`` has this ``hash``."""

    position: int
    hash: str


def advance(folder: Path, key: bytes, position: int, last: str) -> None:
    """Say that the trail has come to ``position``; what says more already stays.

    A full disk is passed over: the note is in the database, and the next one says it too.
    """
    with suppress(OSError), (folder / f".{FILE}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = read(folder, key)
        if kept is None or kept.position < position:
            write(folder, key, Anchor(position, last))


def write(folder: Path, key: bytes, anchor: Anchor) -> None:
    """Put ``anchor`` in the place of what the file says; whole or not at all."""
    path = folder / FILE
    beside = path.with_name(f".{FILE}-{secrets.token_hex(4)}")
    said = {"position": anchor.position, "hash": anchor.hash, "signed": _signed(key, anchor)}
    descriptor = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(said, file)
    beside.replace(path)


def read(folder: Path, key: bytes) -> Anchor | None:
    """What the file says; ``None`` without one, and for one that was not signed with this secret."""
    try:
        said = json.loads((folder / FILE).read_text())
        anchor = Anchor(int(said["position"]), str(said["hash"]))
        signed = str(said["signed"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return anchor if hmac.compare_digest(signed, _signed(key, anchor)) else None


def _signed(key: bytes, anchor: Anchor) -> str:
    return hmac.digest(key, f"head\x1f{anchor.position}\x1f{anchor.hash}".encode(), "sha256").hex()
