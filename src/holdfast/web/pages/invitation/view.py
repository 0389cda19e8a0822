"""Coming in by an invitation: a name and a password of one's own, or by word of a provider."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from holdfast.domain.refusals import Refusal
from holdfast.services.people import invite
from holdfast.store import providers
from holdfast.store.invitations import Invitation
from holdfast.store.models import User
from holdfast.web import signing
from holdfast.web.access import for_everyone
from holdfast.web.pages.people.words import role_name
from holdfast.web.pages.sign_in.closed import closed, said
from holdfast.web.reading import Request
from holdfast.web.show import show

_FIELDS = {"bad_name": "name", "weak_password": "password"}


@for_everyone
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: Request, token: str) -> HttpResponse:
    """Ask for name and password; opening the page uses nothing up, so that a mail scanner may."""
    errors: dict[str, str] = {}
    try:
        asked = invite.opened(request.workspace, token, now=signing.now())
        if request.method == "POST" and not request.user.is_authenticated:
            return _accepted(request, token)
    except Refusal as refusal:
        if refusal.code not in _FIELDS:
            return closed(request, refusal)
        errors[_FIELDS[refusal.code]] = said(request, refusal)
    return _form(request, token, asked, errors)


def _accepted(request: Request, token: str) -> HttpResponse:
    person_id = invite.accept(
        request.workspace,
        token,
        name=request.POST.get("name", ""),
        password=request.POST.get("password", ""),
        language=request.reader.language.code,
        now=signing.now(),
    )
    signing.let_in(request, User.objects.get(pk=person_id), by="invitation")
    return HttpResponseRedirect(reverse("first_page"))


def _form(request: Request, token: str, asked: Invitation, errors: dict[str, str]) -> HttpResponse:
    return show(
        request,
        "invitation/invitation.html",
        status=422 if errors else 200,
        email=asked.email,
        inviter=asked.inviter,
        role=role_name(asked.role),
        name=request.POST.get("name", ""),
        errors={"name": "", "password": ""} | errors,
        signed_in_as=str(request.user) if request.user.is_authenticated else "",
        ways=[
            (each.label, f"{reverse('sign_in_with', args=[each.name])}?{urlencode({'invitation': token})}")
            for each in providers.listed(request.workspace)
            if each.enabled
        ],
    )
