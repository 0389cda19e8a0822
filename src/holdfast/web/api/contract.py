"""How an operation is declared, and what it is called with."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any, Generic, TypeVar, get_type_hints

from msgspec import Meta, Struct

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.settings import Settings
from holdfast.store.models import User
from holdfast.store.write_keys import API_SCOPES, WriteKey
from holdfast.web.access import READERS
from holdfast.web.masking import Masks

PREFIX = "/api/v1"
VERSION = "1.0.0"
"""Of the API, not of the program: what is added raises the middle number, what would break the path."""

MOST_BODY = 1_000_000
MOST_UPLOAD = 50_000_000
"""Bytes of a body: of JSON, and of a file."""

MOST_NUMBER = 2**53 - 1
"""What every client can read as a whole number: ids, amounts and counts stay below it."""

T = TypeVar("T")
Function = TypeVar("Function", bound=Callable[..., Any])

Id = Annotated[int, Meta(ge=1, le=MOST_NUMBER, description="A number that this workspace has given.")]
Words = Annotated[str, Meta(min_length=1, max_length=10_000)]


class Asked(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What a request brings: a field that it does not know is refused, a typing error is not ignored."""


class Answered(Struct, kw_only=True, frozen=True):
    """What is answered: fields may be added in a later release, none is taken away or means another."""


class Paging(Asked, kw_only=True, frozen=True):
    """Which stretch of a list."""

    limit: Annotated[int, Meta(ge=1, le=200, description="How many at most.")] = 50
    after: (
        Annotated[str, Meta(max_length=2_000, description="`next` of the stretch before; nothing else.")]
        | None
    ) = None


class Page(Struct, Generic[T], kw_only=True, frozen=True):
    """A stretch of a list in a stable order; ``next`` is null at its end."""

    items: list[T]
    next: str | None = None


class Money(Answered, frozen=True):
    """An amount in the smallest unit of its currency: 1250 of EUR are 12.50 euros."""

    amount_minor: int
    currency: str


class Nothing(Asked, frozen=True):
    """No further questions."""


@dataclass(frozen=True, slots=True)
class File:
    """A file as an answer, in pieces."""

    name: str
    media_type: str
    content: Any


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in the body; ``content`` reads it."""

    content: Any
    size: int


@dataclass(frozen=True, slots=True)
class Call:
    """One call: whose key, whom it acts for, in which workspace, when, and what may be seen.

    ``person`` is whom the key acts for, or somebody without a name who has the role of its scope.
    ``actual`` is the clock on the wall, ``now`` the workspace's present; ``address`` is where it reached us.
    ``theirs`` are the only customers that may be seen (``None``: all), ``masks`` how personal data is shown.
    """

    settings: Settings
    key: WriteKey
    person: User
    reader: Reader
    actual: datetime
    asked: str
    address: str
    theirs: frozenset[int] | None
    masks: Masks

    @property
    def now(self) -> datetime:
        """The workspace's present: a demo has a clock of its own."""
        return self.settings.now(self.actual)

    @property
    def now_us(self) -> int:
        """The workspace's present in microseconds."""
        return int(self.now.timestamp() * 1_000_000)

    @property
    def actual_us(self) -> int:
        """The clock on the wall in microseconds."""
        return int(self.actual.timestamp() * 1_000_000)

    @property
    def by(self) -> str:
        """Who did it, as it is written beside what was changed."""
        return self.person.email or f"key {self.key.name}"[:254]

    def say(self, text: Text) -> str:
        """A sentence in the language that was asked for."""
        return self.reader.say(text)


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that the API can do: what it takes, what it answers, who may, and what does it."""

    method: str
    path: str
    scope: str
    roles: frozenset[str]
    run: Callable[..., Any]
    status: int
    path_types: Mapping[str, Any]
    query_type: Any
    body_type: Any
    answer_type: Any
    pattern: re.Pattern[str]
    secret: bool
    noted: bool

    @property
    def name(self) -> str:
        """How it is called in the document, and nowhere else twice."""
        return self.run.__name__

    @property
    def area(self) -> str:
        """The area it stands in."""
        return self.run.__module__.rpartition(".")[2]

    @property
    def takes_query(self) -> bool:
        """Whether it asks for something after the question mark."""
        return self.query_type is not Nothing

    @property
    def writes(self) -> bool:
        """Whether it changes something."""
        return self.method != "GET"

    @property
    def safe_to_repeat(self) -> bool:
        """Whether the same call twice does what it does once, without an ``Idempotency-Key``."""
        return self.method in ("GET", "PUT", "DELETE")


_OPERATIONS: dict[tuple[str, str], Operation] = {}


def operation(
    method: str,
    path: str,
    *,
    scope: str,
    roles: frozenset[str] = READERS,
    status: int = 200,
    secret: bool = False,
    noted: bool = False,
) -> Callable[[Function], Function]:
    """Declare the function below as an operation.

    Its parameters say what it takes: ``call`` first, then the names that stand in ``path``, ``query`` and
    ``body`` (an :class:`Asked`, or :class:`Upload`). What it returns is what it answers; ``None`` is 204.
    A ``secret`` answer is never kept for a repeat. ``noted``: what it calls writes the audit trail itself.
    Raises ``ValueError`` for two operations at one place.
    """

    def declare(run: Function) -> Function:
        hints = get_type_hints(run, include_extras=True)
        names = re.findall(r"{(\w+)}", path)
        answer = hints["return"]
        made = Operation(
            method,
            path,
            scope,
            roles,
            run,
            204 if answer is type(None) else status,
            {name: hints[name] for name in names},
            hints.get("query", Nothing),
            hints.get("body"),
            answer,
            re.compile(re.sub(r"{\w+}", r"([^/]+)", path)),
            secret,
            noted,
        )
        if scope not in API_SCOPES or _OPERATIONS.setdefault((method, path), made) is not made:
            raise ValueError(f"{method} {path} is declared twice, or its scope {scope} is none")
        return run

    return declare


@cache
def operations() -> tuple[Operation, ...]:
    """Every operation, by path and method."""
    from holdfast.web.api import operations as areas

    for each in pkgutil.iter_modules(areas.__path__):
        importlib.import_module(f"{areas.__name__}.{each.name}")
    order = ("GET", "POST", "PUT", "PATCH", "DELETE")
    return tuple(sorted(_OPERATIONS.values(), key=lambda one: (one.area, one.path, order.index(one.method))))


def moment(at_us: int) -> datetime:
    """A moment of ours as it is answered."""
    return datetime.fromtimestamp(at_us / 1_000_000, UTC)


def moment_or_none(at_us: int | None) -> datetime | None:
    """The same, for a moment that may not be there."""
    return None if at_us is None else moment(at_us)


def not_here(what: str, wanted: object) -> Refusal:
    """A refusal that becomes 404: nothing is there under this number or name."""
    return Refusal(
        "not_found",
        found=Text("There is no {what} {wanted}.", what=what, wanted=str(wanted)),
        expected=Text("The number or the name of one that this key may see."),
        remedy=Text("List what there is, and ask again."),
    )
