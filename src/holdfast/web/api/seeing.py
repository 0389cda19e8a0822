"""What a call may see, and that it is noted: the same rules as on the pages, for whom the key acts."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

import msgspec

from holdfast.domain.audit import BY_KEY, Deed
from holdfast.domain.masking import DOTS, Kind
from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.services.people.acting import By
from holdfast.settings import Settings
from holdfast.store.models import User
from holdfast.store.portfolio import seen_among
from holdfast.store.write_keys import WriteKey
from holdfast.web import objects, watching
from holdfast.web.access import portfolio
from holdfast.web.api.contract import Call, Operation, not_here
from holdfast.web.api.problems import refused
from holdfast.web.masking import brought_back, cover_for, masks_of

_AS_ON_PAGES = {"customer_id": "unit_id"}
"""How the pages' addresses call what the API calls otherwise."""

_KINDS: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (re.compile(r"e_?mail", re.IGNORECASE), "email"),
    (re.compile(r"phone|mobile|telephone|(^|_)tel($|_)", re.IGNORECASE), "phone"),
    (re.compile(r"address|street|postcode|zip", re.IGNORECASE), "address"),
    (re.compile(r"(^|_)name$", re.IGNORECASE), "name"),
)
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")

Value = str | int | float | bool | None


def call(
    settings: Settings,
    key: WriteKey,
    person: User,
    reader: Reader,
    actual: datetime,
    asked: str,
    address: str,
) -> Call:
    """A call with what it may see; ``address`` is where it reached us."""
    theirs = None if person.pk is None else portfolio(person, settings)
    return Call(settings, key, person, reader, actual, asked, address, theirs, masks_of(person, settings))


def check(call: Call, named: Mapping[str, Any]) -> None:
    """Refuse (404) what is named in the address and is not theirs to see: it does not exist for them."""
    if call.theirs is None:
        return
    renamed = {_AS_ON_PAGES.get(name, name): value for name, value in named.items()}
    if not objects.all_seen(call.settings, call.person.pk, call.theirs, renamed):
        raise not_here("object", ", ".join(f"{name} {value}" for name, value in named.items()))


def check_customers(call: Call, units: Collection[int]) -> None:
    """Refuse (404) customers that a body or a question names and that are not theirs to see."""
    if call.theirs is not None and len(seen_among(call.settings, call.theirs, units)) < len(set(units)):
        raise not_here("customer", ", ".join(map(str, sorted(units))))


def known_and_seen(call: Call, units: Iterable[int]) -> frozenset[int]:
    """Who of some customers is still known and may be seen by the caller: one question for all of them."""
    from holdfast.store.customers import listed_among

    mine = {each for each in units if call.theirs is None or each in call.theirs}
    return frozenset(each.unit_id for each in listed_among(call.settings, sorted(mine)))


def trait_shown(call: Call, name: str, value: str) -> str:
    """What is known of a customer, as it may be shown: by the trait's name, and by what it looks like."""
    kind = next((kind for pattern, kind in _KINDS if pattern.search(name)), None)
    if kind is None and _ADDRESS.fullmatch(value.strip()):
        kind = "email"
    return value if kind is None else call.masks.shown(kind, value)


def id_shown(call: Call, key: str) -> str:
    """An id as it arrived: where it is an address, as addresses are shown."""
    return trait_shown(call, "", key)


def covered(call: Call, answer: Any) -> Any:
    """An answer with the addresses in part that stand in its texts, where they are not shown whole.

    As on the pages: in notes, messages, keys and wherever else somebody wrote one.
    """
    return answer if call.masks.whole else _each_text(msgspec.to_builtins(answer), cover_for(call.person))


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {name: _each_text(each, change) for name, each in value.items()}
    return [_each_text(each, change) for each in value] if isinstance(value, list) else value


def check_nothing_covered(call: Call, body: Any) -> None:
    """Refuse (422) what brings back an address in part: kept, it would take the place of the whole one."""
    if not call.masks.whole and DOTS in msgspec.json.encode(body).decode():
        raise brought_back()


def note(call: Call, operation: Operation, asked: Mapping[str, Any], status: int) -> None:
    """Note what was changed, and which customer was looked at, in the audit trail."""
    if operation.noted or status >= 400:
        return
    if not (operation.writes or "customer_id" in asked or operation.name.startswith("export")):
        return
    first = next(iter(operation.path_types), "")
    kind = first.removesuffix("_id") if first.endswith("_id") else operation.area.rstrip("s")
    about = f"{kind}:{asked[first]}" if first else operation.area
    did = f"{operation.area}.{_verb(operation)}"
    details: dict[str, Value] = {"operation": operation.name, "status": status}
    deed = Deed(call.person.pk, did, about, call.actual_us, details, f"{BY_KEY}{call.key.id}")
    watching.note(call.settings, deed, at_once=operation.writes)


def _verb(operation: Operation) -> str:
    if operation.name.startswith("export"):
        return "exported"
    if not operation.writes:
        return "seen"
    if operation.method == "DELETE":
        return "deleted"
    return "made" if operation.status == HTTPStatus.CREATED else "changed"


def check_whole(call: Call) -> None:
    """Refuse (403) who does not see everything whole: a file shows it as it is."""
    check_in_file(call, names=True, points=True)


def check_in_file(call: Call, *, names: bool, points: bool) -> None:
    """Refuse (403) who does not see whole what is in a file: names, contact points, all customers."""
    seen_names = not names or call.masks.shown("name", "Ab") == "Ab"
    if call.theirs is None and seen_names and (not points or call.masks.whole):
        return
    raise refused(
        403,
        "not_allowed",
        Text("Some of what is in the file is shown to this key in part only."),
        Text("A key that sees customers with their addresses and names."),
        Text("Use a key for write or admin, or one that acts for somebody who sees them."),
    )


def own_id(call: Call) -> int:
    """Whom the key acts for, 0 for nobody: nothing is theirs."""
    return call.person.pk or 0


def check_acts(call: Call) -> int:
    """Whom the key acts for. Refuses (403) a key that acts for nobody: what is made is somebody's own."""
    if call.person.pk is not None:
        return int(call.person.pk)
    raise refused(
        403,
        "acts_for_nobody",
        Text("The key acts for nobody."),
        Text("A key that acts for one of our people: what is made here is their own."),
        Text("Make a key with `holdfast key create --acts-for`, or on the page of keys."),
    )


def acting(call: Call) -> By:
    """Who acts, as the services about people take it: no more than the key may."""
    called = str(call.person) if call.person.pk is not None else ""
    return By(call.person.pk, call.person.role, called, f"{BY_KEY}{call.key.id}")
