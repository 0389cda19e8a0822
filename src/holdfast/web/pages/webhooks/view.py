"""The pages of outgoing webhooks: all of them, and one with its deliveries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from holdfast.domain.announcements import FOR_CHATS, KINDS
from holdfast.domain.moments import actual_us
from holdfast.domain.refusals import Refusal
from holdfast.services.act import webhooks as service
from holdfast.store import webhooks_out as stored
from holdfast.store.models import User
from holdfast.store.webhooks_out import Webhook
from holdfast.web import watching
from holdfast.web.access import ADMINS, only
from holdfast.web.pages.webhooks import words
from holdfast.web.reading import Request
from holdfast.web.show import show

ON_A_PAGE = 30

_FIELDS = {"bad_name": "name", "name_taken": "name", "bad_address": "url", "inner_address": "url"}


@only(ADMINS)
@require_safe
def webhooks(request: Request) -> HttpResponse:
    """Every webhook, and the form for another."""
    return _list(request)


@only(ADMINS)
@require_POST
def create(request: Request) -> HttpResponse:
    """Tell another system; its secret is shown this once."""
    typed = request.POST
    by, kinds = cast(User, request.user).email, typed.getlist("kind")
    try:
        made, secret = service.subscribe(
            request.workspace, typed.get("name", ""), typed.get("url", ""), kinds, by=by, now_us=actual_us()
        )
    except Refusal as refusal:
        said = f"{request.reader.say(refusal.found)} {request.reader.say(refusal.expected)}"
        return _list(request, typed.dict(), kinds, {_FIELDS.get(refusal.code, "kinds"): said})
    watching.changed(request, "webhook.made", f"webhook:{made.id}")
    return _one(request, made, secret=secret)


@only(ADMINS)
@require_safe
def webhook(request: Request, webhook_id: int) -> HttpResponse:
    """One webhook with what it was told in the last month."""
    return _one(request, _found(request, webhook_id))


@only(ADMINS)
@require_POST
def do(request: Request, webhook_id: int, do: str) -> HttpResponse:
    """Change it, switch it on or off, try it, make a new secret, send a message again, remove it."""
    found = _found(request, webhook_id)
    if do == "secret":
        secret = stored.rotate(request.workspace, webhook_id, now_us=actual_us())
        _note(request, webhook_id, do)
        return _one(request, found, secret=secret)
    if do == "change":
        return _change(request, found)
    act = _ACTS.get(do)
    if act is None:
        raise Http404(f"nothing is done to a webhook by {do!r}")
    act(request, webhook_id)
    _note(request, webhook_id, do)
    if do == "remove":
        return HttpResponseRedirect(reverse("webhooks"))
    return HttpResponseRedirect(reverse("webhook", args=[webhook_id]))


def _change(request: Request, found: Webhook) -> HttpResponse:
    typed = request.POST
    kinds = typed.getlist("kind")
    every = "*" in found.kinds and {*kinds, *FOR_CHATS} >= set(KINDS)
    told = ["*"] if every else kinds  # what is added later too
    try:
        service.change(
            request.workspace,
            found.id,
            typed.get("name", ""),
            typed.get("url", ""),
            told,
            now_us=actual_us(),
        )
    except Refusal as refusal:
        said = f"{request.reader.say(refusal.found)} {request.reader.say(refusal.expected)}"
        errors = {_FIELDS.get(refusal.code, "kinds"): said}
        return _one(request, found, typed=typed.dict(), kinds=kinds, errors=errors)
    _note(request, found.id, "change")
    return HttpResponseRedirect(reverse("webhook", args=[found.id]))


def _note(request: Request, webhook_id: int, do: str) -> None:
    watching.changed(request, f"webhook.{_DID.get(do, 'changed')}", f"webhook:{webhook_id}")


def _try(request: Request, webhook_id: int) -> None:
    service.try_out(request.workspace, webhook_id, by=cast(User, request.user).email, now_us=actual_us())


def _again(request: Request, webhook_id: int) -> None:
    written = request.POST.get("delivery", "")
    number = int(written) if written.isascii() and written.isdecimal() and len(written) < 19 else 0
    service.resend(request.workspace, webhook_id, number, now_us=actual_us())


def _switch(on: bool) -> Callable[[Request, int], None]:
    def act(request: Request, webhook_id: int) -> None:
        stored.enable(request.workspace, webhook_id, on, now_us=actual_us())

    return act


def _remove(request: Request, webhook_id: int) -> None:
    stored.remove(request.workspace, webhook_id)


_ACTS: dict[str, Callable[[Request, int], None]] = {
    "on": _switch(True),
    "off": _switch(False),
    "try": _try,
    "again": _again,
    "remove": _remove,
}
_DID = {"remove": "removed", "try": "tried", "again": "sent_again", "secret": "secret_changed"}


def _list(
    request: Request,
    typed: Mapping[str, str] | None = None,
    kinds: list[str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> HttpResponse:
    found = stored.listed(request.workspace)
    return show(
        request,
        "webhooks/webhooks.html",
        status=422 if errors else 200,
        place="preferences",
        sentence=words.sentence(found, request.reader),
        webhooks=[words.shown(each, request.reader) for each in found],
        typed={"name": "", "url": ""} | dict(typed or {}),
        kinds=words.kinds(kinds or [], request.reader),
        errors={"name": "", "url": "", "kinds": ""} | dict(errors or {}),
    )


def _one(
    request: Request,
    found: Webhook,
    *,
    secret: str = "",
    typed: Mapping[str, str] | None = None,
    kinds: list[str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> HttpResponse:
    before = request.GET.get("before", "")
    place = int(before) if before.isascii() and before.isdecimal() and len(before) < 19 else None
    rows = stored.deliveries(request.workspace, found.id, before=place, limit=ON_A_PAGE + 1)
    here = reverse("webhook", args=[found.id])
    found = stored.one(request.workspace, found.id) or found
    return show(
        request,
        "webhooks/webhook.html",
        status=422 if errors else 200,
        place="preferences",
        webhook=words.shown(found, request.reader),
        sentence=words.standing(found, request.reader),
        secret=secret,
        deliveries=[words.delivery(each, request.reader) for each in rows[:ON_A_PAGE]],
        next_url=f"{here}?before={rows[ON_A_PAGE - 1].id}" if len(rows) > ON_A_PAGE else "",
        first_url=here if place is not None else "",
        typed={"name": found.name, "url": found.url} | dict(typed or {}),
        kinds=words.kinds(list(found.kinds) if kinds is None else kinds, request.reader),
        errors={"name": "", "url": "", "kinds": ""} | dict(errors or {}),
    )


def _found(request: Request, webhook_id: int) -> Webhook:
    try:
        return service.found(request.workspace, webhook_id)
    except Refusal as refusal:
        raise Http404(str(refusal)) from refusal
