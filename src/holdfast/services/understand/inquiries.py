"""The loss of a large customer opens an inquiry: a task of ours to find out why (E7)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from holdfast.analytics.large_losses import usual_threshold
from holdfast.domain.money import Money
from holdfast.domain.period import date_of
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.language import Reader, preferred
from holdfast.services.act import tasks
from holdfast.store.inquiry import Inquiry

if TYPE_CHECKING:
    from holdfast.settings import Settings
    from holdfast.store.losses import KeptLoss
    from holdfast.store.tasks import NewTask

NEWS_DAYS = 14
"""A loss that shows later than so many days after it is history: an import opens no inquiries."""

MOST_A_NIGHT = 20
ORIGIN = "loss"
"""The origin of the tasks."""

HIGHEST_MINOR = 10**15


def read(settings: Settings) -> Inquiry:
    """Whether large losses are inquired into, and from which money a year on."""
    from holdfast.store import inquiry

    return inquiry.read(settings)


def save(settings: Settings, wanted: Inquiry, *, by: str, now: datetime) -> None:
    """Set it, or refuse a threshold that is none ("bad_threshold")."""
    from holdfast.store import inquiry

    if wanted.from_minor is not None and not 0 < wanted.from_minor <= HIGHEST_MINOR:
        raise Refusal(
            "bad_threshold",
            found=Text("{amount} as the threshold.", amount=str(wanted.from_minor)),
            expected=Text("An amount above 0, or none for the usual threshold."),
            remedy=Text("Change the amount; nothing was saved."),
        )
    inquiry.write(settings, wanted, by=by, now_us=int(now.timestamp() * 1_000_000))


def threshold(settings: Settings, money: Sequence[int]) -> int | None:
    """From which money a year on a loss is large; ``None`` where none is, or inquiries are off.

    ``money`` is what those who left in the last year had brought.
    """
    wanted = read(settings)
    if not wanted.enabled:
        return None
    return wanted.from_minor if wanted.from_minor is not None else usual_threshold(money)


def open_inquiries(
    settings: Settings,
    losses: Iterable[KeptLoss],
    from_minor: int | None,
    *,
    currency: str,
    today: int,
    now: datetime,
) -> int:
    """Open an inquiry into each large one of the newest losses, once however often it is asked; how many
    large ones there are.

    The largest first, at most :data:`MOST_A_NIGHT`; whoever looked after the customer gets it.
    """
    from holdfast.store.portfolio import owner_of_unit

    if from_minor is None:
        return 0
    large = [each for each in losses if each.money_minor >= from_minor and each.left_day >= today - NEWS_DAYS]
    large.sort(key=lambda each: (-each.money_minor, each.unit_id))
    owners = owner_of_unit(settings) if large else {}
    reader = reader_of_most(settings)
    for each in large[:MOST_A_NIGHT]:
        tasks.make(settings, _task(each, owners.get(each.unit_id), currency, reader), by="holdfast", now=now)
    return min(len(large), MOST_A_NIGHT)


def _task(loss: KeptLoss, owner_id: int | None, currency: str, reader: Reader) -> NewTask:
    from holdfast.store.tasks import NewTask

    amount = reader.money(Money(loss.money_minor, currency))
    return NewTask(
        title=reader.say(Text("Find out why this customer left, who brought {money} a year", money=amount)),
        kind="check",
        text=reader.say(_told(loss)),
        priority=1,
        owner_id=owner_id,
        subject_id=loss.unit_id,
        origin=ORIGIN,
        origin_key=str(loss.unit_id),
        key=f"loss:{loss.unit_id}:{loss.left_day}",
    )


def _told(loss: KeptLoss) -> Text:
    day = date_of(loss.left_day)
    if loss.cause:
        return Text(
            "Left on {day}. What speaks for a cause stands on the customer's page: call, and ask whether it "
            "is so.",
            day=day,
        )
    return Text(
        "Left on {day}. Nothing says why yet: call, ask one open question, and write down the answer.",
        day=day,
    )


def reader_of_most(settings: Settings) -> Reader:
    """A reader of the language that most of our people read; English where nobody said."""
    from holdfast.store import staff

    said = [person.language for person in staff.colleagues(settings) if person.language]
    language = max(sorted(set(said)), key=said.count) if said else preferred("")
    return Reader(language, settings.zone)
