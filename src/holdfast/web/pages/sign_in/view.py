"""Signing in slowly enough for guessing, and out."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import auth
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from holdfast.domain.moments import actual_us
from holdfast.domain.texts import Text
from holdfast.store import audit, passwords, people, providers, second_factor, sql
from holdfast.store.models import User
from holdfast.store.users import has_users
from holdfast.web import signing
from holdfast.web.access import READERS, for_everyone, only
from holdfast.web.reading import Request
from holdfast.web.show import show

WRONG = Text("This e-mail address and password do not go together.")
MISSING = Text("Nothing was given; your e-mail address and your password are needed.")
CHANGED = Text("Your new password is kept. Sign in with it.")


@for_everyone
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: Request) -> HttpResponse:
    """Ask who it is; with the right answer lead to the page that was wanted, or to the second factor.

    A wrong password and an unknown address get the same answer after the same work.
    """
    if request.user.is_authenticated:
        return HttpResponseRedirect(_wanted(request))
    if request.method != "POST":
        return _form(request)
    email = request.POST.get("email", "").replace("\0", "").strip()
    password = request.POST.get("password", "")
    if not email or not password:
        return _form(request, mistake=MISSING, email=email, status=400)
    if wait := signing.begin_try(request, email):
        return _form(request, mistake=too_often(wait), email=email, wait=wait, status=429)
    person = auth.authenticate(request, email=email.lower(), password=_typed(password))
    if not isinstance(person, User):
        known = people.by_email(request.workspace, email.lower())
        signing.refused(request, known.id if known else None, "password")
        return _form(request, mistake=WRONG, email=email, status=400)
    with sql.short_write():  # all of it in one commit: somebody waits
        signing.forget_tries(request, email)
        if not second_factor.is_on(request.workspace, person.pk):
            signing.let_in(request, person, by="password")
            return HttpResponseRedirect(_wanted(request))
    signing.ask_for_code(request, person, _wanted(request), by="password")
    return HttpResponseRedirect(reverse("sign_in_code"))


@only(READERS)
@require_POST
def sign_out(request: Request) -> HttpResponse:
    """End the session, here and in the database."""
    who = request.user.pk
    auth.logout(request)
    about, at = f"person:{who}", actual_us()
    audit.note(request.workspace, who=who, did="sign_in.ended", about=about, now_us=at)
    return HttpResponseRedirect(reverse("sign_in"))


def too_often(seconds: int) -> Text:
    """What is said to who has tried too often."""
    minutes = -(-seconds // 60)
    return Text(
        "That was wrong too often. You can try again in {n} minute.",
        "That was wrong too often. You can try again in {n} minutes.",
        n=minutes,
    )


def _typed(password: str) -> str:
    """The password in one spelling; of one that is too long for any, a piece that goes with none."""
    return passwords.normal(password) if len(password) <= 4 * passwords.LONGEST else "\0"


def _form(
    request: Request, *, mistake: Text | None = None, email: str = "", wait: int = 0, status: int = 200
) -> HttpResponse:
    wanted = _wanted(request)
    response = show(
        request,
        "sign_in/sign_in.html",
        status=status,
        mistake=mistake,
        email=email,
        wanted=wanted,
        someone_can=has_users(request.workspace),
        told=_told(request),
        ways=[
            (each.label, f"{reverse('sign_in_with', args=[each.name])}?{urlencode({'next': wanted})}")
            for each in providers.listed(request.workspace)
            if each.enabled
        ],
    )
    if wait:
        response["Retry-After"] = str(wait)
    return response


def _told(request: Request) -> Text | None:
    """What came before this page, where something did."""
    if to_link := request.session.get(signing.TO_LINK):
        return Text(
            "Somebody signs in with your address here already. "
            "Sign in as you did so far; from then on {provider} works too.",
            provider=to_link["label"],
        )
    return CHANGED if "changed" in request.GET else None


def _wanted(request: Request) -> str:
    """The page that sent the reader here, where it is one of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return signing.ours(request, wanted, reverse("overview"))
