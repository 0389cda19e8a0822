"""What mail providers deliver, checked and read by django-anymail, and handed on in one form for all.

Anymail's views prove that a delivery is the provider's (the name and password in the address, the signature
where the provider has one) and read its events; no signal of it is used. What follows from an event is said
in :mod:`holdfast.connectors.live.mail_provider`, which knows nothing of Django.
"""

from __future__ import annotations

import json
import logging
import re
import warnings
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest

from holdfast.connectors import webhooks as hooks
from holdfast.connectors.live.mail_provider import HEADER, KIND, SIGNING_KEY, SOURCE, MailProviderOptions
from holdfast.connectors.outward import Door
from holdfast.connectors.webhooks import options_of, words
from holdfast.domain.refusals import Refusal
from holdfast.services.collect.sources.secrets import signing_secrets
from holdfast.settings import Settings

_AMAZON = re.compile(r"sns\.[a-z0-9-]{1,40}\.amazonaws\.com(\.cn)?")
_MOST_EVENTS = 2_000
_LONGEST = 1_000

_log = logging.getLogger("holdfast.web")


def translated(
    settings: Settings, name: str, request: HttpRequest, body: Callable[[], bytes]
) -> bytes | None:
    """A delivery of a mail provider in our form, once it is proved to be one; ``None`` for other sources.

    ``body`` reads it, within its bounds. Refuses ("bad_signature") what the provider did not send.
    """
    from holdfast.store import live_sources
    from holdfast.store.sealed import unseal

    source = live_sources.by_name(settings, name)
    if source is None or source.kind != KIND or not source.enabled:
        return None
    secrets = signing_secrets(settings, source.id, SOURCE, datetime.now(UTC))
    if not secrets:
        raise hooks.forged(HEADER)
    options: MailProviderOptions = options_of(SOURCE, source.options)
    raw = body()
    try:
        events = _events(options.provider, secrets, unseal(settings, source.id).get(SIGNING_KEY, ""), request)
    except SuspiciousOperation as refused:  # what anymail raises for a forged one
        raise hooks.forged(HEADER) from refused
    except Exception as error:  # what it says must not make the provider repeat it for days
        # Not what the error says: that may repeat the whole delivery, with the addresses in it.
        _log.warning("a delivery of a mail provider could not be read: %s", type(error).__name__)
        return json.dumps({"events": [], "unread": raw[:_LONGEST].decode("utf-8", "replace")}).encode()
    told = [_event(options.provider, each) for each in events[:_MOST_EVENTS]]
    return json.dumps({"events": told}, default=str).encode("utf-8", "replace")


def _events(provider: str, secrets: list[str], signing_key: str, request: HttpRequest) -> list[Any]:
    """What the provider says, as anymail's events."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # anymail tells programmers that SendGrid is tested by nobody now
        view = _view(provider, secrets, signing_key)
    view.setup(request)
    view.run_validators(request)
    found: list[Any] = view.parse_events(request)
    return found


def _view(provider: str, secrets: list[str], signing_key: str) -> Any:
    """Anymail's view of the provider, with this source's secrets instead of any setting."""
    from anymail.webhooks.mailgun import MailgunTrackingWebhookView
    from anymail.webhooks.postmark import PostmarkTrackingWebhookView
    from anymail.webhooks.sendgrid import SendGridTrackingWebhookView

    if provider == "mailgun":
        if not signing_key:  # without it anymail would look for another one in the settings of Django
            raise SuspiciousOperation("no signing key")
        return MailgunTrackingWebhookView(webhook_secret=secrets, webhook_signing_key=signing_key)
    if provider == "sendgrid":
        key = signing_key or None
        return SendGridTrackingWebhookView(webhook_secret=secrets, tracking_webhook_verification_key=key)
    if provider == "postmark":
        return PostmarkTrackingWebhookView(webhook_secret=secrets)
    return _amazon(secrets)


def _amazon(secrets: list[str]) -> Any:
    """Anymail's view for Amazon without Amazon's own library: that only confirms the subscription."""
    from anymail.webhooks.amazon_ses import AmazonSESTrackingWebhookView
    from anymail.webhooks.base import AnymailBaseWebhookView

    class Told(AmazonSESTrackingWebhookView):  # type: ignore[misc]
        def __init__(self) -> None:
            AnymailBaseWebhookView.__init__(self, webhook_secret=secrets)

        def auto_confirm_sns_subscription(self, sns_message: Mapping[str, Any]) -> None:
            confirm(words(sns_message, "SubscribeURL"))

    return Told()


def confirm(url: str, door: Door | None = None) -> bool:
    """Tell Amazon that its notifications may come here; whether it was Amazon's address that was asked.

    The delivery bore our name and password, so that we asked for it; still only Amazon is asked.
    """
    parts = urlsplit(url)
    if (
        parts.scheme != "https"
        or not _AMAZON.fullmatch(parts.hostname or "")
        or parts.port not in (None, 443)
    ):
        return False
    try:
        (door or Door()).ask("GET", url)
    except Refusal as refusal:  # Amazon asks again
        _log.warning("a subscription could not be confirmed: %s", refusal.code)
    return True


def _event(provider: str, event: Any) -> dict[str, Any]:
    """One event in our form; see :mod:`holdfast.connectors.published.mail_provider`."""
    raw = event.esp_event if isinstance(event.esp_event, Mapping) else {}
    kind, status, names, machine = _OF_PROVIDER[provider](raw, event)
    told = {
        "type": event.event_type,
        "at": event.timestamp.isoformat() if event.timestamp is not None else datetime.now(UTC).isoformat(),
        "recipient": event.recipient,
        "names": [each for each in (*names, event.message_id) if each],
        "reject_reason": event.reject_reason,
        "response": event.mta_response,
        "description": event.description,
        "user_agent": event.user_agent,
        "kind": kind,
        "status": status,
        "machine": machine,
    }
    return {name: each[:_LONGEST] if isinstance(each, str) else each for name, each in told.items() if each}


Own = tuple[str, str, list[str], bool]
"""kind of bounce, enhanced status, names of the message, whether a machine opened it."""


def _of_amazon(raw: Mapping[str, Any], event: Any) -> Own:
    names = [
        words(each, "value")
        for each in hooks.parts_of(raw, "mail.headers")
        if words(each, "name").lower() == "message-id"
    ]
    recipients = hooks.parts_of(raw, "bounce.bouncedRecipients")
    of_this = (words(each, "status") for each in recipients if words(each, "emailAddress") == event.recipient)
    names.append(words(raw, "mail.commonHeaders.messageId"))
    return words(raw, "bounce.bounceType"), next(of_this, ""), names, False


def _of_mailgun(raw: Mapping[str, Any], event: Any) -> Own:
    client = "event-data.client-info."
    machine = bool(words(raw, client + "bot")) or words(raw, client + "client-type") == "robot"
    status = words(raw, "event-data.delivery-status.enhanced-code", "event-data.delivery-status.code")
    return words(raw, "event-data.severity"), status, [], machine


def _of_postmark(raw: Mapping[str, Any], event: Any) -> Own:
    return words(raw, "Type"), "", [words(raw, "Metadata.holdfast")], False


def _of_sendgrid(raw: Mapping[str, Any], event: Any) -> Own:
    machine = hooks.at(raw, "sg_machine_open") is True
    return words(raw, "type"), words(raw, "status"), [words(raw, "smtp-id")], machine


_OF_PROVIDER: dict[str, Callable[[Mapping[str, Any], Any], Own]] = {
    "amazon_ses": _of_amazon,
    "mailgun": _of_mailgun,
    "postmark": _of_postmark,
    "sendgrid": _of_sendgrid,
}
