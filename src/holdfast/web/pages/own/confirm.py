"""Proving again who one is, before something about signing in is changed."""

from __future__ import annotations

from typing import cast
from urllib.parse import urlencode

from django.contrib import auth
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.store import passwords, people, providers
from holdfast.store.models import User
from holdfast.web import signing
from holdfast.web.access import READERS, only
from holdfast.web.pages.sign_in.closed import closed
from holdfast.web.pages.sign_in.code import begin_code, forget_codes, taken
from holdfast.web.pages.sign_in.provider import lead
from holdfast.web.pages.sign_in.view import too_often
from holdfast.web.reading import Request
from holdfast.web.show import show

WRONG = Text("That was not right.")


@only(READERS)
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: Request) -> HttpResponse:
    """Ask for the second factor of who has one, else for the password; or lead to a provider."""
    wanted = signing.ours(
        request, request.POST.get("next") or request.GET.get("next", ""), reverse("own_sign_in")
    )
    person = cast(User, request.user)
    known = people.by_id(request.workspace, person.pk)
    factor = known is not None and known.second_factor
    if (provider := request.GET.get("with", "")) and not factor:
        try:
            return lead(request, provider, why="prove", wanted_page=wanted)
        except Refusal as refusal:
            return closed(request, refusal)
    if request.method != "POST":
        return _form(request, wanted)
    right, wait = _code_is_right(request, person) if factor else _password_is_right(request, person)
    if not right:
        signing.refused(request, person.pk, "proof")
        return _form(request, wanted, mistake=too_often(wait) if wait else WRONG, wait=wait)
    signing.prove(request)
    return HttpResponseRedirect(wanted)


def _code_is_right(request: Request, person: User) -> tuple[bool, int]:
    """Whether the code is right, and how long to wait where it is not looked at."""
    if wait := begin_code(request, person.pk):
        return False, wait
    right = bool(taken(request.workspace, person.pk, request.POST.get("code", "")))
    if right:
        forget_codes(request, person.pk)
    return right, 0


def _password_is_right(request: Request, person: User) -> tuple[bool, int]:
    """The same of the password."""
    if wait := signing.begin_try(request, person.email):
        return False, wait
    given, kept = request.POST.get("password", ""), person.password
    right = len(given) <= 4 * passwords.LONGEST and person.check_password(passwords.normal(given))
    if right:
        signing.forget_tries(request, person.email)
    if person.password != kept:  # it cost otherwise and was made anew: this session goes on with it
        auth.update_session_auth_hash(request, person)
    return right, 0


def _form(request: Request, wanted: str, *, mistake: Text | None = None, wait: int = 0) -> HttpResponse:
    person = cast(User, request.user)
    known = people.by_id(request.workspace, person.pk)
    response = show(
        request,
        "own/confirm.html",
        status=429 if wait else 400 if mistake else 200,
        place="preferences",
        wanted=wanted,
        mistake=mistake,
        factor=known is not None and known.second_factor,
        has_password=known is not None and known.has_password,
        ways=[
            (each.label, f"{reverse('confirm')}?{urlencode({'with': each.provider, 'next': wanted})}")
            for each in providers.identities_of(request.workspace, person.pk)
        ],
    )
    if wait:
        response["Retry-After"] = str(wait)
    return response
