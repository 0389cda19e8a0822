"""Traits of everybody as arrays on disk: a rule about a trait then costs milliseconds, not seconds.

What is kept is everything that was said of one trait, up to one row of the base. What was said since
is read from there and laid over it. Any import that comes, ends or goes makes it be kept anew.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

import numpy as np

from holdfast.services.collect.segments.census import folder
from holdfast.store import segment_leaves, trait_history

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from holdfast.settings import Settings
    from holdfast.store.trait_history import Told

MARGIN = 5_000
"""So many rows before the last one are read again: others may have been written beside it."""

MOST_NEW = 50_000
"""With more rows since, the trait is kept anew."""

_ARRAYS = ("subject_id", "valid_from_us", "known_us", "value")


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of one trait, in the order in which a later row replaces an earlier one.

    ``value`` holds positions in ``words``.
    """

    subject_id: NDArray[np.int64]
    valid_from_us: NDArray[np.int64]
    known_us: NDArray[np.int64]
    value: NDArray[np.int32]
    words: tuple[str, ...]


def said(settings: Settings, trait: str) -> Said:
    """Everything said of a trait until now."""
    signature = segment_leaves.imports_signature(settings)
    kept = _kept(settings, trait, signature)
    if kept is None:
        return keep(settings, trait)
    told, last_id = kept
    new = segment_leaves.trait_rows_since(settings, trait, last_id - MARGIN)
    if len(new) > MOST_NEW:
        return keep(settings, trait)
    return _with(told, new)


def said_of(settings: Settings, trait: str, subjects: Collection[int]) -> Said:
    """The same of some subjects, straight from the base."""
    empty = np.empty(0, np.int64)
    nothing = Said(empty, empty, empty, empty.astype(np.int32), ())
    return _with(nothing, segment_leaves.trait_rows_of(settings, trait, subjects))


def keep(settings: Settings, trait: str) -> Said:
    """Read a trait of everybody from the base and keep it."""
    signature = segment_leaves.imports_signature(settings)
    last_id = segment_leaves.last_trait_row(settings)
    told = trait_history.told(settings, trait)
    _write(_folder(settings, trait), told, {"signature": signature, "last_id": last_id, "trait": trait})
    return Said(told.subject_id, told.valid_from_us, told.known_us, told.value, tuple(told.values))


def forget(settings: Settings) -> None:
    """Delete all that is kept: a person was erased, say. It is made again when it is asked for."""
    shutil.rmtree(folder(settings) / "traits", ignore_errors=True)


def _with(told: Said, rows: list[tuple[int, int, int, str]]) -> Said:
    """What was said, and rows that were said since."""
    if not rows:
        return told
    numbers = {word: at for at, word in enumerate(told.words)}
    new = np.array(
        [
            (subject, since, known, numbers.setdefault(word, len(numbers)))
            for subject, since, known, word in rows
        ],
        np.int64,
    )
    return Said(
        np.concatenate([told.subject_id, new[:, 0]]),
        np.concatenate([told.valid_from_us, new[:, 1]]),
        np.concatenate([told.known_us, new[:, 2]]),
        np.concatenate([told.value, new[:, 3].astype(np.int32)]),
        tuple(numbers),
    )


def _folder(settings: Settings, trait: str) -> Path:
    return folder(settings) / "traits" / sha256(trait.encode()).hexdigest()[:32]


def _kept(settings: Settings, trait: str, signature: str) -> tuple[Said, int] | None:
    here = _folder(settings, trait)
    try:
        about = json.loads((here / "about.json").read_text(encoding="utf-8"))
        if about["signature"] != signature or about["trait"] != trait:
            return None
        subject, since, known, value = (
            np.load(here / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name in _ARRAYS
        )
        return Said(subject, since, known, value, tuple(about["words"])), int(about["last_id"])
    except (OSError, ValueError, KeyError):
        return None  # none, or one that is being replaced: it is made anew


def _write(here: Path, told: Told, about: dict[str, object]) -> None:
    here.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(mkdtemp(dir=here.parent, prefix="new-"))
    for name in _ARRAYS:
        np.save(beside / f"{name}.npy", getattr(told, name), allow_pickle=False)
    words = json.dumps({**about, "words": list(told.values)}, ensure_ascii=False)
    (beside / "about.json").write_text(words, encoding="utf-8")
    old = Path(mkdtemp(dir=here.parent, prefix="old-"))
    try:
        if here.exists():
            here.replace(old / "old")
        beside.replace(here)
    except OSError:  # another process was quicker: its is as good
        shutil.rmtree(beside, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)
