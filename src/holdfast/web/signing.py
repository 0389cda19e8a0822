"""The last step of signing in, and what was proved when: shared by every way in."""

from __future__ import annotations

import time
from typing import Any

from django.contrib import auth
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from holdfast.settings import Settings
from holdfast.store import audit, people, second_factor, sign_in_rules
from holdfast.store.models import User
from holdfast.web.reading import Request

BACKEND = "django.contrib.auth.backends.ModelBackend"

PROVED = "proved_us"
"""In the session: when the person last proved to be who they are, by password, code or provider."""

MUST_SET_UP = "must_set_up"
"""In the session: the role needs a second factor, and there is none yet."""

PROVED_FOR_US = 15 * 60 * 1_000_000
"""So long after a proof somebody may change what lets people in, without proving it again."""


def now_us() -> int:
    """This moment."""
    return time.time_ns() // 1000


def let_in(request: Request, person: User, *, by: str, proved: bool = True, factor: bool = False) -> None:
    """Begin a session of ``person`` under a new key; every other step came before.

    ``by`` says what was shown ("password", "password and code", a provider), for the trail. ``factor``:
    a second factor was shown, here or to the provider.
    """
    workspace = request.workspace
    # Whatever was begun on the way here is over, and the key is new even where somebody was signed in.
    request.session.flush()
    auth.login(request, person, backend=BACKEND)
    now = now_us()
    if proved:
        request.session[PROVED] = now
    if not factor and must_set_up(workspace, person):
        request.session[MUST_SET_UP] = True
    people.saw(workspace, person.pk, now_us=now)
    audit.note(
        workspace,
        who=person.pk,
        did="sign_in.done",
        about=f"person:{person.pk}",
        details={"by": by},
        now_us=now,
    )


def must_set_up(workspace: Settings, person: User) -> bool:
    """Whether the role of ``person`` needs a second factor that they do not have."""
    roles = sign_in_rules.read(workspace).second_factor_roles
    return person.role in roles and not second_factor.is_on(workspace, person.pk)


def proved_lately(request: HttpRequest) -> bool:
    """Whether the person of this session has proved a short while ago who they are."""
    at: Any = request.session.get(PROVED, 0)
    return bool(now_us() - int(at) < PROVED_FOR_US)


def prove(request: HttpRequest) -> None:
    """Remember that it was proved just now."""
    request.session[PROVED] = now_us()


def ours(request: HttpRequest, wanted: str, otherwise: str) -> str:
    """The page that was asked for, where it is one of ours; else ``otherwise``."""
    fits = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and fits else otherwise
