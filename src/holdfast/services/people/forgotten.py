"""A password is forgotten, and a new one chosen by a link in a mail; or set by who is signed in."""

from __future__ import annotations

from datetime import datetime

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.people import mails
from holdfast.services.people.acting import By
from holdfast.services.people.invite import forged_link
from holdfast.settings import Settings
from holdfast.store import audit, password_resets, passwords, people, sessions, sql, users
from holdfast.store.password_resets import Reset

PATH = "/sign-in/new-password/"
_CHANGED = Text("Your password was changed, and you were signed out everywhere else.")


def ask(settings: Settings, email: str, *, address: str, by: By | None = None, now: datetime) -> None:
    """Ask for a link to a new password for whoever signs in with ``email``; ``by`` an administrator, if one.

    For an address of nobody, or of somebody who was shut out, the same is done but for the mail: who asks
    learns nothing. Refuses an address that is none ("bad_email").
    """
    cleaned, now_us = users.checked_address(email), int(now.timestamp() * 1_000_000)
    person = people.by_email(settings, cleaned)
    known = person if person is not None and person.active else None
    with sql.short_write():
        number, token = password_resets.make(settings, known.id if known else None, now_us=now_us)
        if known is not None:
            link = f"{address.rstrip('/')}{PATH}{token}"
            mails.new_password(settings, known, number=number, link=link, now_us=now_us)
        audit.note(
            settings,
            who=None if by is None else by.person_id,
            did="sign_in.password_forgotten",
            about=f"person:{known.id}" if known else "person:0",
            now_us=now_us,
            via="" if by is None else by.via,
        )


def opened(settings: Settings, token: str, *, now: datetime) -> Reset:
    """What a link opens. Refuses "forged_link", "used_link" and "expired_link", each in its own words."""
    found = password_resets.by_token(settings, token)
    if found is None:
        raise forged_link()
    state = found.state(int(now.timestamp() * 1_000_000))
    if state != "open":
        raise _closed(state)
    return found


def choose(settings: Settings, token: str, password: str, *, now: datetime) -> None:
    """Keep a new password by a link; every session of the person ends, and every other link.

    Refuses like :func:`opened`, and a password that cannot be; then the link still works.
    """
    reset, now_us = opened(settings, token, now=now), int(now.timestamp() * 1_000_000)
    person = people.by_id(settings, reset.person_id or 0)
    if person is None or not person.active:
        raise _closed("expired")
    passwords.check(settings, password, email=person.email, name=person.name)
    hashed = users.hashed(password)
    with sql.short_write():
        if not password_resets.take(settings, reset.id, now_us=now_us):
            raise _closed("used")
        _keep(settings, person, hashed, by=By(person.id, person.role, via="mail"), but="", now_us=now_us)


def change(
    settings: Settings, person_id: int, password: str, *, by: By, but: str = "", now: datetime
) -> None:
    """Give somebody a new password; every session of theirs ends but that of the cookie ``but``.

    Refuses a password that cannot be.
    """
    person, now_us = people.by_id(settings, person_id), int(now.timestamp() * 1_000_000)
    if person is None:
        raise LookupError(f"no person {person_id}")
    passwords.check(settings, password, email=person.email, name=person.name)
    hashed = users.hashed(password)
    with sql.short_write():
        _keep(settings, person, hashed, by=by, but=but, now_us=now_us)


def _keep(settings: Settings, person: people.Person, hashed: str, *, by: By, but: str, now_us: int) -> None:
    users.keep_hash(settings, person.id, hashed)
    password_resets.end_all(settings, person.id, now_us=now_us)
    sessions.end_all(settings, person.id, but=but)
    mails.changed(settings, person, _CHANGED, now_us=now_us)
    audit.note(
        settings,
        who=by.person_id,
        did="person.password_changed",
        about=f"person:{person.id}",
        now_us=now_us,
        via=by.via,
    )


def _closed(state: str) -> Refusal:
    return Refusal(
        f"{state}_link",
        found=Text("This link was used already.") if state == "used" else Text("This link has expired."),
        expected=Text("A link to a new password works once, and for an hour; a newer one ends it."),
        remedy=Text("Ask for a new one on the page of the forgotten password."),
    )
