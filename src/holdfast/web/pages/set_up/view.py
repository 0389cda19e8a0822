"""The first administrator: made once, by whoever holds the link that `holdfast serve` printed."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from holdfast.domain.moments import actual_us
from holdfast.domain.refusals import Refusal
from holdfast.services.keep import begin
from holdfast.store.models import User
from holdfast.web import signing
from holdfast.web.access import for_everyone
from holdfast.web.pages.sign_in.closed import closed, said
from holdfast.web.reading import Request
from holdfast.web.show import show

_FIELDS = {"bad_name": "name", "bad_email": "email", "weak_password": "password"}


@for_everyone
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: Request, token: str) -> HttpResponse:
    """Ask for name, address and password; opening the page uses nothing up."""
    errors: dict[str, str] = {}
    try:
        begin.check_link(request.workspace, token, now_us=actual_us())
        if request.method == "POST":
            return _made(request, token)
    except Refusal as refusal:
        if refusal.code not in _FIELDS:
            return closed(request, refusal)
        errors[_FIELDS[refusal.code]] = said(request, refusal)
    return show(
        request,
        "set_up/set_up.html",
        status=422 if errors else 200,
        typed={name: request.POST.get(name, "") for name in ("name", "email")},
        errors={"name": "", "email": "", "password": ""} | errors,
    )


def _made(request: Request, token: str) -> HttpResponse:
    number = begin.make_first_admin(
        request.workspace,
        token,
        email=request.POST.get("email", ""),
        name=request.POST.get("name", ""),
        password=request.POST.get("password", ""),
        language=request.reader.language.code,
        now_us=actual_us(),
    )
    signing.let_in(request, User.objects.get(pk=number), by="set-up link")
    return HttpResponseRedirect(reverse("start"))
