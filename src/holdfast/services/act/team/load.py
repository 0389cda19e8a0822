"""Workload: what waits for each of our people, handed over with a word, shared out evenly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from holdfast.domain.moments import microseconds
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.domain.work import end_of
from holdfast.services.act import work_typed
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.store.owners import Person
    from holdfast.store.team import Load

WEEK = 7
MOST = 500
"""Tasks, and cases, that are handed over or shared out at once."""

AT_ONCE = 50
"""Of these so many in one write: others write meanwhile."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """One of us with what waits for them; ``load.person_id`` ``None``: what belongs to nobody.

    ``may_work`` is false for who does not sign in any more, or has a role that does no such work.
    """

    name: str
    may_work: bool
    load: Load


@dataclass(frozen=True, slots=True)
class Handed:
    """How much was handed over."""

    tasks: int
    cases: int


def workload(settings: Settings, now: datetime) -> list[Loaded]:
    """Everybody who works with customers, the most loaded first, and what belongs to nobody last."""
    from holdfast.store import staff, team
    from holdfast.store.team import Load

    week = end_of(now.astimezone(settings.zone).date() + timedelta(days=WEEK - 1), settings.zone) + 1
    since = microseconds(now - timedelta(days=WEEK))
    found = {
        each.person_id: each
        for each in team.loads(settings, now_us=microseconds(now), week_ends_us=week, since_us=since)
    }
    workers = {each.id for each in staff.colleagues(settings) if each.role in WORKERS}
    nobody, names = found.pop(None, Load(None)), team.names(settings)
    listed = [
        Loaded(names.get(number, ""), number in workers, found.get(number, Load(number)))
        for number in sorted(workers | {each for each in found if each is not None})
        if number in workers or _waits(found[number])
    ]
    listed.sort(key=lambda each: (-each.load.open, -each.load.late))
    return [*listed, Loaded("", False, nobody)]


WORKERS = ("admin", "manager", "agent")
"""Roles whose people are given work."""


def _waits(load: Load) -> bool:
    return bool(load.open or load.put_off or load.cases)


def hand_over(settings: Settings, from_id: int, to_id: int, note: str, *, by: str, now: datetime) -> Handed:
    """Give everything that waits for one of us to another, with a word that stands at each task and case.

    The other hears of it by one mail. Refuses a person there is not, and the same one ("no_such_person").
    """
    from holdfast.store import sql, team

    giver, taker = team.names(settings).get(from_id), work_typed.owner(settings, to_id)
    if giver is None or taker is None or from_id == to_id:
        raise Refusal(
            "no_such_person",
            found=Text("It would be given from somebody to the same person, or to nobody."),
            expected=Text("Two of your people."),
            remedy=Text("Choose who takes it over; nothing was changed."),
        )
    written = work_typed.text(note)
    waiting = dict.fromkeys(team.open_tasks_of(settings, from_id, MOST), taker)
    tasks = _give_tasks(settings, waiting, from_id, written, by=by, now=now)
    theirs = team.open_cases_of(settings, from_id, MOST)
    cases = _give_cases(settings, theirs, from_id, taker, written, by=by, now=now)
    with sql.short_write():
        _tell(settings, taker.id, giver, tasks, cases, written, by)
    return Handed(tasks, cases)


def give_task(settings: Settings, task_id: int, to_id: int, note: str, *, by: str, now: datetime) -> None:
    """Give one open task to somebody, with a word; no mail, the caller sends one."""
    from holdfast.services.act.tasks import open_task
    from holdfast.store import tasks
    from holdfast.store.work import Done

    task, person = open_task(settings, task_id), work_typed.owner(settings, to_id)
    if task.owner_id == to_id and not note:
        return
    became = "" if person is None else person.name or person.email
    done = Done("assigned", task.owner, became, work_typed.text(note))
    now_us = microseconds(now)
    tasks.change(settings, task_id, {"owner_id": to_id}, done, by=by, now_us=now_us, state="open")


def hand_task_over(
    settings: Settings, task_id: int, to_id: int, note: str, *, by: str, now: datetime
) -> None:
    """Give one open task to a colleague with a word; they hear of it by mail, the word in it."""
    from holdfast.services.act.work_mail import tell_owner
    from holdfast.store import sql, tasks

    with sql.short_write():
        give_task(settings, task_id, to_id, note, by=by, now=now)
        task = tasks.one(settings, task_id)
        if task is not None:
            text = "\n\n".join(part for part in (work_typed.text(note), task.text) if part)
            tell_owner(settings, replace(task, text=text), by=by)


def share_out(settings: Settings, *, by: str, now: datetime) -> int:
    """Give what belongs to nobody to those who have least to do; how many tasks.

    What is due first goes first, to who looks after the customer where somebody does.
    """
    from holdfast.store import identity_live, plays_known, tasks, team

    loads = {
        each.load.person_id: each.load.open
        for each in workload(settings, now)
        if each.may_work and each.load.person_id is not None
    }
    if not loads:
        return 0
    numbers = team.open_tasks_of(settings, None, MOST)
    subjects = {each.id: each.subject_id for each in tasks.many(settings, numbers)}
    unit_of = identity_live.units_of(settings, {each for each in subjects.values() if each is not None})
    owners = plays_known.owners(settings, unit_of) if unit_of else {}
    to: dict[int, int] = {}
    for number in numbers:
        subject = subjects.get(number)
        owner = owners.get(unit_of[subject]) if subject in unit_of else None
        to[number] = owner if owner in loads else min(loads, key=lambda each: (loads[each], each))
        loads[to[number]] += 1
    people = {each: work_typed.owner(settings, each) for each in set(to.values())}
    given = {number: person for number, each in to.items() if (person := people[each]) is not None}
    return _give_tasks(settings, given, None, "", by=by, now=now)


def _give_tasks(
    settings: Settings, to: Mapping[int, Person], from_id: int | None, note: str, *, by: str, now: datetime
) -> int:
    """Give each of these open tasks of somebody (``None``: of nobody) to its person, a few at once; how many.

    What another took or closed in this moment stays with them.
    """
    from holdfast.store import sql, tasks
    from holdfast.store.linked import stretches
    from holdfast.store.work import Done

    count = 0
    for some in stretches(list(to), AT_ONCE):
        with sql.short_write():
            for task in tasks.many(settings, some):
                if task.state != "open" or task.owner_id != from_id:
                    continue
                person = to[task.id]
                done = Done("assigned", task.owner, person.name or person.email, note)
                values = {"owner_id": person.id}
                tasks.change(settings, task.id, values, done, by=by, now_us=microseconds(now), state="open")
                count += 1
    return count


def _give_cases(
    settings: Settings, numbers: list[int], from_id: int, person: Person, note: str, *, by: str, now: datetime
) -> int:
    """Give each of these cases of somebody to another, as :func:`_give_tasks` does with tasks; how many."""
    from holdfast.store import cases, sql
    from holdfast.store.linked import stretches
    from holdfast.store.work import Done

    count = 0
    for some in stretches(numbers, AT_ONCE):
        with sql.short_write():
            for case in (cases.one(settings, number) for number in some):
                if case is None or case.state not in ("open", "waiting") or case.owner_id != from_id:
                    continue
                done = Done("assigned", case.owner, person.name or person.email, note)
                values = {"owner_id": person.id}
                cases.change(settings, case.id, values, done, by=by, now_us=microseconds(now))
                count += 1
    return count


def _tell(settings: Settings, to_id: int, giver: str, tasks: int, cases: int, note: str, by: str) -> None:
    from holdfast.services.act.work_mail import tell_handed
    from holdfast.store import staff

    person = staff.colleague(settings, to_id)
    if person is not None and (tasks or cases):
        tell_handed(settings, person, giver, (tasks, cases), note, by=by)
