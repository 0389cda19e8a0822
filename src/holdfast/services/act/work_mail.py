"""Telling one of us by mail that a task or a case is theirs now."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from holdfast.domain.texts import Text
from holdfast.domain.work import CASE_KINDS, PRIORITY_NAMES, TASK_KINDS, is_whole_day
from holdfast.services.act import staff_mail
from holdfast.services.act.staff_mail import StaffMail
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.language import Reader
    from holdfast.store.cases import Case
    from holdfast.store.staff import Colleague
    from holdfast.store.tasks import Task

ASSIGNED = "task_assigned"
"""The sort of these mails, under which a person can switch them off."""

_WHY = Text("You get this because somebody gave it to you in Holdfast.")


def tell_owner(settings: Settings, about: Task | Case, *, by: str) -> bool:
    """Ask for a mail to who is to do it, in the caller's transaction; whether one was asked for.

    None to nobody, to who gave it to themselves, to who does not want such mails or may not sign in.
    """
    from holdfast.store import mail_choices, staff

    person = staff.colleague(settings, about.owner_id) if about.owner_id is not None else None
    if person is None or person.email == by:
        return False
    if not mail_choices.wants(settings, person.id, ASSIGNED, otherwise=True):
        return False
    _ask(settings, about, person, by)
    return True


def tell_handed(
    settings: Settings, person: Colleague, giver: str, count: tuple[int, int], note: str, *, by: str
) -> bool:
    """Ask for one mail that says how many tasks and cases of ``giver`` are theirs now, and what was said."""
    from holdfast.language.letters import Line, Way
    from holdfast.store import mail_choices

    if person.email == by or not mail_choices.wants(settings, person.id, ASSIGNED, otherwise=True):
        return False
    tasks, cases = count
    head = Text("Work of {person} is yours now", person=giver)
    how_much = Text(
        "{tasks} and {cases}.",
        tasks=Text("{n} task", "{n} tasks", n=tasks),
        cases=Text("{n} case", "{n} cases", n=cases),
    )

    def parts(reader: Reader, base: str) -> list[Any]:
        return [
            Line(reader.say(how_much)),
            *([Line(note, theirs=True)] if note else []),
            Way(reader.gettext("Open it"), f"{base}/tasks" if base else ""),
        ]

    actual = int(datetime.now(UTC).timestamp() * 1_000_000)
    key = f"handed over to {person.id} at {actual}"
    staff_mail.ask(settings, person, StaffMail(key, ASSIGNED, lambda r: r.say(head), parts, _WHY), by=by)
    return True


def _ask(settings: Settings, about: Task | Case, person: Colleague, by: str) -> None:
    from holdfast.store import work

    what = _what(about)
    # Given away and back again is two mails: each has the history's line of its own.
    changes = work.history(settings, what, about.id, limit=1)
    mail = StaffMail(
        f"{what} {about.id} to {person.id} at {changes[-1].id if changes else 0}",
        ASSIGNED,
        lambda reader: reader.say(_SUBJECTS[what]) + ": " + about.title,
        lambda reader, base: _parts(about, by, base, settings, reader),
        _WHY,
        head=lambda reader: about.title,
        subject_id=about.subject_id,
    )
    staff_mail.ask(settings, person, mail, by=by)


_SUBJECTS: dict[Literal["task", "case"], Text] = {
    "task": Text("A task for you"),
    "case": Text("A case for you"),
}


def _what(about: Task | Case) -> Literal["task", "case"]:
    from holdfast.store.tasks import Task

    return "task" if isinstance(about, Task) else "case"


def _parts(about: Task | Case, by: str, base: str, settings: Settings, reader: Reader) -> list[Any]:
    from holdfast.language.letters import Line, Way

    what = _what(about)
    kinds = TASK_KINDS if what == "task" else CASE_KINDS
    facts = [reader.say(kinds.get(about.kind, Text("{kind}", kind=about.kind)))]
    facts.append(reader.say(Text("priority: {priority}", priority=PRIORITY_NAMES[about.priority])))
    if about.due_us is not None:
        facts.append(reader.say(Text("due: {when}", when=_when(about.due_us, settings, reader))))
    parts: list[Any] = [
        Line(reader.say(Text("{person} gave it to you.", person=by))) if by else None,
        Line(" · ".join(facts)),
        Line(about.text, theirs=True) if about.text else None,
        Way(reader.gettext("Open it"), f"{base}/{what}s/{about.id}" if base else ""),
    ]
    return [part for part in parts if part is not None]


def _when(at_us: int, settings: Settings, reader: Reader) -> str:
    at = datetime.fromtimestamp(at_us / 1_000_000, settings.zone)
    return reader.day(at.date()) if is_whole_day(at_us, settings.zone) else reader.moment(at)
