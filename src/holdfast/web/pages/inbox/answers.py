"""Answering a conversation: send, call back within some seconds, try again, see how far it is."""

from __future__ import annotations

import re
from typing import cast

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from holdfast.domain.moments import actual_us
from holdfast.domain.refusals import Refusal
from holdfast.services.collect.inbox import answering as service
from holdfast.store import inbox
from holdfast.store.models import User
from holdfast.web.access import READERS, WRITERS, only
from holdfast.web.pages.inbox import answering
from holdfast.web.pages.inbox.view import opened_page
from holdfast.web.reading import Request
from holdfast.web.show import show

_KEY = re.compile(r"[A-Za-z0-9_-]{8,40}")


@only(READERS)
@require_safe
def answers(request: Request, conversation_id: int) -> HttpResponse:
    """The answers that are on their way, as they are now."""
    return show(request, "inbox/answers.html", **answering.shown(request, conversation_id, request.reader))


@only(WRITERS)
@require_POST
def answer(request: Request, conversation_id: int) -> HttpResponse:
    """Send an answer; what is wrong is said above the conversation, and the words are not lost."""
    talk = inbox.conversation(request.workspace, conversation_id)
    if talk is None:
        raise Http404(str(conversation_id))
    person, key, text = cast(User, request.user), request.POST.get("key", ""), request.POST.get("text", "")
    if not _KEY.fullmatch(key):
        raise BadRequest("key")
    written = service.Answer(text, key, person.name, person.pk, person.email, request.reader.code)
    try:
        service.answer(request.workspace, talk, written, now_us=actual_us())
    except Refusal as refusal:
        wrong = f"{request.reader.say(refusal.found)} {request.reader.say(refusal.remedy)}"
        return opened_page(request, conversation_id, status=422, wrong=wrong, draft=text)
    return HttpResponseRedirect(f"{reverse('conversation', args=[conversation_id])}#answers")


@only(WRITERS)
@require_POST
def answer_do(request: Request, conversation_id: int, answer_id: int, do: str) -> HttpResponse:
    """Call an answer back, so that its words stand in the box again; or try one again that failed."""
    person, where = cast(User, request.user), reverse("conversation", args=[conversation_id])
    if do == "undo":
        done = service.call_back(
            request.workspace, conversation_id, answer_id, by=person.email, now_us=actual_us()
        )
        return HttpResponseRedirect(f"{where}?again={answer_id}#answer" if done else f"{where}#answers")
    if do == "again":
        service.send_again(request.workspace, conversation_id, answer_id, by=person.email, now_us=actual_us())
        return HttpResponseRedirect(f"{where}#answers")
    raise BadRequest(f"do={do}")
