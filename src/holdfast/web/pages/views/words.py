"""Saved views as a list shows them above its rows, and as the page of all of them does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from holdfast.domain.texts import Text
from holdfast.store.models import User
from holdfast.store.saved_views import SavedView, views_for
from holdfast.web.access import DECIDERS, EXPORTERS, WRITERS, may
from holdfast.web.lists import Choice
from holdfast.web.pages.views.lists import LISTS
from holdfast.web.reading import Request
from holdfast.web.work_words import person_id

SHARERS = EXPORTERS | WRITERS
"""Who may put a view in front of everybody."""


@dataclass(frozen=True, slots=True)
class ListViews:
    """The views of one list above its rows. ``query`` is this very list; ``saveable``: it is none of them."""

    list: str
    query: str
    choices: tuple[Choice, ...]
    saveable: bool
    may_share: bool


@dataclass(frozen=True, slots=True)
class ShownView:
    """A view on the page of all: ``may_change`` is for its maker, and for deciders where it is shared."""

    id: int
    url: str
    title: str
    below: str
    shared: bool
    may_change: bool
    first: bool
    last: bool


def list_views(request: Request, list_name: str, query: str) -> ListViews:
    """What stands above a list that ``query`` asks for; one statement."""
    views = views_for(request.workspace, person_id(request), list_name)
    route = reverse(LISTS[list_name].url_name)
    choices = tuple(
        Choice(view.title, route + view.query, view.query == query, theirs=True) for view in views
    )
    return ListViews(
        list_name,
        query,
        choices,
        saveable=bool(query) and not any(choice.chosen for choice in choices),
        may_share=may(request.user, SHARERS),
    )


def shown_views(views: Sequence[SavedView], request: Request) -> list[tuple[str, list[ShownView]]]:
    """Every view by list, own ones first."""
    groups = []
    for name, kept in LISTS.items():
        of_list = [view for view in views if view.list == name]
        if of_list:
            groups.append(
                (request.reader.say(kept.words), [_shown(each, of_list, request) for each in of_list])
            )
    return groups


def _shown(view: SavedView, of_list: Sequence[SavedView], request: Request) -> ShownView:
    reader = request.reader
    own = [each for each in of_list if each.person_id == view.person_id]
    if view.person_id == person_id(request):
        below = reader.say(Text("shared with the team") if view.shared else Text("for you alone"))
    else:
        below = reader.say(Text("shared by {person}", person=view.maker))
    return ShownView(
        id=view.id,
        url=reverse(LISTS[view.list].url_name) + view.query,
        title=view.title,
        below=below,
        shared=view.shared,
        may_change=may_change(request, view),
        first=own[0] is view,
        last=own[-1] is view,
    )


def may_change(request: Request, view: SavedView) -> bool:
    """Whether the reader may rename, order or delete a view."""
    return is_theirs_to_change(request.user, view)


def is_theirs_to_change(person: User | AnonymousUser, view: SavedView) -> bool:
    """Whether somebody may rename, order or delete a view: its maker, and for shared ones who decides."""
    return view.person_id == person.pk or (view.shared and may(person, DECIDERS))
