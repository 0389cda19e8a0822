"""The second factor is set up, its recovery codes are shown, and it is turned off."""

from __future__ import annotations

from typing import cast

import segno
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from markupsafe import Markup

from holdfast.domain import totp
from holdfast.domain.moments import actual_us
from holdfast.domain.texts import Text
from holdfast.services.people import change
from holdfast.store import second_factor, sign_in_rules
from holdfast.store.models import User
from holdfast.web import signing
from holdfast.web.access import READERS, only
from holdfast.web.pages.own.view import by, page
from holdfast.web.pages.sign_in.code import begin_code, forget_codes
from holdfast.web.pages.sign_in.view import too_often
from holdfast.web.proof import proved
from holdfast.web.reading import Request
from holdfast.web.show import show

WRONG = Text("This code is not right. Look whether the clock of the phone is, and type the next code.")


@only(READERS)
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@proved
def own_factor(request: Request) -> HttpResponse:
    """Show the secret until a code of the phone shows that it is there; then the recovery codes."""
    person = cast(User, request.user)
    if second_factor.is_on(request.workspace, person.pk):
        return HttpResponseRedirect(reverse("own_sign_in"))
    if request.method != "POST":
        return _set_up(request, person)
    if wait := begin_code(request, person.pk):
        return _set_up(request, person, mistake=too_often(wait), wait=wait)
    given, here = request.POST.get("code", ""), request.session.session_key or ""
    if not change.factor_on(request.workspace, person.pk, given, by=by(request), but=here, now=signing.now()):
        return _set_up(request, person, mistake=WRONG)
    forget_codes(request, person.pk)
    request.session.pop(signing.MUST_SET_UP, None)
    request.session.cycle_key()
    return _codes(request, person)


@only(READERS)
@require_POST
@proved
def own_codes(request: Request) -> HttpResponse:
    """Ten new recovery codes in the place of the old ones."""
    person = cast(User, request.user)
    if not second_factor.is_on(request.workspace, person.pk):
        return HttpResponseRedirect(reverse("own_sign_in"))
    return _codes(request, person)


@only(READERS)
@require_POST
@proved
def own_factor_off(request: Request) -> HttpResponse:
    """Turn the second factor off, where the role does not need one."""
    person = cast(User, request.user)
    if person.role in sign_in_rules.read(request.workspace).second_factor_roles:
        needed = Text("Your role needs a second factor. Ask an administrator when your phone is lost.")
        return page(request, errors={"link": request.reader.say(needed)})
    here = request.session.session_key or ""
    change.factor_off(request.workspace, person.pk, by=by(request), but=here, now=signing.now())
    return HttpResponseRedirect(f"{reverse('own_sign_in')}?done=factor-off")


def _codes(request: Request, person: User) -> HttpResponse:
    codes = change.new_codes(request.workspace, person.pk, by=by(request), now=signing.now())
    return show(request, "own/codes.html", place="preferences", codes=codes)


def _set_up(request: Request, person: User, *, mistake: Text | None = None, wait: int = 0) -> HttpResponse:
    secret = second_factor.begin(request.workspace, person.pk, now_us=actual_us())
    address = totp.address(secret, account=person.email, issuer=request.workspace.name)
    response = show(
        request,
        "own/factor.html",
        status=429 if wait else 422 if mistake else 200,
        place="preferences",
        picture=_picture(address),
        secret=totp.written(secret),
        mistake=mistake,
        needed=bool(request.session.get(signing.MUST_SET_UP)),
    )
    if wait:
        response["Retry-After"] = str(wait)
    return response


def _picture(address: str) -> Markup:
    """The picture for the camera, drawn here: black on white by night too, or no camera reads it."""
    drawn = segno.make_qr(address, error="m").svg_inline(
        scale=4, border=4, dark="#000", light="#fff", omitsize=False, svgclass="qr", lineclass=None
    )
    return Markup(drawn)  # noqa: S704  (segno draws lines; nothing of the address is in it)
