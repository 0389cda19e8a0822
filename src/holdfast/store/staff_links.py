"""Links in mails to our own people by which one sort of mail is switched off without signing in.

Signed with the workspace's secret, with an end, and good for this one thing only.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode

from holdfast.settings import Settings

VALID_DAYS = 400
LONGEST = 300
_DAY_US = 86_400_000_000


def token(settings: Settings, person_id: int, what: str, *, now_us: int) -> str:
    """What switches mails of the sort ``what`` off for a person."""
    said = f"{person_id}.{now_us // _DAY_US + VALID_DAYS}.{what}".encode()
    return urlsafe_b64encode(_signature(settings, said) + said).decode("ascii").rstrip("=")


def read(settings: Settings, written: str, *, now_us: int) -> tuple[int, str] | None:
    """(person, sort of mail) that a token names; ``None`` for a forged, cut or old one."""
    if len(written) > LONGEST or not written.isascii():
        return None
    try:
        raw = urlsafe_b64decode(written + "=" * (-len(written) % 4))
        person, ends_on, what = raw[_SIZE:].decode("utf-8").split(".", 2)
    except ValueError:
        return None
    if not hmac.compare_digest(raw[:_SIZE], _signature(settings, raw[_SIZE:])):
        return None
    return (int(person), what) if now_us // _DAY_US < int(ends_on) else None


def off_url(settings: Settings, base: str, person_id: int, what: str, *, now_us: int) -> str:
    """Where these mails are switched off; "" where nobody has said how Holdfast is reached."""
    return f"{base}/mails/off/{token(settings, person_id, what, now_us=now_us)}" if base else ""


def headers(url: str) -> dict[str, str]:
    """The headers by which mail programs offer it as one click (RFC 8058); none without an address."""
    if not url.startswith("https://"):
        return {}
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


_SIZE = 20


def _signature(settings: Settings, said: bytes) -> bytes:
    from holdfast.store.connection import workspace_secret

    key = workspace_secret(settings.folder).encode()
    return hmac.new(key, b"holdfast staff mail\0" + said, hashlib.sha256).digest()[:_SIZE]
