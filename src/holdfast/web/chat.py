"""``/chat.js`` and ``/chat/<name>/...``: the chat that websites of others show to their visitors.

No sign-in, no cookie: a visitor is known by a signed token that stays in their browser. What is sent is
plain text without a preflight; which sites may ask is the chat's own list. Answers are JSON.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple
from unicodedata import category

import msgspec
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from holdfast.connectors.chat import MOST_TEXT, MOST_WORDS, Said
from holdfast.connectors.mails.reading import email_in
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.language import Reader, language, preferred
from holdfast.services.collect.inbox import chatting
from holdfast.services.collect.inbox.setting_up import ChatOptions, chat_options
from holdfast.web.access import for_everyone
from holdfast.web.limits import Buckets
from holdfast.web.reading import Request, known_language

if TYPE_CHECKING:
    from holdfast.store.live_sources import LiveSource

MOST_BYTES = 20_000
"""Bytes of one request."""
_AGAIN_SECONDS = 60
_A_YEAR = 366 * 86_400
_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")

starting = Buckets(per_second=0.1, burst=20)
"""How often one address may become a new visitor."""
saying = Buckets(per_second=0.5, burst=10)
"""How fast one visitor may write."""
hearing = Buckets(per_second=2, burst=20)
"""How fast one visitor may ask what is new."""
everybody = Buckets(per_second=20, burst=200)
"""How fast all visitors of one chat together may write."""

WORDS: dict[str, Text] = {
    "open": Text("Write to us"),
    "close": Text("Close the chat"),
    "name": Text("Your name"),
    "email": Text("Your e-mail address, for our answer"),
    "message": Text("Your message"),
    "send": Text("Send"),
    "sending": Text("Sending…"),
    "sent": Text("Your message has arrived."),
    "failed": Text("It was not sent."),
    "again": Text("Try again"),
    "too_fast": Text("That was too fast. Wait a minute and try again."),
    "wrong_email": Text("That is no e-mail address."),
    "you": Text("You"),
    "we": Text("We"),
    "new": Text("New message"),
}
"""What the window says, in the language of the page."""


class _Asked(msgspec.Struct, frozen=True):
    """What a visitor's browser sends; what it does not send is empty."""

    token: str = ""
    id: str = ""
    text: str = ""
    name: str = ""
    email: str = ""
    page: str = ""
    anonymous: str = ""
    after: int = 0


class _Problem(Exception):  # noqa: N818  (an answer, not a defect)
    """A request that is refused, with its status and code."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


@for_everyone
@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """The script, at an address that stays: sites of others name it in their pages."""
    wanted = _script()
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


@for_everyone
@csrf_exempt
def answer(request: Request, name: str, do: str) -> HttpResponse:
    """``words`` (GET) for the window; ``start``, ``send`` and ``poll`` (POST) of a visitor."""
    source = chatting.chat_called(request.workspace, name)
    if source is None or do not in _ACTS:
        return _problem(_Problem(404, "no_such_chat"))
    options = chat_options(source.options)
    try:
        origin = _origin(request, options)
    except _Problem as problem:
        return _problem(problem)
    response = _answered(request, source, options, do)
    response["Access-Control-Allow-Origin"] = origin
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    patch_vary_headers(response, ["Origin"])
    return response


def _answered(request: Request, source: LiveSource, options: ChatOptions, do: str) -> HttpResponse:
    method, act = _ACTS[do]
    if request.method == "OPTIONS":
        allowed = {"Access-Control-Allow-Methods": method, "Access-Control-Allow-Headers": "content-type"}
        return HttpResponse(status=204, headers=allowed | {"Access-Control-Max-Age": "7200"})
    if request.method != method:
        return HttpResponse(status=405, headers={"Allow": f"{method}, OPTIONS"})
    try:
        return act(request, source, options)
    except _Problem as problem:
        return _problem(problem)
    except Refusal as refusal:
        return _problem(_Problem(503, refusal.code))


def _words(request: Request, source: LiveSource, options: ChatOptions) -> HttpResponse:
    """What the window says, in the language that the page asks for."""
    asked = request.GET.get("lang", "")[:20]
    code = asked if known_language(asked) else preferred(asked or request.headers.get("Accept-Language", ""))
    reader = Reader(code, request.workspace.zone)
    response = _json(
        {
            "title": options.title or request.workspace.name,
            "greeting": options.greeting,
            "lang": language(code).tag,
            "dir": language(code).direction,
            "words": {name: reader.say(text) for name, text in WORDS.items()},
        }
    )
    response["Cache-Control"] = "public, max-age=300"
    patch_vary_headers(response, ["Accept-Language"])
    return response


def _start(request: Request, source: LiveSource, options: ChatOptions) -> HttpResponse:
    """A token for a new visitor."""
    _asked(request)
    if not starting.take(f"{source.id}:{_address(request)}", time.monotonic()):
        raise _Problem(429, "too_many")
    return _json({"token": signing.dumps(secrets.token_urlsafe(18), salt=_salt(source))})


def _send(request: Request, source: LiveSource, options: ChatOptions) -> HttpResponse:
    """Take a message: 202 says that it is on disk."""
    asked = _asked(request)
    visitor = _visitor(asked, source)
    said = _said(asked, visitor)
    moment = time.monotonic()
    if not saying.take(visitor, moment) or not everybody.take(str(source.id), moment):
        raise _Problem(429, "too_many")
    chatting.take(request.workspace, source, said, now=datetime.now(UTC))
    return _json({"taken": said.id}, status=202)


def _poll(request: Request, source: LiveSource, options: ChatOptions) -> HttpResponse:
    """What was said after a message; at first, lately."""
    asked = _asked(request)
    visitor = _visitor(asked, source)
    if not hearing.take(visitor, time.monotonic()):
        raise _Problem(429, "too_many")
    found = chatting.told(request.workspace, source, visitor, max(0, min(asked.after, 2**62)))
    return _json(
        {
            "messages": [
                {
                    "id": each.id,
                    "key": each.key,
                    "ours": not each.incoming,
                    "author": "" if each.incoming else each.author,
                    "text": each.text,
                    "at": datetime.fromtimestamp(each.at_us / 1_000_000, UTC).isoformat(timespec="seconds"),
                }
                for each in found
            ]
        }
    )


_Act = Callable[[Request, "LiveSource", ChatOptions], HttpResponse]
_ACTS: dict[str, tuple[str, _Act]] = {
    "words": ("GET", _words),
    "start": ("POST", _start),
    "send": ("POST", _send),
    "poll": ("POST", _poll),
}


def _asked(request: HttpRequest) -> _Asked:
    """What was sent. Refuses what is too long or no JSON of ours."""
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise _Problem(413, "too_long")
    try:
        return msgspec.json.decode(body or b"{}", type=_Asked)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _Problem(400, "not_json") from error


def _said(asked: _Asked, visitor: str) -> Said:
    """One message. Refuses one that says nothing, says too much, or has a wrong address."""
    text = _plain(asked.text, lines=True)
    if not text or not _ID.fullmatch(asked.id):
        raise _Problem(400, "nothing_said")
    if len(text) > MOST_TEXT:
        raise _Problem(413, "too_long")
    email = email_in(asked.email)
    if asked.email.strip() and not email:
        raise _Problem(400, "wrong_email")
    anonymous = asked.anonymous if _ID.fullmatch(asked.anonymous) else ""
    return Said(
        visitor, asked.id, text, _plain(asked.name)[:MOST_WORDS], email, asked.page[:2_000], anonymous
    )


def _plain(words: str, *, lines: bool = False) -> str:
    """Words without characters of control (but the ends of lines, where they may be), and what turns text."""
    kept = (
        letter
        for letter in words.replace("\r\n", "\n")
        if (lines and letter in "\n\t")
        or (category(letter) not in ("Cc", "Cs") and letter not in "\u202d\u202e")
    )
    return "".join(kept).strip()


def _visitor(asked: _Asked, source: LiveSource) -> str:
    """Whose token it is. Refuses one that was not made here, for this chat."""
    try:
        visitor = signing.loads(asked.token, salt=_salt(source), max_age=_A_YEAR)
    except (signing.BadSignature, ValueError) as error:
        raise _Problem(401, "no_token") from error
    if not isinstance(visitor, str):
        raise _Problem(401, "no_token")
    return visitor


def _address(request: HttpRequest) -> str:
    """Where the visitor comes from; behind a proxy that we were told of, what it says last."""
    if settings.SECURE_PROXY_SSL_HEADER:
        return str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def _salt(source: LiveSource) -> str:
    return f"holdfast.chat.{source.id}"


def _origin(request: HttpRequest, options: ChatOptions) -> str:
    """The site to which the answer may be shown. Refuses one that is not on the list."""
    if not options.origins:
        return "*"
    origin = request.headers.get("Origin", "").lower()
    if origin not in options.origins:
        raise _Problem(403, "wrong_site")
    return origin


def _json(content: Any, status: int = 200) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(content), status=status, content_type="application/json")


def _problem(problem: _Problem) -> HttpResponse:
    response = _json({"error": problem.code}, status=problem.status)
    if problem.status in (429, 503):
        response["Retry-After"] = str(_AGAIN_SECONDS)
    return response


class _Script(NamedTuple):
    """The script as it is served, the same packed, and the mark of this version."""

    content: bytes
    packed: bytes
    mark: str


@cache
def _script() -> _Script:
    """The script without what only its authors read: comments on lines of their own, indents."""
    written = files("holdfast.web").joinpath("static/chat.js").read_text(encoding="utf-8")
    lines = (line.strip() for line in re.sub(r"/\*.*?\*/", "", written, flags=re.DOTALL).splitlines())
    content = "\n".join(line for line in lines if line and not line.startswith("//")).encode()
    return _Script(
        content, gzip.compress(content, 9, mtime=0), f'"{hashlib.sha256(content).hexdigest()[:16]}"'
    )
