"""What ``holdfast play dry-run`` and ``holdfast play rehearse`` say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from holdfast.cli.answers import columns
from holdfast.cli.session import Session
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.settings import Settings
    from holdfast.store.plays import KeptPlay


def dry_run(session: Session, settings: Settings, play: KeptPlay) -> None:
    """Say whom the play is about now, and what would become of each."""
    from holdfast.services.act.plays import define, steps_told
    from holdfast.services.act.plays import dry_run as tried

    ready = define.ready_of(define.version_of(settings, play))
    found = tried.dry_run(settings, ready, session.now(), play_id=play.id)
    names = steps_told.names(settings, [each.unit_id for each in found.people])

    def show() -> None:
        session.tell(Text("It is about {n} customer now.", "It is about {n} customers now.", n=found.about))
        rows = [
            (str(each.unit_id), names.get(each.unit_id, ""), each.what, each.channel, _because(session, each))
            for each in found.people
        ]
        if rows:
            session.write(columns(rows))

    counts = [{"what": what, "code": code, "customers": n} for (what, code), n in found.counts.items()]
    people = [
        {"customer_id": each.unit_id, "what": each.what, "code": each.code, "channel": each.channel}
        for each in found.people
    ]
    session.finish({"about": found.about, "scale": found.scale, "counts": counts, "people": people}, show)


def _because(session: Session, person: Any) -> str:
    return person.code if person.because is None else session.say(person.because)


def rehearse(session: Session, settings: Settings, play: KeptPlay, days: int) -> None:
    """Say who would have entered in the past, when, and what it would have cost."""
    from holdfast.services.act.plays import define
    from holdfast.services.act.plays import rehearse as past

    ready = define.ready_of(define.version_of(settings, play))
    found = past.rehearse(settings, ready, session.now(), days=days, with_steps=True)

    def show() -> None:
        session.tell(Text("From {since} to {until}:", since=found.since, until=found.until))
        session.tell(
            Text(
                "{n} customer would have entered, {held} held out.",
                "{n} customers would have entered, {held} held out.",
                n=found.customers,
                held=found.held_out,
            )
        )
        session.tell(
            Text("At most {touches} messages and {tasks} tasks.", touches=found.touches, tasks=found.tasks)
        )
        session.write(
            columns([(month, str(number)) for month, number in found.months.items()] or [("–", "0")])
        )
        if found.steps and found.steps.through:
            session.write(columns([(step, str(n)) for step, n in found.steps.through.items()]))

    session.finish(
        {
            "since": found.since,
            "until": found.until,
            "entered": found.entered,
            "customers": found.customers,
            "held_out": found.held_out,
            "without": dict(found.without),
            "months": dict(found.months),
            "touches": found.touches,
            "money_minor": found.money_minor,
            "tasks": found.tasks,
            "steps": dict(found.steps.through) if found.steps else {},
            "goals": found.steps.goals if found.steps else 0,
            "scale": found.scale,
        },
        show,
    )
