"""HubSpot's notifications as its guide publishes them (developers.hubspot.com, webhooks API), shortened."""

from __future__ import annotations

from typing import Any

from holdfast.connectors.webhooks import Example


def _event(kind: str, **more: Any) -> dict[str, Any]:
    return {
        "eventId": 3816279340,
        "subscriptionId": 25,
        "portalId": 33,
        "appId": 1160452,
        "occurredAt": 1761318126244,
        "subscriptionType": kind,
        "attemptNumber": 0,
        "objectId": 1246965,
        "changeSource": "CRM",
        **more,
    }


EXAMPLES = (
    Example([_event("contact.creation", changeFlag="CREATED")], ("identify",)),
    Example(
        [
            _event("contact.propertyChange", propertyName="email", propertyValue="ann@example.com"),
            _event("contact.propertyChange", propertyName="lifecyclestage", propertyValue="customer"),
        ],
        ("identify", "identify"),
    ),
    Example(
        [
            _event(
                "contact.merge",
                primaryObjectId=1246965,
                mergedObjectIds=[1246978],
                newObjectId=1246965,
                numberOfPropertiesMoved=3,
            )
        ],
        ("alias",),
    ),
    Example([_event("contact.privacyDeletion", changeFlag="DELETED")], ("Erasure Requested",)),
    Example(
        [
            _event("deal.creation", objectId=64058987777),
            _event(
                "deal.associationChange",
                associationType="DEAL_TO_CONTACT",
                fromObjectId=64058987777,
                toObjectId=1246965,
                associationRemoved=False,
                isPrimaryAssociation=False,
            ),
        ],
        ("Deal Opened",),
    ),
    Example(
        [
            _event(
                "deal.propertyChange",
                objectId=64058987777,
                propertyName="dealstage",
                propertyValue="closedwon",
            )
        ],
        ("Deal Won",),
    ),
    Example(
        [_event("deal.propertyChange", objectId=64058987777, propertyName="amount", propertyValue="1200.50")],
        ("Deal Changed",),
    ),
    Example(
        [_event("object.creation", objectTypeId="0-1", objectId=1246966)],
        ("identify",),
    ),
    Example([_event("company.creation", objectId=77)], ()),
)
