"""Who may open which page: each view says it, and what says nothing is open to nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from holdfast.store.models import User

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

READERS = frozenset(User.ROLES)
"""Every role reads figures and customers."""

EXPORTERS = frozenset({"admin", "manager", "analyst"})
"""Who may carry the customer base out of the house."""

DECIDERS = frozenset({"admin", "manager"})
"""Who decides when the team acts, and which model it trusts."""


ADMINS = frozenset({"admin"})
"""Who connects other systems: a database's address opens what this machine can reach."""

WRITERS = frozenset({"admin", "manager", "agent"})
"""Who works with customers: writes notes, adds documents, mends addresses, says who looks after whom."""


def for_everyone(view: View) -> View:
    """Mark ``view`` as open without sign-in: the sign-in itself, its style sheets, the health check."""
    view.open_to = None  # type: ignore[attr-defined]
    return view


def only(roles: frozenset[str]) -> Callable[[View], View]:
    """Mark a view as open to people who are signed in and have one of ``roles``.

    Raises ``ValueError`` for a role that does not exist.
    """
    if unknown := roles - READERS:
        raise ValueError(
            f"no such role: {', '.join(sorted(unknown))}; there are: {', '.join(sorted(READERS))}"
        )

    def mark(view: View) -> View:
        view.open_to = roles  # type: ignore[attr-defined]
        return view

    return mark


def may(person: User | AnonymousUser, roles: frozenset[str]) -> bool:
    """Whether someone has one of ``roles``: what they may not do is not offered to them."""
    return isinstance(person, User) and person.role in roles


def declared_roles(view: Callable[..., object]) -> frozenset[str] | None:
    """The roles that ``view`` declares; ``None`` when it is open to everyone.

    Raises ``LookupError`` when it declares nothing: such a page stays closed.
    """
    if not hasattr(view, "open_to"):
        raise LookupError(f"{view!r} does not say who may open it: mark it with `only` or `for_everyone`")
    roles: frozenset[str] | None = view.open_to
    return roles


class DenyByDefault:
    """Middleware: lets a request through to a view only where the view's declaration allows it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Hand the request on; what is decided is decided per view, below."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """``None`` lets the view answer; people without sign-in are led to it, others refused."""
        try:
            roles = declared_roles(view)
        except LookupError as undeclared:
            raise PermissionDenied(str(undeclared)) from undeclared
        if roles is None:
            return None
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        if not may(request.user, roles):
            raise PermissionDenied(f"{request.user} may not open {request.path}")
        return None


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page, which leads back here; a swap in place becomes a change of page."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("sign_in")})
    return redirect_to_login(request.get_full_path(), reverse("sign_in"))
