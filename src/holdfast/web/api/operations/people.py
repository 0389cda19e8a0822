"""Our own people: asked in, given roles, shut out, and where they are signed in."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from holdfast.language import languages
from holdfast.services.people import change, forgotten, invite
from holdfast.store import invitations, people, providers, sessions
from holdfast.store.write_keys import ADMIN, READ, WRITE
from holdfast.web.access import ADMINS
from holdfast.web.api import cursors
from holdfast.web.api.contract import (
    Answered,
    Asked,
    Call,
    Id,
    Page,
    Paging,
    moment,
    moment_or_none,
    not_here,
    operation,
)
from holdfast.web.api.seeing import acting, check_acts

Role = Literal["admin", "manager", "agent", "analyst", "read_only"]
Language = Annotated[
    str, Meta(max_length=10, description=f"One of {', '.join(languages())}; or none of them.")
]
Session = Annotated[str, Meta(min_length=1, max_length=64)]


class PersonAbout(Answered, frozen=True):
    """One of our own people: what they sign in with, and when they were last here.

    ``linked`` are the providers of sign-in that know them; ``sessions`` how many places they are signed in.
    """

    id: int
    name: str
    email: str
    role: str
    language: str
    active: bool
    has_password: bool
    second_factor: bool
    linked: list[str]
    sessions: int
    last_seen_at: datetime | None


class RoleWanted(Asked, kw_only=True, frozen=True):
    """Which role somebody is to have."""

    role: Role


class SignedIn(Answered, frozen=True):
    """A place where somebody is signed in; ``id`` names it and is no key to it."""

    id: str
    since: datetime
    last_at: datetime
    address: str
    device: str


class Ended(Answered, frozen=True):
    """How many sessions were ended."""

    ended: int


class Invitation(Answered, frozen=True):
    """Somebody who was asked in; the link is answered when it is made, and never again."""

    id: int
    email: str
    role: str
    language: str
    state: str
    invited_by: int | None
    inviter: str
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


class InvitationQuery(Paging, kw_only=True, frozen=True):
    """Those that are still open, or every one that is remembered."""

    state: Literal["open", "all"] = "open"


class NewInvitation(Asked, kw_only=True, frozen=True):
    """Who is to be asked in, with a role not above that of the key."""

    email: Annotated[str, Meta(min_length=3, max_length=254)]
    role: Role
    language: Language = ""


class Invited(Answered, frozen=True):
    """The link of an invitation, this once; ``mailed``: it was sent by mail too."""

    link: str
    mailed: bool
    invitation: Invitation


@operation("GET", "/people/{person_id}", scope=ADMIN, roles=ADMINS)
def get_person(call: Call, person_id: Id) -> PersonAbout:
    """Get one of our own people."""
    found = _person(call, person_id)
    return PersonAbout(
        id=found.id,
        name=found.name,
        email=found.email,
        role=found.role,
        language=found.language,
        active=found.active,
        has_password=found.has_password,
        second_factor=found.second_factor,
        linked=[each.label for each in providers.identities_of(call.settings, person_id)],
        sessions=len(sessions.of_person(call.settings, person_id, now_us=call.actual_us)),
        last_seen_at=moment_or_none(found.last_seen_us),
    )


@operation("PUT", "/people/{person_id}/role", scope=ADMIN, roles=ADMINS, noted=True)
def set_role(call: Call, person_id: Id, body: RoleWanted) -> PersonAbout:
    """Give somebody a role; the last administrator keeps theirs."""
    change.set_role(call.settings, person_id, body.role, by=acting(call), now=call.actual)
    return get_person(call, person_id)


@operation("POST", "/people/{person_id}/shut-out", scope=ADMIN, roles=ADMINS, noted=True)
def shut_out(call: Call, person_id: Id) -> PersonAbout:
    """Let somebody in no more, and end their sessions; their keys open nothing."""
    change.set_active(call.settings, person_id, False, by=acting(call), now=call.actual)
    return get_person(call, person_id)


@operation("POST", "/people/{person_id}/let-in", scope=ADMIN, roles=ADMINS, noted=True)
def let_in(call: Call, person_id: Id) -> PersonAbout:
    """Let somebody in again who was shut out."""
    change.set_active(call.settings, person_id, True, by=acting(call), now=call.actual)
    return get_person(call, person_id)


@operation("POST", "/people/{person_id}/second-factor/forget", scope=ADMIN, roles=ADMINS, noted=True)
def forget_second_factor(call: Call, person_id: Id) -> PersonAbout:
    """Forget a second factor that was lost, with its recovery codes; their sessions end."""
    change.factor_off(call.settings, person_id, by=acting(call), now=call.actual)
    return get_person(call, person_id)


@operation("POST", "/people/{person_id}/new-password", scope=ADMIN, roles=ADMINS, noted=True)
def send_new_password(call: Call, person_id: Id) -> None:
    """Send somebody a link by which they choose a new password; it is answered to nobody."""
    person = _person(call, person_id)
    forgotten.ask(call.settings, person.email, address=call.address, by=acting(call), now=call.actual)


@operation("GET", "/people/{person_id}/sessions", scope=ADMIN, roles=ADMINS)
def list_sessions(call: Call, person_id: Id, query: Paging) -> Page[SignedIn]:
    """List where somebody is signed in."""
    return _sessions(call, _person(call, person_id).id, query)


@operation("DELETE", "/people/{person_id}/sessions", scope=ADMIN, roles=ADMINS, noted=True)
def end_sessions(call: Call, person_id: Id) -> Ended:
    """End every session of somebody."""
    return Ended(ended=change.end_sessions(call.settings, person_id, by=acting(call), now=call.actual))


@operation("DELETE", "/people/{person_id}/sessions/{session_id}", scope=ADMIN, roles=ADMINS, noted=True)
def end_session(call: Call, person_id: Id, session_id: Session) -> None:
    """End one session of somebody."""
    _end(call, _person(call, person_id).id, session_id)


@operation("GET", "/me/sessions", scope=READ)
def list_own_sessions(call: Call, query: Paging) -> Page[SignedIn]:
    """List where the person for whom the key acts is signed in."""
    return _sessions(call, check_acts(call), query)


@operation("DELETE", "/me/sessions", scope=WRITE, noted=True)
def end_own_sessions(call: Call) -> Ended:
    """End every session of the person for whom the key acts."""
    return end_sessions(call, check_acts(call))


@operation("DELETE", "/me/sessions/{session_id}", scope=WRITE, noted=True)
def end_own_session(call: Call, session_id: Session) -> None:
    """End one session of the person for whom the key acts."""
    _end(call, check_acts(call), session_id)


@operation("GET", "/invitations", scope=ADMIN, roles=ADMINS)
def list_invitations(call: Call, query: InvitationQuery) -> Page[Invitation]:
    """List who was asked in, the newest first."""
    found = invitations.listed(call.settings)
    return cursors.page_of(
        call,
        query,
        [each for each in found if query.state == "all" or each.state(call.actual_us) == "open"],
        kind=int,
        place=lambda each: -each.id,
        show=lambda each: _invitation(call, each),
    )


@operation("POST", "/invitations", scope=ADMIN, roles=ADMINS, status=201, secret=True, noted=True)
def invite_person(call: Call, body: NewInvitation) -> Invited:
    """Ask somebody in; the link works once, and is answered this once.

    Invitations to the same address before it no longer open.
    """
    made = invite.invite(
        call.settings,
        body.email,
        body.role,
        language=body.language,
        by=acting(call),
        address=call.address,
        now=call.actual,
    )
    return Invited(link=made.link, mailed=made.mailed, invitation=_invitation(call, made.invitation))


@operation("DELETE", "/invitations/{invitation_id}", scope=ADMIN, roles=ADMINS, noted=True)
def withdraw_invitation(call: Call, invitation_id: Id) -> None:
    """Take an invitation back that is open."""
    if invitations.by_id(call.settings, invitation_id) is None:
        raise not_here("invitation", invitation_id)
    invite.revoke(call.settings, invitation_id, by=acting(call), now=call.actual)


def _person(call: Call, person_id: int) -> people.Person:
    found = people.by_id(call.settings, person_id)
    if found is None:
        raise not_here("person", person_id)
    return found


def _sessions(call: Call, person_id: int, query: Paging) -> Page[SignedIn]:
    return cursors.page_of(
        call,
        query,
        sessions.of_person(call.settings, person_id, now_us=call.actual_us),
        kind=tuple[int, str],
        place=lambda each: (-each.since_us, each.id),
        show=lambda each: SignedIn(
            id=each.id,
            since=moment(each.since_us),
            last_at=moment(each.last_us),
            address=each.address,
            device=each.device,
        ),
    )


def _end(call: Call, person_id: int, session_id: str) -> None:
    here = sessions.of_person(call.settings, person_id, now_us=call.actual_us)
    if session_id not in [each.id for each in here]:
        raise not_here("session", session_id)
    change.end_sessions(call.settings, person_id, by=acting(call), one=session_id, now=call.actual)


def _invitation(call: Call, each: invitations.Invitation) -> Invitation:
    return Invitation(
        id=each.id,
        email=each.email,
        role=each.role,
        language=each.language,
        state=each.state(call.actual_us),
        invited_by=each.invited_by,
        inviter=each.inviter,
        made_at=moment(each.made_us),
        expires_at=moment(each.expires_us),
        used_at=moment_or_none(each.used_us),
        revoked_at=moment_or_none(each.revoked_us),
    )
