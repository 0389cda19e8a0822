"""Writes that may arrive twice: with an ``Idempotency-Key`` the second is answered as the first was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from tempfile import SpooledTemporaryFile
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from holdfast.domain.texts import Text
from holdfast.store import api_answers
from holdfast.web.api.contract import Call, Upload
from holdfast.web.api.problems import refused

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
LONGEST = 255

_IN_MEMORY = _PIECE = 1_000_000

_KEPT_HEADERS = ("Content-Type", "Location", "ETag", "Link", "Content-Language")


def once(
    request: HttpRequest,
    call: Call,
    asked: dict[str, Any],
    answer: Callable[[], HttpResponse],
    *,
    secret: bool = False,
) -> HttpResponse:
    """The answer to a write; what came with a key before is answered from what was kept.

    Refuses a key that is none (400), that came with another request (422), and one whose first request
    is still being answered, or whose answer was ``secret`` or has been forgotten
    (409). What was refused, and what broke, is not kept: a repeat tries anew.
    """
    name = request.headers.get(HEADER)
    if name is None:
        return answer()
    _check(name)
    with _told(asked) as told:
        return _once(request, call, asked, answer, _digest(request, told), secret=secret)


def _once(
    request: HttpRequest,
    call: Call,
    asked: dict[str, Any],
    answer: Callable[[], HttpResponse],
    digest: str,
    *,
    secret: bool,
) -> HttpResponse:
    name = request.headers[HEADER]
    number, kept = api_answers.begin(
        call.settings, call.key.id, name, digest, unit_id=_unit(asked), now_us=call.actual_us
    )
    if kept is not None:
        return _again(kept, digest, secret=secret)
    try:
        made = answer()
    except BaseException:
        api_answers.drop(call.settings, number)
        raise
    if made.status_code >= 500 or made.streaming:
        api_answers.drop(call.settings, number)
    else:
        headers = {each: made[each] for each in _KEPT_HEADERS if each in made}
        body = "" if secret else made.content.decode()
        api_answers.finish(call.settings, number, made.status_code, headers, body, now_us=call.actual_us)
    return made


def _again(kept: api_answers.Kept, digest: str, *, secret: bool) -> HttpResponse:
    if kept.digest != digest:
        raise refused(
            422,
            "key_of_another",
            Text("The {header} came before with another request.", header=HEADER),
            Text("A new key for each new request, the same for a repeat."),
            Text("Make a key anew, for example a random UUID."),
        )
    if kept.status is None:
        raise refused(
            409,
            "still_answering",
            Text("The first request with this {header} is still being answered.", header=HEADER),
            Text("Its answer, which takes a moment."),
            Text("Send it again in a few seconds."),
            headers={"Retry-After": "2"},
        )
    if secret and kept.status < 300:
        raise refused(
            409,
            "already_made",
            Text("It was made already, and its answer held a secret."),
            Text("A secret is answered once."),
            Text("List what there is; revoke it and make another one if the answer was lost."),
        )
    if not kept.body and kept.status != 204:
        raise refused(
            409,
            "answer_forgotten",
            Text("It was carried out already, and its answer is not kept any more."),
            Text("Its answer, within a day and until somebody is erased."),
            Text("Look at what there is; it need not be sent again."),
        )
    again = HttpResponse(kept.body.encode(), status=kept.status)
    for name, value in kept.headers.items():
        again[name] = value
    again[REPLAYED] = "true"
    return again


def _check(name: str) -> None:
    if not 1 <= len(name) <= LONGEST or not name.isascii() or not name.isprintable():
        raise refused(
            400,
            "bad_key",
            Text("The {header} cannot be used.", header=HEADER),
            Text("1 to {most} printable characters of ASCII.", most=LONGEST),
            Text("Make a key anew, for example a random UUID."),
        )


@contextmanager
def _told(asked: dict[str, Any]) -> Iterator[str]:
    """What the body says, as it was understood; of a file, which can be read again meanwhile, its hash."""
    body = asked.get("body")
    if not isinstance(body, Upload):
        yield msgspec.json.encode(body, order="sorted").decode()
        return
    hashed = sha256()
    with SpooledTemporaryFile(_IN_MEMORY) as held:
        while piece := body.content.read(_PIECE):
            hashed.update(piece)
            held.write(piece)
        held.seek(0)
        asked["body"] = replace(body, content=held)
        yield f"{body.size} bytes, {hashed.hexdigest()}"


def _digest(request: HttpRequest, told: str) -> str:
    """Of what was asked: method, address, and what the body says."""
    # Keyed, as a body may hold a secret: what is kept of it must not let anybody try passwords.
    said = f"{request.method} {request.get_full_path()}\n{told}"
    return str(salted_hmac("holdfast api repeat", said, algorithm="sha256").hexdigest())


def _unit(asked: dict[str, Any]) -> int | None:
    unit = asked.get("customer_id")
    return unit if isinstance(unit, int) else None
