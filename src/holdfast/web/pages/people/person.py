"""One of us: role, sign-in, second factor, sessions."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from holdfast.domain.colleagues import GIVES
from holdfast.domain.moments import actual_us
from holdfast.domain.refusals import Refusal
from holdfast.services.people import change, forgotten, mails
from holdfast.store import people, providers, sessions
from holdfast.store.people import Person
from holdfast.web import signing
from holdfast.web.access import ADMINS, only
from holdfast.web.pages.own import words as own_words
from holdfast.web.pages.own.view import by
from holdfast.web.pages.people import words
from holdfast.web.pages.sign_in.closed import said
from holdfast.web.proof import proved
from holdfast.web.reading import Request
from holdfast.web.show import show
from holdfast.web.visitor import our_address


@only(ADMINS)
@require_safe
def colleague(request: Request, person_id: int) -> HttpResponse:
    """Who it is, and what may be changed."""
    return _page(request, _person(request, person_id))


@only(ADMINS)
@require_POST
@proved
def colleague_do(request: Request, person_id: int, do: str) -> HttpResponse:
    """Change one thing about somebody."""
    person = _person(request, person_id)
    if do not in _DOES:
        raise Http404(do)
    try:
        _DOES[do](request, person)
    except Refusal as refusal:
        wrong = f"{said(request, refusal)} {request.reader.say(refusal.remedy)}"
        return _page(request, person, wrong=wrong)
    return HttpResponseRedirect(reverse("colleague", args=[person_id]))


def _role(request: Request, person: Person) -> None:
    role = request.POST.get("role", "")
    change.set_role(request.workspace, person.id, role, by=by(request), now=signing.now())


def _shut_out(request: Request, person: Person) -> None:
    change.set_active(request.workspace, person.id, False, by=by(request), now=signing.now())


def _let_in(request: Request, person: Person) -> None:
    change.set_active(request.workspace, person.id, True, by=by(request), now=signing.now())


def _factor_off(request: Request, person: Person) -> None:
    change.factor_off(request.workspace, person.id, by=by(request), now=signing.now())


def _end_sessions(request: Request, person: Person) -> None:
    change.end_sessions(
        request.workspace, person.id, by=by(request), one=request.POST.get("session", ""), now=signing.now()
    )


def _new_password(request: Request, person: Person) -> None:
    forgotten.ask(
        request.workspace, person.email, address=our_address(request), by=by(request), now=signing.now()
    )


_DOES: dict[str, Callable[[Request, Person], None]] = {
    "role": _role,
    "shut-out": _shut_out,
    "let-in": _let_in,
    "second-factor-off": _factor_off,
    "end-sessions": _end_sessions,
    "new-password": _new_password,
}


def _person(request: Request, person_id: int) -> Person:
    person = people.by_id(request.workspace, person_id)
    if person is None:
        raise Http404(f"no person {person_id}")
    return person


def _page(request: Request, person: Person, *, wrong: str = "") -> HttpResponse:
    workspace, reader = request.workspace, request.reader
    open_here = sessions.of_person(workspace, person.id, now_us=actual_us())
    (shown,) = words.shown([person], {person.id: len(open_here)}, reader)
    return show(
        request,
        "people/person.html",
        status=422 if wrong else 200,
        place="preferences",
        person=shown,
        role=person.role,
        has_password=person.has_password,
        roles=words.roles(GIVES[by(request).role], reader),
        linked=[each.label for each in providers.identities_of(workspace, person.id)],
        sessions=own_words.shown(open_here, reader),
        oneself=person.id == request.user.pk,
        mails=mails.are_set_up(workspace),
        wrong=wrong,
    )
