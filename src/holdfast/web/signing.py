"""The last step of signing in, and what was proved when: shared by every way in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib import auth
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from holdfast.domain.moments import actual_us
from holdfast.services.people import arrive
from holdfast.services.people import providers as entered
from holdfast.settings import Settings
from holdfast.store import audit, people, second_factor, sign_in_rules, sql
from holdfast.store import sign_in as tries
from holdfast.store.models import User
from holdfast.web.reading import Request
from holdfast.web.visitor import address_of

BACKEND = "django.contrib.auth.backends.ModelBackend"

PROVED = "proved_us"
"""In the session: when the person last proved to be who they are, by password, code or provider."""

MUST_SET_UP = "must_set_up"
"""In the session: the role needs a second factor, and there is none yet."""

PENDING = "pending"
"""In the session of nobody: whose password was right, so that only the code is missing."""

TO_LINK = "to_link"
"""In the session of nobody: as whom a provider knows the visitor, once they sign in as the person named."""

PROVED_FOR_US = 15 * 60 * 1_000_000
"""So long after a proof somebody may change what lets people in, without proving it again."""

FREE_OF_ADDRESS, FREE_OF_ACCOUNT = 50, 50
"""Tries in vain that are free from one address over all accounts, and for one account from everywhere."""


def now() -> datetime:
    """This moment, as services take it."""
    return datetime.now(UTC)


def begin_try(request: Request, account: str) -> int:
    """Count a try to sign in to ``account``; 0 when it may go ahead, else the seconds still to wait.

    Counted for the account from this address, for this address, and for the account: who tries one
    password with many accounts is slowed down, and who tries one account from many addresses.
    """
    address = address_of(request)
    tried = (
        tries.Try(account, address),
        tries.Try("*", address, FREE_OF_ADDRESS),
        tries.Try(account, "*", FREE_OF_ACCOUNT),
    )
    return tries.begin_try(request.workspace, tried, now_us=actual_us())


def forget_tries(request: Request, account: str) -> None:
    """What was tried for ``account`` was right: the tries before no longer count.

    Those from this address over all accounts do: only the one that was right is taken back, so that
    everybody of an office may sign in from its one address, and whoever has a sign-in of their own
    guesses at the others no faster.
    """
    workspace, address = request.workspace, address_of(request)
    with sql.short_write():
        tries.forget_tries(workspace, account=account, address=address)
        tries.take_back(workspace, account="*", address=address)
        tries.forget_tries(workspace, account=account, address="*")


def refused(request: Request, person_id: int | None, why: str) -> None:
    """Note that somebody was not let in: whom it was tried for, where there is such a person."""
    audit.note(
        request.workspace,
        who=None,
        did="sign_in.refused",
        about=f"person:{person_id or 0}",
        details={"why": why},
        now_us=actual_us(),
    )


def ask_for_code(request: Request, person: User, wanted: str, *, by: str) -> None:
    """Remember, under a new key, who it is that still has to show a code."""
    to_link = request.session.get(TO_LINK)
    request.session.flush()
    request.session[PENDING] = {"person": person.pk, "next": wanted, "by": by}
    if to_link:
        request.session[TO_LINK] = to_link


def let_in(request: Request, person: User, *, by: str, proved: bool = True, factor: bool = False) -> None:
    """Begin a session of ``person`` under a new key; every other step came before.

    ``by`` says what was shown ("password", "password and code", a provider), for the trail. ``factor``:
    a second factor was shown, here or to the provider.
    """
    workspace, at = request.workspace, actual_us()
    to_link = request.session.get(TO_LINK)
    with sql.short_write():  # one commit instead of one for each step: somebody waits
        # Whatever was begun on the way here is over, and the key is new even where somebody was signed in.
        request.session.flush()
        auth.login(request, person, backend=BACKEND)
        if proved:
            request.session[PROVED] = at
        if not factor and must_set_up(workspace, person):
            request.session[MUST_SET_UP] = True
        people.saw(workspace, person.pk, now_us=at)
        about = f"person:{person.pk}"
        audit.note(workspace, who=person.pk, did="sign_in.done", about=about, details={"by": by}, now_us=at)
    if to_link and to_link["person"] == person.pk:
        provider = entered.wanted(workspace, to_link["provider"])
        arrive.link(workspace, person.pk, provider, to_link["sub"], now=now())


def must_set_up(workspace: Settings, person: User) -> bool:
    """Whether the role of ``person`` needs a second factor that they do not have."""
    roles = sign_in_rules.read(workspace).second_factor_roles
    return person.role in roles and not second_factor.is_on(workspace, person.pk)


def proved_lately(request: HttpRequest) -> bool:
    """Whether the person of this session has proved a short while ago who they are."""
    at: Any = request.session.get(PROVED, 0)
    return bool(actual_us() - int(at) < PROVED_FOR_US)


def prove(request: HttpRequest) -> None:
    """Remember that it was proved just now."""
    request.session[PROVED] = actual_us()


def ours(request: HttpRequest, wanted: str, otherwise: str) -> str:
    """The page that was asked for, where it is one of ours; else ``otherwise``."""
    fits = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and fits else otherwise
