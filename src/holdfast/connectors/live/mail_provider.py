"""What a mail provider tells of our mails: arrived, came back, reported as spam, opened, a link followed.

Amazon SES, Mailgun, Postmark and SendGrid say it each in their own form. :mod:`holdfast.web.mail_events` has
django-anymail check and read it; here stands what its events mean. What a machine opens or follows says
nothing of the customer, and neither opening nor following ever unsubscribes anybody.
"""

from __future__ import annotations

import hmac
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from holdfast.connectors import webhooks as hooks
from holdfast.connectors.published.mail_provider import EXAMPLES
from holdfast.connectors.webhooks import Delivery, Manners, Secret, Source, Told, at, option, words
from holdfast.domain.bounces import fault
from holdfast.domain.deliveries import Report, What
from holdfast.domain.refusals import Refusal
from holdfast.domain.robots import is_machine
from holdfast.domain.texts import Text

KIND = "mail_provider"
HEADER = "Authorization"
WEBHOOK_SECRET = "webhook_secret"  # noqa: S105  (the name of a secret)
SIGNING_KEY = "signing_key"

_ENDS: dict[str, What] = {
    "delivered": "delivered",
    "bounced": "bounced",
    "complained": "complained",
    "opened": "opened",
    "clicked": "clicked",
    "unsubscribed": "unsubscribed",
}
_DROPPED: dict[str, What] = {
    "bounced": "bounced",
    "invalid": "bounced",
    "spam": "complained",
    "unsubscribed": "unsubscribed",
}
"""Why a provider did not even try, to what that means."""

_BY_A_PERSON = ("opened", "clicked", "unsubscribed")
_HARD = frozenset({"permanent", "hardbounce", "bademailaddress", "bounce"})
"""How providers call what comes back for good: believed where the server's own words say nothing clear."""

_STATUS = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}")


@dataclass(frozen=True, slots=True)
class MailProviderOptions:
    """Who the provider is."""

    provider: Literal["amazon_ses", "mailgun", "postmark", "sendgrid"] = option(
        Text("Provider"), Text("Whose mail server sends your mails."), "amazon_ses"
    )


def verify(delivery: Delivery, secrets: Sequence[str], now: datetime) -> Refusal | None:
    """The name and password that stand in the address which the provider was given (HTTP Basic)."""
    given = delivery.header(HEADER).encode("utf-8", "replace")
    found = False
    for secret in secrets:
        wanted = b"Basic " + b64encode(secret.encode("utf-8", "replace"))
        found |= bool(secret) and hmac.compare_digest(given, wanted)
    return None if found else hooks.forged(HEADER)


def read(payload: Any, headers: Mapping[str, str], options: MailProviderOptions) -> Iterable[Told]:
    """What events mean, in the form that :mod:`holdfast.web.mail_events` makes of each provider's."""
    told = [_told(each) for each in hooks.parts_of(payload, "events")]
    return told or [Told("unread" if words(payload, "unread") else "other", ignored=True)]


def _told(event: Mapping[str, Any]) -> Told:
    kind, reason = words(event, "type"), words(event, "reject_reason")
    what = _DROPPED.get(reason) if kind == "rejected" else _ENDS.get(kind)
    moment, address = hooks.written(event, "at"), words(event, "recipient").lower()
    if what is None or moment is None or "@" not in address:
        return Told(kind or "other", ignored=True)
    if what in _BY_A_PERSON and (at(event, "machine") is True or is_machine(words(event, "user_agent"))):
        return Told(f"{kind} (machine)", ignored=True)
    said = words(event, "response", "description")
    status = words(event, "status")
    report = Report(
        "email",
        tuple(dict.fromkeys(_names(event))),
        what,
        moment,
        address=address,
        code=status if what == "bounced" else "",
        reason="" if what in ("opened", "clicked", "delivered") else said[:300],
        for_good=what == "bounced" and _is_for_good(event, f"{status} {said}", status),
    )
    return Told(kind, reports=(report,))


def _names(event: Mapping[str, Any]) -> Iterator[str]:
    """How the message may be called, as we write a Message-ID."""
    named = at(event, "names")
    for each in named if isinstance(named, list) else []:
        if isinstance(each, str) and (plain := each.strip().strip("<>")):
            yield f"<{plain[:300]}>"


def _is_for_good(event: Mapping[str, Any], said: str, status: str) -> bool:
    """Whether nobody is reached there: the server's words first, then what the provider calls it."""
    if words(event, "type") == "rejected":
        return True  # it did not even try, since mails came back before
    judged = fault(said, status if status.count(".") == 2 else "")
    hard = words(event, "kind").lower() in _HARD
    return judged == "nobody" or (hard and judged == "perhaps" and not _STATUS.search(said))


SOURCE = Source(
    name=KIND,
    title=Text("Mail provider"),
    meaning=Text("Which mails arrived, came back, were reported as spam, opened: by Amazon SES and others."),
    options=MailProviderOptions,
    secrets=(
        Secret(
            WEBHOOK_SECRET,
            Text("Name and password in the address"),
            Text("Make them up, with a colon between: holdfast:3fk29dkq. Letters and digits only."),
        ),
        Secret(
            SIGNING_KEY,
            Text("Key of the provider's signature"),
            Text("Mailgun: the HTTP webhook signing key. SendGrid: the verification key. Else empty."),
            needed=False,
        ),
    ),
    verify=verify,
    read=read,
    events=("delivered", "bounced", "complained", "opened", "clicked", "unsubscribed"),
    steps=(
        Text("At the provider, add a webhook for what is listed here (Amazon SES: an SNS topic with HTTPS)."),
        Text(
            "As its address, paste the one above with the name and the password before the host: "
            "https://name:password@holdfast.example.com/hooks/…"
        ),
        Text("Amazon asks once whether the address is right; Holdfast answers by itself."),
    ),
    examples=EXAMPLES,
    manners=Manners(realm="Holdfast"),
)
