"""Servers that say who somebody is, and whom each means by its own numbers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from holdfast import store
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.settings import Settings
from holdfast.store import sealed, sql


@dataclass(frozen=True, slots=True)
class Provider:
    """An identity provider; ``name`` stands in addresses, ``label`` on the button. See the model."""

    id: int
    name: str
    label: str
    issuer: str
    client_id: str
    domains: tuple[str, ...]
    default_role: str
    makes_people: bool
    own_second_factor: bool
    enabled: bool


@dataclass(frozen=True, slots=True)
class Identity:
    """A link between one of our people and whom a provider means."""

    id: int
    provider: str
    label: str
    linked_us: int
    last_us: int


_COLUMNS = (
    "id, name, label, issuer, client_id, domains, default_role, makes_people, own_second_factor, enabled"
)


def listed(settings: Settings) -> list[Provider]:
    """Every provider, by what its button says."""
    store.connect(settings)
    return _found("ORDER BY label, id")


def by_name(settings: Settings, name: str) -> Provider | None:
    """The provider with this name."""
    store.connect(settings)
    return next(iter(_found("WHERE name = %s", name)), None)


def keep(
    settings: Settings,
    name: str,
    *,
    label: str,
    issuer: str,
    client_id: str,
    secret: str,
    domains: Sequence[str],
    default_role: str,
    makes_people: bool,
    own_second_factor: bool,
    now_us: int,
) -> Provider:
    """Keep a provider under ``name``, new or changed; an empty ``secret`` leaves the one there is.

    Under another issuer it leaves none: what one provider gave us is not told to another. Who was linked
    to another issuer under this name is linked no more. It is on.
    """
    store.connect(settings)
    said = (
        label,
        issuer,
        client_id,
        json.dumps(list(domains)),
        default_role,
        makes_people,
        own_second_factor,
    )
    with sql.short_write():
        sql.write(
            "INSERT INTO identity_provider (name, label, issuer, client_id, domains, default_role, "
            "makes_people, own_second_factor, enabled, sealed, made_us) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, '', %s) "
            "ON CONFLICT (name) DO UPDATE SET label = excluded.label, issuer = excluded.issuer, "
            "client_id = excluded.client_id, domains = excluded.domains, "
            "default_role = excluded.default_role, makes_people = excluded.makes_people, "
            "own_second_factor = excluded.own_second_factor, enabled = excluded.enabled, "
            "sealed = CASE WHEN identity_provider.issuer = excluded.issuer "
            "THEN identity_provider.sealed ELSE '' END",
            (name, *said, True, now_us),
        )
        (kept,) = _found("WHERE name = %s", name)
        if secret:
            closed = sealed.encrypt(settings, _purpose(kept.id), {"client_secret": secret})
            sql.write("UPDATE identity_provider SET sealed = %s WHERE id = %s", (closed, kept.id))
        sql.write(
            "DELETE FROM person_identity WHERE provider_id = %s AND issuer <> %s", (kept.id, kept.issuer)
        )
    return kept


def secret_of(settings: Settings, provider_id: int) -> str:
    """The secret that the provider gave us; "" where it gave none."""
    store.connect(settings)
    row = sql.one("SELECT sealed FROM identity_provider WHERE id = %s", (provider_id,))
    closed = "" if row is None else str(row[0])
    return sealed.decrypt(settings, _purpose(provider_id), closed).get("client_secret", "")


def switch(settings: Settings, provider_id: int, on: bool) -> None:
    """Let people come in through it, or not; links stay."""
    store.connect(settings)
    sql.write("UPDATE identity_provider SET enabled = %s WHERE id = %s", (on, provider_id))


def remove(settings: Settings, provider_id: int) -> None:
    """Forget a provider, its secret, and whom it means."""
    store.connect(settings)
    with sql.short_write():
        sql.write("DELETE FROM person_identity WHERE provider_id = %s", (provider_id,))
        sql.write("DELETE FROM identity_provider WHERE id = %s", (provider_id,))


def person_of(settings: Settings, issuer: str, sub: str, *, now_us: int) -> int | None:
    """The number of whom ``issuer`` means by ``sub``; ``None`` for nobody we know."""
    store.connect(settings)
    row = sql.one("SELECT id, person_id FROM person_identity WHERE issuer = %s AND sub = %s", (issuer, sub))
    if row is None:
        return None
    sql.write("UPDATE person_identity SET last_us = %s WHERE id = %s", (now_us, row[0]))
    return int(row[1])


def link(settings: Settings, person_id: int, provider: Provider, sub: str, *, now_us: int) -> None:
    """From now on ``provider`` means this person by ``sub``.

    Refuses ("linked_elsewhere") a ``sub`` that is somebody else's already.
    """
    store.connect(settings)
    sql.write(
        "INSERT INTO person_identity (person_id, provider_id, issuer, sub, linked_us, last_us) "
        "VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (issuer, sub) DO NOTHING",
        (person_id, provider.id, provider.issuer, sub, now_us, now_us),
    )
    if person_of(settings, provider.issuer, sub, now_us=now_us) != person_id:
        raise Refusal(
            "linked_elsewhere",
            found=Text("This sign-in of {provider} belongs to somebody else here.", provider=provider.label),
            expected=Text("Each of them belongs to one person."),
            remedy=Text("Sign in at {provider} as yourself, and link it again.", provider=provider.label),
        )


def identities_of(settings: Settings, person_id: int) -> list[Identity]:
    """By which providers somebody can sign in."""
    store.connect(settings)
    rows = sql.read(
        "SELECT i.id, p.name, p.label, i.linked_us, i.last_us FROM person_identity i "
        "JOIN identity_provider p ON p.id = i.provider_id WHERE i.person_id = %s ORDER BY p.label, i.id",
        (person_id,),
    )
    return [Identity(*row) for row in rows]


def unlink(settings: Settings, person_id: int, identity_id: int) -> bool:
    """Take a link back; whether there was one."""
    store.connect(settings)
    return (
        sql.write("DELETE FROM person_identity WHERE id = %s AND person_id = %s", (identity_id, person_id))
        > 0
    )


def _found(rest: str, *values: object) -> list[Provider]:
    rows = sql.read(f"SELECT {_COLUMNS} FROM identity_provider {rest}", values)
    return [_provider(row) for row in rows]


def _provider(row: sql.Row) -> Provider:
    id_, name, label, issuer, client_id, domains, role, makes_people, own_factor, enabled = row
    return Provider(
        int(id_),
        name,
        label,
        issuer,
        client_id,
        tuple(json.loads(domains)),
        role,
        bool(makes_people),
        bool(own_factor),
        bool(enabled),
    )


def _purpose(provider_id: int) -> str:
    return f"identity provider {provider_id}"
