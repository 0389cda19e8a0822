"""Saved views: lists as somebody narrowed and sorted them, their own and the team's."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.store import saved_views as stored
from holdfast.store.write_keys import READ, WRITE
from holdfast.web.api import cursors
from holdfast.web.api.contract import (
    Answered,
    Asked,
    Call,
    Id,
    Page,
    Paging,
    moment,
    not_here,
    operation,
)
from holdfast.web.api.passing import check_role
from holdfast.web.api.problems import Wrong
from holdfast.web.api.reading import does_not_fit
from holdfast.web.api.seeing import check_acts, own_id
from holdfast.web.pages.views.lists import LISTS, NOT_UNDERSTOOD
from holdfast.web.pages.views.view import LONGEST_TITLE, read_title
from holdfast.web.pages.views.words import SHARERS, is_theirs_to_change

List = Literal["customers", "at_risk", "contact_points", "tasks", "cases", "inbox"]
Title = Annotated[str, Meta(min_length=1, max_length=LONGEST_TITLE)]
Query = Annotated[
    str,
    Meta(
        max_length=2_000,
        description="What stands behind the address of the list, like `?country=RO&sort=-orders`.",
    ),
]


class SavedView(Answered, frozen=True):
    """A list with a name; ``query`` is the end of its address on the pages."""

    id: int
    list: str
    title: str
    query: str
    person_id: int
    maker: str
    shared: bool
    may_change: bool
    made_at: datetime


class ViewQuery(Paging, kw_only=True, frozen=True):
    """Of which list; without one of every list."""

    list: List | None = None


class NewView(Asked, kw_only=True, frozen=True):
    """A view to be saved; one that is ``shared`` is shown to everybody."""

    list: List
    title: Title
    query: Query = ""
    shared: bool = False


class ViewChanged(Asked, kw_only=True, frozen=True):
    """What is to be another; what is left out stays."""

    title: Title | None = None
    shared: bool | None = None


class ViewMoved(Asked, kw_only=True, frozen=True):
    """Before or behind its neighbour among the views of the same list."""

    direction: Literal["up", "down"]


@operation("GET", "/saved-views", scope=READ)
def list_saved_views(call: Call, query: ViewQuery) -> Page[SavedView]:
    """List one's own views and those that are shared, by number."""
    found = stored.views_for(call.settings, own_id(call), query.list or "")
    return cursors.page_of(
        call,
        query,
        found,
        kind=int,
        place=lambda each: each.id,
        show=lambda each: _view(call, each),
    )


@operation("POST", "/saved-views", scope=WRITE, status=201)
def save_view(call: Call, body: NewView) -> SavedView:
    """Save a list as it is narrowed and sorted."""
    person_id = check_acts(call)
    if body.shared:
        check_role(call.person, SHARERS)
    made = stored.add(
        call.settings,
        person_id,
        body.list,
        _title(body.title),
        _query(body.list, body.query),
        shared=body.shared,
        now_us=call.actual_us,
    )
    if made is None:
        raise _too_many()
    return _shown(call, made)


@operation("PATCH", "/saved-views/{view_id}", scope=WRITE)
def change_view(call: Call, view_id: Id, body: ViewChanged) -> SavedView:
    """Rename a view, share it, or share it no longer."""
    found = _changeable(call, view_id)
    if body.shared is not None:
        check_role(call.person, SHARERS)
    title = None if body.title is None else _title(body.title)
    stored.change(call.settings, found.id, title=title, shared=body.shared)
    return _shown(call, view_id)


@operation("POST", "/saved-views/{view_id}/move", scope=WRITE)
def move_view(call: Call, view_id: Id, body: ViewMoved) -> None:
    """Put a view before or behind its neighbour."""
    stored.move(call.settings, _changeable(call, view_id), -1 if body.direction == "up" else 1)


@operation("DELETE", "/saved-views/{view_id}", scope=WRITE)
def delete_view(call: Call, view_id: Id) -> None:
    """Delete a view; for a month it can be brought back."""
    stored.delete(call.settings, _changeable(call, view_id).id, now_us=call.actual_us)


@operation("POST", "/saved-views/{view_id}/restore", scope=WRITE)
def restore_view(call: Call, view_id: Id) -> SavedView:
    """Bring a deleted view back."""
    stored.restore(call.settings, _changeable(call, view_id, deleted=True).id)
    return _shown(call, view_id)


def _changeable(call: Call, view_id: int, *, deleted: bool = False) -> stored.SavedView:
    """The view where the key may change it; that somebody has one of their own is nobody's business."""
    found = stored.one(call.settings, view_id)
    if found is None or (found.deleted_us is not None and not deleted):
        raise not_here("view", view_id)
    if is_theirs_to_change(call.person, found):
        return found
    if not found.shared:
        raise not_here("view", view_id)
    raise Refusal(
        "not_yours",
        found=Text("The view is somebody else's."),
        expected=Text("One of your own."),
        remedy=Text("Save it under another name."),
    )


def _title(written: str) -> str:
    title = read_title(written)
    if not title:
        raise does_not_fit([Wrong(field="title", found="no name in one line")])
    return title


def _query(list_name: str, written: str) -> str:
    try:
        return LISTS[list_name].query_of(written)
    except NOT_UNDERSTOOD as error:
        raise does_not_fit([Wrong(field="query", found=str(error)[:200])]) from error


def _too_many() -> Refusal:
    return Refusal(
        "too_many_views",
        found=Text("There are as many views of this list as there can be."),
        expected=Text("At most {most}.", most=stored.MOST),
        remedy=Text("Delete one that is not used."),
    )


def _shown(call: Call, view_id: int) -> SavedView:
    found = stored.one(call.settings, view_id)
    if found is None:
        raise not_here("view", view_id)
    return _view(call, found)


def _view(call: Call, each: stored.SavedView) -> SavedView:
    return SavedView(
        id=each.id,
        list=each.list,
        title=each.title,
        query=each.query,
        person_id=each.person_id,
        maker=each.maker,
        shared=each.shared,
        may_change=is_theirs_to_change(call.person, each),
        made_at=moment(each.made_us),
    )
