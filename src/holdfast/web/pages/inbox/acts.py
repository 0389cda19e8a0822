"""What people do with a conversation: look after it, put it off, close it, say whose it is."""

from __future__ import annotations

from typing import cast

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from holdfast.domain.refusals import Refusal
from holdfast.services.collect.inbox import conversations as service
from holdfast.services.collect.inbox.conversations import SNOOZES
from holdfast.store import inbox
from holdfast.store.models import User
from holdfast.web.access import WRITERS, check_sees, only
from holdfast.web.pages.inbox.asked import is_number
from holdfast.web.pages.inbox.view import now, opened_page
from holdfast.web.reading import Request


@only(WRITERS)
@require_POST
def read(request: Request, conversation_id: int) -> HttpResponse:
    """Say that the messages up to one were looked at; without a number, that they were not."""
    up_to = request.POST.get("up_to", "")
    if not up_to:
        inbox.mark_unread(request.workspace, conversation_id)
        return HttpResponseRedirect(reverse("inbox"))
    if not is_number(up_to):
        raise BadRequest(f"up_to={up_to}")
    inbox.mark_read(request.workspace, conversation_id, int(up_to))
    if request.htmx:
        return HttpResponse(status=204)
    return _back(conversation_id)


@only(WRITERS)
@require_POST
def assign(request: Request, conversation_id: int) -> HttpResponse:
    """Give the conversation to somebody, to oneself ("me"), or to nobody ("")."""
    owner = request.POST.get("owner", "")
    if owner == "me":
        owner_id: int | None = cast(User, request.user).pk
    elif owner == "":
        owner_id = None
    elif is_number(owner):
        owner_id = int(owner)
    else:
        raise BadRequest(f"owner={owner}")
    if not inbox.assign(request.workspace, conversation_id, owner_id):
        raise Http404(str(conversation_id))
    return _back(conversation_id)


@only(WRITERS)
@require_POST
def state(request: Request, conversation_id: int) -> HttpResponse:
    """Close the conversation, open it again, or put it off."""
    do = request.POST.get("do", "")
    if do in SNOOZES:
        until = service.until(request.workspace, do, now())
        until_us = int(until.timestamp() * 1_000_000)
        done = inbox.set_state(request.workspace, conversation_id, "snoozed", until_us)
    elif do == "close":
        done = inbox.set_state(request.workspace, conversation_id, "closed")
    elif do == "open":
        done = inbox.set_state(request.workspace, conversation_id, "open")
    else:
        raise BadRequest(f"do={do}")
    if not done:
        raise Http404(str(conversation_id))
    return _back(conversation_id)


@only(WRITERS)
@require_POST
def link(request: Request, conversation_id: int) -> HttpResponse:
    """Say that who writes is a customer we know; it can be undone with the merges."""
    unit = request.POST.get("customer", "")
    found = inbox.conversation(request.workspace, conversation_id)
    if found is None:
        raise Http404(str(conversation_id))
    if not is_number(unit):
        raise BadRequest(f"customer={unit}")
    check_sees(request.user, [int(unit)])
    person = cast(User, request.user)
    try:
        service.link(request.workspace, found, int(unit), by=person.email, now=now())
    except Refusal as refusal:
        wrong = f"{request.reader.say(refusal.found)} {request.reader.say(refusal.expected)}"
        return opened_page(request, conversation_id, status=422, wrong=wrong)
    return _back(conversation_id)


def _back(conversation_id: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("conversation", args=[conversation_id]))
