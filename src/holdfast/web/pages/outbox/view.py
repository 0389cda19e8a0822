"""``/messages``: everything that goes out, what became of it, and what somebody has to decide."""

from __future__ import annotations

from typing import Any, cast

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from holdfast.domain.moments import actual_us
from holdfast.settings import Settings
from holdfast.store import channel_settings, message_settings, outbox_reading
from holdfast.store.models import User
from holdfast.web.access import ADMINS, DECIDERS, may, only
from holdfast.web.masking import masks
from holdfast.web.pages.outbox import words
from holdfast.web.pages.outbox.asked import ALL, DECIDE, STATES, WAITING, Asked, NotUnderstood, read_asked
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.toasts import say_next

ON_A_PAGE = 50
_DAY_US = 86_400_000_000
_MOST_CHOSEN = 200


@only(DECIDERS)
@require_safe
def outbox(request: Request) -> HttpResponse:
    """The list, the newest first; without a tab what needs a decision, where anything does."""
    try:
        asked = read_asked(request.GET)
    except NotUnderstood as error:
        raise BadRequest(str(error)) from error
    workspace, reader = request.workspace, request.reader
    counts = outbox_reading.counted(workspace, (*STATES[DECIDE], *STATES[WAITING]))
    tab = asked.tab or (DECIDE if any(counts.get(state) for state in STATES[DECIDE]) else ALL)
    found = outbox_reading.listed(workspace, asked.wanted(tab), ON_A_PAGE + 1)
    touches = words.shown(found[:ON_A_PAGE], reader, masks(request))
    return show(
        request,
        "outbox/outbox.html",
        place="outbox",
        sentence=words.sentence(counts, outbox_reading.sent_since(workspace, actual_us() - _DAY_US), reader),
        tabs=words.tabs(counts, asked, tab, reader),
        filters=words.filters(asked, reader),
        narrowed=bool(asked.channel or asked.purpose),
        any_touch=bool(counts or found or outbox_reading.listed(workspace, outbox_reading.Wanted(), 1)),
        touches=touches,
        may_send_again=any(each.again for each in touches),
        may_call_off=any(each.off for each in touches),
        next_url=_next_url(asked, tab, found),
        first_url=words.address(asked.after(0)) if asked.before else "",
        back=words.address(asked),
        **_standing(request, workspace),
    )


@only(DECIDERS)
@require_safe
def touch(request: Request, touch_id: int) -> HttpResponse:
    """One message: what it says, where it is, and all that happened to it."""
    workspace, reader = request.workspace, request.reader
    found = outbox_reading.one(workspace, touch_id)
    content = outbox_reading.content_of(workspace, touch_id)
    if found is None or content is None:
        raise Http404(str(touch_id))
    return show(
        request,
        "outbox/touch.html",
        place="outbox",
        touch=words.shown_one(found, reader, masks(request)),
        facts=found,
        unit_id=found.unit_id or found.subject_id,
        says=words.words_of(content, found.state),
        parts=words.parts_words(found, words.words_of(content, found.state), reader),
        content=content,
        steps=words.steps(
            outbox_reading.history(workspace, touch_id), found.asked_us, found.asked_by, reader
        ),
        unknown=found.state == "unknown",
    )


@only(DECIDERS)
@require_POST
def many(request: Request) -> HttpResponse:
    """Send the chosen messages again, or call them off."""
    chosen = request.POST.getlist("chosen")
    if not all(each.isascii() and each.isdecimal() and len(each) < 19 for each in chosen):
        raise BadRequest("chosen")
    return _acted(request, [int(each) for each in chosen[:_MOST_CHOSEN]], _back(request))


@only(DECIDERS)
@require_POST
def act(request: Request, touch_id: int) -> HttpResponse:
    """Send one message again, or call it off."""
    if outbox_reading.one(request.workspace, touch_id) is None:
        raise Http404(str(touch_id))
    return _acted(request, [touch_id], reverse("outbox_touch", args=[touch_id]))


def _acted(request: Request, touch_ids: list[int], back: str) -> HttpResponse:
    do, by = request.POST.get("do", ""), cast(User, request.user).email
    acts = {"again": outbox_reading.send_again, "off": outbox_reading.cancel}
    if do not in acts:
        raise BadRequest(f"do={do}")
    changed = sum(acts[do](request.workspace, each, by=by, now_us=actual_us()) for each in touch_ids)
    again, off = (changed, 0) if do == "again" else (0, changed)
    return say_next(HttpResponseRedirect(back), words.done(again, off, len(touch_ids), request.reader))


def _standing(request: Request, workspace: Settings) -> dict[str, Any]:
    """What stands in the way of everything: a Stop, no mail server, one that does not answer, safe mode."""
    rules, email = message_settings.rules(workspace), channel_settings.read(workspace, "email")
    trouble = email.trouble if email is not None else None
    return {
        "stopped": rules.stop is not None,
        "is_set": email is not None and bool(email.options),
        "trouble": request.reader.say(trouble) if trouble is not None else "",
        "other_troubles": [
            request.reader.say(said)
            for channel, said in channel_settings.troubles(workspace).items()
            if channel != "email"
        ],
        "safe": rules.safe,
        "may_set": may(request.user, ADMINS),
    }


def _next_url(asked: Asked, tab: str, found: list[outbox_reading.Listed]) -> str:
    if len(found) <= ON_A_PAGE:
        return ""
    return words.address(Asked(tab, asked.channel, asked.purpose, found[ON_A_PAGE - 1].id))


def _back(request: Request) -> str:
    """The list that the form stood in, and nowhere else."""
    wanted = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith(
        reverse("outbox")
    )
    return wanted if safe else reverse("outbox")
