"""What scripts of ours in other people's pages ask: served to any site, answered in JSON, without a cookie.

What is sent is plain text, which needs no preflight; which sites may ask is each one's own list.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple, TypeVar

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.language import Reader, language, preferred
from holdfast.web.reading import Request, known_language

MOST_BYTES = 20_000
"""Bytes of one request."""
_AGAIN_SECONDS = 60

_T = TypeVar("_T")


class Problem(Exception):  # noqa: N818  (an answer, not a defect)
    """A request that is refused, with its status and code."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


def script_of(request: HttpRequest, name: str) -> HttpResponse:
    """A script, at an address that stays: sites of others name it in their pages."""
    wanted = _script(name)
    takes_gzip = "gzip" in request.headers.get("Accept-Encoding", "")
    headers = {
        "ETag": wanted.mark,
        "Cache-Control": "public, max-age=3600, stale-while-revalidate=86400",
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    if request.headers.get("If-None-Match") == wanted.mark:
        response: HttpResponse = HttpResponseNotModified(headers=headers)
    else:
        content = wanted.packed if takes_gzip else wanted.content
        response = HttpResponse(content, content_type="text/javascript; charset=utf-8", headers=headers)
        if takes_gzip:
            response["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def answered(
    request: HttpRequest, method: str, act: Callable[[], HttpResponse], origins: Sequence[str]
) -> HttpResponse:
    """What an act answers that is asked by a method, for a site that may ask; a problem as JSON."""
    try:
        origin = _origin(request, origins)
    except Problem as problem:
        return refused(problem)
    response = _answer(request, method, act)
    response["Access-Control-Allow-Origin"] = origin
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    patch_vary_headers(response, ["Origin"])
    return response


def _answer(request: HttpRequest, method: str, act: Callable[[], HttpResponse]) -> HttpResponse:
    if request.method == "OPTIONS":
        allowed = {"Access-Control-Allow-Methods": method, "Access-Control-Allow-Headers": "content-type"}
        return HttpResponse(status=204, headers=allowed | {"Access-Control-Max-Age": "7200"})
    if request.method != method:
        return HttpResponse(status=405, headers={"Allow": f"{method}, OPTIONS"})
    try:
        return act()
    except Problem as problem:
        return refused(problem)
    except Refusal as refusal:
        return refused(Problem(503, refusal.code))


def _origin(request: HttpRequest, origins: Sequence[str]) -> str:
    """The site to which the answer may be shown. Refuses one that is not on the list."""
    if not origins:
        return "*"
    origin = request.headers.get("Origin", "").lower()
    if origin not in origins:
        raise Problem(403, "wrong_site")
    return origin


def asked(request: HttpRequest, kind: type[_T]) -> _T:
    """What was sent. Refuses what is too long or no JSON of ours."""
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise Problem(413, "too_long")
    try:
        return msgspec.json.decode(body or b"{}", type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Problem(400, "not_json") from error


def reader_of(request: Request) -> Reader:
    """Who reads the words of a window: in the language that its page asks for."""
    wanted = request.GET.get("lang", "")[:20]
    if known_language(wanted):
        return Reader(wanted, request.workspace.zone)
    return Reader(preferred(wanted or request.headers.get("Accept-Language", "")), request.workspace.zone)


def words_answer(request: Request, words: Mapping[str, Text], **more: str) -> HttpResponse:
    """The words of a window, and how its language is written: the same for everybody of one language."""
    reader = reader_of(request)
    spoken = {name: reader.say(text) for name, text in words.items()}
    code = language(reader.code)
    response = as_json({**more, "lang": code.tag, "dir": code.direction, "words": spoken})
    response["Cache-Control"] = "public, max-age=300"
    patch_vary_headers(response, ["Accept-Language"])
    return response


def as_json(content: Any, status: int = 200) -> HttpResponse:
    """An answer."""
    return HttpResponse(msgspec.json.encode(content), status=status, content_type="application/json")


def refused(problem: Problem) -> HttpResponse:
    """The answer to what is refused, with when to come again where that helps."""
    response = as_json({"error": problem.code}, status=problem.status)
    if problem.status in (429, 503):
        response["Retry-After"] = str(_AGAIN_SECONDS)
    return response


class _Script(NamedTuple):
    """The script as it is served, the same packed, and the mark of this version."""

    content: bytes
    packed: bytes
    mark: str


@cache
def _script(name: str) -> _Script:
    """The script without what only its authors read: comments on lines of their own, indents."""
    written = files("holdfast.web").joinpath("static", name).read_text(encoding="utf-8")
    lines = (line.strip() for line in re.sub(r"/\*.*?\*/", "", written, flags=re.DOTALL).splitlines())
    content = "\n".join(line for line in lines if line and not line.startswith("//")).encode()
    return _Script(
        content, gzip.compress(content, 9, mtime=0), f'"{hashlib.sha256(content).hexdigest()[:16]}"'
    )
