"""Who somebody is, by word of an identity provider: OpenID Connect Core 1.0, authorization code with PKCE.

What the provider says is believed only where a signature of its own keys covers it and it is meant for us,
for this attempt (nonce), and now; joserfc checks signatures. What is public about a provider (addresses,
keys) is remembered for ten minutes; an unknown key asks again once.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from holdfast.connectors.outward import Answer, Door
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

ALGORITHMS = ("RS256", "PS256", "ES256", "RS384", "RS512", "PS384", "PS512", "ES384", "ES512", "EdDSA")
"""Signatures with two keys only: with a secret that both sides know, we could have signed it ourselves."""

SKEW_SECONDS = 120
"""So far the clocks of provider and workspace may be apart."""

FRESH_SECONDS = 300
"""Who was to sign in at the provider anew has done so within this time."""

KEPT_SECONDS = 600
WITHIN_SECONDS = 8
_MOST_KEPT = 50

_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Client:
    """Ourselves as one provider knows us; the secret is "" for a client without one."""

    issuer: str
    client_id: str
    secret: str = field(repr=False)
    back: str
    """Where the provider leads back to."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What is remembered between leading somebody to the provider and their coming back."""

    state: str
    nonce: str
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Claims:
    """What the provider said of who came. ``email`` is "" unless it says that it has checked it.

    ``signed_in_s`` is when they signed in there (seconds since 1970), ``None`` where it does not say.
    """

    issuer: str
    sub: str
    email: str
    name: str
    signed_in_s: int | None


def begin() -> Attempt:
    """Secrets of a new attempt."""
    return Attempt(*(secrets.token_urlsafe(32) for _ in range(3)))


class Oidc:
    """Speaks with providers. ``door`` is for tests; else one whose inner hosts are the issuer's alone."""

    def __init__(self, door: Door | None = None) -> None:
        self._door = door
        self._kept: dict[str, tuple[float, Any]] = {}

    def looked_up(self, issuer: str, *, now_s: float) -> Mapping[str, Any]:
        """What the provider publishes about itself (OpenID Connect Discovery 1.0).

        Refuses what :class:`Door` refuses, and ("no_provider") a page that is not this issuer's.
        """
        address = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
        found = self._remembered(issuer, address, now_s=now_s)
        if not isinstance(found, dict) or found.get("issuer") != issuer:
            raise no_provider(Text("The page there says that it is of another issuer, or of none."))
        for needed in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not isinstance(found.get(needed), str):
                raise no_provider(Text("The page there does not say its {name}.", name=needed))
        if not _may_be_asked(str(found["authorization_endpoint"]), issuer):
            raise no_provider(Text("Its sign-in is not reached over https."))
        return found

    def way_there(self, client: Client, attempt: Attempt, *, anew: bool, now_s: float) -> str:
        """Where to lead somebody to; ``anew``: they are to sign in even if they are signed in there."""
        challenge = urlsafe_b64encode(hashlib.sha256(attempt.verifier.encode()).digest()).rstrip(b"=")
        asked = {
            "response_type": "code",
            "client_id": client.client_id,
            "redirect_uri": client.back,
            "scope": "openid email profile",
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": challenge.decode("ascii"),
            "code_challenge_method": "S256",
        }
        if anew:
            asked |= {"prompt": "login", "max_age": "0"}
        page = str(self.looked_up(client.issuer, now_s=now_s)["authorization_endpoint"])
        return f"{page}{'&' if urlsplit(page).query else '?'}{urlencode(asked, quote_via=quote)}"

    def who_came(
        self, client: Client, attempt: Attempt, code: str, *, anew: bool = False, now_s: float
    ) -> Claims:
        """Who it is, for the code that the provider gave them.

        Refuses ("not_believed") what is not signed by the provider, not meant for us or this attempt, or
        not from now, and somebody who did not sign in ``anew`` as was asked.
        """
        about = self.looked_up(client.issuer, now_s=now_s)
        tokens = self._tokens(client, attempt, code, about)
        said = self._verified(client, attempt, tokens, about, now_s=now_s)
        if "email" not in said:
            said = {**self._told_besides(client, said, tokens, about), **said}
        claims = _claims(client.issuer, said)
        if anew and claims.signed_in_s is not None and claims.signed_in_s < now_s - FRESH_SECONDS:
            raise not_believed(Text("You did not sign in there anew."))
        return claims

    def _tokens(
        self, client: Client, attempt: Attempt, code: str, about: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """The tokens for a code (RFC 6749, section 4.1.3; RFC 7636, section 4.5)."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": client.back,
            "code_verifier": attempt.verifier,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        ways = about.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if client.secret and "client_secret_basic" in ways:
            pair = f"{quote(client.client_id, safe='')}:{quote(client.secret, safe='')}"
            headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode('ascii')}"
        else:
            form["client_id"] = client.client_id
            if client.secret:
                form["client_secret"] = client.secret
        answer = self._ask(client.issuer, "POST", about["token_endpoint"], headers, urlencode(form).encode())
        tokens = answer.json() if answer.status == 200 else None
        if not isinstance(tokens, dict) or not isinstance(tokens.get("id_token"), str):
            raise not_believed(Text("The provider did not take the code that it gave."))
        return tokens

    def _verified(
        self,
        client: Client,
        attempt: Attempt,
        tokens: Mapping[str, Any],
        about: Mapping[str, Any],
        *,
        now_s: float,
    ) -> Mapping[str, Any]:
        """The claims of the ID token, checked (Core, section 3.1.3.7)."""
        from joserfc import jwt
        from joserfc.errors import InvalidKeyIdError, JoseError
        from joserfc.jwk import KeySet

        address = str(about["jwks_uri"])
        registry = jwt.JWTClaimsRegistry(
            now=int(now_s),
            leeway=SKEW_SECONDS,
            iss={"essential": True, "value": client.issuer},
            aud={"essential": True, "value": client.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": attempt.nonce},
        )
        for again in (False, True):
            try:
                published = self._remembered(client.issuer, address, now_s=now_s, anew=again)
                keys = KeySet.import_key_set(published)
                said = jwt.decode(tokens["id_token"], keys, algorithms=ALGORITHMS).claims
                registry.validate(said)
            except InvalidKeyIdError as error:
                if again:  # the keys were asked for anew, and this one is still not among them
                    raise not_believed(Text("It is signed by a key that is not the provider's.")) from error
            except (JoseError, ValueError, KeyError, TypeError) as error:
                raise not_believed(
                    Text("What it says is not signed by it, or not meant for us now.")
                ) from error
            else:
                break
        _check_meant_for_us(client, said, tokens)
        return said

    def _told_besides(
        self, client: Client, said: Mapping[str, Any], tokens: Mapping[str, Any], about: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """What the provider's own page says of them (Core, section 5.3), where it is of the same one."""
        page, token = about.get("userinfo_endpoint"), tokens.get("access_token")
        if not isinstance(page, str) or not isinstance(token, str) or not token.isprintable():
            return {}
        answer = self._ask(client.issuer, "GET", page, {"Authorization": f"Bearer {token}"})
        if answer.status != 200:
            return {}
        told = answer.json()
        return told if isinstance(told, dict) and told.get("sub") == said["sub"] else {}

    def _remembered(self, issuer: str, address: str, *, now_s: float, anew: bool = False) -> Any:
        kept = self._kept.get(address)
        if kept is not None and now_s - kept[0] < KEPT_SECONDS and not anew:
            return kept[1]
        answer = self._ask(issuer, "GET", address, {})
        if answer.status != 200:
            raise no_provider(Text("{address} answers {status}.", address=address, status=str(answer.status)))
        if len(self._kept) >= _MOST_KEPT:
            self._kept.clear()
        found = answer.json()
        self._kept[address] = (now_s, found)
        return found

    def _ask(
        self, issuer: str, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> Answer:
        host = urlsplit(issuer).hostname or ""
        door = self._door or Door(inner=frozenset({host}), plain=_MACHINE & {host}, within=WITHIN_SECONDS)
        return door.ask(method, url, headers=headers, content=body)


def _check_meant_for_us(client: Client, said: Mapping[str, Any], tokens: Mapping[str, Any]) -> None:
    """Among several audiences we are the one who asked; the access token is the one of this answer."""
    party = said.get("azp", client.client_id)
    if party != client.client_id or (
        isinstance(said["aud"], list) and len(said["aud"]) > 1 and "azp" not in said
    ):
        raise not_believed(Text("What it says is not signed by it, or not meant for us now."))
    covered, token = said.get("at_hash"), tokens.get("access_token")
    if covered is not None and isinstance(token, str):
        halves = [
            urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode("ascii")
            for digest in (
                hashlib.new(name, token.encode()).digest() for name in ("sha256", "sha384", "sha512")
            )
        ]
        if not any(hmac.compare_digest(half.encode(), str(covered).encode()) for half in halves):
            raise not_believed(Text("What it says is not signed by it, or not meant for us now."))


def _claims(issuer: str, said: Mapping[str, Any]) -> Claims:
    """The claims that we use; an address that the provider has not checked is nobody's."""
    sub, email, name, at = (said.get(each) for each in ("sub", "email", "name", "auth_time"))
    if not isinstance(sub, str) or not 0 < len(sub) <= 255:
        raise not_believed(Text("It does not say whom it means."))
    checked = said.get("email_verified") in (True, "true")
    return Claims(
        issuer,
        sub,
        email if isinstance(email, str) and checked else "",
        name if isinstance(name, str) else "",
        int(at) if isinstance(at, int | float) and not isinstance(at, bool) else None,
    )


def _may_be_asked(address: str, issuer: str) -> bool:
    """Whether people may be led there: over https, or on the machine that the issuer is on."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.hostname in _MACHINE and urlsplit(issuer).hostname in _MACHINE)


def no_provider(found: Text) -> Refusal:
    """What is said of an address at which no provider answers as it should."""
    return Refusal(
        "no_provider",
        found=found,
        expected=Text("A provider of OpenID Connect that answers at its issuer's address."),
        remedy=Text("Copy the issuer from the provider's own page, letter by letter."),
    )


def not_believed(found: Text) -> Refusal:
    """What is said of a sign-in at a provider that does not hold."""
    return Refusal(
        "not_believed",
        found=found,
        expected=Text("An answer that the provider signed, for this attempt to sign in."),
        remedy=Text("Try again; if it stays so, tell whoever runs Holdfast here."),
    )
