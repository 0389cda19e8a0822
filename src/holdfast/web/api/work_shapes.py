"""What tasks and cases have in common in the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from holdfast.services.act.work_edits import Edit
from holdfast.services.act.work_typed import LONGEST_TEXT, LONGEST_TITLE
from holdfast.store import work
from holdfast.store.profile import subjects_of as ids_of
from holdfast.web.api import shapes
from holdfast.web.api.contract import Answered, Asked, Call, Id, moment
from holdfast.web.api.seeing import check, check_customers

Priority = Annotated[int, Meta(ge=0, le=3, description="0 urgent, 1 high, 2 normal, 3 low.")]
Title = Annotated[str, Meta(min_length=1, max_length=LONGEST_TITLE)]
More = Annotated[str, Meta(max_length=LONGEST_TEXT)]
When = Annotated[datetime, Meta(tz=True)]


class Change(Answered, frozen=True):
    """One thing that happened with a task or a case."""

    id: int
    at: datetime
    by: str
    what: str
    was: str
    became: str
    text: str


class History(Answered, frozen=True):
    """All that happened, the oldest first."""

    items: list[Change]


class WorkChanged(Asked, kw_only=True, frozen=True):
    """What is to be another; null for owner and due takes it away, what is left out stays."""

    title: Title | UnsetType = UNSET
    text: More | UnsetType = UNSET
    priority: Priority | UnsetType = UNSET
    owner_id: Id | UnsetType | None = UNSET
    due_at: When | UnsetType | None = UNSET


class Comment(Asked, kw_only=True, frozen=True):
    """What is written below it."""

    text: Annotated[str, Meta(min_length=1, max_length=LONGEST_TEXT)]


def check_named(call: Call, customer: int | None, conversation: int | None, case: int | None) -> None:
    """Refuse what is not theirs to see, whichever way it is named."""
    if customer is not None:
        check_customers(call, [customer])
    named = {"conversation_id": conversation, "case_id": case}
    check(call, {name: value for name, value in named.items() if value is not None})


def subjects_of(call: Call, customer_id: int | None) -> list[int] | None:
    """The ids of the customer that a list is narrowed to, if it is to one that may be seen."""
    if customer_id is None:
        return None
    check_customers(call, [customer_id])
    return ids_of(call.settings, customer_id)


def microseconds(at: datetime | None) -> int | None:
    """A moment that may not be there, in microseconds."""
    return None if at is None else shapes.microseconds(at)


def edit_of(body: WorkChanged) -> Edit:
    """What is to be another, as the services take it."""
    return Edit(
        title=None if body.title is UNSET else body.title,
        text=None if body.text is UNSET else body.text,
        priority=None if body.priority is UNSET else body.priority,
        owner_id="same" if body.owner_id is UNSET else body.owner_id,
        due_us="same" if body.due_at is UNSET else microseconds(body.due_at),
    )


def history_of(call: Call, about: work.About, number: int) -> History:
    """All that happened with a task or a case."""
    return History(
        items=[
            Change(
                id=each.id,
                at=moment(each.at_us),
                by=each.made_by,
                what=each.what,
                was=each.was,
                became=each.became,
                text=each.text,
            )
            for each in work.history(call.settings, about, number)
        ]
    )
