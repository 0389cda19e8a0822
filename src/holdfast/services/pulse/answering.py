"""The people of the demo company answer what plays asked them: on our own page as all do, a day later."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from holdfast.domain.moments import microseconds
from holdfast.domain.surveys import Answer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from holdfast.settings import Settings
    from holdfast.simulate.world import World
    from holdfast.store.plays_felt import Question

_DAY_US = 86_400_000_000


def answer(settings: Settings, world: World) -> int:
    """Let those answer who were asked since the noon before this one; how many did.

    What they say is taken in at once, as the worker does it: plays that wait for an answer go on.
    """
    from holdfast.services.collect.taking_in import take_in_arrived
    from holdfast.store import plays_felt

    noon_us = microseconds(settings.now(datetime.now(UTC)))
    some = plays_felt.asked(settings, noon_us - _DAY_US, noon_us)
    done = _answered(settings, world, some, noon_us)
    while done and take_in_arrived(settings, now_us=noon_us).calls:
        pass
    return done


def _answered(settings: Settings, world: World, some: Sequence[Question], noon_us: int) -> int:
    from holdfast.services.act import surveys
    from holdfast.simulate.people import person_of
    from holdfast.simulate.replying import Asked, replies

    there = set(world.people.person.tolist())
    known = [each for each in some if person_of(each.customer) in there]
    given = replies(world, [Asked(each.customer, each.kind, each.choices) for each in known])
    done = 0
    for each, reply in zip(known, given, strict=True):
        question = surveys.opened(settings, each.token, now_us=noon_us) if reply is not None else None
        if reply is not None and question is not None:
            done += surveys.answer(settings, question, Answer(reply.score, reply.words), now_us=noon_us)
    return done
