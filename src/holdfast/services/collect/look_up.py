"""Everything about one customer: who it is, and the timeline of what happened."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from holdfast.domain.masking import Kind
from holdfast.domain.money import NO_CURRENCY, Money
from holdfast.domain.period import date_of, day_number
from holdfast.domain.refusals import Refusal
from holdfast.domain.silence import Silence, silences
from holdfast.domain.texts import Text
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.engines.timeline import History, Place, Stretch, TimelineEvent
    from holdfast.store.customers import ListedCustomer
    from holdfast.store.profile import Profile


@dataclass(frozen=True, slots=True)
class CustomerView:
    """One customer.

    ``profile`` is what the database knows, ``listed`` its row of the customer list (``None``
    before the first run of the loop), ``history`` all events in a few numbers, ``timeline`` the
    newest ones, ``texts`` what was written with them by event key, ``gaps`` silences that are
    longer than the habit (where they were asked for), ``subjects`` all ids that belong to it.
    """

    unit_id: int
    profile: Profile
    listed: ListedCustomer | None
    history: History
    timeline: Stretch
    texts: Mapping[bytes, str]
    gaps: tuple[Silence, ...]
    subjects: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """The customer's name, else the first id under which it arrived."""
        return self.profile.traits.get("name") or self.profile.ids[0].key

    def as_json(self) -> dict[str, Any]:
        """The keys that ``holdfast customer --json`` documents; amounts are exact decimals."""
        first, listed = self.profile.ids[0], self.listed
        return {
            "customer": {
                "id": f"{first.namespace}:{first.key}",
                "ids": [f"{each.namespace}:{each.key}" for each in self.profile.ids],
                "unit_id": self.unit_id,
                "name": self.name,
                "emails": list(self.profile.emails),
                "phones": list(self.profile.phones),
                "kind": listed.kind if listed else None,
                "state": (listed.state or None) if listed else None,
                "traits": dict(self.profile.traits),
                "first_at": moment(self.history.first_us),
                "last_at": moment(self.history.last_us),
                "orders": self.history.orders,
                "revenue": {
                    currency or NO_CURRENCY: Money(minor, currency).amount
                    for currency, minor in self.history.revenue.items()
                },
            },
            "events": [_event(event, self.texts) for event in self.timeline.events],
            "more": self.timeline.earlier is not None,
            "gaps": [
                {
                    "from": date_of(each.start).isoformat(),
                    "to": date_of(each.end).isoformat(),
                    "days": each.days,
                    "usual_days": each.usual_days,
                    "goes_on": each.goes_on,
                }
                for each in self.gaps
            ],
        }


def customer(settings: Settings, wanted: str, *, now: datetime, limit: int = 100) -> CustomerView:
    """The customer whom ``wanted`` names: an id, ``namespace:id``, e-mail address, phone or name.

    Refuses when nobody is named so ("no_such_customer"), and when several are ("several_customers"),
    listing them.
    """
    return customer_of_unit(settings, unit_named(settings, wanted), now=now, limit=limit, with_gaps=True)


def _whole(kind: Kind, value: str) -> str:
    return value


def unit_named(
    settings: Settings,
    wanted: str,
    *,
    among: Callable[[Sequence[int]], Collection[int]] | None = None,
    shown: Callable[[Kind, str], str] = _whole,
) -> int:
    """The unit that ``wanted`` names; refuses as :func:`customer` does.

    ``among`` says whom of several units the reader may see, ``shown`` how they see a name.
    """
    from holdfast.store.find import find_units

    units = find_units(settings, wanted)
    if among is not None:
        units = sorted(among(units))
    if not units:
        raise Refusal(
            "no_such_customer",
            found=Text("Nobody is known as {wanted}.", wanted=wanted),
            expected=Text("An id as in the imported files, an e-mail address, a phone number or a name."),
            remedy=Text("Look for a part of the name in the list of customers, or import the file first."),
        )
    if len(units) > 1:
        raise _several(settings, wanted, units, shown)
    return units[0]


def customer_of_unit(
    settings: Settings,
    unit_id: int,
    *,
    now: datetime,
    before: Place | None = None,
    limit: int = 100,
    names: Sequence[str] | None = None,
    with_gaps: bool = False,
) -> CustomerView:
    """The customer with this unit id, and the events before a place in the timeline.

    ``names`` leaves only events of these names in the timeline; ``gaps`` are looked for where they are
    asked for. Refuses an id that was never given.
    """
    from holdfast.engines import timeline
    from holdfast.engines.embedded import EmbeddedEngine
    from holdfast.services.visible import events_of
    from holdfast.store.customers import one_listed
    from holdfast.store.profile import profile, subjects_of, texts_of

    subjects = subjects_of(settings, unit_id)
    known = profile(settings, unit_id, subjects)
    if known is None:
        raise Refusal(
            "no_such_customer",
            found=Text("There is no customer {id}.", id=str(unit_id)),
            expected=Text("The number of a customer of this workspace."),
            remedy=Text("Look for the name in the list of customers."),
        )
    events = events_of(settings, subjects)
    with EmbeddedEngine(temp=settings.folder / "spill", memory_mb=300, kept_open=True) as engine:
        newest = timeline.stretch(engine, events, subjects, before=before, limit=limit, names=names)
        whole = timeline.history(engine, events, subjects)
    texts = texts_of(settings, [event.event_key for event in newest.events])
    gaps: Sequence[Silence] = ()
    if with_gaps:
        gaps = silences([_day(at_us, settings) for at_us in whole.ordered_us], today=_today(settings, now))
    listed = one_listed(settings, unit_id)
    return CustomerView(unit_id, known, listed, whole, newest, texts, tuple(gaps), tuple(subjects))


def moment(at_us: int | None) -> str | None:
    """A moment as ISO 8601 in UTC."""
    if at_us is None:
        return None
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at_us)
    return at.isoformat().replace("+00:00", "Z")


def _several(settings: Settings, wanted: str, units: list[int], show: Callable[[Kind, str], str]) -> Refusal:
    from holdfast.store.profile import profile

    shown = []
    for unit in units[:10]:
        known = profile(settings, unit)
        if known is not None:
            first = known.ids[0]
            name = show("name", known.traits.get("name") or "-")
            shown.append(f"{first.namespace}:{first.key} ({name})")
    if len(units) > len(shown):
        shown.append("…")
    return Refusal(
        "several_customers",
        found=Text("{wanted} names several customers: {names}.", wanted=wanted, names=", ".join(shown)),
        expected=Text("Something that names one customer."),
        remedy=Text("Ask again with one of these ids."),
    )


def _event(event: TimelineEvent, texts: Mapping[bytes, str]) -> dict[str, Any]:
    amount = None
    if event.amount_minor is not None:
        amount = Money(event.amount_minor, event.currency or NO_CURRENCY).amount
    return {
        "at": moment(event.at_us),
        "name": event.name,
        "source": event.source,
        "object_kind": event.object_kind,
        "object_id": event.object_id,
        "amount": amount,
        "currency": event.currency,
        "quantity": None if event.quantity is None else _shortest(event.quantity),
        "product_id": event.product_id,
        "code": event.code,
        "score": event.score,
        "promised_at": moment(event.promised_us),
        "details": json.loads(event.details) if event.details else None,
        "text": texts.get(event.event_key),
        "import_id": event.import_id,
    }


def _shortest(quantity: Decimal) -> Decimal:
    """The same number without zeros at its end: 4, not 4.0000."""
    return quantity.quantize(Decimal(1)) if quantity == quantity.to_integral_value() else quantity.normalize()


def _day(at_us: int, settings: Settings) -> int:
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at_us)
    return day_number(at.astimezone(settings.zone).date())


def _today(settings: Settings, now: datetime) -> int:
    """Up to when silence is known: the day of the last run, since the data may end long before now."""
    from holdfast.store.figures import last_run

    run = last_run(settings)
    return day_number(settings.now(now).astimezone(settings.zone).date() if run is None else run.as_of)
