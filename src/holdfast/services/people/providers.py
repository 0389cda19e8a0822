"""Identity providers are entered, tried, switched and removed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from urllib.parse import urlsplit

from holdfast.connectors.oidc import Oidc
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.people.acting import By, check_may_give
from holdfast.settings import Settings
from holdfast.store import audit, providers, sql, users
from holdfast.store.providers import Provider

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Entered:
    """What an administrator entered; an empty ``secret`` leaves the one there is."""

    name: str
    label: str
    issuer: str
    client_id: str
    secret: str
    domains: tuple[str, ...]
    default_role: str = "read_only"
    makes_people: bool = True
    own_second_factor: bool = False


@cache
def oidc() -> Oidc:
    """The one of this process, with what it remembers of providers."""
    return Oidc()


def keep(settings: Settings, entered: Entered, *, by: By, now: datetime) -> Provider:
    """Keep a provider, once it has answered at its issuer's address.

    Refuses, each by its own code, a field that means nothing ("bad_name", "bad_issuer", "no_client",
    "no_domain"), a role that strangers must not get ("role_above"), and an address where no provider
    answers ("no_provider", "server_unreachable", "bad_address").
    """
    checked = _checked(entered)
    check_may_give(by, checked.default_role)
    oidc().looked_up(checked.issuer, now_s=now.timestamp())
    now_us = int(now.timestamp() * 1_000_000)
    with sql.short_write():
        kept = providers.keep(
            settings,
            checked.name,
            label=checked.label,
            issuer=checked.issuer,
            client_id=checked.client_id,
            secret=checked.secret,
            domains=checked.domains,
            default_role=checked.default_role,
            makes_people=checked.makes_people,
            own_second_factor=checked.own_second_factor,
            now_us=now_us,
        )
        details: dict[str, str | int | bool] = {
            "issuer": checked.issuer,
            "domains": " ".join(checked.domains),
            "role": checked.default_role,
            "makes_people": checked.makes_people,
        }
        _note(settings, "provider.changed", kept, by, now_us, details)
    return kept


def switch(settings: Settings, name: str, on: bool, *, by: By, now: datetime) -> None:
    """Let people come in through a provider, or not."""
    kept, now_us = wanted(settings, name), int(now.timestamp() * 1_000_000)
    with sql.short_write():
        providers.switch(settings, kept.id, on)
        _note(settings, "provider.switched_on" if on else "provider.switched_off", kept, by, now_us, {})


def remove(settings: Settings, name: str, *, by: By, now: datetime) -> None:
    """Forget a provider and whom it means; the people stay."""
    kept, now_us = wanted(settings, name), int(now.timestamp() * 1_000_000)
    with sql.short_write():
        providers.remove(settings, kept.id)
        _note(settings, "provider.removed", kept, by, now_us, {})


def wanted(settings: Settings, name: str) -> Provider:
    """The provider called ``name``. Refuses ("unknown_provider") another."""
    found = providers.by_name(settings, name) if _NAME.fullmatch(name) else None
    if found is None:
        raise Refusal(
            "unknown_provider",
            found=Text("There is no identity provider called {name}.", name=name[:40]),
            expected=Text("One that an administrator has entered."),
            remedy=Text("Go back to the sign-in, and choose a way there."),
        )
    return found


def _checked(entered: Entered) -> Entered:
    name, label = entered.name.strip().lower(), " ".join(entered.label.split())
    if not _NAME.fullmatch(name):
        raise _bad(
            "bad_name",
            Text("{given} is no short name.", given=entered.name[:60]),
            Text("Small letters, digits and hyphens, like google."),
        )
    if not label or len(label) > 100 or not label.isprintable():
        raise _bad(
            "bad_label",
            Text("The words for the button cannot be so."),
            Text("One to 100 letters, like Google."),
        )
    if not 0 < len(entered.client_id.strip()) <= _LONGEST:
        raise _bad(
            "no_client", Text("No client id was given."), Text("The client id that the provider gave you.")
        )
    users.check_role(entered.default_role)
    if entered.default_role == "admin":
        raise _bad(
            "role_above",
            Text("Nobody becomes an administrator by coming in."),
            Text("Another role for who is new; make administrators by hand."),
        )
    return Entered(
        name,
        label,
        _checked_issuer(entered.issuer.strip()),
        entered.client_id.strip(),
        entered.secret.strip(),
        _checked_domains(entered.domains),
        entered.default_role,
        entered.makes_people,
        entered.own_second_factor,
    )


def _checked_issuer(issuer: str) -> str:
    parts = urlsplit(issuer) if issuer.isprintable() and " " not in issuer else urlsplit("")
    here = parts.hostname in ("localhost", "127.0.0.1", "::1")
    wrong = not parts.hostname or parts.query or parts.fragment or parts.username is not None
    if wrong or len(issuer) > _LONGEST or (parts.scheme != "https" and not (parts.scheme == "http" and here)):
        raise _bad(
            "bad_issuer",
            Text("{given} is no issuer.", given=issuer[:100]),
            Text("An address that begins with https://, without ? and #."),
        )
    return issuer


def _checked_domains(domains: tuple[str, ...]) -> tuple[str, ...]:
    cleaned = tuple(dict.fromkeys(each.strip().lower().lstrip("@") for each in domains if each.strip()))
    for each in cleaned:
        if not _DOMAIN.fullmatch(each):
            raise _bad(
                "no_domain",
                Text("{given} is no mail domain.", given=each[:100]),
                Text("What stands behind the @, like example.com."),
            )
    if not cleaned:
        raise _bad(
            "no_domain",
            Text("No mail domain was given."),
            Text("The domains of your own addresses: the provider speaks for no others."),
        )
    return cleaned


def _bad(code: str, found: Text, expected: Text) -> Refusal:
    return Refusal(code, found=found, expected=expected, remedy=Text("Mend it; nothing was changed."))


def _note(
    settings: Settings, did: str, kept: Provider, by: By, now_us: int, details: Mapping[str, str | int | bool]
) -> None:
    audit.note(
        settings,
        who=by.person_id,
        did=did,
        about=f"provider:{kept.name}",
        details=details,
        now_us=now_us,
        via=by.via,
    )
