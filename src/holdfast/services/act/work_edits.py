"""What can be another with a task or a case, all of it checked before any of it is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from holdfast.services.act import work_typed
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.store.cases import Case
    from holdfast.store.tasks import Task
    from holdfast.store.work import Done

Same = Literal["same"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What is to be another. ``None`` leaves words and priority; "same" leaves owner and moment."""

    title: str | None = None
    text: str | None = None
    priority: int | None = None
    owner_id: int | Same | None = "same"
    due_us: int | Same | None = "same"

    @property
    def words_only(self) -> bool:
        """Whether nothing but title and text is to be another."""
        return self.priority is None and self.owner_id == "same" and self.due_us == "same"


def changes(settings: Settings, about: Task | Case, edit: Edit) -> list[tuple[dict[str, object], Done]]:
    """The columns to set, and what their history says: nothing of what is so already.

    Refuses what no task and no case can have, as making one does.
    """
    found = (_named(about, edit), _given(settings, about, edit), _rated(about, edit), _due(about, edit))
    return [each for each in found if each is not None]


_Change = tuple[dict[str, object], "Done"]


def _named(about: Task | Case, edit: Edit) -> _Change | None:
    """What stood there stays in the history."""
    from holdfast.store.work import Done

    title = about.title if edit.title is None else work_typed.title(edit.title)
    text = about.text if edit.text is None else work_typed.text(edit.text)
    if (about.title, about.text) == (title, text):
        return None
    before = "" if about.text == text else about.text
    return {"title": title, "text": text}, Done("named", about.title, title, before)


def _rated(about: Task | Case, edit: Edit) -> _Change | None:
    from holdfast.store.work import Done

    wanted = about.priority if edit.priority is None else work_typed.priority(edit.priority)
    if wanted == about.priority:
        return None
    return {"priority": wanted}, Done("priority", str(about.priority), str(wanted))


def _given(settings: Settings, about: Task | Case, edit: Edit) -> _Change | None:
    from holdfast.store.work import Done

    if edit.owner_id == "same":
        return None
    person = work_typed.owner(settings, edit.owner_id)
    if about.owner_id == edit.owner_id:
        return None
    name = "" if person is None else person.name or person.email
    return {"owner_id": edit.owner_id}, Done("assigned", about.owner, name)


def _due(about: Task | Case, edit: Edit) -> _Change | None:
    from holdfast.store.work import Done

    if edit.due_us == "same":
        return None
    at_us = work_typed.due(edit.due_us)
    if at_us == about.due_us:
        return None
    was, became = ("" if each is None else str(each) for each in (about.due_us, at_us))
    return {"due_us": at_us}, Done("due", was, became)
