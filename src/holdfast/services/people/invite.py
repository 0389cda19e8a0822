"""A colleague is asked in, and comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from holdfast import store
from holdfast.domain.colleagues import clean_name
from holdfast.domain.moments import microseconds
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.language import languages
from holdfast.services.people import mails
from holdfast.services.people.acting import By, check_may_give
from holdfast.settings import Settings
from holdfast.store import audit, invitations, passwords, people, sql, users
from holdfast.store.invitations import Invitation

PATH = "/invitation/"


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody was asked in: the link is told this once; ``mailed`` says whether a mail carries it too."""

    invitation: Invitation
    link: str
    mailed: bool


def invite(
    settings: Settings, email: str, role: str, *, language: str = "", by: By, address: str, now: datetime
) -> Invited:
    """Ask ``email`` in with ``role``; ``address`` is where the pages are reached.

    Those asked for the same address before no longer open. Refuses an address that is none
    ("bad_email") or of somebody who signs in already ("taken_email"), a role that does not exist or is
    above one's own, and a language that there is not.
    """
    now_us = microseconds(now)
    users.check_role(role)
    check_may_give(by, role)
    cleaned = users.checked_address(email)
    _check_language(language)
    if people.by_email(settings, cleaned) is not None:
        raise _taken(cleaned)
    reader = mails.reader_of(settings, language)
    with sql.short_write():
        made, token = invitations.make(
            settings, cleaned, role, language=language, invited_by=by.person_id, now_us=now_us
        )
        link = f"{address.rstrip('/')}{PATH}{token}"
        mailed = mails.invitation(
            settings,
            number=made.id,
            to=cleaned,
            inviter=by.name,
            link=link,
            ends=reader.moment(datetime.fromtimestamp(made.expires_us / 1_000_000, UTC)),
            reader=reader,
            now_us=now_us,
        )
        audit.note(
            settings,
            who=by.person_id,
            did="invitation.made",
            about=f"invitation:{made.id}",
            details={"role": role},
            now_us=now_us,
            via=by.via,
        )
    return Invited(made, link, mailed)


def revoke(settings: Settings, invitation_id: int, *, by: By, now: datetime) -> None:
    """End an invitation. Refuses ("closed_invitation") one that is not open."""
    now_us = microseconds(now)
    store.connect(settings)
    with sql.short_write():
        if not invitations.revoke(settings, invitation_id, now_us=now_us):
            raise Refusal(
                "closed_invitation",
                found=Text("This invitation is not open any more."),
                expected=Text("One that was neither taken nor revoked, and has not expired."),
                remedy=Text("Nothing is left to do; nothing was changed."),
            )
        audit.note(
            settings,
            who=by.person_id,
            did="invitation.revoked",
            about=f"invitation:{invitation_id}",
            now_us=now_us,
            via=by.via,
        )


def opened(settings: Settings, token: str, *, now: datetime) -> Invitation:
    """The invitation that a link opens.

    Refuses each link that opens nothing by its own code: "forged_link", "used_link", "revoked_link",
    "expired_link".
    """
    found = invitations.by_token(settings, token)
    if found is None:
        raise forged_link()
    if (state := found.state(microseconds(now))) != "open":
        raise _closed(state, found.inviter)
    return found


def accept(
    settings: Settings, token: str, *, name: str, password: str, language: str = "", now: datetime
) -> int:
    """Come in by an invitation, with a password of one's own; the number of the new person.

    Refuses like :func:`opened`, and a name or a password that cannot be; then the link still works.
    """
    invitation = opened(settings, token, now=now)
    called = clean_name(name)
    if not called:
        raise _no_name()
    passwords.check(settings, password, email=invitation.email, name=called)
    return join(settings, invitation, name=called, password=password, language=language, now=now)


def join(
    settings: Settings,
    invitation: Invitation,
    *,
    name: str,
    password: str | None,
    language: str = "",
    by: str = "password",
    now: datetime,
) -> int:
    """Make the sign-in that an open invitation is for, in one transaction with taking it."""
    now_us = microseconds(now)
    hashed = users.hashed(password)  # before the database is held: it takes a tenth of a second
    with sql.short_write():
        person_id = users.add(
            settings, invitation.email, hashed, name=name, role=invitation.role, language=language
        )
        if not invitations.take(settings, invitation.id, person_id=person_id, now_us=now_us):
            raise _closed("used", invitation.inviter)
        audit.note(
            settings,
            who=person_id,
            did="invitation.taken",
            about=f"invitation:{invitation.id}",
            details={"role": invitation.role, "by": by},
            now_us=now_us,
        )
    return person_id


def _check_language(language: str) -> None:
    if language and language not in languages():
        raise Refusal(
            "unknown_language",
            found=Text("There is no language {code}.", code=language[:20]),
            expected=Text("Expected one of {codes}.", codes=", ".join(languages())),
            remedy=Text("Choose one of them; nothing was changed."),
        )


def forged_link() -> Refusal:
    """What is said of a link that we never wrote."""
    return Refusal(
        "forged_link",
        found=Text("This link is not one of ours, or it was cut off on its way."),
        expected=Text("The whole link, as it stands in the message."),
        remedy=Text("Copy it from the message once more; if it stays so, ask for a new one."),
    )


_WHY = {
    "used": Text("This invitation was taken already."),
    "revoked": Text("This invitation was taken back, or a newer one was sent."),
    "expired": Text("This invitation has expired."),
}


def _closed(state: str, inviter: str) -> Refusal:
    remedy = (
        Text("If it was you, sign in; otherwise ask {who} for a new one.", who=inviter)
        if inviter
        else Text("If it was you, sign in; otherwise ask for a new one.")
    )
    return Refusal(
        f"{state}_link",
        found=_WHY[state],
        expected=Text(
            "An invitation works once, and for {n} day.",
            "An invitation works once, and for {n} days.",
            n=invitations.VALID_DAYS,
        ),
        remedy=remedy,
    )


def _taken(email: str) -> Refusal:
    return Refusal(
        "taken_email",
        found=Text("{email} is the address of somebody here already.", email=email),
        expected=Text("Expected an address of its own for each person."),
        remedy=Text("Look for them among the people: who was shut out can be let in again there."),
    )


def _no_name() -> Refusal:
    return Refusal(
        "bad_name",
        found=Text("No name was given."),
        expected=Text("What your colleagues call you."),
        remedy=Text("Type your name; nothing was changed."),
    )
