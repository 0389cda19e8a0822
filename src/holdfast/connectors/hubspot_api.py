"""What has changed at HubSpot, by its API: contacts with what is worth knowing, deals with whose they are.

The search of the CRM API is read in the order of the last change, a page at a time, and goes on from the
last change of the page: HubSpot answers at most ten thousand results of one search.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from holdfast.connectors import webhooks as hooks
from holdfast.connectors.live.hubspot import HubSpotOptions, contact, deal_event, stage_event
from holdfast.connectors.outward import Answer, Door
from holdfast.connectors.webhooks import Call, words
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text

API = "https://api.hubapi.com"
PAGE = 100
"""Objects in one page."""

KINDS = ("contacts", "deals")
_CHANGED = {"contacts": "lastmodifieddate", "deals": "hs_lastmodifieddate"}
_PROPERTIES = {
    "contacts": (
        "email",
        "firstname",
        "lastname",
        "phone",
        "mobilephone",
        "country",
        "city",
        "hs_language",
        "lifecyclestage",
        "hubspot_owner_id",
        "createdate",
    ),
    "deals": ("dealname", "dealstage", "amount", "deal_currency_code", "closedate", "createdate"),
}
_NO_TRAITS = ("createdate", "lastmodifieddate", "hs_object_id", "hs_lastmodifieddate")


@dataclass(frozen=True, slots=True)
class Changed:
    """A page of what has changed: calls, whose deals are, and the last change (to go on from)."""

    calls: tuple[Call, ...]
    owners: Mapping[str, str]
    until: datetime


@dataclass(frozen=True, slots=True)
class HubSpot:
    """HubSpot's API as one private app sees it."""

    token: str
    options: HubSpotOptions
    door: Door
    address: str = API

    def changed(self, kind: str, since: datetime | None) -> Iterator[Changed]:
        """Pages of the ``kind`` ("contacts", "deals") that changed at ``since`` or later, in that order.

        Refuses what :class:`Door` refuses, and ("not_allowed", "bad_answer") what HubSpot does not give.
        """
        last, known = since, frozenset[tuple[str, str]]()
        while True:
            found = self._page(kind, last)
            fresh = [each for each in found if _mark(each) not in known]
            until = max((moment for each in found if (moment := _moment(each))), default=last)
            if not fresh or until is None:
                return
            yield self._read(kind, fresh, until)
            if len(found) < PAGE:
                return
            if until == last:  # a whole page of one millisecond: step over it
                until = until + timedelta(milliseconds=1)
            last, known = until, frozenset(_mark(each) for each in found)

    def _page(self, kind: str, since: datetime | None) -> list[Mapping[str, Any]]:
        by = _CHANGED[kind]
        wanted: dict[str, Any] = {
            "limit": PAGE,
            "properties": [*self._properties(kind), by],
            "sorts": [{"propertyName": by, "direction": "ASCENDING"}],
        }
        if since is not None:
            value = str(int(since.timestamp() * 1000))
            wanted["filterGroups"] = [{"filters": [{"propertyName": by, "operator": "GTE", "value": value}]}]
        answer = self._ask(f"/crm/v3/objects/{kind}/search", wanted)
        return list(hooks.parts_of(answer, "results"))

    def _properties(self, kind: str) -> Sequence[str]:
        ours = self.options.customer_id_in
        return (*_PROPERTIES[kind], ours) if ours and kind == "contacts" else _PROPERTIES[kind]

    def _read(self, kind: str, found: Sequence[Mapping[str, Any]], until: datetime) -> Changed:
        if kind == "contacts":
            return Changed(tuple(call for each in found for call in self._contact(each)), {}, until)
        owners = self._owners([words(each, "id") for each in found])
        return Changed(tuple(call for each in found for call in self._deal(each, owners)), owners, until)

    def _contact(self, found: Mapping[str, Any]) -> Iterator[Call]:
        moment, who = _moment(found), words(found, "id")
        given = hooks.at(found, "properties")
        if moment is None or not who or not isinstance(given, Mapping):
            return
        told = {name: value for name, value in given.items() if value and name not in _NO_TRAITS}
        yield contact(who, told, moment, f"contact:{who}:{moment.isoformat()}", self.options)

    def _deal(self, found: Mapping[str, Any], owners: Mapping[str, str]) -> Iterator[Call]:
        """That it was opened, and at which stage it is: once per stage. One that is nobody's says nothing."""
        deal, stage = words(found, "id"), words(found, "properties.dealstage")
        customer, changed = owners.get(f"deal:{deal}", ""), _moment(found)
        if not customer or changed is None:
            return
        said = {
            "amount": hooks.decimal(found, "properties.amount"),
            "currency": words(found, "properties.deal_currency_code").upper()
            or self.options.currency.upper(),
        }
        opened = hooks.written(found, "properties.createdate", "createdAt")
        if opened is not None:
            yield deal_event(customer, deal, "Deal Opened", opened, f"deal:{deal}:opened", said)
        if stage:
            name = stage_event(stage, self.options)
            closed = hooks.written(found, "properties.closedate") if name != "Deal Changed" else None
            moment = min(closed or changed, changed)  # who plans a closing date has not closed
            message_id = f"deal:{deal}:{stage}:{said['amount']}"
            yield deal_event(customer, deal, name, moment, message_id, said | {"code": stage})

    def _owners(self, deals: Sequence[str]) -> dict[str, str]:
        """Deal to contact, of those that have one; of several contacts the first."""
        asked = {"inputs": [{"id": each} for each in deals]}
        answer = self._ask("/crm/v4/associations/deals/contacts/batch/read", asked)
        return {
            f"deal:{words(each, 'from.id')}": words(each, "to.0.toObjectId")
            for each in hooks.parts_of(answer, "results")
            if words(each, "to.0.toObjectId")
        }

    def _ask(self, path: str, content: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = self.door.ask("POST", f"{self.address}{path}", headers=headers, content=content)
        if answer.status not in (200, 207):
            raise _refused(answer)
        return answer.json()


def _mark(found: Mapping[str, Any]) -> tuple[str, str]:
    return words(found, "id"), words(found, "updatedAt")


def _moment(found: Mapping[str, Any]) -> datetime | None:
    paths = ("properties.lastmodifieddate", "properties.hs_lastmodifieddate", "updatedAt")
    return hooks.written(found, *paths)


def _refused(answer: Answer) -> Refusal:
    try:
        reason = words(answer.json(), "message")
    except Refusal:
        reason = ""
    if answer.status in (401, 403):
        return Refusal(
            "not_allowed",
            found=Text(
                "HubSpot does not let this token in: {reason}.", reason=(reason or str(answer.status))[:200]
            ),
            expected=Text("A private app's access token that may read contacts and deals."),
            remedy=Text("Enter the token again on the source's page, or give the app those scopes."),
        )
    return Refusal(
        "bad_answer",
        found=Text("HubSpot answered {status}: {reason}.", status=str(answer.status), reason=reason[:200]),
        expected=Text("The answer that its documentation describes."),
        remedy=Text("It is tried again by itself; it may have asked for patience (429)."),
    )
