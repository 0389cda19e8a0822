"""Somebody comes by word of an identity provider: who of us is it?

The provider's number for them (issuer and ``sub``) decides, never the address: addresses change hands, and a
provider can claim any. An address, checked by the provider and of a domain that it may speak for, does two
things only: it lets somebody new in with the role for who is new, and it tells whose sign-in may be linked
after its owner has signed in here in the old way.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from holdfast.connectors.oidc import Claims
from holdfast.domain.colleagues import clean_name
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.language import languages
from holdfast.services.people import invite, mails
from holdfast.services.people.acting import By
from holdfast.settings import Settings
from holdfast.store import audit, people, providers, sql, users
from holdfast.store.people import Person
from holdfast.store.providers import Provider


@dataclass(frozen=True, slots=True)
class Arrived:
    """Who came. ``linked``: they may come in. Otherwise the sign-in with this address is theirs to prove."""

    person_id: int
    linked: bool


def arrive(
    settings: Settings,
    provider: Provider,
    claims: Claims,
    *,
    invitation: str = "",
    language: str = "",
    now: datetime,
) -> Arrived:
    """Who came, and whether they may come in; ``invitation`` is the link with which they came, if any.

    Refuses somebody who was shut out ("shut_out"), a new one whose address the provider has not checked or
    may not speak for ("not_vouched"), who has no account where none is made ("not_invited"), and an
    invitation that is not for this address ("not_yours") or does not open.
    """
    known = providers.person_of(
        settings, provider.issuer, claims.sub, now_us=int(now.timestamp() * 1_000_000)
    )
    if known is not None:
        return Arrived(_active(settings, known).id, linked=True)
    email = _vouched(provider, claims)
    if (person := people.by_email(settings, email)) is not None:
        return Arrived(_active(settings, person.id).id, linked=False)
    if invitation:
        return Arrived(_by_invitation(settings, provider, claims, email, invitation, language, now), True)
    if not provider.makes_people:
        raise _not_invited(provider)
    return Arrived(_newcomer(settings, provider, claims, email, language, now), linked=True)


def link_here(
    settings: Settings, person_id: int, provider: Provider, claims: Claims, *, now: datetime
) -> None:
    """Link somebody who is signed in to whom the provider says they are.

    Refuses an address that the provider may not speak for ("not_vouched"): a private account is no way in.
    """
    _vouched(provider, claims)
    link(settings, person_id, provider, claims.sub, now=now)


def link(settings: Settings, person_id: int, provider: Provider, sub: str, *, now: datetime) -> None:
    """From now on the person may come in through ``provider``: they proved just now that they are both."""
    now_us = int(now.timestamp() * 1_000_000)
    person = _active(settings, person_id)
    with sql.short_write():
        providers.link(settings, person.id, provider, sub, now_us=now_us)
        words = Text("From now on you can sign in with {provider}.", provider=provider.label)
        mails.changed(settings, person, words, now_us=now_us)
        _note(settings, "person.linked", person.id, provider, now_us)


def unlink(settings: Settings, person_id: int, identity_id: int, *, by: By, now: datetime) -> None:
    """Take a link back. Refuses ("last_way_in") the last way in of somebody without a password."""
    person, now_us = _active(settings, person_id), int(now.timestamp() * 1_000_000)
    if not person.has_password and len(providers.identities_of(settings, person_id)) < 2:
        raise Refusal(
            "last_way_in",
            found=Text("This is your only way to sign in."),
            expected=Text("Another one besides, before this one is taken away."),
            remedy=Text("Set a password first; nothing was changed."),
        )
    with sql.short_write():
        if providers.unlink(settings, person_id, identity_id):
            audit.note(
                settings,
                who=by.person_id,
                did="person.unlinked",
                about=f"person:{person_id}",
                now_us=now_us,
                via=by.via,
            )


def _vouched(provider: Provider, claims: Claims) -> str:
    """The address, where the provider has checked it and may speak for its domain."""
    try:
        email = users.checked_address(claims.email)
    except Refusal:
        email = ""
    if not email or email.rpartition("@")[2] not in provider.domains:
        raise Refusal(
            "not_vouched",
            found=Text(
                "{provider} does not vouch for an address of yours that is let in here.",
                provider=provider.label,
            ),
            expected=Text(
                "An address of {domains} that it has checked.", domains=", ".join(provider.domains)
            ),
            remedy=Text("Sign in there with your address at work, or ask for an invitation."),
        )
    return email


def _active(settings: Settings, person_id: int) -> Person:
    person = people.by_id(settings, person_id)
    if person is None or not person.active:
        raise Refusal(
            "shut_out",
            found=Text("This sign-in is not open any more."),
            expected=Text("The sign-in of somebody who works here."),
            remedy=Text("Ask whoever runs Holdfast here."),
        )
    return person


def _by_invitation(
    settings: Settings,
    provider: Provider,
    claims: Claims,
    email: str,
    token: str,
    language: str,
    now: datetime,
) -> int:
    """Take the invitation whose link brought them: its role, once it is for the address vouched for."""
    asked = invite.opened(settings, token, now=now)
    if asked.email != email:
        raise Refusal(
            "not_yours",
            found=Text(
                "{provider} knows you under another address than the one invited.", provider=provider.label
            ),
            expected=Text("The address to which the invitation was sent."),
            remedy=Text("Choose a password on the page of the invitation instead."),
        )
    with sql.short_write():
        person_id = invite.join(
            settings,
            asked,
            name=_name(claims),
            password=None,
            language=_language(language),
            by=provider.name,
            now=now,
        )
        providers.link(settings, person_id, provider, claims.sub, now_us=int(now.timestamp() * 1_000_000))
    return person_id


def _newcomer(
    settings: Settings, provider: Provider, claims: Claims, email: str, language: str, now: datetime
) -> int:
    """Make a sign-in without a password, with the role for who is new."""
    now_us, unusable = int(now.timestamp() * 1_000_000), users.hashed(None)
    with sql.short_write():
        person_id = users.add(
            settings,
            email,
            unusable,
            name=_name(claims),
            role=provider.default_role,
            language=_language(language),
        )
        providers.link(settings, person_id, provider, claims.sub, now_us=now_us)
        _note(settings, "person.came", person_id, provider, now_us)
    return person_id


def _name(claims: Claims) -> str:
    """The name that the provider gives them; none where it holds what a name must not hold."""
    try:
        return clean_name(claims.name)
    except Refusal:
        return ""


def _language(code: str) -> str:
    return code if code in languages() else ""


def _not_invited(provider: Provider) -> Refusal:
    return Refusal(
        "not_invited",
        found=Text("Nobody here has been made for who comes through {provider}.", provider=provider.label),
        expected=Text("An invitation first."),
        remedy=Text("Ask whoever runs Holdfast here for one."),
    )


def _note(settings: Settings, did: str, person_id: int, provider: Provider, now_us: int) -> None:
    audit.note(
        settings,
        who=person_id,
        did=did,
        about=f"person:{person_id}",
        details={"provider": provider.name},
        now_us=now_us,
    )
