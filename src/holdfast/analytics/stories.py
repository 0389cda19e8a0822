"""Tiny readable histories: how the examples of a metric and of a feature are written.

One event a line, ``who  YYYY-MM-DD  what  [amount] [words]``. ``who`` is a name, or ``ann1..250``
for ann1 to ann250 doing the same. ``what`` is one of

- ``order 20 [ID]``, ``refund 5 [ID]``: money in major units; an order has its own id unless named
- ``subscribe 10 [PLAN]``, ``change 15``, ``cancel``: the customer's subscription, amounts a month
- ``pay 10``, ``sign_up``, ``delete``, ``visit``
- ``is country=IE source=ads``: what is known about the customer (no event); ``is prospect``
- ``cost 100 SOURCE`` and ``series 4.3 NAME``, said by ``-``, the company itself
- any other event by its own name, ``_`` for spaces, with what it carries: ``Ticket_Opened id=T1``,
  ``Survey_Answered code=nps score=9``, ``Invoice_Issued id=7 amount=100 due=2024-03-01``, ``product=``,
  ``kind=`` for the kind of the object where the name does not tell it

``acme/ann`` is the person ann of the account acme: a customer of its own, linked to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from holdfast.analytics import taken
from holdfast.analytics.local_days import DAY_US
from holdfast.domain.period import day_number

CURRENCY = "EUR"
"""The currency of all stories."""

_NAMES = {
    "order": taken.ORDERED,
    "refund": taken.REFUNDED,
    "subscribe": taken.STARTED,
    "change": taken.CHANGED,
    "cancel": taken.ENDED,
    "pay": taken.PAID,
    "sign_up": taken.SIGNED_UP,
    "delete": taken.DELETED,
    "visit": "Page Viewed",
}
_OWN_ID = ("subscribe", "change", "cancel")
_KINDS = {"Order": "order", "Subscription": "subscription", "Invoice": "invoice", "Payment": "invoice"}
_KINDS |= {"Ticket": "ticket", "Survey": "survey", "Email": "message", "Result": "result"}
_KINDS |= {"Delivery": "parcel", "Change": "change"}
"""The kind of object that an event is about, by the first word of its name."""


@dataclass(slots=True)
class Story:
    """A history: rows of the log, who is who, and what the company itself said.

    ``events`` have the columns of the log that measuring reads; moments are noon in UTC.
    ``units`` gives the id of each name, in the order of appearance; ``traits`` what is known;
    ``links`` the unit of each subject that is a person of an account.
    """

    events: list[dict[str, Any]] = field(default_factory=list)
    units: dict[str, int] = field(default_factory=dict)
    traits: dict[str, dict[str, str]] = field(default_factory=dict)
    costs: list[tuple[int, str, int]] = field(default_factory=list)
    points: list[tuple[str, int, float]] = field(default_factory=list)
    links: dict[int, int] = field(default_factory=dict)


def read_story(text: str) -> Story:
    """The history that ``text`` tells. Raises ``ValueError`` with the line that makes no sense."""
    story = Story()
    for line in text.strip().splitlines():
        if line.strip() and not line.strip().startswith("#"):
            try:
                _tell(story, line.split())
            except (ValueError, IndexError, KeyError) as error:
                raise ValueError(f"no event can be read from {line.strip()!r}") from error
    return story


def _tell(story: Story, words: list[str]) -> None:
    who, on, what = words[0], date.fromisoformat(words[1]), words[2]
    if what == "cost":
        story.costs.append((day_number(on), words[4], _minor(words[3])))
    elif what == "series":
        story.points.append((words[4], day_number(on), float(words[3])))
    else:
        for name in _names(who):
            unit = _subject(story, name)
            if what == "is":
                story.traits.setdefault(name, {}).update(_traits(words[3:]))
            else:
                story.events.append(_event(unit, on, what, words[3:], len(story.events)))


def _subject(story: Story, name: str) -> int:
    account, _, person = name.partition("/")
    unit = story.units.setdefault(account, len(story.units) + 1)
    if not person:
        return unit
    subject = story.units.setdefault(name, len(story.units) + 1)
    story.links[subject] = unit
    return subject


def _names(who: str) -> Iterator[str]:
    if ".." not in who:
        yield who
        return
    start, _, last = who.partition("..")
    letters = start.rstrip("0123456789")
    for number in range(int(start[len(letters) :]), int(last) + 1):
        yield f"{letters}{number}"


def _event(unit: int, on: date, what: str, rest: list[str], at: int) -> dict[str, Any]:
    if what[0].isupper():
        return _named(unit, on, what.replace("_", " "), _traits(rest), at)
    amount = _minor(rest[0]) if rest else None
    word = rest[1] if len(rest) > 1 else None
    own = f"of {unit}" if what in _OWN_ID else f"event {at}"
    return _row(unit, on, _NAMES[what], at) | {
        "object_id": own if what in _OWN_ID else word or own,
        "amount_minor": -abs(amount) if what == "refund" and amount else amount,
        "currency": CURRENCY if amount is not None else None,
        "code": word if what == "subscribe" else None,
    }


def _named(unit: int, on: date, name: str, said: dict[str, str], at: int) -> dict[str, Any]:
    """An event by its own name; raises ``KeyError`` for what no event carries."""
    row = _row(unit, on, name, at)
    for word, value in said.items():
        column, read = _CARRIED[word]
        row[column] = read(value)
    if row["amount_minor"] is not None:
        row["currency"] = CURRENCY
    return row


def _row(unit: int, on: date, name: str, at: int) -> dict[str, Any]:
    moment = day_number(on) * DAY_US + DAY_US // 2 + at
    return {
        "subject_id": unit,
        "at_us": moment,
        "known_us": moment,
        "name": name,
        "object_kind": _KINDS.get(name.partition(" ")[0]),
        "object_id": f"event {at}",
        "amount_minor": None,
        "currency": None,
        "product_id": None,
        "code": None,
        "score": None,
        "promised_us": None,
    }


def _traits(words: list[str]) -> dict[str, str]:
    return {name: value or "yes" for name, _, value in (word.partition("=") for word in words)}


def _minor(amount: str) -> int:
    return int(Decimal(amount.replace(",", "")) * 100)


_CARRIED: dict[str, tuple[str, Callable[[str], object]]] = {
    "id": ("object_id", str),
    "code": ("code", str),
    "kind": ("object_kind", str),
    "product": ("product_id", str),
    "amount": ("amount_minor", _minor),
    "score": ("score", float),
    "due": ("promised_us", lambda day: day_number(date.fromisoformat(day)) * DAY_US),
}
"""What an event by its own name can carry: the word before "=", its column, how it is read."""
