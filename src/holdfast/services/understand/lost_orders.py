"""The loss of a large order or deal opens an inquiry: a task of ours to find out why (E7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from holdfast.analytics import lost_orders
from holdfast.analytics.emit import emit
from holdfast.analytics.large_losses import usual_of_counts
from holdfast.analytics.local_days import day_start_us
from holdfast.analytics.taken import Taking
from holdfast.domain.money import Money
from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.services.act import tasks
from holdfast.services.measure.source import workspace_source
from holdfast.services.understand import inquiries

if TYPE_CHECKING:
    from datetime import tzinfo

    from numpy.typing import NDArray

    from holdfast.analytics.lost_orders import LostOrder
    from holdfast.analytics.spec import Query
    from holdfast.engines.tables import Table
    from holdfast.services.measure.measure import Ready
    from holdfast.settings import Settings
    from holdfast.store.tasks import NewTask

    Asked = Sequence[tuple[Query, Mapping[str, Table]]]

YEAR_DAYS = 365
"""Large is what only one of fifty orders of so many days was worth."""


def open_inquiries(settings: Settings, tables: Ready, *, today: int, now: datetime) -> int:
    """Open an inquiry into each large order that was lost of late, once however often it is asked; how many
    large ones there are.

    The largest first, at most :data:`~holdfast.services.understand.inquiries.MOST_A_NIGHT`; whoever looks
    after the customer gets it. Nothing is asked of the log where no order was ever lost.
    """
    from holdfast.store.portfolio import owner_of_unit

    if not inquiries.read(settings).enabled or not set(lost_orders.LOST) & set(tables.kept.names):
        return 0
    large = sorted(_large(settings, tables, today), key=lambda each: (-each.worth_minor, each.object_id))
    owners = owner_of_unit(settings) if large else {}
    reader = inquiries.reader_of_most(settings)
    for each in large[: inquiries.MOST_A_NIGHT]:
        task = _task(each, owners.get(each.unit_id), tables, reader)
        tasks.make(settings, task, by="holdfast", now=now)
    return min(len(large), inquiries.MOST_A_NIGHT)


def _large(settings: Settings, tables: Ready, today: int) -> list[LostOrder]:
    """The orders that were lost of late and are large."""
    zone = tables.plan.zone
    asked = list(_asked(settings, tables, day_start_us(today - YEAR_DAYS, zone)))
    since_us = day_start_us(today - inquiries.NEWS_DAYS, zone)
    found = [
        order
        for query, beside in asked
        for order in lost_orders.lost(_ask(tables, lost_orders.maybe_lost(query, since_us), beside))
    ]
    if not found:
        return []
    from_minor = _usual(tables, asked)
    return [] if from_minor is None else [each for each in found if each.worth_minor >= from_minor]


def _usual(tables: Ready, asked: Asked) -> int | None:
    """What only one of fifty orders of the year was worth, or more."""
    times = Counter[int]()
    for query, beside in asked:
        rows = _ask(tables, lost_orders.worths(query), beside)
        times.update(dict(zip(rows["worth"].tolist(), rows["orders"].tolist(), strict=True)))
    return usual_of_counts(times)


def _asked(settings: Settings, tables: Ready, since_us: int) -> Iterator[tuple[Query, Mapping[str, Table]]]:
    """The orders of the year, asked part by part of the log."""
    source = workspace_source(settings)
    taking = Taking(
        zone=tables.plan.zone,
        first_us=tables.kept.census.first_us or 0,
        end_us=day_start_us(tables.plan.end_day, tables.plan.zone),
        currencies=(tables.kept.currency,),
        linked=source.links is not None,
        of_accounts=tables.plan.of_accounts,
    )
    for part in source.parts:
        beside: dict[str, Table] = {"events": part.events}
        if source.links is not None:
            beside["links"] = source.links
        yield part.narrowed(lost_orders.orders(taking, since_us)), beside


def _ask(tables: Ready, query: Query, beside: Mapping[str, Table]) -> Mapping[str, NDArray[Any]]:
    return tables.engine.columns(emit(query, tables.engine.dialect), beside)


def _task(lost: LostOrder, owner_id: int | None, tables: Ready, reader: Reader) -> NewTask:
    from holdfast.store.tasks import NewTask

    amount = reader.money(Money(lost.worth_minor, tables.kept.currency))
    title = (
        Text("Find out why this deal of {money} was lost", money=amount)
        if lost.how == "deal"
        else Text("Find out why this order of {money} was lost", money=amount)
    )
    kind = "deal" if lost.how == "deal" else "order"
    # A key has room for 200 characters, and the number of an order may have more.
    number = sha256(lost.object_id.encode()).hexdigest()[:32]
    return NewTask(
        title=reader.say(title),
        kind="check",
        text=f"{reader.say(_told(lost, tables.plan.zone))} {reader.say(_ADVICE)}",
        priority=1,
        owner_id=owner_id,
        subject_id=lost.unit_id,
        origin=inquiries.ORIGIN,
        origin_key=str(lost.unit_id),
        key=f"lost_{kind}:{lost.subject_id}:{number}",
    )


_ADVICE = Text("Call, ask one open question, and write down the answer.")


def _told(lost: LostOrder, zone: tzinfo) -> Text:
    number, day = lost.object_id, datetime.fromtimestamp(lost.lost_us / 1_000_000, zone).date()
    if lost.how == "deal":
        return Text("The deal {number} came to nothing on {day}.", number=number, day=day)
    if lost.how == "cancelled":
        return Text("The order {number} was called off on {day}.", number=number, day=day)
    return Text("The order {number} was wholly given back, the last of it on {day}.", number=number, day=day)
