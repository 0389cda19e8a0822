"""The task list in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.urls import reverse
from markupsafe import Markup

from holdfast.domain.outcomes import CONTACTS
from holdfast.domain.texts import Text
from holdfast.domain.work import SNOOZES, TASK_KINDS, TASK_STATES
from holdfast.language import Reader
from holdfast.store.tasks import Counts, Task
from holdfast.web.lists import Choice, Filter, facet
from holdfast.web.pages.tasks.asked import BY_VALUE, MINE, TEAM, UNOWNED, Asked, Due
from holdfast.web.work_words import OUTCOMES, ShownDue, ShownPerson, at, priority_words, shown_due

DUE_WORDS: dict[Due, Text] = {
    "overdue": Text("Late"),
    "today": Text("Due until today"),
    "week": Text("Due within a week"),
}
PICTURES: dict[str, str] = {
    "call": "phone",
    "message": "mail",
    "visit": "people",
    "check": "search",
    "offer": "star",
    "note": "pen",
}


@dataclass(frozen=True, slots=True)
class ShownTask:
    """A task in a row; ``below`` says how it ended, or until when it is put off; a
    call or a visit (``is_contact``) ends with an outcome.
    """

    id: int
    url: str
    title: str
    kind: str
    picture: str
    pressing: str
    due: ShownDue | None
    owner: str
    customer: ShownPerson | None
    state: str
    below: str
    is_contact: bool = False


def sentence(counts: Counts, reader: Reader) -> Markup:
    """How much there is to do, in a sentence."""
    if not counts.mine:
        rest = Text("Nothing is waiting for you.")
        if counts.nobodys:
            rest = Text(
                "Nothing is waiting for you; {tasks} belong to nobody yet.",
                tasks=Text("{n} task", "{n} tasks", n=counts.nobodys),
            )
        return reader.say_html(rest)
    said = Text(
        "{mine} for you: {today} due until today, {late} late.",
        mine=Text("{n} task", "{n} tasks", n=counts.mine),
        today=counts.mine_today,
        late=counts.mine_overdue,
    )
    return reader.say_html(said, strong=("mine", "today", "late"))


def tabs(asked: Asked, counts: Counts, reader: Reader) -> list[Choice]:
    """Whose tasks, each with how many wait."""
    found = (
        (MINE, Text("Mine"), counts.mine),
        (TEAM, Text("Everybody's"), counts.all),
        (UNOWNED, Text("Nobody's"), counts.nobodys),
    )
    return [
        Choice(
            reader.say(words),
            address(asked.with_(owner=owner)),
            asked.owner == owner,
            reader.number(count) if asked.state == "open" and count else "",
        )
        for owner, words, count in found
    ]


def sorts(asked: Asked, reader: Reader) -> list[Choice]:
    """What comes first: what is due, or where most is at stake."""
    found = (("", Text("By when it is due")), (BY_VALUE, Text("Most value at risk first")))
    return [
        Choice(reader.say(words), address(asked.with_(sort=sort)), asked.sort == sort, "")
        for sort, words in found
    ]


def filters(asked: Asked, people: Sequence[tuple[int, str]], reader: Reader) -> list[Filter]:
    """What else the list can be narrowed to."""

    def narrowing(name: str) -> Filter:
        words: Mapping[str, str]
        words, label, chosen = {
            "due": (_said(DUE_WORDS, reader), Text("Due"), asked.due or None),
            "state": (
                _said(TASK_STATES, reader),
                Text("State"),
                None if asked.state == "open" else asked.state,
            ),
            "kind": (_said(TASK_KINDS, reader), Text("Kind"), asked.kind or None),
        }[name]
        return facet(
            reader.say(label),
            [each for each in words if (name, each) != ("state", "open")],
            chosen,
            say=lambda value: words[value],
            address=lambda value: (
                address(asked.with_(**{name: value or ""}))
                if name != "state"
                else address(asked.with_(state=value or "open"))
            ),
        )

    found = [narrowing(name) for name in ("due", "state", "kind")]
    names = {str(id_): name for id_, name in people}
    if len(names) > 1:
        found.append(
            facet(
                reader.gettext("Who does it"),
                list(names),
                asked.owner if asked.owner in names else None,
                say=lambda value: names[value],
                address=lambda value: address(asked.with_(owner=value or TEAM)),
                theirs=lambda _: True,
            )
        )
    return found


def _said(texts: Mapping[str, Text] | Mapping[Due, Text], reader: Reader) -> dict[str, str]:
    return {str(code): reader.say(words) for code, words in texts.items()}


def shown(
    rows: Iterable[Task], people: Mapping[int, ShownPerson], now: datetime, zone: tzinfo, reader: Reader
) -> list[ShownTask]:
    """The rows of a list."""
    return [shown_task(row, people, now, zone, reader) for row in rows]


def shown_task(
    task: Task, people: Mapping[int, ShownPerson], now: datetime, zone: tzinfo, reader: Reader
) -> ShownTask:
    """One task."""
    due = shown_due(task.due_us, now, zone, reader) if task.state == "open" else None
    return ShownTask(
        task.id,
        reverse("task", args=[task.id]),
        task.title,
        reader.say(TASK_KINDS[task.kind]) if task.kind in TASK_KINDS else task.kind,
        PICTURES.get(task.kind, "check"),
        priority_words(task.priority, reader) if task.priority < 2 else "",
        due,
        task.owner,
        people.get(task.subject_id or 0),
        task.state,
        _below(task, now, zone, reader),
        task.kind in CONTACTS and task.state == "open",
    )


def _below(task: Task, now: datetime, zone: tzinfo, reader: Reader) -> str:
    if task.state == "open":
        until = task.snoozed_until_us
        if until is None or at(until, zone) <= now:
            return ""
        return reader.say(Text("put off until {moment}", moment=reader.moment(at(until, zone))))
    said = Text(
        "{outcome}, {person}, {day}",
        outcome=OUTCOMES.get(task.outcome, task.outcome),
        person=task.closed_by,
        day=at(task.closed_us or 0, zone).date(),
    )
    return reader.say(said)


def snoozes(reader: Reader) -> list[tuple[str, str]]:
    """For how long a task can be put off."""
    return [(code, reader.say(words)) for code, (_, words) in SNOOZES.items()]


def address(asked: Asked) -> str:
    """Where a list is found."""
    return reverse("tasks") + asked.query()
