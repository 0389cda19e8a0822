"""What a batch of customers came to, in one transaction: where they are, what is asked for, the facts.

Every touch, task and grant has a key made of the enrolment and the step: whoever is killed begins the batch
anew and asks for nothing twice.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from holdfast.domain import effects as e
from holdfast.domain.announcements import PLAY_REACHED
from holdfast.domain.plays import Play
from holdfast.domain.touch import TouchRequest
from holdfast.domain.work import end_of
from holdfast.services.act import surveys
from holdfast.services.act.plays.colleagues import NOTIFIED, letter_to
from holdfast.services.act.plays.known import Customer
from holdfast.services.act.plays.messages import Letters, NotWritten
from holdfast.services.act.plays.walking import Asked, Purse, Way, money_of
from holdfast.settings import Settings
from holdfast.store import (
    due,
    grants,
    ingest_log,
    mail_choices,
    outbox,
    plays_walking,
    sql,
    staff,
    tasks,
    told,
    webhooks_out,
)
from holdfast.store.ingest_log import LogEvent
from holdfast.store.plays_enrolling import SOURCE, key_of
from holdfast.store.plays_walking import Happened

if TYPE_CHECKING:
    from holdfast.store.staff import Colleague

TOUCH_WOULD_SEND = "Touch Would Send"
PLAY_ENDED = "Play Ended"


@dataclass(frozen=True, slots=True)
class Written:
    """Where a customer is now, and the messages of that way as they were written."""

    way: Way
    touches: tuple[TouchRequest, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """What one play's customers came to; ``now`` is the actual time, ``present_us`` that of the workspace."""

    play: Play
    play_id: int
    written: Sequence[Written]
    letters: Letters
    customers: Mapping[int, Customer]
    month: int
    now: datetime
    present_us: int

    @property
    def now_us(self) -> int:
        """The actual time in microseconds."""
        return (self.now - _EPOCH) // timedelta(microseconds=1)

    @property
    def by(self) -> str:
        """Who did it, for histories."""
        return f"play {self.play.key}"


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def apply(settings: Settings, batch: Batch) -> int:
    """Write it all, or nothing; how many customers went on. Who was walked by somebody else is left out."""
    asked = batch.letters.asked
    with sql.short_write():
        there = plays_walking.still(settings, [each.way.walked.walker for each in batch.written])
        kept = [each for each in batch.written if each.way.walked.walker.id in there]
        plays_walking.keep(settings, [each.way.walked for each in kept], now_us=batch.present_us)
        wanted = [touch for each in kept for touch in each.touches]
        if wanted:
            outbox.ask_many(settings, wanted, now_us=batch.now_us)
            questions = [asked[touch.key] for touch in wanted if touch.key in asked]
            surveys.keep(settings, questions, present_us=batch.present_us, now_us=batch.now_us)
        treated = [each.way for each in kept if each.way.walked.walker.arm == "treated"]
        _Doing(settings, batch).all(treated)
        amount = sum(money_of([asked.effect for asked in way.effects]) for way in treated)
        if wanted or amount:
            plays_walking.spend(settings, batch.play_id, batch.month, len(wanted), amount)
        ingest_log.append(settings, list(_facts(batch, (each.way for each in kept))))
    return len(kept)


def touch_key(enrolment_id: int, step_id: str) -> str:
    """The key of what a step asks for: it names it for ever."""
    return f"play:{enrolment_id}:{step_id}"


def written(way: Way, letters: Letters, customers: Mapping[int, Customer], purse: Purse) -> Written:
    """The touches of a way; a message that cannot be written is skipped, with why, and costs nothing."""
    walker = way.walked.walker
    if walker.arm != "treated":
        return Written(way)
    touches: list[TouchRequest] = []
    happened = list(way.walked.happened)
    for each in way.effects:
        if isinstance(each.effect, e.AskTouch):
            customer = customers[walker.unit_id]
            key = touch_key(walker.id, each.step_id)
            found = letters.write(key, each.effect, customer, walker.entered_us)
            if isinstance(found, NotWritten):
                happened = [_instead(one, each.step_id, found) for one in happened]
                purse.give_back(touches=1)
            else:
                touches.append(found)
    return Written(replace(way, walked=replace(way.walked, happened=tuple(happened))), tuple(touches))


def _instead(one: Happened, step_id: str, found: NotWritten) -> Happened:
    if one.step_id == step_id and one.what == "did":
        return Happened(step_id, "skipped", found.code, found.because)
    return one


class _Doing:
    """Carries out what is no message, in the caller's transaction."""

    def __init__(self, settings: Settings, batch: Batch) -> None:
        self.settings, self.batch = settings, batch
        self._people: dict[str, Colleague] | None = None

    def all(self, ways: Iterable[Way]) -> None:
        """Every effect of these ways."""
        for way in ways:
            for each in way.effects:
                act = _ACTS.get(type(each.effect))
                if act is not None:
                    act(self, way, each)

    def task(self, way: Way, asked: Asked) -> None:
        """Make a task."""
        assert isinstance(asked.effect, e.MakeTask)  # noqa: S101
        self._task(way, asked.step_id, asked.effect)

    def grant(self, way: Way, asked: Asked) -> None:
        """Grant something, and ask somebody to book it."""
        assert isinstance(asked.effect, e.Grant)  # noqa: S101
        walker, grant, batch = way.walked.walker, asked.effect, self.batch
        task_id = None if grant.task is None else self._task(way, asked.step_id, grant.task)
        until_us = None
        if grant.until_days is not None:
            until_us = batch.present_us + grant.until_days * 86_400_000_000
        new = grants.NewGrant(
            touch_key(walker.id, asked.step_id),
            *(walker.unit_id, walker.id, grant.kind, grant.amount, grant.unit, grant.currency, grant.reason),
            made_by=batch.by,
            until_us=until_us,
            task_id=task_id,
        )
        grants.add(self.settings, new, now_us=batch.present_us)

    def trait(self, way: Way, asked: Asked) -> None:
        """Say something about the customer from now on."""
        from holdfast.services.collect.care.staff import staff_source

        assert isinstance(asked.effect, e.SetTrait)  # noqa: S101
        unit, batch = way.walked.walker.unit_id, self.batch
        source = staff_source(self.settings, now_us=batch.now_us)
        told.say(
            *(self.settings, unit, asked.effect.name, asked.effect.value),
            by=batch.by,
            now_us=batch.present_us,
            import_id=source.import_id,
        )
        due.touch(self.settings, [unit], batch.now_us)

    def webhook(self, way: Way, asked: Asked) -> None:
        """Tell the webhooks that listen to plays."""
        assert isinstance(asked.effect, e.CallWebhook)  # noqa: S101
        walker, batch = way.walked.walker, self.batch
        said: dict[str, Any] = {
            "play": batch.play.key,
            "step": asked.step_id,
            "say": asked.effect.name,
            "enrolment_id": walker.id,
            "customer_id": walker.unit_id,
        }
        webhooks_out.announce(self.settings, PLAY_REACHED, said, units=[walker.unit_id], now_us=batch.now_us)

    def notify(self, way: Way, asked: Asked) -> None:
        """Write to a colleague."""
        assert isinstance(asked.effect, e.Notify)  # noqa: S101
        walker = way.walked.walker
        person = self._person(asked.effect.whom, walker.unit_id)
        wants = person is not None and mail_choices.wants(self.settings, person.id, NOTIFIED, otherwise=True)
        if person is not None and wants:
            key = touch_key(walker.id, asked.step_id)
            touch = letter_to(self.settings, person, asked.effect, walker.unit_id, key=key, by=self.batch.by)
            outbox.ask(self.settings, touch, now_us=self.batch.now_us)

    def _task(self, way: Way, step_id: str, wanted: e.MakeTask) -> int:
        from holdfast.services.act.work_mail import tell_owner

        walker, batch, settings = way.walked.walker, self.batch, self.settings
        owner = self._person(wanted.for_whom, walker.unit_id) if wanted.for_whom else None
        due_us = None
        if wanted.due_days is not None:
            day = datetime.fromtimestamp(batch.present_us / 1_000_000, settings.zone).date()
            due_us = end_of(day + timedelta(days=wanted.due_days), settings.zone)
        new = tasks.NewTask(
            *(wanted.title, wanted.kind, wanted.text, wanted.priority),
            owner_id=None if owner is None else owner.id,
            due_us=due_us,
            subject_id=walker.unit_id,
            origin="play",
            origin_key=batch.play.key,
            key=touch_key(walker.id, step_id),
            script=wanted.script,
        )
        task_id, is_new = tasks.add(settings, new, by=batch.by, now_us=batch.present_us)
        if is_new and owner is not None and (made := tasks.one(settings, task_id)) is not None:
            tell_owner(settings, made, by=batch.by)
        return task_id

    def _person(self, whom: str, unit_id: int) -> Colleague | None:
        """Who of ours is meant: the owner of the customer, or who has this mail address."""
        if self._people is None:
            self._people = {each.email.lower(): each for each in staff.colleagues(self.settings)}
        if whom == "owner":
            owner_id = self.batch.customers[unit_id].owner_id
            return next((each for each in self._people.values() if each.id == owner_id), None)
        return self._people.get(whom.lower())


_ACTS: Mapping[type[Any], Callable[[_Doing, Way, Asked], None]] = {
    e.MakeTask: _Doing.task,
    e.Grant: _Doing.grant,
    e.SetTrait: _Doing.trait,
    e.CallWebhook: _Doing.webhook,
    e.Notify: _Doing.notify,
}


def _facts(batch: Batch, ways: Iterable[Way]) -> Iterable[LogEvent]:
    """What the event log keeps: what the held out would have been sent, and how enrolments ended."""
    for way in ways:
        walker = way.walked.walker
        if walker.arm == "held_out":
            for each in way.effects:
                yield _fact(batch, way, TOUCH_WOULD_SEND, f"would {each.step_id}", {"step": each.step_id})
        if way.walked.state is not None:
            yield _fact(batch, way, PLAY_ENDED, "ended", {"why": way.walked.why, "arm": walker.arm})


def _fact(batch: Batch, way: Way, name: str, key: str, details: Mapping[str, Any]) -> LogEvent:
    walker = way.walked.walker
    return LogEvent(
        event_key=key_of(walker.id, key),
        message_id=None,
        subject_id=walker.unit_id,
        at_us=batch.present_us,
        known_us=batch.present_us,
        name=name,
        source=SOURCE,
        object_kind="enrolment",
        object_id=str(walker.id),
        code=batch.play.key,
        details=json.dumps({"play": batch.play.key, **details}),
    )
