"""Twilio's forms as its documentation shows them ("Twilio's request to your incoming message webhook URL",
"Monitor the status of your WhatsApp or SMS message").
"""

from __future__ import annotations

from typing import Any

from holdfast.connectors.webhooks import RECEIVED, Example

_AT = {RECEIVED: "2026-05-17T09:30:00+00:00"}


def _incoming(number: int, body: str, **more: str) -> dict[str, Any]:
    return {
        "ToCountry": "US",
        "ToState": "CA",
        "SmsMessageSid": f"SM{number:032x}",
        "NumMedia": "0",
        "ToCity": "",
        "FromZip": "",
        "SmsSid": f"SM{number:032x}",
        "FromState": "",
        "SmsStatus": "received",
        "FromCity": "",
        "Body": body,
        "FromCountry": "IE",
        "To": "+15005550006",
        "NumSegments": "1",
        "MessageSid": f"SM{number:032x}",
        "AccountSid": "ACa1b2c3d4e5f60718293a4b5c6d7e8f90",
        "From": "+353851234567",
        "ApiVersion": "2010-04-01",
        **more,
    }


def _status(number: int, status: str, **more: str) -> dict[str, Any]:
    return {
        "SmsSid": f"SM{number:032x}",
        "SmsStatus": status,
        "MessageStatus": status,
        "To": "+353851234567",
        "MessageSid": f"SM{number:032x}",
        "AccountSid": "ACa1b2c3d4e5f60718293a4b5c6d7e8f90",
        "From": "+15005550006",
        "ApiVersion": "2010-04-01",
        **more,
    }


_WROTE = ("identify", "Message Received")
_STOPPED = ("identify", "Unsubscribed", "Message Received")

EXAMPLES = (
    Example(_incoming(1, "Is my kettle on its way?"), _WROTE, _AT),
    Example(_incoming(2, "سلام، سفارشم کی می‌رسد؟"), _WROTE, _AT),
    Example(_incoming(3, "STOP", OptOutType="STOP"), _STOPPED, _AT),
    Example(_incoming(4, "لغو"), _STOPPED, _AT),
    Example(_incoming(5, "START", OptOutType="START"), _WROTE, _AT),
    Example(
        _incoming(6, "", NumMedia="1", MediaContentType0="image/jpeg", MediaUrl0="https://api.twilio.com/x"),
        _WROTE,
        _AT,
    ),
    Example(_status(7, "sent"), (), _AT),
    Example(_status(7, "delivered"), (), _AT),
    Example(_status(8, "undelivered", ErrorCode="30006"), (), _AT),
    Example(_status(9, "failed", ErrorCode="21610"), (), _AT),
)
