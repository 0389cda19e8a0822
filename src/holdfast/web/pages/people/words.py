"""People, roles and invitations in the reader's words."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from markupsafe import Markup

from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.store.invitations import Invitation, State
from holdfast.store.people import Person

ROLES: dict[str, Text] = {
    "admin": Text("Administrator"),
    "manager": Text("Manager"),
    "agent": Text("Agent"),
    "analyst": Text("Analyst"),
    "read_only": Text("Reads only"),
}
"""Roles by name, from who may do most."""

_STATES: dict[State, Text] = {
    "open": Text("open"),
    "used": Text("taken"),
    "revoked": Text("revoked"),
    "expired": Text("expired"),
}


@dataclass(frozen=True, slots=True)
class ShownPerson:
    """One of us as the list shows it; ``seen`` is "" for who has not come yet."""

    id: int
    called: str
    email: str
    role: str
    active: bool
    second_factor: bool
    sessions: int
    seen: str


@dataclass(frozen=True, slots=True)
class ShownInvitation:
    """An invitation as the list shows it."""

    id: int
    email: str
    role: str
    state: str
    open: bool
    ends: str
    inviter: str


def role_name(role: str) -> Text:
    """What a role is called; one that nobody knows by its own name."""
    return ROLES.get(role) or Text("{name}", name=role)


def sentence(people: Sequence[Person], invitations: Sequence[Invitation], now_us: int) -> Text:
    """How many may come in, how many are asked in."""
    active = sum(each.active for each in people)
    waiting = sum(each.state(now_us) == "open" for each in invitations)
    may = Text("{n} person may sign in", "{n} people may sign in", n=active)
    if not waiting:
        return Text("{people}.", people=may)
    asked = Text("{n} invitation is open", "{n} invitations are open", n=waiting)
    return Text("{people}, and {invitations}.", people=may, invitations=asked)


def said(text: Text, reader: Reader) -> Markup:
    """The sentence of the page, its figures bold."""
    return reader.say_html(text, strong=("people", "invitations"))


def shown(people: Sequence[Person], sessions: Mapping[int, int], reader: Reader) -> list[ShownPerson]:
    """Everybody in words, in the order given."""
    return [
        ShownPerson(
            each.id,
            each.called,
            each.email,
            reader.say(role_name(each.role)),
            each.active,
            each.second_factor,
            sessions.get(each.id, 0),
            "" if each.last_seen_us is None else reader.moment(moment(each.last_seen_us)),
        )
        for each in people
    ]


def shown_invitations(
    invitations: Sequence[Invitation], now_us: int, reader: Reader
) -> list[ShownInvitation]:
    """Invitations in words: those that are open first."""
    listed = [
        ShownInvitation(
            each.id,
            each.email,
            reader.say(role_name(each.role)),
            reader.say(_STATES[each.state(now_us)]),
            each.state(now_us) == "open",
            reader.moment(moment(each.expires_us)),
            each.inviter,
        )
        for each in invitations
    ]
    return sorted(listed, key=lambda each: not each.open)


def roles(offered: Collection[str], reader: Reader) -> list[tuple[str, str]]:
    """Roles that may be given, with their names, from who may do least."""
    return [(role, reader.say(name)) for role, name in reversed(ROLES.items()) if role in offered]


def moment(at_us: int) -> datetime:
    """Microseconds as a moment."""
    return datetime.fromtimestamp(at_us / 1_000_000, UTC)
