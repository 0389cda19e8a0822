"""Who of us looks after a customer."""

from __future__ import annotations

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.collect.care.who import Who
from holdfast.settings import Settings
from holdfast.store import due, owners, sql


def set_owner(settings: Settings, about: Who, person_id: int | None, *, by: str, now_us: int) -> None:
    """Let one of us look after a customer from now on; ``None``: nobody. The same person changes nothing.

    Refuses somebody who may not sign in ("no_such_person").
    """
    if person_id is not None and owners.person_by_id(settings, person_id) is None:
        raise _nobody(str(person_id))
    own, _ = owners.owners_of(settings, about.subjects)
    before = own.person.id if own is not None and own.person is not None else None
    if before == person_id:
        return
    with sql.short_write():
        owners.set_owner(settings, about.subjects, about.unit_id, person_id, by=by, now_us=now_us)
        due.touch(settings, [about.unit_id], now_us)


def person_named(settings: Settings, email: str) -> int:
    """The number of the person who signs in with this address. Refuses nobody ("no_such_person")."""
    person = owners.person_by_email(settings, email)
    if person is None:
        raise _nobody(email)
    return person.id


def _nobody(wanted: str) -> Refusal:
    return Refusal(
        "no_such_person",
        found=Text("Nobody signs in as {wanted}.", wanted=wanted),
        expected=Text("Somebody who signs in to these pages."),
        remedy=Text("Make a sign-in with `holdfast user`, or choose somebody else."),
    )
