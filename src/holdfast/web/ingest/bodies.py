"""Reading the body of a call: never more than it may have, packed or not, and not for ever."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

from holdfast.connectors.segment import MOST_BODY_BYTES
from holdfast.domain.texts import Text
from holdfast.web.ingest.answers import Refused

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

SECONDS_FOR_A_BODY = 20.0
_WINDOWS = {"gzip": 31, "x-gzip": 31, "deflate": 47}
"""What zlib calls the two ways of packing; 47 finds out by itself."""


class Gone(Exception):  # noqa: N818  (nothing to answer: the sender has left)
    """The sender went away before the body had come."""


async def read_body(headers: Mapping[bytes, bytes], receive: Receive) -> bytes:
    """The body, unpacked. Refuses one that is too large or too slow, and one that cannot be unpacked."""
    packed_as = headers.get(b"content-encoding", b"").decode("latin-1").strip().lower()
    if packed_as not in ("", "identity") and packed_as not in _WINDOWS:
        raise Refused(
            415,
            "unknown_encoding",
            found=Text("The body is packed as {name}.", name=packed_as[:40]),
            expected=Text("A body comes as it is, or packed with gzip."),
            remedy=Text("Send it with Content-Encoding: gzip, or without."),
        )
    length = headers.get(b"content-length", b"")
    if length.isdigit() and int(length) > MOST_BODY_BYTES:
        raise _too_large(int(length))
    try:
        async with asyncio.timeout(SECONDS_FOR_A_BODY):
            body = await _received(receive)
    except TimeoutError:
        raise Refused(
            408,
            "too_slow",
            found=Text("The body had not come after {n} seconds.", n=round(SECONDS_FOR_A_BODY)),
            expected=Text("A body comes in one go."),
            remedy=Text("Send it again, in smaller calls if the line is slow."),
        ) from None
    return _unpacked(body, _WINDOWS[packed_as]) if packed_as in _WINDOWS else body


async def _received(receive: Receive) -> bytes:
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body"):
        body: bytes = message.get("body", b"")  # most come in one piece
        if len(body) > MOST_BODY_BYTES:
            raise _too_large(len(body))
        return body
    pieces: list[bytes] = []
    size = 0
    while True:
        if message["type"] == "http.disconnect":
            raise Gone
        piece = message.get("body", b"")
        size += len(piece)
        if size > MOST_BODY_BYTES:
            raise _too_large(size)
        pieces.append(piece)
        if not message.get("more_body"):
            return b"".join(pieces)
        message = await receive()


def _unpacked(body: bytes, window: int) -> bytes:
    unpacking = zlib.decompressobj(window)
    try:
        unpacked = unpacking.decompress(body, MOST_BODY_BYTES + 1)
    except zlib.error:
        raise _cannot_unpack() from None
    if len(unpacked) > MOST_BODY_BYTES:
        raise _too_large(len(unpacked))
    if not unpacking.eof or unpacking.unused_data:
        raise _cannot_unpack()
    return unpacked


def _cannot_unpack() -> Refused:
    return Refused(
        400,
        "bad_gzip",
        found=Text("The body cannot be unpacked, or ends too early."),
        expected=Text("Content-Encoding says how the body is packed: gzip."),
        remedy=Text("Send the body whole, or leave the header out if it is not packed."),
    )


def _too_large(size: int) -> Refused:
    return Refused(
        413,
        "body_too_large",
        found=Text("The body has {n} bytes or more.", n=size),
        expected=Text("A call has at most {most} bytes, unpacked.", most=MOST_BODY_BYTES),
        remedy=Text("Send the events in several calls."),
    )
