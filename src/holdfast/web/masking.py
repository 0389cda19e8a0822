"""Personal data as somebody's role may see it: whole, in part until they ask, or in part."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Protocol, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from holdfast.domain.masking import DOTS, HIDDEN, ON_REQUEST, SHOWN, Kind, Sight, mask, may_be_masked
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.settings import Settings
from holdfast.store import sql
from holdfast.store.models import User
from holdfast.store.point_lists import ListedPoint
from holdfast.web.access import decided
from holdfast.web.workspace import served_workspace

SHOWN_SECONDS = 600
"""So long a customer stays whole for somebody who asked."""
_KEPT = "_holdfast_masks"
_ASKED = "asked_to_see"
_IN_ADDRESS = r"[^\s@<>\"'()\[\],;:&=/]"
# As long as an address can be (RFC 5321): else a long word in a mail takes seconds to look through.
_REACHES = re.compile(
    rf"{_IN_ADDRESS}{{1,64}}+@{_IN_ADDRESS}{{1,255}}\.[^\W\d_]{{2,}}|(?<![\w+])\+[1-9]\d{{7,14}}(?!\d)"
)

Named = TypeVar("Named", bound="_HasName")


class _HasName(Protocol):
    """A row of a list: a dataclass with a name."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def name(self) -> str:
        """Whose row it is."""


@dataclass(frozen=True, slots=True)
class Masks:
    """How one person sees personal data. ``asked`` is true where they asked to see it whole, and may."""

    points: Sight = HIDDEN
    names: Sight = HIDDEN
    asked: bool = False

    @property
    def may_ask(self) -> bool:
        """Whether "show" is offered: what they see in part becomes whole when they ask."""
        return self.points == ON_REQUEST and not self.asked

    @property
    def whole(self) -> bool:
        """Whether contact points are shown as they are."""
        return self.points == SHOWN or (self.points == ON_REQUEST and self.asked)

    @property
    def _names_whole(self) -> bool:
        return self.names == SHOWN or (self.names == ON_REQUEST and self.asked)

    @property
    def all_whole(self) -> bool:
        """Whether names and contact points are shown as they are: for what may hold either."""
        return self.whole and self._names_whole

    def shown(self, kind: Kind, value: str) -> str:
        """``value`` as it may be shown."""
        if kind == "name":
            return value if self._names_whole else mask(kind, value)
        return value if self.whole else mask(kind, value)

    def all_shown(self, kind: Kind, values: Iterable[str]) -> tuple[str, ...]:
        """Several values as they may be shown."""
        return tuple(self.shown(kind, value) for value in values)

    def named(self, row: Named) -> Named:
        """A row of a list with the name as it may be shown."""
        return row if self._names_whole else replace(row, name=mask("name", row.name))

    def point(self, row: ListedPoint) -> ListedPoint:
        """A contact point of a list as it may be shown."""
        kind: Kind = "email" if row.kind == "email" else "phone"
        return self.named(row) if self.whole else self.named(replace(row, value=mask(kind, row.value)))


def masks_of(
    person: User | AnonymousUser, workspace: Settings | None = None, *, asked: bool = False
) -> Masks:
    """How ``person`` sees personal data in this workspace; who is not signed in sees none of it."""
    if not isinstance(person, User):
        return Masks()
    workspace = workspace or served_workspace()
    if not may_be_masked(person.role):
        return Masks(SHOWN, SHOWN)
    rules = decided(person, workspace)
    # Where customers are accounts their names are those of companies.
    names = SHOWN if workspace.unit == "account" else rules.sight_of_names(person.role)
    return Masks(rules.sight_of_points(person.role), names)


def masks(request: HttpRequest) -> Masks:
    """How whoever asks sees personal data: looked up once a request.

    Whole where they asked to see this customer, a while ago at most: see :func:`show_for_a_while`.
    """
    kept: Masks | None = getattr(request, _KEPT, None)
    if kept is None:
        kept = replace(masks_of(request.user), asked=_has_asked(request))
        setattr(request, _KEPT, kept)
    return kept


def show_for_a_while(request: HttpRequest, unit_id: int) -> None:
    """Remember in the session that somebody asked to see a customer whole."""
    now = time.time()
    before = request.session.get(_ASKED, {})
    still = {unit: until for unit, until in before.items() if until > now}
    request.session[_ASKED] = still | {str(unit_id): now + SHOWN_SECONDS}


def _has_asked(request: HttpRequest) -> bool:
    match = request.resolver_match
    if match is None or "unit_id" not in match.kwargs or not request.user.is_authenticated:
        return False
    until = request.session.get(_ASKED, {}).get(str(match.kwargs["unit_id"]), 0)
    return bool(until > time.time())


class CoverAddresses:
    """Middleware: no page shows a role an e-mail address that it may not see, nor a number like +40721123456.

    Pages mask what they know to be one; this finds the rest, in notes, messages and keys. A number that is
    written otherwise looks like any other number, and stays; so do addresses of our own people.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def process_view(
        self, request: HttpRequest, view: object, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """A form that brings back what was covered is refused: saving it would lose what was there."""
        if request.method != "POST" or not request.user.is_authenticated or masks(request).whole:
            return None
        if not any(DOTS in value for values in request.POST.lists() for value in values[1]):
            return None
        from holdfast.web.pages.refused.view import explained

        return explained(request, brought_back())

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let the page be made, and cover what stands in it."""
        response = self.get_response(request)
        if not isinstance(response, HttpResponse) or "text/html" not in response.get("Content-Type", ""):
            return response
        if isinstance(request.user, User) and not masks(request).whole:
            response.content = cover_for(request.user)(response.content.decode()).encode()
        return response


def brought_back() -> Refusal:
    """The refusal of what was covered and is sent back: kept, it would take the place of the whole value."""
    return Refusal(
        "masked",
        found=Text("Part of what was sent is masked."),
        expected=Text("The whole value, as it is to be kept."),
        remedy=Text("Let it be shown first, or leave it as it is; nothing was changed."),
    )


def cover_for(person: User) -> Callable[[str], str]:
    """What covers the addresses in a text, but for those of our own people."""
    ours = _Ours(person.email)
    return lambda written: covered(written, ours)


def covered(written: str, ours: Container[str] = ()) -> str:
    """``written`` with every e-mail address and international number in part, but for ``ours``."""

    def cover(found: re.Match[str]) -> str:
        value = found[0]
        if value.lower() in ours:
            return value
        return mask("email" if "@" in value else "phone", value)

    # No address goes over a line, and most lines hold none: they are not looked through.
    return "".join(
        _REACHES.sub(cover, line) if "@" in line or "+" in line else line
        for line in written.splitlines(keepends=True)
    )


class _Ours:
    """The addresses of our own people, looked up when one is found on a page that is not the reader's own."""

    def __init__(self, own: str) -> None:
        self._own = own.lower()
        self._found: frozenset[str] | None = None

    def __contains__(self, address: object) -> bool:
        if address == self._own:
            return True
        if self._found is None:
            self._found = frozenset(email for (email,) in sql.read("SELECT LOWER(email) FROM person"))
        return address in self._found


def masked(person: User | AnonymousUser, kind: Kind, value: str) -> str:
    """``value`` as ``person`` may see it; for several values make :func:`masks_of` once."""
    return masks_of(person).shown(kind, value)


def check_names(request: HttpRequest) -> None:
    """Raise ``PermissionDenied`` for whoever may not see names: for files that are made with them."""
    if masks(request).shown("name", "x") != "x":
        raise PermissionDenied("this file holds names, which this role may not see")


def check_points(request: HttpRequest) -> None:
    """Raise ``PermissionDenied`` for whoever sees contact points in part: for files that hold them whole."""
    if not masks(request).whole:
        raise PermissionDenied("this file holds addresses and numbers, which this role may not see whole")
