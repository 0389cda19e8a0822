"""The second step of signing in: a code of the phone, or one for when the phone is lost."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from holdfast.domain.moments import actual_us
from holdfast.domain.texts import Text
from holdfast.settings import Settings
from holdfast.store import second_factor
from holdfast.store import sign_in as tries
from holdfast.store.models import User
from holdfast.web import signing
from holdfast.web.access import for_everyone
from holdfast.web.pages.sign_in.view import too_often
from holdfast.web.reading import Request
from holdfast.web.show import show

WRONG = Text("This code is not right, or it was used already. Wait for the next one.")


@for_everyone
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: Request) -> HttpResponse:
    """Ask for the code of who has shown a password; nobody else sees this page."""
    pending: Any = request.session.get(signing.PENDING)
    person = None if pending is None else User.objects.filter(pk=pending["person"], is_active=True).first()
    if person is None or request.user.is_authenticated:
        return HttpResponseRedirect(reverse("sign_in"))
    if request.method != "POST":
        return _form(request)
    given = request.POST.get("code", "")
    if wait := begin_code(request, person.pk):
        return _form(request, mistake=too_often(wait), wait=wait, status=429)
    shown = taken(request.workspace, person.pk, given)
    if not shown:
        signing.refused(request, person.pk, "code")
        return _form(request, mistake=WRONG, status=400)
    forget_codes(request, person.pk)
    signing.let_in(request, person, by=f"{pending['by']} and {shown}", factor=True)
    if shown == "recovery code":
        return HttpResponseRedirect(reverse("own_sign_in"))
    return HttpResponseRedirect(signing.ours(request, pending["next"], reverse("overview")))


def begin_code(request: Request, person_id: int) -> int:
    """Count a try at a code, wherever it comes from: whoever is here knows the password already."""
    tried = tries.Try(f"code {person_id}", "*")
    return tries.begin_try(request.workspace, [tried], now_us=actual_us())


def forget_codes(request: Request, person_id: int) -> None:
    """The code was right: the tries before no longer count."""
    tries.forget_tries(request.workspace, account=f"code {person_id}", address="*")


def taken(workspace: Settings, person_id: int, given: str) -> str:
    """What ``given`` was, now used up: "code", "recovery code", or "" for neither."""
    if second_factor.check(workspace, person_id, given, now_us=actual_us()):
        return "code"
    if len(given.strip()) > 6 and second_factor.use_recovery_code(workspace, person_id, given):
        return "recovery code"
    return ""


def _form(request: Request, *, mistake: Text | None = None, wait: int = 0, status: int = 200) -> HttpResponse:
    response = show(request, "sign_in/code.html", status=status, mistake=mistake)
    if wait:
        response["Retry-After"] = str(wait)
    return response
