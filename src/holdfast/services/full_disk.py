"""A full disk is said so, whoever noticed it: the engine, the log, the database or we."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.settings import Settings

_NUMBERS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_WORDS = ("no space left on device", "disk is full", "disk quota exceeded", "file too large", "disk full")


@contextmanager
def refused_when_full(settings: Settings) -> Iterator[None]:
    """Turn any error that means a full disk into the refusal "disk_full"; others pass."""
    try:
        yield
    except Refusal:
        raise
    except Exception as error:
        if not means_full_disk(error):
            raise
        raise Refusal(
            "disk_full",
            found=Text("The disk that holds {folder} is full.", folder=str(settings.folder)),
            expected=Text("Imports and compaction need about as much room as what they write, twice."),
            remedy=Text("Make room and run the command again; nothing was left half done."),
        ) from error


def means_full_disk(error: BaseException | None) -> bool:
    """Whether the error, or one that it came from, says that nothing more can be written."""
    while error is not None:
        words = str(error).lower()
        if getattr(error, "errno", None) in _NUMBERS or any(said in words for said in _WORDS):
            return True
        error = error.__cause__ or error.__context__
    return False
