"""Pictures for mails: which kinds every mail program shows, and how wide and high one is."""

from __future__ import annotations

MEDIA_TYPES = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif"}
"""Kinds that every mail program shows, by their ending. WebP is none of them: Outlook shows a gap."""

MOST_BYTES = 2_000_000
"""Size of a picture at most. Most people read mail on a phone, and a picture of 2 MB is a large one there."""

_FRAMES = frozenset((*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0)))
"""Markers of a JPEG that begin a frame (ITU-T T.81, table B.1)."""
_MOST_SEGMENTS = 500


def kind_of(content: bytes) -> str:
    """The kind by what is in it, "" for none of ours."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpg"
    return "gif" if content.startswith((b"GIF87a", b"GIF89a")) else ""


def size_of(content: bytes) -> tuple[int, int]:
    """Width and height in pixels; (0, 0) where they cannot be read."""
    kind = kind_of(content)
    if kind == "png" and content[12:16] == b"IHDR" and len(content) >= 24:
        return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")
    if kind == "gif" and len(content) >= 10:
        return int.from_bytes(content[6:8], "little"), int.from_bytes(content[8:10], "little")
    return _jpeg(content) if kind == "jpg" else (0, 0)


def _jpeg(content: bytes) -> tuple[int, int]:
    """From segment to segment up to the frame."""
    at = 2
    for _ in range(_MOST_SEGMENTS):
        if at + 9 > len(content) or content[at] != 0xFF:
            break
        marker = content[at + 1]
        if marker in _FRAMES:
            return int.from_bytes(content[at + 7 : at + 9], "big"), int.from_bytes(
                content[at + 5 : at + 7], "big"
            )
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return 0, 0
