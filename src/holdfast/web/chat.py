"""``/chat.js`` and ``/chat/<name>/...``: the chat that websites of others show to their visitors.

No sign-in, no cookie: a visitor is known by a signed token that stays in their browser. What is sent is
plain text without a preflight; which sites may ask is the chat's own list. Answers are JSON.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING
from unicodedata import category

import msgspec
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from holdfast.connectors.chat import MOST_TEXT, MOST_WORDS, Said
from holdfast.connectors.mails.reading import email_in
from holdfast.domain.texts import Text
from holdfast.services.collect.inbox import chatting
from holdfast.services.collect.inbox.setting_up import ChatOptions, chat_options
from holdfast.web import embedded
from holdfast.web.access import for_everyone
from holdfast.web.embedded import Problem
from holdfast.web.limits import Buckets
from holdfast.web.reading import Request
from holdfast.web.visitor import address_of

if TYPE_CHECKING:
    from holdfast.store.live_sources import LiveSource

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


@for_everyone
@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """The script, at an address that stays: sites of others name it in their pages."""
    return embedded.script_of(request, "chat.js")


@for_everyone
@csrf_exempt
def answer(request: Request, name: str, do: str) -> HttpResponse:
    """``words`` (GET) for the window; ``start``, ``send`` and ``poll`` (POST) of a visitor."""
    source = chatting.chat_called(request.workspace, name)
    if source is None or do not in _ACTS:
        return embedded.refused(Problem(404, "no_such_chat"))
    options, (method, act) = chat_options(source.options), _ACTS[do]
    return embedded.answered(request, method, partial(act, request, source, options), options.origins)


def _words(request: Request, source: LiveSource, options: ChatOptions) -> HttpResponse:
    """What the window says, in the language that the page asks for."""
    title = options.title or request.workspace.name
    return embedded.words_answer(request, WORDS, title=title, greeting=options.greeting)


def _start(request: Request, source: LiveSource, options: ChatOptions) -> HttpResponse:
    """A token for a new visitor."""
    embedded.asked(request, _Asked)
    if not starting.take(f"{source.id}:{address_of(request)}", time.monotonic()):
        raise Problem(429, "too_many")
    return embedded.as_json({"token": signing.dumps(secrets.token_urlsafe(18), salt=_salt(source))})


def _send(request: Request, source: LiveSource, options: ChatOptions) -> HttpResponse:
    """Take a message: 202 says that it is on disk."""
    asked = embedded.asked(request, _Asked)
    visitor = _visitor(asked, source)
    said = _said(asked, visitor)
    moment = time.monotonic()
    if not saying.take(visitor, moment) or not everybody.take(str(source.id), moment):
        raise Problem(429, "too_many")
    chatting.take(request.workspace, source, said, now=datetime.now(UTC))
    return embedded.as_json({"taken": said.id}, status=202)


def _poll(request: Request, source: LiveSource, options: ChatOptions) -> HttpResponse:
    """What was said after a message; at first, lately."""
    asked = embedded.asked(request, _Asked)
    visitor = _visitor(asked, source)
    if not hearing.take(visitor, time.monotonic()):
        raise Problem(429, "too_many")
    found = chatting.told(request.workspace, source, visitor, max(0, min(asked.after, 2**62)))
    return embedded.as_json(
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


def _said(asked: _Asked, visitor: str) -> Said:
    """One message. Refuses one that says nothing, says too much, or has a wrong address."""
    text = _plain(asked.text, lines=True)
    if not text or not _ID.fullmatch(asked.id):
        raise Problem(400, "nothing_said")
    if len(text) > MOST_TEXT:
        raise Problem(413, "too_long")
    email = email_in(asked.email)
    if asked.email.strip() and not email:
        raise Problem(400, "wrong_email")
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
        raise Problem(401, "no_token") from error
    if not isinstance(visitor, str):
        raise Problem(401, "no_token")
    return visitor


def _salt(source: LiveSource) -> str:
    return f"holdfast.chat.{source.id}"
