"""``POST /hooks/<source>``: where providers deliver. No sign-in and no form: the signature is the proof.

Answers 200 once the delivery is on disk, whatever it says. Everything else is problem JSON (RFC 9457).
"""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from holdfast.connectors.webhooks import Delivery
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.collect.sources.intake import (
    MOST_BYTES,
    believe,
    count_refused,
    greeting,
    keep,
    realm,
)
from holdfast.web.access import for_everyone
from holdfast.web.limits import Buckets
from holdfast.web.mail_events import translated
from holdfast.web.reading import Request

_STATUS = {
    "unknown_source": 404,
    "bad_signature": 401,
    "stale_signature": 401,
    "body_too_large": 413,
    "too_many": 429,
    "disk_full": 503,
    "sealed_elsewhere": 503,
}
_AGAIN_SECONDS = 60

deliveries = Buckets(per_second=50, burst=500)
"""How fast one source may deliver to one process; providers wait and repeat."""

strangers = Buckets(per_second=0.2, burst=30)
"""How often it is counted that a delivery to one source was not believed; the rest is only refused."""


@for_everyone
@csrf_exempt
@require_http_methods(["GET", "POST"])
def hook(request: Request, name: str) -> HttpResponse:
    """Take one delivery of the source called ``name``, or answer the question by which it is tried."""
    now, workspace = datetime.now(UTC), request.workspace
    if request.method != "POST":
        return _greeted(request, name)
    try:
        told = translated(workspace, name, request, lambda: _whole_body(request))
        delivery = Delivery(_url(request), _headers(request), _body(request) if told is None else told)
        believed = believe(workspace, name, delivery, now=now)
        _check_pace(name)
        receipt = keep(workspace, believed, now=now)
    except Refusal as refusal:
        if _STATUS.get(refusal.code) == HTTPStatus.UNAUTHORIZED and strangers.take(name, time.monotonic()):
            count_refused(workspace, name, refusal, now=now)
        return problem(refusal, "" if request.headers.get("Authorization") else realm(workspace, name))
    if (answer := believed.part.manners.answer) is not None:
        return HttpResponse(answer[1], content_type=answer[0])
    return JsonResponse({"taken": receipt.taken, "waiting": receipt.waiting, "ignored": receipt.ignored})


def _greeted(request: Request, name: str) -> HttpResponse:
    """What a provider hears that tries the address before it delivers; nobody else hears anything."""
    said = greeting(request.workspace, name, request.GET.dict())
    if said is None:
        return HttpResponseNotAllowed(["POST"])
    return HttpResponse(said, content_type="text/plain; charset=utf-8")


def problem(refusal: Refusal, realm: str = "") -> HttpResponse:
    """A refusal as problem JSON; what will be better later says when to come again.

    With a ``realm`` a stranger is asked for a name and a password.
    """
    status = _STATUS.get(refusal.code, 503)
    content = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": str(refusal),
        **refusal.as_json(),
    }
    response = HttpResponse(json.dumps(content), status=status, content_type="application/problem+json")
    if status in (429, 503):
        response["Retry-After"] = str(_AGAIN_SECONDS)
    if status == HTTPStatus.UNAUTHORIZED and realm:
        response["WWW-Authenticate"] = f'Basic realm="{realm}"'
    return response


def _check_pace(name: str) -> None:
    if not deliveries.take(name, time.monotonic()):
        raise Refusal(
            "too_many",
            found=Text("Too many deliveries in too short a time."),
            expected=Text("At most {n} a second.", n=int(deliveries.per_second)),
            remedy=Text("Send it again in a minute; nothing was stored."),
        )


def _body(request: HttpRequest) -> bytes:
    """The body, read no further than it may reach."""
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise _too_large()
    return body


def _whole_body(request: HttpRequest) -> bytes:
    """The body for what reads it by itself later: no longer than what was announced, and that is bounded."""
    announced = request.headers.get("Content-Length", "")
    if announced.isascii() and announced.isdigit() and int(announced[:12]) > MOST_BYTES:
        raise _too_large()
    return request.body


def _too_large() -> Refusal:
    return Refusal(
        "body_too_large",
        found=Text("The delivery has more than {most} bytes.", most=MOST_BYTES),
        expected=Text("At most {most} bytes.", most=MOST_BYTES),
        remedy=Text("Send fewer events in one delivery; nothing was stored."),
    )


def _headers(request: HttpRequest) -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}


def _url(request: HttpRequest) -> str:
    """The address as the provider wrote it, where the source has none of its own: it may be signed."""
    return f"{request.scheme}://{request.headers.get('Host', '')}{request.get_full_path()}"
