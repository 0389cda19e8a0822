"""HubSpot: contacts and deals.

A webhook of HubSpot carries ids and one property: a contact's is kept as a trait, a deal's stage and amount
become events of the contact whose deal it is, which HubSpot tells by an association. Everything else of
contacts and deals comes by the scheduled pull over HubSpot's API (:mod:`holdfast.connectors.hubspot_api`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from holdfast.connectors import webhooks as hooks
from holdfast.connectors.published.hubspot import EXAMPLES
from holdfast.connectors.webhooks import Call, Delivery, Secret, Source, Told, at, option, words
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

HEADER = "X-HubSpot-Signature-v3"
STAMP = "X-HubSpot-Request-Timestamp"

_DECODED = {
    "%3A": ":",
    "%2F": "/",
    "%3F": "?",
    "%40": "@",
    "%21": "!",
    "%24": "$",
    "%27": "'",
    "%28": "(",
    "%29": ")",
    "%2A": "*",
    "%2C": ",",
    "%3B": ";",
}
"""What HubSpot decodes in the address before it signs it."""

TRAITS = {
    "firstname": "first_name",
    "lastname": "last_name",
    "email": "email",
    "phone": "phone",
    "mobilephone": "phone",
    "country": "country",
    "city": "city",
    "hs_language": "language",
    "lifecyclestage": "lifecycle_stage",
    "hubspot_owner_id": "hubspot_owner",
}
"""HubSpot's names of contact properties and ours; others keep their own."""


@dataclass(frozen=True, slots=True)
class HubSpotOptions:
    """What a company does with HubSpot."""

    customer_id_in: str = option(
        Text("Our customer id stands in the contact property"),
        Text("The internal name of a property, like customer_id; empty where there is none."),
    )
    won_stages: str = option(
        Text("Stages that mean a deal is won"),
        Text("Internal names, separated by commas."),
        "closedwon",
    )
    lost_stages: str = option(
        Text("Stages that mean a deal is lost"),
        Text("Internal names, separated by commas."),
        "closedlost",
    )
    currency: str = option(
        Text("Currency of deals"), Text("Three letters; HubSpot's webhooks do not say it."), ""
    )


def verify(delivery: Delivery, secrets: Sequence[str], now: datetime) -> Refusal | None:
    """Version 3: HMAC-SHA256 of method, address, body and moment (milliseconds), in base64."""
    stamp = delivery.header(STAMP)
    address = delivery.url
    for code, letter in _DECODED.items():
        address = address.replace(code, letter)
    message = f"{delivery.method}{address}".encode() + delivery.body + stamp.encode()
    if not hooks.is_signed([delivery.header(HEADER)], secrets, message):
        return hooks.forged(HEADER)
    return hooks.stale(hooks.epoch({"at": hooks.counted(stamp)}, "at", per_second=1000), now)


def read(payload: Any, headers: Mapping[str, str], options: HubSpotOptions) -> Iterable[Told]:
    """What a batch of HubSpot's notifications means; a single one is a batch of one."""
    batch = payload if isinstance(payload, list) else [payload]
    names: dict[str, dict[str, str]] = {}
    for event in batch:
        if words(event, "propertyName") in _NAMES:
            known = names.setdefault(words(event, "objectId"), {})
            known[words(event, "propertyName")] = words(event, "propertyValue")
    for event in batch:
        yield _told(event, names, options)


_NAMES = ("firstname", "lastname")
"""HubSpot tells them one by one; a name is shown once both are told together."""


def _told(event: Any, names: Mapping[str, Mapping[str, str]], options: HubSpotOptions) -> Told:
    kind, moment = _kind(event), hooks.epoch(event, "occurredAt", per_second=1000)
    subject, _, what = kind.partition(".")
    if moment is None:
        return Told(kind, ignored=True)
    match subject, what:
        case "contact", "creation" | "propertyChange" | "merge" | "privacyDeletion":
            known = names.get(words(event, "objectId"), {})
            return Told(kind, tuple(_contact(event, what, moment, known, options)))
        case "deal", "creation" | "propertyChange":
            return Told(kind, tuple(_deal(event, what, moment, options)))
        case "contact" | "deal", "associationChange":
            return Told(kind, owners=_association(event))
    return Told(kind, ignored=True)


def _kind(event: Any) -> str:
    """Newer apps send "object.creation" with the object's type beside it."""
    kind = words(event, "subscriptionType")
    names = {"0-1": "contact", "0-3": "deal"}
    if kind.startswith("object."):
        kind = names.get(words(event, "objectTypeId"), "object") + kind.removeprefix("object")
    return kind


def _message_id(event: Any) -> str:
    """HubSpot's own id of an event is not unique; a second attempt at the same one must be."""
    paths = ("eventId", "subscriptionId", "objectId", "occurredAt", "propertyName")
    return ":".join(words(event, path) for path in paths)


# Contacts


def _contact(
    event: Any, what: str, moment: datetime, names: Mapping[str, str], options: HubSpotOptions
) -> Iterator[Call]:
    who, message_id = words(event, "objectId"), _message_id(event)
    if what == "merge":
        kept = words(event, "newObjectId", "primaryObjectId", "objectId")
        merged = at(event, "mergedObjectIds")
        for other in merged if isinstance(merged, list) else []:
            yield _same(kept, str(other), moment, message_id)
    elif what == "privacyDeletion":
        yield hooks.track(who, "Erasure Requested", moment, message_id, {"code": "hubspot"})
    elif what == "creation":
        yield hooks.identify(who, moment, message_id, {})
    else:
        name, value = words(event, "propertyName"), words(event, "propertyValue")
        together = names if name in _NAMES else {}
        yield contact(who, {**together, name: value}, moment, message_id, options)


def contact(
    who: str, properties: Mapping[str, Any], moment: datetime, message_id: str, options: HubSpotOptions
) -> Call:
    """Who a contact is, from HubSpot's properties of it."""
    key = options.customer_id_in
    traits = {TRAITS.get(name, name): value for name, value in properties.items() if name != key}
    if all(words(properties, name) for name in _NAMES):
        traits["name"] = " ".join(words(properties, name) for name in _NAMES)
    return hooks.identify(who, moment, message_id, traits, ours=words(properties, key) if key else "")


def _same(kept: str, other: str, moment: datetime, message_id: str) -> Call:
    return {
        "type": "alias",
        "userId": kept,
        "previousId": other,
        "timestamp": moment.isoformat(),
        "messageId": f"{message_id}:{other}",
    }


# Deals


def _deal(event: Any, what: str, moment: datetime, options: HubSpotOptions) -> Iterator[Call]:
    deal, name, value = (words(event, path) for path in ("objectId", "propertyName", "propertyValue"))
    if what == "creation":
        yield deal_event("", deal, "Deal Opened", moment, _message_id(event), {})
    elif name == "dealstage":
        yield deal_event("", deal, stage_event(value, options), moment, _message_id(event), {"code": value})
    elif name == "amount":
        amount = {"amount": hooks.decimal(event, "propertyValue"), "currency": options.currency.upper()}
        yield deal_event("", deal, "Deal Changed", moment, _message_id(event), amount)


def stage_event(stage: str, options: HubSpotOptions) -> str:
    """What it means that a deal came to ``stage``."""
    for stages, name in ((options.won_stages, "Deal Won"), (options.lost_stages, "Deal Lost")):
        if stage in [each.strip() for each in stages.split(",")]:
            return name
    return "Deal Changed"


def deal_event(
    customer: str, deal: str, name: str, moment: datetime, message_id: str, said: Mapping[str, Any]
) -> Call:
    """Something that happened to a deal."""
    said = {"object_kind": "deal", "object_id": deal, **said}
    return hooks.track(customer, name, moment, message_id, said, about=f"deal:{deal}")


def _association(event: Any) -> dict[str, str]:
    """Whose a deal is; that it is no longer somebody's changes nothing of the past."""
    ends = (words(event, "fromObjectId"), words(event, "toObjectId"))
    if at(event, "associationRemoved") is True or not all(ends):
        return {}
    match words(event, "associationType"):
        case "DEAL_TO_CONTACT":
            return {f"deal:{ends[0]}": ends[1]}
        case "CONTACT_TO_DEAL":
            return {f"deal:{ends[1]}": ends[0]}
    return {}


SOURCE = Source(
    name="hubspot",
    title=Text("HubSpot"),
    meaning=Text("Contacts with their properties, and deals opened, won and lost."),
    options=HubSpotOptions,
    secrets=(
        Secret("signing_secret", Text("Client secret"), Text("On the app's Auth page in HubSpot.")),
        Secret(
            "access_token",
            Text("Access token"),
            Text("Only for the scheduled pull; it needs to read contacts and deals. Begins with pat-."),
            needed=False,
        ),
    ),
    verify=verify,
    read=read,
    events=(
        "contact.creation",
        "contact.propertyChange",
        "contact.merge",
        "contact.privacyDeletion",
        "deal.creation",
        "deal.propertyChange",
        "deal.associationChange",
    ),
    steps=(
        Text("In HubSpot, open Development, then your private app (or make one), then Webhooks."),
        Text("Paste the address as the target URL, and subscribe to the events listed here."),
        Text("Choose the properties that are worth knowing; stage and amount of deals are needed."),
        Text("Copy the client secret from the app's Auth page, and enter it here."),
    ),
    examples=EXAMPLES,
)
