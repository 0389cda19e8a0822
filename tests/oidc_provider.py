"""An identity provider that keeps to the standard, and lies where it is told to: run as a process.

It holds to what a client cannot see into (PKCE, one code once, the client's secret, the address to come back
to), signs with keys of its own, and says of whoever comes what was put into it by ``POST /say``::

    {"claims": {...}, "lie": "alg_none" | "foreign_key" | ..., "keys": "new"}
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

CLIENT, SECRET = "holdfast", "a secret: with / signs"


class Provider:
    """What the provider knows."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.key: Any = RSAKey.generate_key(2048, {"kid": "1", "use": "sig", "alg": "RS256"})
        self.foreign = ECKey.generate_key("P-256", {"kid": "1"})
        self.claims: dict[str, Any] = {"sub": "7"}
        self.lie = ""
        self.codes: dict[str, dict[str, str]] = {}
        self.heard: list[str] = []

    def say(self, told: dict[str, Any]) -> None:
        """Believe what a test wants said from now on."""
        self.claims, self.lie = told.get("claims", self.claims), told.get("lie", "")
        if told.get("keys") == "new":
            self.key = RSAKey.generate_key(2048, {"kid": str(time.time_ns()), "use": "sig", "alg": "RS256"})

    def published(self) -> dict[str, Any]:
        """The page about itself (OpenID Connect Discovery 1.0)."""
        own = "https://elsewhere.example" if self.lie == "issuer_of_another" else self.issuer
        return {
            "issuer": own,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "code_challenge_methods_supported": ["S256"],
        }

    def authorized(self, asked: dict[str, str]) -> str:
        """Where to lead the visitor back to, with a code."""
        assert asked["client_id"] == CLIENT
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        state = "of-another" if self.lie == "state" else asked["state"]
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': state})}"

    def tokens(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """Tokens for a code: once, for the same client, address and verifier."""
        asked = self.codes.pop(form.get("code", ""), None)
        verifier = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        expected = base64.b64encode(b"holdfast:a%20secret%3A%20with%20%2F%20signs").decode()
        if (
            asked is None
            or authorization != f"Basic {expected}"
            or form.get("redirect_uri") != asked["redirect_uri"]
            or verifier.rstrip(b"=").decode() != asked["code_challenge"]
        ):
            return 400, {"error": "invalid_grant"}
        access = "access-token"
        return 200, {"access_token": access, "token_type": "Bearer", "id_token": self.signed(asked, access)}

    def signed(self, asked: dict[str, str], access: str) -> str:
        """The ID token, with the lie that was asked for."""
        now, half = int(time.time()), hashlib.sha256(access.encode()).digest()[:16]
        said: dict[str, Any] = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            "at_hash": base64.urlsafe_b64encode(half).rstrip(b"=").decode(),
            **self.claims,
        }
        changes: dict[str, dict[str, Any]] = {
            "iss": {"iss": "https://elsewhere.example"},
            "aud": {"aud": "somebody-else"},
            "many_aud": {"aud": [CLIENT, "somebody-else"]},
            "azp": {"aud": [CLIENT, "somebody-else"], "azp": "somebody-else"},
            "expired": {"iat": now - 4000, "exp": now - 3600},
            "future": {"iat": now + 4000, "exp": now + 8000},
            "nonce": {"nonce": "of-another-attempt"},
            "at_hash": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
        }
        said |= changes.get(self.lie, {})
        if self.lie == "no_nonce":
            del said["nonce"]
        if self.lie == "no_email_in_token":
            said = {name: value for name, value in said.items() if not name.startswith("email")}
        if self.lie == "alg_none":
            return f"{_parts({'alg': 'none'}, said)}."
        if self.lie == "alg_confusion":  # signed with the public key, as if it were a secret of both
            signed = _parts({"alg": "HS256", "kid": self.key.kid}, said)
            mark = hmac.digest(self.key.as_pem(private=False), signed.encode(), "sha256")
            return f"{signed}.{base64.urlsafe_b64encode(mark).rstrip(b'=').decode()}"
        if self.lie == "client_secret":
            return jwt.encode({"alg": "HS256", "kid": self.key.kid}, said, OctKey.import_key(SECRET))
        if self.lie == "foreign_key":
            return jwt.encode({"alg": "ES256", "kid": "1"}, said, self.foreign)
        token = jwt.encode({"alg": "RS256", "kid": self.key.kid}, said, self.key)
        return (
            token[:-6] + ("AAAAAA" if token[-6:] != "AAAAAA" else "BBBBBB") if self.lie == "broken" else token
        )

    def userinfo(self) -> dict[str, Any]:
        """What its own page says."""
        return self.claims | ({"sub": "another"} if self.lie == "userinfo_of_another" else {})


def _parts(header: dict[str, Any], said: dict[str, Any]) -> str:
    """Header and claims as a token writes them, without a signature."""
    written = [base64.urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=") for each in (header, said)]
    return b".".join(written).decode()


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            provider.heard.append(parts.path)
            if parts.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorized(asked))
                self.end_headers()
                return
            pages: dict[str, Any] = {
                "/.well-known/openid-configuration": provider.published,
                "/keys": lambda: KeySet([provider.key]).as_dict(private=False),
                "/userinfo": provider.userinfo,
                "/heard": lambda: provider.heard,
            }
            self._answer(200 if parts.path in pages else 404, pages.get(parts.path, dict)())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
            if self.path == "/say":
                provider.say(json.loads(body))
                self._answer(200, {})
            else:
                form = {name: values[0] for name, values in parse_qs(body).items()}
                self._answer(*provider.tokens(form, self.headers.get("Authorization", "")))

        def _answer(self, status: int, said: Any) -> None:
            written = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(written)))
            self.end_headers()
            self.wfile.write(written)

        def log_message(self, format: str, *args: object) -> None:
            """A test says enough."""

    return Handler


if __name__ == "__main__":
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    provider = Provider(f"http://127.0.0.1:{httpd.server_address[1]}")
    httpd.RequestHandlerClass = _handler(provider)
    print(provider.issuer, flush=True)
    sys.stdin.close()
    httpd.serve_forever(poll_interval=0.05)
