"""What an address can name, and whose it is: for people who see only the customers they look after."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from holdfast.settings import Settings
from holdfast.store import (
    cases,
    episodes_reading,
    inbox,
    merging,
    outbox_reading,
    plays_reading,
    readings,
    tasks,
)
from holdfast.store.portfolio import seen_among

Seen = Callable[[Settings, int, Collection[int], int], bool]
"""Whether (workspace, person, their units, number of the object) is theirs to see."""


def _customer(workspace: Settings, _: int, theirs: Collection[int], unit_id: int) -> bool:
    return bool(seen_among(workspace, theirs, [unit_id]))


def _conversation(workspace: Settings, person_id: int, theirs: Collection[int], number: int) -> bool:
    """One that was given to them, or is with a customer of theirs."""
    talk = inbox.conversation(workspace, number)
    if talk is None or talk.owner_id == person_id:
        return True
    return bool(seen_among(workspace, theirs, [talk.subject_id]))


def _merge(workspace: Settings, _: int, theirs: Collection[int], number: int) -> bool:
    merge = merging.one(workspace, number)
    units = set() if merge is None else set(merge.units)
    return len(seen_among(workspace, theirs, units)) == len(units)


def _task(workspace: Settings, person_id: int, theirs: Collection[int], number: int) -> bool:
    """One that was given to them, or is about a customer of theirs."""
    task = tasks.one(workspace, number)
    if task is None or task.owner_id == person_id:
        return True
    return task.subject_id is not None and bool(seen_among(workspace, theirs, [task.subject_id]))


def _case(workspace: Settings, person_id: int, theirs: Collection[int], number: int) -> bool:
    case = cases.one(workspace, number)
    if case is None or case.owner_id == person_id:
        return True
    return bool(seen_among(workspace, theirs, [case.subject_id]))


def _touch(workspace: Settings, person_id: int, theirs: Collection[int], number: int) -> bool:
    touch = outbox_reading.one(workspace, number)
    if touch is None or touch.person_id == person_id:
        return True
    about = [each for each in (touch.unit_id, touch.subject_id) if each is not None]
    return bool(about) and bool(seen_among(workspace, theirs, about))


def _episode(workspace: Settings, _: int, theirs: Collection[int], number: int) -> bool:
    episode = episodes_reading.one(workspace, number)
    return episode is None or bool(seen_among(workspace, theirs, [episode.unit_id]))


def _enrolment(workspace: Settings, _: int, theirs: Collection[int], number: int) -> bool:
    enrolment = plays_reading.one(workspace, number)
    return enrolment is None or bool(seen_among(workspace, theirs, [enrolment.unit_id]))


def _text(workspace: Settings, _: int, theirs: Collection[int], number: int) -> bool:
    reading = readings.reading(workspace, number)
    return reading is None or bool(seen_among(workspace, theirs, [reading.unit_id]))


OF_CUSTOMERS: dict[str, Seen] = {
    "unit_id": _customer,
    "left": _customer,
    "right": _customer,
    "conversation_id": _conversation,
    "merge_id": _merge,
    "task_id": _task,
    "case_id": _case,
    "touch_id": _touch,
    "episode_id": _episode,
    "text_id": _text,
    "enrolment_id": _enrolment,
}
"""Names in addresses that stand for something of a customer, and how it is looked whose."""

OF_NOBODY = frozenset(
    {
        "note_id", "document_id",  # below a customer's own address, and looked for there only; outside events
        "key_id", "webhook_id", "event_id", "number", "name", "do", "kind", "key", "ending", "hashed_name",
        "answer_id",  # below a conversation's own address, and looked for there only
        "test_id", "entry_id",  # mails to oneself; keyed hashes; competitors, learned layers
        "view_id",  # filters of a list, which is narrowed itself
        "person_id", "identity_id", "invitation_id", "token", "provider",  # our own people
        "form_id",  # a form that strangers fill in; whom a line of it is about is looked for on their page
        "template_id",  # what everybody is told; whose values it is looked at with is looked for there
        "dashboard_id", "export_id",  # figures; files that only who asked can fetch
        "step",  # a step of a play, whoever came to it
        "rest",  # the API looks for itself
    }
)  # fmt: skip
"""Names in addresses that stand for nothing of a customer, or only together with one."""


def all_seen(workspace: Settings, person_id: int, theirs: Collection[int], named: Mapping[str, Any]) -> bool:
    """Whether everything that an address names is somebody's to see who has the units ``theirs``."""
    return all(
        OF_CUSTOMERS[name](workspace, person_id, theirs, int(value))
        for name, value in named.items()
        if name in OF_CUSTOMERS
    )
