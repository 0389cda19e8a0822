"""The script for websites, at an address that stays: sites of others name it in their pages."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import MutableMapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from holdfast.web.ingest.answers import Header, Send

SNIPPET_PATH = "/v1/holdfast.js"
_ANYWHERE: tuple[Header, ...] = (
    (b"content-type", b"text/javascript; charset=utf-8"),
    (b"cache-control", b"public, max-age=3600, stale-while-revalidate=86400"),
    (b"access-control-allow-origin", b"*"),
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"x-content-type-options", b"nosniff"),
    (b"vary", b"accept-encoding"),
)


class Snippet(NamedTuple):
    """The script as it is served, the same packed, and the mark of this version."""

    content: bytes
    packed: bytes
    mark: bytes


@cache
def snippet() -> Snippet:
    """The script without what only its authors read: comments on lines of their own, indents, empty lines."""
    written = files("holdfast.web").joinpath("static/live.js").read_text(encoding="utf-8")
    lines = (line.strip() for line in re.sub(r"/\*.*?\*/", "", written, flags=re.DOTALL).splitlines())
    content = "\n".join(line for line in lines if line and not line.startswith("//")).encode()
    mark = b'"' + hashlib.sha256(content).hexdigest()[:16].encode() + b'"'
    return Snippet(content, gzip.compress(content, 9, mtime=0), mark)


async def send_snippet(scope: MutableMapping[str, Any], send: Send) -> None:
    """The script, packed where the browser takes it; 304 for one who has it."""
    wanted = snippet()
    headers = dict(scope["headers"])
    told: list[Header] = [*_ANYWHERE, (b"etag", wanted.mark)]
    if headers.get(b"if-none-match") == wanted.mark:
        await send({"type": "http.response.start", "status": 304, "headers": told})
        await send({"type": "http.response.body", "body": b""})
        return
    takes_gzip = b"gzip" in headers.get(b"accept-encoding", b"")
    body = wanted.packed if takes_gzip else wanted.content
    if takes_gzip:
        told.append((b"content-encoding", b"gzip"))
    told.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": 200, "headers": told})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
