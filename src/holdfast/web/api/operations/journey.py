"""The steps of customers, the share lost at each, and occasions after which they leave."""

from __future__ import annotations

from datetime import date
from itertools import chain

from holdfast.analytics.journey import Stage
from holdfast.services.understand import journey as found_journey
from holdfast.services.understand import journey_words as words
from holdfast.store.write_keys import READ
from holdfast.web.api.contract import Answered, Call, operation
from holdfast.web.api.seeing import known_and_seen


class StuckCustomer(Answered, frozen=True):
    """A customer who took a step on a day and no later one since."""

    customer_id: int
    since: date


class JourneyStep(Answered, frozen=True):
    """A step: of ``told`` customers ``went_on`` did within the patience.

    ``share_lost`` with its 95 % interval ``low`` to ``high`` is null where too few can be told;
    ``quarter_days`` are the days after which a quarter, half and three quarters of those who went on had.
    ``stuck`` are the newest of those who did not, at most 500.
    """

    key: str
    title: str
    reached: int
    told: int
    went_on: int
    share_lost: float | None
    low: float
    high: float
    quarter_days: list[int] | None
    stuck: list[StuckCustomer]


class FunnelStep(Answered, frozen=True):
    """How many newcomers had a step, or a later one, within the patience."""

    key: str
    customers: int


class Occasion(Answered, frozen=True):
    """How many left after an occasion, and how many times as often as others who were as active.

    ``judged`` is "more", "less" or "", by ``chance``, which is corrected for the number of occasions.
    """

    key: str
    title: str
    met: int
    left: int
    ratio: float | None
    low: float | None
    high: float | None
    chance: float
    judged: str


class CustomerJourney(Answered, frozen=True):
    """The steps as the last nightly run followed them; none before there was one."""

    as_of: date | None
    patience_days: int | None
    steps: list[JourneyStep]
    came: int
    funnel: list[FunnelStep]
    occasions: list[Occasion]


@operation("GET", "/journey", scope=READ)
def get_journey(call: Call) -> CustomerJourney:
    """Get at which step customers are lost, and after which occasions."""
    found = found_journey.read(call.settings)
    if found is None:
        return CustomerJourney(as_of=None, patience_days=None, steps=[], came=0, funnel=[], occasions=[])
    behind = chain.from_iterable(found.behind.get(each.key, ()) for each in found.stages)
    known = known_and_seen(call, (each.unit_id for each in behind))
    return CustomerJourney(
        as_of=found.day,
        patience_days=found.patience_days,
        steps=[_step(call, found, each, known) for each in found.stages],
        came=found.came,
        funnel=[FunnelStep(key=key, customers=count) for key, count in found.funnel],
        occasions=[
            Occasion(
                key=each.key,
                title=call.say(words.title(each)),
                met=each.compared.rows,
                left=each.compared.left,
                ratio=each.compared.ratio,
                low=each.compared.low,
                high=each.compared.high,
                chance=each.chance,
                judged=each.judged,
            )
            for each in found.contacts
        ],
    )


def _step(call: Call, found: found_journey.Journey, stage: Stage, known: frozenset[int]) -> JourneyStep:
    return JourneyStep(
        key=stage.key,
        title=call.say(words.TITLES[stage.key]),
        reached=stage.reached,
        told=stage.told,
        went_on=stage.went_on,
        share_lost=stage.share_lost,
        low=stage.low,
        high=stage.high,
        quarter_days=None if stage.quarter_days is None else list(stage.quarter_days),
        stuck=[
            StuckCustomer(customer_id=each.unit_id, since=each.since)
            for each in found.behind.get(stage.key, ())
            if each.unit_id in known
        ],
    )
