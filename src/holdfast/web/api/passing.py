"""Who may call: the key in the header, what it opens, and how often."""

from __future__ import annotations

import os
import time
from datetime import datetime

from django.http import HttpRequest

from holdfast.domain.texts import Text
from holdfast.settings import Settings
from holdfast.store import write_keys
from holdfast.store.models import User
from holdfast.store.write_keys import ADMIN, API_SCOPES, READ, WRITE, WriteKey
from holdfast.web.api.contract import Operation
from holdfast.web.api.problems import Refused, refused
from holdfast.web.limits import Buckets
from holdfast.web.visitor import address_of

RATE_VARIABLE = "HOLDFAST_API_CALLS_A_SECOND"
_A_SECOND = float(os.environ.get(RATE_VARIABLE, "20"))

calls = Buckets(per_second=_A_SECOND, burst=int(_A_SECOND * 10))
"""How often one key may call one process; its bucket holds ten seconds' worth."""

strangers = Buckets(per_second=0.5, burst=30)
"""How often one address may come without a key that opens anything."""

ROLES = {READ: "analyst", WRITE: "manager", ADMIN: "admin"}
"""As whom a key calls that acts for nobody."""


def passed(settings: Settings, request: HttpRequest, *, now: datetime) -> tuple[WriteKey, User]:
    """The key that came with the call, and whom it acts for. Refuses 401, and 429 for too many calls."""
    given = _bearer(request)
    key = write_keys.of_api(settings, given, now_us=int(now.timestamp() * 1_000_000)) if given else None
    person = None if key is None else _person(key)
    if key is None or person is None:
        if not strangers.take(address_of(request), time.monotonic()):
            raise _too_many(strangers)
        raise _no_key(given=bool(given))
    if not calls.take(str(key.id), time.monotonic()):
        raise _too_many(calls)
    return key, person


def check_open(operation: Operation, key: WriteKey, person: User) -> None:
    """Refuse (403) what the key's scope or the role of its person does not open."""
    if API_SCOPES.index(key.scope) < API_SCOPES.index(operation.scope):
        raise refused(
            403,
            "wrong_scope",
            Text("The key is for {found}.", found=key.scope),
            Text("A key for {wanted}.", wanted=operation.scope),
            Text("Make another key on the page of keys, or with `holdfast key create`."),
        )
    check_role(person, operation.roles)


def check_role(person: User, roles: frozenset[str]) -> None:
    """Refuse (403) who has none of ``roles``."""
    if person.role not in roles:
        raise refused(
            403,
            "not_allowed",
            Text("The key acts for somebody whose role is {role}.", role=person.role),
            Text("One of {roles}.", roles=", ".join(sorted(roles))),
            Text("Whoever runs Holdfast here can change that."),
        )


def _bearer(request: HttpRequest) -> str:
    scheme, _, given = request.headers.get("Authorization", "").strip().partition(" ")
    given = given.strip()
    return given if scheme.lower() == "bearer" and given.isascii() and len(given) <= 200 else ""


def _person(key: WriteKey) -> User | None:
    """Whom the key acts for; ``None`` when that person may not sign in any more."""
    if key.person_id is None:
        return User(name=key.name, role=ROLES[key.scope])
    return User.objects.filter(pk=key.person_id, is_active=True).first()


def _no_key(*, given: bool) -> Refused:
    found = Text("The key opens nothing.") if given else Text("There is no key with the call.")
    error = ', error="invalid_token"' if given else ""
    return refused(
        401,
        "no_key",
        found,
        Text("Authorization: Bearer and a key for read, write or admin that is neither over nor revoked."),
        Text("Make a key on the page of keys, or with `holdfast key create --scope read`."),
        headers={"WWW-Authenticate": f'Bearer realm="Holdfast"{error}'},
    )


def _too_many(bucket: Buckets) -> Refused:
    return refused(
        429,
        "too_many",
        Text("Too many calls in too short a time."),
        Text("About {n} a second, and {burst} at once.", n=round(bucket.per_second, 1), burst=bucket.burst),
        Text("Wait as long as Retry-After says, and go on; nothing was changed."),
        headers={"Retry-After": str(max(1, round(1 / bucket.per_second)))},
    )
