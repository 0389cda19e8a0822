"""Personal data as somebody's role may see it: whole, in part until they ask, or in part."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from holdfast.domain.masking import HIDDEN, ON_REQUEST, SHOWN, Kind, Sight, mask
from holdfast.settings import Settings
from holdfast.store import portfolio as portfolios
from holdfast.store.models import User
from holdfast.web.workspace import served_workspace

_KEPT = "_holdfast_masks"


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

    def shown(self, kind: Kind, value: str) -> str:
        """``value`` as it may be shown."""
        if kind == "name":
            whole = self.names == SHOWN or (self.names == ON_REQUEST and self.asked)
            return value if whole else mask(kind, value)
        return value if self.whole else mask(kind, value)

    def all_shown(self, kind: Kind, values: Iterable[str]) -> tuple[str, ...]:
        """Several values as they may be shown."""
        return tuple(self.shown(kind, value) for value in values)


def masks_of(
    person: User | AnonymousUser, workspace: Settings | None = None, *, asked: bool = False
) -> Masks:
    """How ``person`` sees personal data in this workspace; who is not signed in sees none of it."""
    if not isinstance(person, User):
        return Masks()
    decided = portfolios.decided(workspace or served_workspace())
    return Masks(decided.sight_of_points(person.role), decided.sight_of_names(person.role), asked)


def masks(request: HttpRequest, *, asked: bool = False) -> Masks:
    """How whoever asks sees personal data: looked up once a request."""
    kept: Masks | None = getattr(request, _KEPT, None)
    if kept is None or kept.asked != asked:
        kept = masks_of(request.user, asked=asked)
        setattr(request, _KEPT, kept)
    return kept


def masked(person: User | AnonymousUser, kind: Kind, value: str) -> str:
    """``value`` as ``person`` may see it; for several values make :func:`masks_of` once."""
    return masks_of(person).shown(kind, value)
