"""A password is forgotten: a link by mail, and the page that it opens."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from holdfast.domain.moments import actual_us
from holdfast.domain.refusals import Refusal
from holdfast.services.people import forgotten as service
from holdfast.services.people import mails
from holdfast.store import sign_in as tries
from holdfast.web import signing
from holdfast.web.access import for_everyone
from holdfast.web.pages.sign_in.closed import closed, said
from holdfast.web.pages.sign_in.view import too_often
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.visitor import address_of, our_address

FREE = 3
"""Links for one address, and for any from one place, that are free; then each doubles the wait."""


@for_everyone
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: Request) -> HttpResponse:
    """Ask for a link. The answer is the same whether anybody signs in with the address."""
    if request.method != "POST":
        return _asked(request)
    email = request.POST.get("email", "").strip()
    if wait := _begin(request, email):
        return _asked(request, email=email, mistake=request.reader.say(too_often(wait)), wait=wait)
    try:
        service.ask(request.workspace, email, address=our_address(request), now=signing.now())
    except Refusal as refusal:
        return _asked(request, email=email, mistake=said(request, refusal))
    return show(request, "sign_in/forgotten.html", sent=email, email="", mistake="", mails=True)


@for_everyone
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def new_password(request: Request, token: str) -> HttpResponse:
    """Choose a new password by a link; it is used up when the password is kept, not when it is opened."""
    mistake = ""
    try:
        service.opened(request.workspace, token, now=signing.now())
        if request.method == "POST":
            password = request.POST.get("password", "")
            service.choose(request.workspace, token, password, now=signing.now())
            return HttpResponseRedirect(f"{reverse('sign_in')}?changed=1")
    except Refusal as refusal:
        if refusal.code != "weak_password":
            return closed(request, refusal)
        mistake = said(request, refusal)
    return show(request, "sign_in/new_password.html", status=422 if mistake else 200, mistake=mistake)


def _begin(request: Request, email: str) -> int:
    tried = (
        tries.Try(f"forgotten {email}", "*", FREE),
        tries.Try("forgotten", address_of(request), 3 * FREE),
    )
    return tries.begin_try(request.workspace, tried, now_us=actual_us())


def _asked(request: Request, *, email: str = "", mistake: str = "", wait: int = 0) -> HttpResponse:
    response = show(
        request,
        "sign_in/forgotten.html",
        status=429 if wait else 422 if mistake else 200,
        sent="",
        email=email,
        mistake=mistake,
        mails=mails.are_set_up(request.workspace),
    )
    if wait:
        response["Retry-After"] = str(wait)
    return response
