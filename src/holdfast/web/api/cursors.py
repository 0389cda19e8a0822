"""Where a list goes on: sealed, as it may hold a name shown in part, and of no use for another list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import msgspec

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.store import sealed
from holdfast.web.api.contract import Call, Page, Paging

Row = TypeVar("Row")
Shown = TypeVar("Shown")


def where(call: Call, query: Paging, kind: Any) -> Any:
    """The place after which the stretch begins, of the type ``kind``; ``None`` at the beginning.

    Refuses what is no cursor of this list as it was asked for then.
    """
    if query.after is None:
        return None
    try:
        read = sealed.decrypt(call.settings, _purpose(call, query), query.after)["place"]
        return msgspec.json.decode(read, type=kind)
    except (Refusal, KeyError, msgspec.ValidationError) as error:
        raise Refusal(
            "bad_cursor",
            found=Text("The cursor is not of this list."),
            expected=Text("What `next` said of the same list with the same filters."),
            remedy=Text("Begin without it."),
        ) from error


def page(
    call: Call,
    query: Paging,
    rows: Sequence[Row],
    *,
    place: Callable[[Row], Any],
    show: Callable[[Row], Shown],
    more: bool | None = None,
) -> Page[Shown]:
    """A stretch of a list: ``rows`` were asked for with one more than wanted, or ``more`` says it."""
    goes_on = len(rows) > query.limit if more is None else more
    shown = rows[: query.limit]
    follows = None
    if goes_on and shown:
        follows = at(call, query, place(shown[-1]))
    return Page(items=[show(row) for row in shown], next=follows)


def page_of(
    call: Call,
    query: Paging,
    rows: Iterable[Row],
    *,
    kind: Any,
    place: Callable[[Row], Any],
    show: Callable[[Row], Shown],
) -> Page[Shown]:
    """A stretch of a list that is read whole: ``place`` says by what its rows stand in their order."""
    after = where(call, query, kind)
    rest = sorted((row for row in rows if after is None or place(row) > after), key=place)
    return page(call, query, rest, place=place, show=show)


def at(call: Call, query: Paging, place: Any) -> str | None:
    """A place in this list as the client gets it; ``None`` stays ``None``."""
    if place is None:
        return None
    return sealed.encrypt(
        call.settings, _purpose(call, query), {"place": msgspec.json.encode(place).decode()}
    )


def _purpose(call: Call, query: Paging) -> str:
    """The list as it was asked for; how many at a time does not matter."""
    asked = {name: value for name, value in msgspec.structs.asdict(query).items() if name not in _FREE}
    return f"api {call.asked} {msgspec.json.encode(asked, order='sorted').decode()}"


_FREE = ("after", "limit")
