"""Outgoing webhooks: which other systems are told what, and how it went."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from holdfast.domain.announcements import KINDS
from holdfast.services.act import webhooks
from holdfast.store import webhooks_out as stored
from holdfast.store.write_keys import ADMIN
from holdfast.web.access import ADMINS
from holdfast.web.api import cursors
from holdfast.web.api.contract import (
    Answered,
    Asked,
    Call,
    Id,
    Page,
    Paging,
    moment,
    moment_or_none,
    operation,
)

Name = Annotated[str, Meta(min_length=1, max_length=100)]
Address = Annotated[str, Meta(min_length=9, max_length=2_000)]
Kinds = Annotated[
    list[Annotated[str, Meta(max_length=40)]],
    Meta(min_length=1, max_length=40, description=f"`*`, or some of: {', '.join(KINDS)}."),
]


class Webhook(Answered, frozen=True):
    """An address that is told. ``failing_since``: it has not worked since then."""

    id: int
    name: str
    url: str
    kinds: list[str]
    enabled: bool
    made_at: datetime
    made_by: str
    changed_at: datetime
    secret_changed_at: datetime | None
    worked_at: datetime | None
    failing_since: datetime | None
    switched_off_at: datetime | None


class Webhooks(Answered, frozen=True):
    """Every webhook, by name."""

    items: list[Webhook]


class NewWebhook(Asked, kw_only=True, frozen=True):
    """Where to, and of what."""

    name: Name
    url: Address
    kinds: Kinds


class WebhookChanged(Asked, kw_only=True, frozen=True):
    """What is to be another; what is left out stays."""

    name: Name | None = None
    url: Address | None = None
    kinds: Kinds | None = None
    enabled: bool | None = None


class Secret(Answered, frozen=True):
    """The secret with which messages are signed (Standard Webhooks), this once."""

    secret: str
    webhook: Webhook


class Delivery(Answered, frozen=True):
    """A message on its way: waiting, delivered, failed (given up) or dropped (switched off)."""

    id: int
    message: str
    kind: str
    state: str
    tries: int
    status: int | None
    trouble: str
    made_at: datetime
    last_at: datetime | None


class DeliveryQuery(Paging, kw_only=True, frozen=True):
    """Which deliveries."""

    state: Literal["", "waiting", "delivered", "failed", "dropped"] = ""


class Sent(Answered, frozen=True):
    """The delivery that is on its way now."""

    delivery_id: int


@operation("GET", "/webhooks", scope=ADMIN, roles=ADMINS)
def list_webhooks(call: Call) -> Webhooks:
    """List the webhooks."""
    return Webhooks(items=[_webhook(each) for each in stored.listed(call.settings)])


@operation("POST", "/webhooks", scope=ADMIN, roles=ADMINS, status=201, secret=True)
def create_webhook(call: Call, body: NewWebhook) -> Secret:
    """Tell another system what happens; the secret is answered this once."""
    made, secret = webhooks.subscribe(
        call.settings, body.name, body.url, body.kinds, by=call.by, now_us=call.actual_us
    )
    return Secret(secret=secret, webhook=_webhook(made))


@operation("GET", "/webhooks/{webhook_id}", scope=ADMIN, roles=ADMINS)
def get_webhook(call: Call, webhook_id: Id) -> Webhook:
    """Get one webhook."""
    return _webhook(webhooks.found(call.settings, webhook_id))


@operation("PATCH", "/webhooks/{webhook_id}", scope=ADMIN, roles=ADMINS)
def update_webhook(call: Call, webhook_id: Id, body: WebhookChanged) -> Webhook:
    """Change a webhook, switch it on or off."""
    before = webhooks.found(call.settings, webhook_id)
    if body.name is not None or body.url is not None or body.kinds is not None:
        name, url, kinds = body.name or before.name, body.url or before.url, body.kinds or before.kinds
        webhooks.change(call.settings, webhook_id, name, url, kinds, now_us=call.actual_us)
    if body.enabled is not None:
        stored.enable(call.settings, webhook_id, body.enabled, now_us=call.actual_us)
    return get_webhook(call, webhook_id)


@operation("DELETE", "/webhooks/{webhook_id}", scope=ADMIN, roles=ADMINS)
def delete_webhook(call: Call, webhook_id: Id) -> None:
    """Tell a system nothing any more, and forget its deliveries."""
    webhooks.found(call.settings, webhook_id)
    stored.remove(call.settings, webhook_id)


@operation("POST", "/webhooks/{webhook_id}/secret", scope=ADMIN, roles=ADMINS, secret=True)
def rotate_secret(call: Call, webhook_id: Id) -> Secret:
    """Make a new secret; for a day messages are signed with both."""
    webhooks.found(call.settings, webhook_id)
    secret = stored.rotate(call.settings, webhook_id, now_us=call.actual_us)
    return Secret(secret=secret, webhook=get_webhook(call, webhook_id))


@operation("POST", "/webhooks/{webhook_id}/try", scope=ADMIN, roles=ADMINS, status=202)
def try_webhook(call: Call, webhook_id: Id) -> Sent:
    """Send a message that says nothing but that it works."""
    number = webhooks.try_out(call.settings, webhook_id, by=call.by, now_us=call.actual_us)
    return Sent(delivery_id=number)


@operation("GET", "/webhooks/{webhook_id}/deliveries", scope=ADMIN, roles=ADMINS)
def list_deliveries(call: Call, webhook_id: Id, query: DeliveryQuery) -> Page[Delivery]:
    """List what a webhook was told in the last 30 days, the newest first."""
    webhooks.found(call.settings, webhook_id)
    before = cursors.where(call, query, int)
    rows = stored.deliveries(
        call.settings, webhook_id, state=query.state, before=before, limit=query.limit + 1
    )
    return cursors.page(call, query, rows, place=lambda row: row.id, show=lambda row: _delivery(call, row))


@operation(
    "POST", "/webhooks/{webhook_id}/deliveries/{delivery_id}/resend", scope=ADMIN, roles=ADMINS, status=202
)
def resend_delivery(call: Call, webhook_id: Id, delivery_id: Id) -> Sent:
    """Send a message once more, under the same number."""
    number = webhooks.resend(call.settings, webhook_id, delivery_id, now_us=call.actual_us)
    return Sent(delivery_id=number)


def _webhook(each: stored.Webhook) -> Webhook:
    return Webhook(
        id=each.id,
        name=each.name,
        url=each.url,
        kinds=list(each.kinds),
        enabled=each.enabled,
        made_at=moment(each.made_us),
        made_by=each.made_by,
        changed_at=moment(each.changed_us),
        secret_changed_at=moment_or_none(each.rotated_us),
        worked_at=moment_or_none(each.worked_us),
        failing_since=moment_or_none(each.failing_since_us),
        switched_off_at=moment_or_none(each.off_us),
    )


def _delivery(call: Call, each: stored.Delivery) -> Delivery:
    return Delivery(
        id=each.id,
        message=each.number,
        kind=each.kind,
        state=each.state,
        tries=each.tries,
        status=each.status,
        trouble=call.say(each.trouble) if each.trouble else "",
        made_at=moment(each.made_us),
        last_at=moment_or_none(each.last_us),
    )
