"""One's own sign-in: what it rests on, where one is signed in, and ending that."""

from __future__ import annotations

import secrets
from typing import cast

from django.contrib import auth
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from holdfast.domain.moments import actual_us
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.people import arrive, change, forgotten
from holdfast.services.people.acting import By
from holdfast.store import people, providers, second_factor, sessions
from holdfast.store.models import User
from holdfast.web import signing
from holdfast.web.access import READERS, only
from holdfast.web.pages.own import words
from holdfast.web.pages.sign_in.closed import closed, said
from holdfast.web.pages.sign_in.provider import lead
from holdfast.web.proof import proved
from holdfast.web.reading import Request
from holdfast.web.show import show

_LINK_KEY = "link_key"
"""In the session: what a link to a provider has to carry, so that no other site can begin one."""


@only(READERS)
@require_safe
def own_sign_in(request: Request) -> HttpResponse:
    """What the sign-in rests on, and every place where one is signed in."""
    return page(request)


@only(READERS)
@require_POST
def own_name(request: Request) -> HttpResponse:
    """Keep what one is called."""
    given = request.POST.get("name", "")
    try:
        change.rename(request.workspace, by(request).person_id or 0, given, by=by(request), now=signing.now())
    except Refusal as refusal:
        return page(request, errors={"name": said(request, refusal)}, name=given)
    return HttpResponseRedirect(f"{reverse('own_sign_in')}?done=name")


@only(READERS)
@sensitive_post_parameters("password")
@require_POST
@proved
def own_password(request: Request) -> HttpResponse:
    """Keep a new password, and end every other session."""
    person = cast(User, request.user)
    try:
        forgotten.change(
            request.workspace,
            person.pk,
            request.POST.get("password", ""),
            by=by(request),
            but=request.session.session_key or "",
            now=signing.now(),
        )
    except Refusal as refusal:
        return page(request, errors={"password": said(request, refusal)})
    person.refresh_from_db()
    auth.update_session_auth_hash(request, person)
    return HttpResponseRedirect(f"{reverse('own_sign_in')}?done=password")


@only(READERS)
@require_POST
@proved
def end_sessions(request: Request) -> HttpResponse:
    """End one session, or every other one."""
    change.end_sessions(
        request.workspace,
        cast(User, request.user).pk,
        by=by(request),
        one=request.POST.get("session", ""),
        but=request.session.session_key or "",
        now=signing.now(),
    )
    return HttpResponseRedirect(f"{reverse('own_sign_in')}?done=sessions")


@only(READERS)
@require_safe
@proved
def link(request: Request, provider: str) -> HttpResponse:
    """Lead to a provider, to be known by it from now on."""
    kept = request.session.get(_LINK_KEY, "")
    if not kept or not secrets.compare_digest(kept.encode(), request.GET.get("k", "").encode()):
        raise Http404("no such link")
    try:
        return lead(request, provider, why="link", wanted_page=f"{reverse('own_sign_in')}?done=link")
    except Refusal as refusal:
        return closed(request, refusal)


@only(READERS)
@require_POST
@proved
def unlink(request: Request, identity_id: int) -> HttpResponse:
    """Be known by a provider no more."""
    try:
        arrive.unlink(
            request.workspace, cast(User, request.user).pk, identity_id, by=by(request), now=signing.now()
        )
    except Refusal as refusal:
        return page(request, errors={"link": said(request, refusal)})
    return HttpResponseRedirect(f"{reverse('own_sign_in')}?done=unlink")


def by(request: Request) -> By:
    """Who acts in a request, as services take it."""
    person = cast(User, request.user)
    return By(person.pk, person.role, str(person))


def page(request: Request, *, errors: dict[str, str] | None = None, name: str | None = None) -> HttpResponse:
    """The page of one's own sign-in, with what was wrong where it is."""
    workspace, person = request.workspace, cast(User, request.user)
    at = actual_us()
    known = people.by_id(workspace, person.pk)
    linked = providers.identities_of(workspace, person.pk)
    here = sessions.of_person(workspace, person.pk, now_us=at, here=request.session.session_key or "")
    return show(
        request,
        "own/own.html",
        status=422 if errors else 200,
        place="preferences",
        name=person.name if name is None else name,
        email=person.email,
        has_password=known is not None and known.has_password,
        factor=known is not None and known.second_factor,
        codes_left=second_factor.recovery_codes_left(workspace, person.pk),
        sessions=words.shown(here, request.reader),
        linked=[(each, words.day(each.linked_us, request.reader)) for each in linked],
        ways=_ways(request, {each.provider for each in linked}),
        errors={"name": "", "password": "", "link": ""} | (errors or {}),
        done=_DONE.get(request.GET.get("done", "")),
    )


def _ways(request: Request, linked: set[str]) -> list[tuple[str, str]]:
    """Providers that do not know this person yet: what the button says, and where it leads."""
    more = [each for each in providers.listed(request.workspace) if each.enabled and each.name not in linked]
    if not more:
        return []
    key = request.session.setdefault(_LINK_KEY, secrets.token_urlsafe(16))
    return [(each.label, f"{reverse('own_link', args=[each.name])}?k={key}") for each in more]


_DONE = {
    "name": Text("Your name is kept."),
    "password": Text("Your new password is kept, and every other session has ended."),
    "sessions": Text("The session has ended."),
    "factor": Text("The second factor is on, and every other session has ended."),
    "factor-off": Text("The second factor is off."),
    "link": Text("You can sign in with it from now on."),
    "unlink": Text("You cannot sign in with it any more."),
}
