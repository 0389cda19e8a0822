"""Who may open which page: each view says it, and what says nothing is open to nobody."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from holdfast.domain.texts import Text
from holdfast.settings import Settings
from holdfast.store import portfolio as portfolios
from holdfast.store.models import User
from holdfast.web import objects
from holdfast.web.workspace import served_workspace

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

AUDITORS = ADMINS
"""Who reads the audit trail: it says of each of us what they looked at."""


@dataclass(frozen=True, slots=True)
class Right:
    """Something that some roles may do: what it is called in code, who may, and what it lets them do."""

    name: str
    roles: frozenset[str]
    words: Text


RIGHTS: tuple[Right, ...] = (
    Right(
        "READERS",
        READERS,
        Text("Read figures, forecasts, segments and customers; search; choose their own language and theme."),
    ),
    Right(
        "WRITERS",
        WRITERS,
        Text(
            "Work with customers: notes, documents, contact points, calls, who looks after whom; "
            "answer the inbox; merge and separate customers; tasks and cases."
        ),
    ),
    Right(
        "EXPORTERS",
        EXPORTERS,
        Text("Export lists of customers; make, change and delete segments and reports."),
    ),
    Right(
        "DECIDERS",
        DECIDERS,
        Text(
            "Decide when the team acts and which model is trusted; write keys, quarantined events, how long "
            "events are kept, erasure, everything that is known about one person."
        ),
    ),
    Right(
        "ADMINS",
        ADMINS,
        Text("Connect other systems and channels; invite people and give them roles; decide who sees what."),
    ),
    Right("AUDITORS", AUDITORS, Text("Read, check and export the audit trail.")),
)
"""The one table of rights: each page and call names the right that it asks for."""


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


def portfolio(person: User | AnonymousUser, workspace: Settings | None = None) -> frozenset[int] | None:
    """The units that somebody may see; ``None`` for everybody: the workspace decides it by role.

    Lists narrow themselves to it; what an address names is looked at by :class:`DenyByDefault`.
    """
    workspace = workspace or served_workspace()
    if not isinstance(person, User):
        return frozenset()
    if not portfolios.may_be_narrowed(person.role):
        return None
    # Kept with the person, who lives as long as the request: a page asks for each of its rows.
    kept: tuple[object, frozenset[int] | None] | None = getattr(person, _KEPT, None)
    if kept is None or kept[0] != workspace.folder:
        narrow = person.role in decided(person, workspace).own_only
        kept = (workspace.folder, portfolios.portfolio(workspace, person.pk) if narrow else None)
        setattr(person, _KEPT, kept)
    return kept[1]


def decided(person: User, workspace: Settings) -> portfolios.Decided:
    """What the workspace decided about who sees what: read once for a person, who lives with the request."""
    kept: tuple[object, portfolios.Decided] | None = getattr(person, _DECIDED, None)
    if kept is None or kept[0] != workspace.folder:
        kept = (workspace.folder, portfolios.decided(workspace))
        setattr(person, _DECIDED, kept)
    return kept[1]


def may_see(person: User | AnonymousUser, unit_ids: Collection[int]) -> bool:
    """Whether somebody may see all of these customers (units, or ids that belong to them)."""
    workspace = served_workspace()
    theirs = portfolio(person, workspace)
    return theirs is None or len(portfolios.seen_among(workspace, theirs, unit_ids)) == len(set(unit_ids))


def check_sees(person: User | AnonymousUser, unit_ids: Collection[int]) -> None:
    """Raise ``Http404`` unless somebody may see all of these: for ids that a form brings."""
    if not may_see(person, unit_ids):
        raise Http404("no such customer")


def may_see_named(person: User | AnonymousUser, named: Mapping[str, Any]) -> bool:
    """Whether what is named, as addresses name it, exists for somebody."""
    if not isinstance(person, User) or not named:
        return True
    workspace = served_workspace()
    theirs = portfolio(person, workspace)
    return theirs is None or objects.all_seen(workspace, person.pk, theirs, named)


def check_sees_named(person: User | AnonymousUser, named: Mapping[str, Any]) -> None:
    """Raise ``Http404`` unless all that is named, as addresses name it, exists for somebody.

    Not there, rather than refused: the answer must not tell who is a customer.
    """
    if not may_see_named(person, named):
        raise Http404(", ".join(f"{name}={value}" for name, value in named.items()))


def declared_roles(view: Callable[..., object]) -> frozenset[str] | None:
    """The roles that ``view`` declares; ``None`` when it is open to everyone.

    Raises ``LookupError`` when it declares nothing: such a page stays closed.
    """
    if not hasattr(view, "open_to"):
        raise LookupError(f"{view!r} does not say who may open it: mark it with `only` or `for_everyone`")
    roles: frozenset[str] | None = view.open_to
    return roles


_KEPT = "_holdfast_portfolio"
_DECIDED = "_holdfast_decided"


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
        check_sees_named(request.user, kwargs)
        return None


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page, which leads back here; a swap in place becomes a change of page."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("sign_in")})
    return redirect_to_login(request.get_full_path(), reverse("sign_in"))
