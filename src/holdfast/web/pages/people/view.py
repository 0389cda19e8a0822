"""The page of people: everybody with role and last sign of life, and asking somebody in."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from holdfast.domain.colleagues import GIVES
from holdfast.domain.moments import actual_us
from holdfast.domain.refusals import Refusal
from holdfast.services.people import invite, mails
from holdfast.services.people.invite import Invited
from holdfast.store import invitations, people, sessions
from holdfast.web import signing
from holdfast.web.access import ADMINS, only
from holdfast.web.pages.own.view import by
from holdfast.web.pages.people import words
from holdfast.web.pages.sign_in.closed import said
from holdfast.web.proof import proved
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.visitor import our_address

_FIELDS = {"unknown_role": "role", "role_above": "role", "unknown_language": "language"}


@only(ADMINS)
@require_safe
def people_list(request: Request) -> HttpResponse:
    """Everybody who may come in, who was shut out, and who is asked in."""
    return _shown(request, {})


@only(ADMINS)
@require_POST
@proved
def invite_person(request: Request) -> HttpResponse:
    """Ask somebody in, and show the link this once."""
    typed = request.POST.dict()
    try:
        invited = invite.invite(
            request.workspace,
            str(typed.get("email", "")),
            str(typed.get("role", "")),
            language=str(typed.get("language", "")),
            by=by(request),
            address=our_address(request),
            now=signing.now(),
        )
    except Refusal as refusal:
        errors = {_FIELDS.get(refusal.code, "email"): said(request, refusal)}
        return _shown(request, typed, errors=errors)
    return _shown(request, {}, invited=invited)


@only(ADMINS)
@require_POST
@proved
def revoke_invitation(request: Request, invitation_id: int) -> HttpResponse:
    """Take an invitation back."""
    invite.revoke(request.workspace, invitation_id, by=by(request), now=signing.now())
    return HttpResponseRedirect(reverse("people"))


def _shown(
    request: Request,
    typed: Mapping[str, object],
    *,
    errors: Mapping[str, str] | None = None,
    invited: Invited | None = None,
) -> HttpResponse:
    workspace, reader, at = request.workspace, request.reader, actual_us()
    everybody, asked = people.listed(workspace), invitations.listed(workspace)
    return show(
        request,
        "people/people.html",
        status=422 if errors else 200,
        place="preferences",
        sentence=words.said(words.sentence(everybody, asked, at), reader),
        people=words.shown(everybody, sessions.counted(workspace, now_us=at), reader),
        invitations=words.shown_invitations(asked, at, reader),
        roles=words.roles(GIVES[by(request).role], reader),
        typed={"email": "", "role": "read_only", "language": reader.language.code} | dict(typed),
        errors={"email": "", "role": "", "language": ""} | dict(errors or {}),
        invited=invited,
        mails=mails.are_set_up(workspace),
        days=invitations.VALID_DAYS,
    )
