"""Outgoing webhooks as people set them up: an address, what it is told, its secret, and what became of it."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from holdfast.domain.announcements import FOR_CHATS, KINDS, TRIAL, unknown_among
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.store.staff import Colleague
    from holdfast.store.webhooks_out import Webhook

MOST = 50
"""Webhooks of one workspace."""

FAILING_DAYS = 5
"""What has not worked for so long is switched off."""

KEPT_DAYS = 30
"""Messages and their deliveries are forgotten after so long."""

_LONGEST_NAME = 100
_DAY_US = 86_400_000_000


def subscribe(
    settings: Settings, name: str, url: str, kinds: Sequence[str], *, by: str, now_us: int
) -> tuple[Webhook, str]:
    """Tell an address of some kinds of what happens; the webhook, and the secret that signs.

    Refuses ("bad_name", "bad_address", "inner_address", "unknown_kind", "name_taken", "too_many").
    """
    from holdfast.store import webhooks_out

    named, told = _checked(name, url, kinds)
    if len(webhooks_out.listed(settings)) >= MOST:
        raise Refusal(
            "too_many",
            found=Text("There are {n} webhooks already.", n=MOST),
            expected=Text("At most {most}.", most=MOST),
            remedy=Text("Remove one that nobody needs any more."),
        )
    made = webhooks_out.add(settings, named, url.strip(), told, by=by, now_us=now_us)
    if made is None:
        raise _taken(named)
    return made


def change(
    settings: Settings, webhook_id: int, name: str, url: str, kinds: Sequence[str], *, now_us: int
) -> Webhook:
    """Give a webhook another name, address or kinds; refuses as :func:`subscribe` does."""
    from holdfast.store import webhooks_out

    found(settings, webhook_id)
    named, told = _checked(name, url, kinds)
    if not webhooks_out.change(settings, webhook_id, name=named, url=url.strip(), kinds=told, now_us=now_us):
        raise _taken(named)
    return found(settings, webhook_id)


def try_out(settings: Settings, webhook_id: int, *, by: str, now_us: int) -> int:
    """Send a message that says nothing but that it works; the delivery's number."""
    from holdfast.store import webhooks_out

    known, words = found(settings, webhook_id), "This is a trial: nothing happened."
    if known.kinds and set(known.kinds) <= FOR_CHATS:
        return webhooks_out.tell_one(settings, webhook_id, known.kinds[0], {"text": words}, now_us=now_us)
    told = {"asked_by": by, "words": words}
    return webhooks_out.tell_one(settings, webhook_id, TRIAL, told, now_us=now_us)


def resend(settings: Settings, webhook_id: int, delivery_id: int, *, now_us: int) -> int:
    """Send what a delivery said once more, under the same number; the new delivery's number."""
    from holdfast.store import webhooks_out

    found(settings, webhook_id)
    before = webhooks_out.deliveries(settings, webhook_id, before=delivery_id + 1, limit=1)
    again = None
    if before and before[0].id == delivery_id:
        again = webhooks_out.resend(settings, delivery_id, now_us=now_us)
    if again is None:
        raise Refusal(
            "no_such_delivery",
            found=Text("The message of delivery {id} is not kept any more.", id=str(delivery_id)),
            expected=Text("A delivery of the last {n} days.", n=KEPT_DAYS),
            remedy=Text("Read through the API what has changed since."),
        )
    return again


def found(settings: Settings, webhook_id: int) -> Webhook:
    """The webhook of this number. Refuses ("no_such_webhook")."""
    from holdfast.store import webhooks_out

    known = webhooks_out.one(settings, webhook_id)
    if known is None:
        raise _no_such(str(webhook_id))
    return known


def named(settings: Settings, name: str) -> Webhook:
    """The webhook of this name. Refuses ("no_such_webhook")."""
    from holdfast.store import webhooks_out

    known = webhooks_out.by_name(settings, name.strip())
    if known is None:
        raise _no_such(name)
    return known


def look_after(settings: Settings, *, now_us: int) -> int:
    """Switch off what has failed for days and say so by mail; forget what is old. How many went off."""
    from holdfast.store import api_answers, sql, webhooks_out

    since_us = now_us - FAILING_DAYS * _DAY_US
    with sql.short_write():  # switched off and told, or neither
        off = webhooks_out.switch_off_failing(settings, since_us=since_us, now_us=now_us)
        for each in off:
            _tell_admins(settings, each, now_us=now_us)
    webhooks_out.forget_before(settings, now_us - KEPT_DAYS * _DAY_US)
    api_answers.forget_before(settings, now_us)
    return len(off)


def _tell_admins(settings: Settings, webhook: Webhook, *, now_us: int) -> None:
    from holdfast.store import staff

    for person in staff.colleagues(settings):
        if person.role == "admin":
            _write_to(settings, webhook, person, now_us=now_us)


def _write_to(settings: Settings, webhook: Webhook, person: Colleague, *, now_us: int) -> None:
    from holdfast.domain.touch import Recipient, TouchRequest
    from holdfast.language import Reader, preferred
    from holdfast.language.letters import Line, Way, letter
    from holdfast.store import message_settings, outbox

    reader = Reader(person.language or preferred(""), settings.zone)
    base = message_settings.rules(settings).public_url
    title = reader.say(Text("The webhook {name} is switched off", name=webhook.name))
    words = Text(
        "It has not answered for {n} day. What happens is not told there any more; the messages of the "
        "last 30 days can be sent again.",
        "It has not answered for {n} days. What happens is not told there any more; the messages of the "
        "last 30 days can be sent again.",
        n=FAILING_DAYS,
    )
    way = Way(reader.gettext("Look at it"), f"{base}/settings/webhooks/{webhook.id}" if base else "")
    why = Text("You get this because you are an administrator of Holdfast.")
    written = letter(reader, title, [Line(reader.say(words)), way], company=settings.name, why=why)
    outbox.ask(
        settings,
        TouchRequest(
            f"webhook {webhook.id} off at {webhook.off_us} to {person.id}",
            "staff",
            "email",
            Recipient(person.email, person_id=person.id),
            title,
            written.text,
            written.html,
            language=reader.code,
        ),
        now_us=now_us,
    )


def _checked(name: str, url: str, kinds: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    written = " ".join(name.split())
    if not written or len(written) > _LONGEST_NAME or not written.isprintable():
        raise Refusal(
            "bad_name",
            found=Text("The name is empty, too long or not printable."),
            expected=Text("A name has 1 to {most} characters, like Website.", most=_LONGEST_NAME),
            remedy=Text("Name the system that is told."),
        )
    _check_address(url.strip())
    told = tuple(dict.fromkeys(kinds))
    if not told or (unknown := unknown_among(told)):
        raise Refusal(
            "unknown_kind",
            found=Text("There is nothing to tell called {kind}.", kind=unknown if told else '""'),
            expected=Text("One or more of {kinds}, or * for everything.", kinds=", ".join(KINDS)),
            remedy=Text("Choose what the system is to be told."),
        )
    return written, told


def _check_address(url: str) -> None:
    """Refuse what can never be told anything; where a name leads is looked at whenever it is told."""
    from holdfast.channels import _pinned
    from holdfast.channels.webhook import INSIDE_VARIABLE
    from holdfast.domain.public_addresses import is_public

    inside = os.environ.get(INSIDE_VARIABLE) == "1"
    target = _pinned.target_of(url, inside=inside)
    if target is None:
        raise Refusal(
            "bad_address",
            found=Text("{address} cannot be told anything.", address=url[:100] or '""'),
            expected=Text("An address that begins with https:// and holds no password."),
            remedy=Text("Mend the address; nothing was changed."),
        )
    try:
        public = is_public(str(ipaddress.ip_address(target.host)))
    except ValueError:
        public = target.host != "localhost"
    if not public and not inside:
        raise Refusal(
            "inner_address",
            found=Text("{host} is an address inside this house.", host=target.host),
            expected=Text("A server on the internet."),
            remedy=Text("Name another one; for development see docs/how-to/receive-webhooks.md."),
        )


def _taken(name: str) -> Refusal:
    return Refusal(
        "name_taken",
        found=Text("A webhook is called {name} already.", name=name),
        expected=Text("A name of its own for each."),
        remedy=Text("Choose another name; nothing was changed."),
    )


def _no_such(wanted: str) -> Refusal:
    return Refusal(
        "no_such_webhook",
        found=Text("There is no webhook {name}.", name=wanted[:100]),
        expected=Text("One of the webhooks of this workspace."),
        remedy=Text("List them, and choose one of these."),
    )
