"""Who may do what, whom agents see, and what of personal data each role sees."""

from __future__ import annotations

from typing import cast

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from holdfast.domain.masking import SIGHTS, Sight, may_be_masked
from holdfast.domain.texts import Text
from holdfast.store import sql
from holdfast.store.models import User
from holdfast.store.portfolio import NARROWED, Decided, decide, decided
from holdfast.web import watching
from holdfast.web.access import ADMINS, DECIDERS, RIGHTS, may, only
from holdfast.web.pages.people.words import ROLES
from holdfast.web.proof import proved
from holdfast.web.reading import Request
from holdfast.web.show import show

SIGHT_WORDS: dict[Sight, Text] = {
    "shown": Text("whole"),
    "on_request": Text("in part, whole when they ask, which is noted"),
    "hidden": Text("in part"),
}


@only(DECIDERS)
@require_safe
def rights(request: Request) -> HttpResponse:
    """The table of rights, and what was decided."""
    now, say = decided(request.workspace), request.reader.say
    sights = [(sight, say(words)) for sight, words in SIGHT_WORDS.items()]
    masked = [role for role in User.ROLES if may_be_masked(role)]
    return show(
        request,
        "rights/rights.html",
        place="preferences",
        roles=[say(ROLES[role]) for role in User.ROLES],
        rights=[(say(right.words), [role in right.roles for role in User.ROLES]) for right in RIGHTS],
        narrowed=[(role, say(ROLES[role]), role in now.own_only) for role in sorted(NARROWED)],
        masked=[
            (role, say(ROLES[role]), now.sight_of_points(role), now.sight_of_names(role)) for role in masked
        ],
        sights=sights,
        may_change=may(request.user, ADMINS),
        done="done" in request.GET,
    )


@only(ADMINS)
@require_POST
@proved
def change(request: Request) -> HttpResponse:
    """Decide whom agents see and what is masked; it holds from the next request on."""
    wanted = _read(request)
    with sql.short_write():
        decide(request.workspace, wanted)
        watching.changed(
            request,
            "rights.changed",
            "setting:rights",
            own_only=", ".join(sorted(wanted.own_only)),
            points=_said(wanted.points),
            names=_said(wanted.names),
        )
    return HttpResponseRedirect(f"{reverse('rights')}?done=1")


def _said(sights: object) -> str:
    return ", ".join(f"{role} {sight}" for role, sight in sorted(cast(dict[str, str], sights).items()))


def _read(request: HttpRequest) -> Decided:
    masked = [role for role in User.ROLES if may_be_masked(role)]
    return Decided(
        frozenset(role for role in NARROWED if request.POST.get(f"own-{role}") == "1"),
        {role: _sight(request, f"points-{role}") for role in masked},
        {role: _sight(request, f"names-{role}") for role in masked},
    )


def _sight(request: HttpRequest, name: str) -> Sight:
    given = request.POST.get(name, "")
    for sight in SIGHTS:
        if sight == given:
            return sight
    raise BadRequest(f"{name}={given}")
