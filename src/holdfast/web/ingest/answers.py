"""What is answered: JSON, readable by any site's script; a refusal says what was found and what helps."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping, Sequence
from http import HTTPStatus
from typing import Any

import msgspec

from holdfast.connectors.segment import Said
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Header = tuple[bytes, bytes]

_ANY_SITE = (b"access-control-allow-origin", b"*")
"""Nobody is signed in here and no cookie is read, so any page may read the answer to its own call."""
_BARE = (
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
    (b"cross-origin-resource-policy", b"cross-origin"),
)
_PREFLIGHT = (
    (b"access-control-allow-methods", b"POST, OPTIONS"),
    (b"access-control-allow-headers", b"authorization, content-type, content-encoding, x-retry-count"),
    (b"access-control-max-age", b"7200"),
    (b"vary", b"access-control-request-headers"),
)
_JSON, _PROBLEM = b"application/json", b"application/problem+json"


class Refused(Exception):  # noqa: N818  (an answer, not a defect)
    """A call that is not taken, with the status and the sentences of its answer."""

    def __init__(
        self,
        status: int,
        code: str,
        *,
        found: Text,
        expected: Text,
        remedy: Text,
        retry_after: int = 0,
        headers: Iterable[Header] = (),
        more: dict[str, object] | None = None,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.refusal = Refusal(code, found=found, expected=expected, remedy=remedy)
        self.retry_after = retry_after
        self.headers = tuple(headers)
        self.more = more or {}


def refused(status: int, refusal: Refusal, **more: object) -> Refused:
    """A refusal of the middle as an answer."""
    return Refused(
        status,
        refusal.code,
        found=refusal.found,
        expected=refusal.expected,
        remedy=refusal.remedy,
        more=more,
    )


async def send_answer(
    send: Send, status: int, body: bytes, content_type: bytes = _JSON, headers: Iterable[Header] = ()
) -> None:
    """One whole answer."""
    every = [
        (b"content-type", content_type),
        (b"content-length", str(len(body)).encode()),
        _ANY_SITE,
        *_BARE,
        *headers,
    ]
    await send({"type": "http.response.start", "status": status, "headers": every})
    await send({"type": "http.response.body", "body": body})


async def send_refusal(send: Send, refused: Refused, *, no_body: bool = False) -> None:
    """A problem (RFC 9457) that also speaks as Segment's libraries expect (``code``, ``message``)."""
    refusal = refused.refusal
    said = {
        "type": "about:blank",
        "title": HTTPStatus(refused.status).phrase,
        "status": refused.status,
        "success": False,
        "code": refusal.code,
        "message": str(refusal),
        **refusal.as_json(),
        **refused.more,
    }
    headers = list(refused.headers)
    if refused.retry_after:
        headers.append((b"retry-after", str(refused.retry_after).encode()))
    body = b"" if no_body else msgspec.json.encode(said)
    await send_answer(send, refused.status, body, _PROBLEM, headers)


async def send_preflight(send: Send) -> None:
    """May a page of another site call? It may; whose key it uses is looked at when it does."""
    headers = [_ANY_SITE, *_PREFLIGHT]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def outcome(accepted: int, rejected: Sequence[Said]) -> bytes:
    """What became of the events of a call that is on disk: how many count, and why the others do not."""
    if not rejected:
        return b'{"success":true,"accepted":%d,"rejected":[]}' % accepted
    told = [_rejected(said) for said in rejected]
    return msgspec.json.encode({"success": accepted > 0, "accepted": accepted, "rejected": told})


def _rejected(said: Said) -> dict[str, object]:
    assert said.refusal is not None  # noqa: S101  (only those that were refused come here)
    words = said.refusal.as_json()
    code = words.pop("error")
    return {"index": said.index, "messageId": said.message_id or None, "code": code, **words}
