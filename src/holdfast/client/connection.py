"""How the client speaks: one request at a time, repeated where that is safe, lists stretch by stretch.

Standard library only: this package can be copied into a program that has nothing else of Holdfast.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from http.client import HTTPException, HTTPResponse
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

AGAIN_ON = frozenset({429, 502, 503, 504})
"""Answers after which a request that may be repeated is sent again."""

_LONGEST_WAIT = 60.0


class LeftOut(Enum):
    """What stands for a field that is not sent at all (``None`` is sent as null)."""

    LEFT_OUT = ""


LEFT_OUT: Final = LeftOut.LEFT_OUT


class ApiError(Exception):
    """Something was not done. ``error`` is the code that programs go by; the rest is for people.

    ``status`` is 0 where no answer came.
    """

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(str(problem.get("detail") or problem.get("title") or f"HTTP {status}"))
        self.status = status
        self.problem = dict(problem)

    @property
    def error(self) -> str:
        """The stable code, like "no_such_customer"."""
        return str(self.problem.get("error", ""))


@dataclass(slots=True)
class Connection:
    """A way to one Holdfast with one key.

    ``tries`` is how often a request is sent at most that may be repeated: a read, and a write, which
    carries a key by which its repeat is known. ``wait`` is called with seconds between two of them.
    ``etag`` is that of the last answer: sent back as ``if_match`` nothing is changed that has changed since.
    """

    address: str
    key: str = field(repr=False)
    timeout_seconds: float = 30.0
    tries: int = 4
    wait: Callable[[float], None] = time.sleep
    etag: str | None = field(init=False, default=None)
    _opener: OpenerDirector = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if urlsplit(self.address).scheme not in ("http", "https"):
            raise ValueError(f"{self.address!r} is no address of a Holdfast: it begins with https://")
        self.address = self.address.rstrip("/")
        self._opener = build_opener(_NoRedirect())

    def ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        content: bytes | None = None,
        if_match: str | None = None,
    ) -> Any:
        """The answer as JSON, or a file's bytes; ``None`` where there is none. Raises :class:`ApiError`."""
        headers, data = {"Accept": "application/json"}, content
        if content is not None:
            headers["Content-Type"] = "application/octet-stream"
        elif body is not None:
            data = json.dumps({name: value for name, value in body.items() if value is not LEFT_OUT}).encode()
            headers["Content-Type"] = "application/json"
        if method in ("POST", "PATCH"):
            headers["Idempotency-Key"] = str(uuid.uuid4())
        if if_match is not None:
            headers["If-Match"] = if_match
        return self._read(self._sent(method, self._url(path, query), headers, data))

    def pages(self, path: str, query: Mapping[str, Any]) -> Iterator[Any]:
        """Everything that a list holds, one after the other; each stretch is fetched when it is needed."""
        after: str | None = None
        while True:
            page = self.ask("GET", path, query={**query, "after": after})
            yield from page["items"]
            after = page["next"]
            if after is None:
                return

    def _url(self, path: str, query: Mapping[str, Any] | None) -> str:
        asked = [(name, each) for name, value in (query or {}).items() for each in _several(value)]
        return f"{self.address}/api/v1{path}" + (f"?{urlencode(asked)}" if asked else "")

    def _sent(
        self, method: str, url: str, headers: Mapping[str, str], data: bytes | None
    ) -> tuple[str, bytes]:
        """Content type and body of the answer; the same request again where that helps."""
        left = self.tries
        while True:
            left -= 1
            whole = {**headers, "Authorization": f"Bearer {self.key}"}
            request = Request(url, data, whole, method=method)  # noqa: S310  (looked at when it was made)
            try:
                with self._opener.open(request, timeout=self.timeout_seconds) as answer:
                    self.etag = answer.headers.get("ETag")
                    return _content(answer)
            except HTTPError as error:
                with error:
                    problem = _problem(error)
                if left <= 0 or not _helps(error.code, problem):
                    raise ApiError(error.code, problem) from None
                self.wait(_seconds(error.headers.get("Retry-After"), self.tries - left))
            except (URLError, HTTPException, OSError) as error:
                if left <= 0:
                    raise ApiError(0, {"error": "unreachable", "detail": str(error)}) from error
                self.wait(_seconds(None, self.tries - left))

    def _read(self, answer: tuple[str, bytes]) -> Any:
        kind, body = answer
        if kind.startswith("application/json"):
            return json.loads(body)
        return body if kind.startswith("application/octet-stream") else None


class _NoRedirect(HTTPRedirectHandler):
    """The key goes to nobody else."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def _several(value: Any) -> list[str]:
    """A value of a question as it stands in an address; nothing for what is left out."""
    if value is None:
        return []
    if isinstance(value, list | tuple):
        return [each for one in value for each in _several(one)]
    return ["true" if value is True else "false" if value is False else str(value)]


def _content(answer: HTTPResponse) -> tuple[str, bytes]:
    return answer.headers.get("Content-Type", ""), answer.read()


def _helps(status: int, problem: Mapping[str, Any]) -> bool:
    return status in AGAIN_ON or problem.get("error") == "still_answering"


def _problem(error: HTTPError) -> Mapping[str, Any]:
    try:
        read = json.loads(error.read(1_000_000))
    except (ValueError, OSError, HTTPException):
        return {"title": error.reason}
    return read if isinstance(read, dict) else {"title": error.reason}


def _seconds(said: str | None, turn: int) -> float:
    """How long to wait: as long as was said, else twice as long each time."""
    if said is not None and said.isdecimal():
        return min(float(said), _LONGEST_WAIT)
    return min(0.5 * 2.0 ** (turn - 1), _LONGEST_WAIT)
