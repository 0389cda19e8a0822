"""One call from its address to its answer: found, let in, read, carried out, written."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import IO, Any, cast
from urllib.parse import quote, urlencode

import msgspec
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.csrf import csrf_exempt

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.language import Reader, preferred
from holdfast.services.full_disk import means_full_disk
from holdfast.store.one_at_a_time import one_at_a_time
from holdfast.web.access import for_everyone
from holdfast.web.api import passing, problems, reading, repeats, seeing
from holdfast.web.api.contract import PREFIX, Call, File, Operation, Page, Upload, operations
from holdfast.web.api.document import document_json
from holdfast.web.api.problems import Refused, of_refusal, refused
from holdfast.web.reading import Request
from holdfast.web.visitor import our_address

log = logging.getLogger("holdfast.api")

DOCUMENT = "/openapi.json"
_PIECE = 65_536


@for_everyone
@csrf_exempt
def api(request: HttpRequest, rest: str = "") -> HttpResponseBase:
    """Answer a call; whatever goes wrong is a problem, never a page."""
    known = cast(Request, request)
    reader = Reader(preferred(request.headers.get("Accept-Language", "")), known.workspace.zone)
    try:
        answer = _answered(known, f"/{rest}", reader)
    except Refused as problem:
        answer = problems.response(problem, reader)
    except Refusal as refusal:
        answer = problems.response(of_refusal(refusal), reader)
    except (BadRequest, SuspiciousOperation) as error:
        log.warning("a call could not be read: %s", type(error).__name__)
        answer = problems.response(_unreadable(), reader)
    except Exception as error:
        log.exception("a call could not be answered")
        answer = problems.response(_not_now(error) or _defect(), reader)
    if answer.status_code < 500:  # what a client does wrong fills no log
        setattr(answer, "_has_been_logged", True)  # noqa: B010  (no attribute that Django tells of)
    answer.headers.setdefault("Cache-Control", "no-store")
    answer.headers.setdefault("Vary", "Authorization, Accept-Language")
    if request.method == "HEAD" and isinstance(answer, HttpResponse):
        answer.headers.setdefault("Content-Length", str(len(answer.content)))
        answer.content = b""
    return answer


def _answered(request: Request, path: str, reader: Reader) -> HttpResponseBase:
    request.get_host()  # refuses a name that is not ours
    if path == DOCUMENT and request.method in ("GET", "HEAD"):
        return HttpResponse(document_json(), content_type="application/json")
    operation, given = _found(request.method or "", path)
    now = datetime.now(UTC)
    key, person = passing.passed(request.workspace, request, now=now)
    passing.check_open(operation, key, person)
    asked = reading.path_values(operation, given)
    call = seeing.call(
        request.workspace, key, person, reader, now, f"{operation.method} {path}", our_address(request)
    )
    seeing.check(call, asked)
    query = reading.query_value(operation, request.GET)
    if operation.takes_query:
        asked["query"] = query
    if operation.body_type is not None:
        asked["body"] = reading.body_value(operation, request)
    if operation.writes:
        if operation.body_type not in (None, Upload):
            seeing.check_nothing_covered(call, asked["body"])

        def carried_out() -> HttpResponse:
            made = _written(request, operation, call, asked)
            seeing.note(call, operation, asked, made.status_code)
            return made

        return repeats.once(request, call, asked, carried_out, secret=operation.secret)
    answer = _read(request, operation, call, asked)
    seeing.note(call, operation, asked, answer.status_code)
    return answer


def _found(method: str, path: str) -> tuple[Operation, tuple[str, ...]]:
    """The operation at a place, and what stands in the path. Refuses 404 and 405.

    Where two fit, the one that names the place more exactly (``/segments/preview`` before ``/{key}``).
    """
    matching = [(one, found) for one in operations() if (found := one.pattern.fullmatch(path))]
    wanted = "GET" if method == "HEAD" else method
    for one, found in sorted(matching, key=lambda pair: len(pair[0].path_types)):
        if one.method == wanted:
            return one, found.groups()
    if not matching and path != DOCUMENT:
        raise refused(
            404,
            "no_such_place",
            Text("There is nothing at {path}.", path=f"{PREFIX}{path}"[:200]),
            Text("One of the places that {document} lists.", document=f"{PREFIX}{DOCUMENT}"),
            Text("Check the address."),
        )
    allowed = ", ".join(sorted({one.method for one, _ in matching} or {"GET"}))
    raise refused(
        405,
        "wrong_method",
        Text("{method} is not possible here.", method=method[:20]),
        Text("One of {methods}.", methods=allowed),
        Text("Check the method."),
        headers={"Allow": allowed},
    )


def _read(request: Request, operation: Operation, call: Call, asked: dict[str, Any]) -> HttpResponseBase:
    answer = _run(request, operation, call, asked)
    tag = answer.headers.get("ETag")
    if tag is not None and _named(request.headers.get("If-None-Match", ""), tag):
        return HttpResponse(status=304, headers={"ETag": tag})
    return answer


def _written(request: Request, operation: Operation, call: Call, asked: dict[str, Any]) -> HttpResponse:
    wanted = request.headers.get("If-Match")
    if wanted is None:
        return cast(HttpResponse, _run(request, operation, call, asked))
    with one_at_a_time(request.workspace, request.path):
        _check_unchanged(request, operation, call, asked, wanted)
        return cast(HttpResponse, _run(request, operation, call, asked))


def _check_unchanged(
    request: Request, operation: Operation, call: Call, asked: dict[str, Any], wanted: str
) -> None:
    """Refuse (412) to change what is not any more as the client last read it."""
    reads = next((one for one in operations() if one.path == operation.path and not one.writes), None)
    tag = None
    if reads is not None:
        there = {name: asked[name] for name in reads.path_types}
        if reads.takes_query:
            there["query"] = reads.query_type()
        tag = _run(request, reads, call, there).headers.get("ETag")
    if tag is None or not _named(wanted, tag):
        raise refused(
            412,
            "changed_meanwhile",
            Text("It is not as it was when it was read."),
            Text("The ETag of its present state in If-Match."),
            Text("Read it again, and decide whether to change it still."),
        )


def _named(header: str, tag: str) -> bool:
    """Whether a header names this tag; on its way it may have been packed, and is "weak" then."""
    named = [each.strip().removeprefix("W/") for each in header.split(",")]
    return "*" in named or tag.removeprefix("W/") in named


def _run(request: Request, operation: Operation, call: Call, asked: dict[str, Any]) -> HttpResponseBase:
    """Carry it out, and write what it answers."""
    answer = operation.run(call, **asked)
    if isinstance(answer, File):
        return _file(answer)
    if answer is None:
        return HttpResponse(status=operation.status)
    body = msgspec.json.encode(seeing.covered(call, answer))
    response = HttpResponse(body, status=operation.status, content_type="application/json")
    response["Content-Language"] = call.reader.language.tag
    if isinstance(answer, Page):
        _link(request, answer, response)
    elif not operation.writes:
        response["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    return response


def _link(request: Request, page: Page[Any], response: HttpResponse) -> None:
    if page.next is not None:
        asked = [(name, value) for name, values in request.GET.lists() for value in values if name != "after"]
        response["Link"] = f'<{request.path}?{urlencode([*asked, ("after", page.next)])}>; rel="next"'


def _file(file: File) -> HttpResponseBase:
    response: HttpResponseBase
    if isinstance(file.content, bytes):
        response = HttpResponse(file.content, content_type=file.media_type)
    else:
        response = StreamingHttpResponse(_pieces(file.content), content_type=file.media_type)
        response._resource_closers.append(file.content.close)  # type: ignore[attr-defined]
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"
    return response


def _pieces(content: IO[bytes]) -> Iterator[bytes]:
    with content:
        while piece := content.read(_PIECE):
            yield piece


def _unreadable() -> Refused:
    return refused(
        400,
        "bad_request",
        Text("This request could not be read."),
        Text("A request to a name under which this server is known."),
        Text("Check the address."),
    )


_AGAIN = (
    Text("An answer; what broke is written to the log of the server."),
    Text("Try again later, with the same Idempotency-Key where you sent one."),
)


def _defect() -> Refused:
    return refused(500, "defect", Text("Something broke on our side."), *_AGAIN)


def _not_now(error: Exception) -> Refused | None:
    """A database that is busy or away, and a full disk, are no defect: it helps to come again."""
    if means_full_disk(error):
        found, code = Text("The disk is full or cannot be written."), "disk_full"
    elif isinstance(error, OperationalError | InterfaceError):
        found, code = Text("The database does not answer."), "busy"
    else:
        return None
    expected, remedy = _AGAIN
    return of_refusal(Refusal(code, found=found, expected=expected, remedy=remedy))
