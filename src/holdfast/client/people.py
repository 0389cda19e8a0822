"""Our own people: asked in, given roles, shut out, and where they are signed in.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypedDict, cast
from urllib.parse import quote

from holdfast.client.connection import LEFT_OUT, Connection, LeftOut


class Ended(TypedDict):
    """How many sessions were ended."""

    ended: int


class Invitation(TypedDict):
    """Somebody who was asked in; the link is answered when it is made, and never again."""

    id: int
    email: str
    role: str
    language: str
    state: str
    invited_by: int | None
    inviter: str
    made_at: str
    expires_at: str
    used_at: str | None
    revoked_at: str | None


class Invited(TypedDict):
    """The link of an invitation, this once; ``mailed``: it was sent by mail too."""

    link: str
    mailed: bool
    invitation: Invitation


class PersonAbout(TypedDict):
    """One of our own people: what they sign in with, and when they were last here.

    ``linked`` are the providers of sign-in that know them; ``sessions`` how many places they are signed
    in.
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
    last_seen_at: str | None


class SignedIn(TypedDict):
    """A place where somebody is signed in; ``id`` names it and is no key to it."""

    id: str
    since: str
    last_at: str
    address: str
    device: str


class PeopleArea:
    """Our own people: asked in, given roles, shut out, and where they are signed in."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_invitations(
        self, *, limit: int | None = None, state: Literal["all", "open"] | None = None
    ) -> Iterator[Invitation]:
        """List who was asked in, the newest first."""
        return self._connection.pages("/invitations", {"limit": limit, "state": state})

    def invite_person(
        self,
        *,
        email: str,
        role: Literal["admin", "agent", "analyst", "manager", "read_only"],
        language: str | LeftOut = LEFT_OUT,
    ) -> Invited:
        """Ask somebody in; the link works once, and is answered this once.

        Invitations to the same address before it no longer open.
        """
        return cast(
            "Invited",
            self._connection.ask(
                "POST", "/invitations", body={"email": email, "role": role, "language": language}
            ),
        )

    def withdraw_invitation(self, invitation_id: int) -> None:
        """Take an invitation back that is open."""
        self._connection.ask("DELETE", f"/invitations/{invitation_id}")

    def list_own_sessions(self, *, limit: int | None = None) -> Iterator[SignedIn]:
        """List where the person for whom the key acts is signed in."""
        return self._connection.pages("/me/sessions", {"limit": limit})

    def end_own_sessions(self, *, if_match: str | None = None) -> Ended:
        """End every session of the person for whom the key acts."""
        return cast("Ended", self._connection.ask("DELETE", "/me/sessions", if_match=if_match))

    def end_own_session(self, session_id: str) -> None:
        """End one session of the person for whom the key acts."""
        self._connection.ask("DELETE", f"/me/sessions/{quote(session_id, safe='')}")

    def get_person(self, person_id: int) -> PersonAbout:
        """Get one of our own people."""
        return cast("PersonAbout", self._connection.ask("GET", f"/people/{person_id}"))

    def let_in(self, person_id: int) -> PersonAbout:
        """Let somebody in again who was shut out."""
        return cast("PersonAbout", self._connection.ask("POST", f"/people/{person_id}/let-in"))

    def send_new_password(self, person_id: int) -> None:
        """Send somebody a link by which they choose a new password; it is answered to nobody."""
        self._connection.ask("POST", f"/people/{person_id}/new-password")

    def set_role(
        self, person_id: int, *, role: Literal["admin", "agent", "analyst", "manager", "read_only"]
    ) -> PersonAbout:
        """Give somebody a role; the last administrator keeps theirs."""
        return cast(
            "PersonAbout", self._connection.ask("PUT", f"/people/{person_id}/role", body={"role": role})
        )

    def forget_second_factor(self, person_id: int) -> PersonAbout:
        """Forget a second factor that was lost, with its recovery codes; their sessions end."""
        return cast("PersonAbout", self._connection.ask("POST", f"/people/{person_id}/second-factor/forget"))

    def list_sessions(self, person_id: int, *, limit: int | None = None) -> Iterator[SignedIn]:
        """List where somebody is signed in."""
        return self._connection.pages(f"/people/{person_id}/sessions", {"limit": limit})

    def end_sessions(self, person_id: int, *, if_match: str | None = None) -> Ended:
        """End every session of somebody."""
        return cast(
            "Ended", self._connection.ask("DELETE", f"/people/{person_id}/sessions", if_match=if_match)
        )

    def end_session(self, person_id: int, session_id: str) -> None:
        """End one session of somebody."""
        self._connection.ask("DELETE", f"/people/{person_id}/sessions/{quote(session_id, safe='')}")

    def shut_out(self, person_id: int) -> PersonAbout:
        """Let somebody in no more, and end their sessions; their keys open nothing."""
        return cast("PersonAbout", self._connection.ask("POST", f"/people/{person_id}/shut-out"))
