"""Signing in slowly enough for guessing, and out."""

from __future__ import annotations

import time

from django.conf import settings
from django.contrib import auth
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from holdfast.domain.texts import Text
from holdfast.store import sign_in as tries
from holdfast.store.users import has_users
from holdfast.web.access import READERS, for_everyone, only
from holdfast.web.reading import Request
from holdfast.web.show import show

WRONG = Text("This e-mail address and password do not go together.")
MISSING = Text("Nothing was given; your e-mail address and your password are needed.")


@for_everyone
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: Request) -> HttpResponse:
    """Ask who it is; with the right answer lead to the page that was wanted.

    A wrong password and an unknown address get the same answer after the same work.
    """
    if request.user.is_authenticated:
        return HttpResponseRedirect(_wanted(request))
    if request.method != "POST":
        return _form(request)
    email, password = request.POST.get("email", "").strip(), request.POST.get("password", "")
    if not email or not password:
        return _form(request, mistake=MISSING, email=email, status=400)
    address = _address(request)
    wait = tries.begin_try(request.workspace, account=email, address=address, now_us=time.time_ns() // 1000)
    if wait:
        return _wait(request, email, wait)
    person = auth.authenticate(request, email=email.lower(), password=password)
    if person is None:
        return _form(request, mistake=WRONG, email=email, status=400)
    tries.forget_tries(request.workspace, account=email, address=address)
    auth.login(request, person)
    return HttpResponseRedirect(_wanted(request))


@only(READERS)
@require_POST
def sign_out(request: Request) -> HttpResponse:
    """End the session, here and in the database."""
    auth.logout(request)
    return HttpResponseRedirect(reverse("sign_in"))


def _form(
    request: Request, *, mistake: Text | None = None, email: str = "", status: int = 200
) -> HttpResponse:
    return show(
        request,
        "sign_in/sign_in.html",
        status=status,
        mistake=mistake,
        email=email,
        wanted=_wanted(request),
        someone_can=has_users(request.workspace),
    )


def _wait(request: Request, email: str, seconds: int) -> HttpResponse:
    minutes = -(-seconds // 60)
    too_many = Text(
        "That was wrong too often. You can try again in {n} minute.",
        "That was wrong too often. You can try again in {n} minutes.",
        n=minutes,
    )
    response = _form(request, mistake=too_many, email=email, status=429)
    response["Retry-After"] = str(seconds)
    return response


def _address(request: Request) -> str:
    """Where the visitor comes from; behind a proxy that we were told of, what it says last."""
    if settings.SECURE_PROXY_SSL_HEADER:
        return str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def _wanted(request: Request) -> str:
    """The page that sent the reader here, where it is one of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and ours else reverse("overview")
