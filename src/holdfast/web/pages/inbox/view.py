"""The inbox: the list with its filters, one conversation, and what is new in either."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from holdfast.services.collect.inbox import conversations as service
from holdfast.services.collect.inbox.conversations import Listed, Opened
from holdfast.services.foresee import reading
from holdfast.store import inbox, live_sources
from holdfast.store.inbox import Conversation
from holdfast.store.models import User
from holdfast.web import watching
from holdfast.web.access import DECIDERS, READERS, WRITERS, may, may_see, only
from holdfast.web.masking import masks
from holdfast.web.pages.inbox import answering as answers
from holdfast.web.pages.inbox import beside, words
from holdfast.web.pages.inbox.asked import Asked, NotUnderstood, is_number, read_asked
from holdfast.web.pages.inbox.channels import KINDS
from holdfast.web.pages.views.words import list_views
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.work_words import whose
from holdfast.web.workspace import present

ON_A_PAGE = 50
MESSAGES = 30
NEWS = 100
"""New messages that one answer brings; more come with the next."""


@only(READERS)
@require_safe
def conversations(request: Request) -> HttpResponse:
    """The list, the newest first."""
    asked = _asked(request)
    template = "inbox/list.html" if request.htmx.target == "list" else "inbox/inbox.html"
    found, workspace, reader = _found(request, asked), request.workspace, request.reader
    return show(
        request,
        template,
        **_talks(request, asked, found),
        filters=words.filters(asked, inbox.channels(workspace), inbox.owners(workspace), reader),
        views=list_views(request, "inbox", asked.with_().query()),
    )


@only(READERS)
@require_safe
def news(request: Request) -> HttpResponse:
    """The conversations if they differ from those with the mark; else 204, after a few small questions."""
    asked = _asked(request)
    found = _found(request, asked)
    if request.GET.get("mark") == found.mark:
        return HttpResponse(status=204)
    return show(request, "inbox/talks.html", **_talks(request, asked, found))


@only(READERS)
@require_safe
def conversation(request: Request, conversation_id: int) -> HttpResponse:
    """One conversation: its newest messages, or those before ``?before=``, and who writes."""
    return opened_page(request, conversation_id)


@only(READERS)
@require_safe
def conversation_news(request: Request, conversation_id: int) -> HttpResponse:
    """The messages after the one with the number ``?after=``; else 204."""
    after = request.GET.get("after", "")
    if not is_number(after):
        raise BadRequest(f"after={after}")
    found = inbox.messages_since(request.workspace, conversation_id, int(after), NEWS)
    if not found:
        return HttpResponse(status=204)
    return show(
        request,
        "inbox/news.html",
        talk_id=conversation_id,
        messages=words.messages(found, request.workspace.zone, request.reader),
        last_id=found[-1].id,
        may_write=may(request.user, WRITERS),
    )


def opened_page(
    request: Request,
    conversation_id: int,
    *,
    status: int = 200,
    wrong: str = "",
    draft: str = "",
) -> HttpResponse:
    """The page of one conversation; ``wrong`` says what could not be done, ``draft`` is an answer begun."""
    workspace, reader = request.workspace, request.reader
    before = _before(request.GET)
    found = service.opened(workspace, conversation_id, MESSAGES, before=before)
    if found is None:
        raise Http404(str(conversation_id))
    watching.saw(request, "conversation.seen", f"conversation:{conversation_id}", customer=found.unit_id)
    talk, customer = found.conversation, inbox.customers(workspace, {found.unit_id}).get(found.unit_id)
    writes = may(request.user, WRITERS)
    return show(
        request,
        "inbox/older.html" if request.htmx.target == "older" else "inbox/conversation.html",
        status=status,
        place="inbox",
        talk=talk,
        name=words.name_of(talk, customer, reader),
        channel=words.channel_name(talk.channel, reader),
        state_line=words.state_line(talk, reader),
        messages=words.messages(found.messages, workspace.zone, reader),
        last_id=found.messages[-1].id if found.messages and not before else 0,
        newest=before is None,
        earlier_url=_earlier(found) if found.earlier else "",
        owners=inbox.owners(workspace) if writes else [],
        snoozes=words.snoozes(reader),
        may_write=writes,
        beside=beside.customer_card(
            workspace, talk, (found.unit_id, customer), present(workspace), reader, masks(request)
        ),
        candidates=_candidates(request, talk) if writes else [],
        looked_for=request.GET.get("who", ""),
        wrong=wrong,
        **answers.box(request, talk, draft=draft),
    )


def _candidates(request: Request, talk: Conversation) -> list[beside.ShownCandidate]:
    """Whom it may be, of those whom the reader sees."""
    found = beside.candidates(request.workspace, talk, request.GET.get("who", ""), request.reader)
    return [each for each in found if may_see(request.user, [each.unit_id])]


@dataclass(frozen=True, slots=True)
class _Found:
    """What the list shows, and a mark that is another when it would show something else."""

    rows: list[Listed]
    counts: Mapping[str, int]
    mark: str


def _found(request: Request, asked: Asked) -> _Found:
    person = cast(User, request.user)
    seen_by = whose(request)
    wanted = replace(asked.wanted(person.pk), seen_by=seen_by)
    rows = service.listed(request.workspace, wanted, ON_A_PAGE + 1)
    counts = inbox.counts(request.workspace, person.pk, seen_by)
    mark = hashlib.blake2b(repr((rows, counts)).encode(), digest_size=8).hexdigest()
    return _Found(rows, counts, mark)


def _talks(request: Request, asked: Asked, found: _Found) -> dict[str, Any]:
    workspace, reader = request.workspace, request.reader
    criteria, rows = reading.read_criteria(workspace), found.rows[:ON_A_PAGE]
    now = present(workspace)
    last = rows[-1].conversation if len(found.rows) > ON_A_PAGE else None
    return {
        "place": "inbox",
        "asked": asked,
        "sentence": words.sentence(found.counts, reader),
        "tabs": words.tabs(asked, found.counts, reader),
        "talks": words.shown(rows, criteria, now, workspace.zone, reader),
        "next_url": words.address(asked.with_(after=f"{last.last_us}-{last.id}")) if last else "",
        "first_url": words.address(asked.with_()) if asked.after else "",
        "news_url": words.news_address(asked, found.mark),
        "connected": _is_connected(request) if not rows else True,
        "may_connect": may(request.user, DECIDERS),
    }


def _is_connected(request: Request) -> bool:
    """Whether anything that people write to is connected."""
    return any(source.kind in KINDS for source in live_sources.listed(request.workspace))


def _asked(request: Request) -> Asked:
    try:
        return read_asked(request.GET)
    except NotUnderstood as error:
        raise BadRequest(str(error)) from error


def _before(given: Mapping[str, str]) -> tuple[int, int] | None:
    written = given.get("before", "")
    at, dash, id_ = written.partition("-")
    if written and not (dash and is_number(at) and is_number(id_)):
        raise BadRequest(f"before={written}")
    return (int(at), int(id_)) if written else None


def _earlier(found: Opened) -> str:
    first = found.messages[0]
    address = reverse("conversation", args=[found.conversation.id])
    return f"{address}?{urlencode({'before': f'{first.at_us}-{first.id}'})}"


def now() -> datetime:
    """The present of the machine: what people decide counts from it."""
    return datetime.now(UTC)
