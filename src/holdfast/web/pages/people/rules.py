"""How signing in works here: how long a session lasts, who needs a second factor."""

from __future__ import annotations

from django.core.exceptions import BadRequest
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from holdfast.domain.colleagues import GIVES
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.services.people import change
from holdfast.store import sign_in_rules
from holdfast.store.sign_in_rules import IDLE_MINUTES, LONGEST_HOURS, Rules
from holdfast.web import signing
from holdfast.web.access import ADMINS, only
from holdfast.web.pages.own.view import by
from holdfast.web.pages.people import words
from holdfast.web.pages.sign_in.closed import said
from holdfast.web.proof import proved
from holdfast.web.reading import Request
from holdfast.web.show import show


@only(ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
@proved
def rules(request: Request) -> HttpResponse:
    """Show and decide the rules. Refuses lengths of time that are not offered."""
    if request.method != "POST":
        return _page(request, sign_in_rules.read(request.workspace))
    wanted = _read(request)
    if wanted is None:
        raise BadRequest("no such rule")
    try:
        change.set_rules(request.workspace, wanted, by=by(request), now=signing.now())
    except Refusal as refusal:
        return _page(request, wanted, wrong=f"{said(request, refusal)} {request.reader.say(refusal.remedy)}")
    return HttpResponseRedirect(f"{reverse('sign_in_rules')}?done=1")


def _read(request: Request) -> Rules | None:
    idle, longest = request.POST.get("idle", ""), request.POST.get("longest", "")
    roles = tuple(role for role in GIVES if role in request.POST.getlist("role"))
    if idle not in map(str, IDLE_MINUTES) or longest not in map(str, LONGEST_HOURS):
        return None
    return Rules(int(idle), int(longest), roles)


def _page(request: Request, shown: Rules, *, wrong: str = "") -> HttpResponse:
    reader = request.reader
    return show(
        request,
        "people/rules.html",
        status=422 if wrong else 200,
        place="preferences",
        idle=[(each, _minutes(each, reader), each == shown.idle_minutes) for each in IDLE_MINUTES],
        longest=[(each, _minutes(each * 60, reader), each == shown.longest_hours) for each in LONGEST_HOURS],
        roles=[
            (role, reader.say(name), role in shown.second_factor_roles) for role, name in words.ROLES.items()
        ],
        wrong=wrong,
        done="done" in request.GET,
    )


def _minutes(minutes: int, reader: Reader) -> str:
    if minutes < 60:
        return reader.say(Text("{n} minute", "{n} minutes", n=minutes))
    if minutes < 24 * 60:
        return reader.say(Text("{n} hour", "{n} hours", n=minutes // 60))
    return reader.say(Text("{n} day", "{n} days", n=minutes // 1440))
