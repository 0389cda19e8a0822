"""Signs deliveries as each provider does, so that tests can play the provider."""

from __future__ import annotations

import hmac
import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlencode

from stripe import WebhookSignature
from twilio.request_validator import RequestValidator

from holdfast.connectors.webhooks import Delivery

SECRET = "whsec_a3f1b2"
URL = "https://holdfast.example/hooks/{name}"


def body_of(payload: Any) -> bytes:
    return json.dumps(payload).encode()


def delivery(
    source: str,
    payload: Any,
    at: datetime,
    *,
    headers: Mapping[str, str] | None = None,
    secret: str = SECRET,
    url: str = "",
) -> Delivery:
    """``payload`` as ``source`` delivers it, signed at ``at`` with ``secret``."""
    url, body = (
        url or URL.format(name=source),
        payload if isinstance(payload, bytes) else _body(source, payload),
    )
    signed = {name.lower(): value for name, value in _SIGNERS[source](body, at, secret, url).items()}
    return Delivery(url, {**(headers or {}), **signed}, body)


def _body(source: str, payload: Any) -> bytes:
    return urlencode(payload).encode() if source == "sms" else body_of(payload)


def _base64(secret: str, message: bytes) -> str:
    return b64encode(hmac.new(secret.encode(), message, sha256).digest()).decode()


def _stripe(body: bytes, at: datetime, secret: str, url: str) -> dict[str, str]:
    stamp = int(at.timestamp())
    try:
        text = body.decode()
    except UnicodeDecodeError:
        mac = hmac.new(secret.encode(), f"{stamp}.".encode() + body, sha256).hexdigest()
        return {"Stripe-Signature": f"t={stamp},v1={mac}"}
    return {"Stripe-Signature": WebhookSignature.generate_signature_header(text, secret, stamp)}


def _shopify(body: bytes, at: datetime, secret: str, url: str) -> dict[str, str]:
    return {"X-Shopify-Hmac-Sha256": _base64(secret, body)}


def _zendesk(body: bytes, at: datetime, secret: str, url: str) -> dict[str, str]:
    stamp = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "X-Zendesk-Webhook-Signature": _base64(secret, stamp.encode() + body),
        "X-Zendesk-Webhook-Signature-Timestamp": stamp,
    }


def _hubspot(body: bytes, at: datetime, secret: str, url: str) -> dict[str, str]:
    stamp = str(int(at.timestamp() * 1000))
    return {
        "X-HubSpot-Signature-v3": _base64(secret, f"POST{url}".encode() + body + stamp.encode()),
        "X-HubSpot-Request-Timestamp": stamp,
    }


def _sms(body: bytes, at: datetime, secret: str, url: str) -> dict[str, str]:
    """By Twilio's own library."""
    fields = dict(parse_qsl(body.decode(), keep_blank_values=True))
    return {"X-Twilio-Signature": RequestValidator(secret).compute_signature(url, fields)}


def _whatsapp(body: bytes, at: datetime, secret: str, url: str) -> dict[str, str]:
    return {"X-Hub-Signature-256": f"sha256={hmac.new(secret.encode(), body, sha256).hexdigest()}"}


def _mail_provider(body: bytes, at: datetime, secret: str, url: str) -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(secret.encode()).decode()}"}


def _telegram(body: bytes, at: datetime, secret: str, url: str) -> dict[str, str]:
    return {"X-Telegram-Bot-Api-Secret-Token": secret}


_SIGNERS = {
    "mail_provider": _mail_provider,
    "sms": _sms,
    "whatsapp": _whatsapp,
    "telegram": _telegram,
    "stripe": _stripe,
    "shopify": _shopify,
    "zendesk": _zendesk,
    "hubspot": _hubspot,
}
