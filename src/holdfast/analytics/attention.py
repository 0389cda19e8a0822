"""How our people share out their attention: who gets contact, and who brings the money.

The sources of the idea: loyal customers are neglected while new ones are courted, and whoever is silent is
forgotten. So contact is set against value, group by group, and the longest waiting are named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from holdfast.analytics.feature import Feature
from holdfast.analytics.feature_parts import FIRST_SEEN, TWELVE_WEEKS, count, in_days, last_time
from holdfast.analytics.signal_parts import BY_HAND
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Marks = NDArray[np.bool_]

CONTACTS = Feature(
    "our_contacts_84",
    Text("Our contacts in the last 12 weeks"),
    Text("How often one of us wrote to, called, visited or answered the customer in 84 days."),
    "count",
    "relationship",
    {"contacts": count(BY_HAND, TWELVE_WEEKS)},
    window_days=TWELVE_WEEKS,
)
SINCE = Feature(
    "days_since_our_contact",
    Text("Time since one of us was in touch"),
    Text("Days since one of us last wrote to, called, visited or answered the customer."),
    "days",
    "relationship",
    {"since": last_time(BY_HAND)},
    in_days("since"),
)
KNOWN = Feature(
    "days_known",
    Text("Time since the first event"),
    Text("Days since we first saw anything of the customer."),
    "days",
    "tenure",
    {"since": FIRST_SEEN},
    in_days("since"),
)
NUMBERS = (CONTACTS, SINCE, KNOWN)
"""What is asked of every customer."""

TENURES: tuple[tuple[str, int], ...] = (("new", 0), ("half", 90), ("year", 365), ("years", 1_095))
"""Groups by the days that a customer has been known: the name, and from which day on."""

LARGEST, LARGE = 0.1, 0.5
"""The tenth that brings most money, and those down to the half; the rest of who brings any is small."""

NEGLECTED = 0.5
"""A group whose part of the contact is below half its part of the money is neglected."""

SizeName = Literal["largest", "large", "small", "none"]


@dataclass(frozen=True, slots=True)
class Attention:
    """What a group of customers gets and gives.

    ``contacted`` had a contact in 84 days, ``contacts`` counts them; ``money_minor`` is what they brought in
    a year; the shares are of all customers' contacts and money, ``None`` where there are none.
    """

    name: str
    customers: int
    contacted: int
    contacts: int
    money_minor: int
    share_of_contacts: float | None
    share_of_money: float | None

    @property
    def neglected(self) -> bool:
        """Whether it gets far less of the contact than it gives of the money."""
        contacts, money = self.share_of_contacts, self.share_of_money
        return bool(contacts is not None and money and contacts < NEGLECTED * money)


def by_tenure(known_days: Floats, contacts: Floats, money: Floats) -> list[Attention]:
    """Contact and money of customers by how long they have been known, the newest first."""
    bounds = [*(days for _, days in TENURES), np.inf]
    groups = {
        name: (known_days >= low) & (known_days < bounds[place + 1])
        for place, (name, low) in enumerate(TENURES)
    }
    return _shared_out(groups, contacts, money)


def by_size(contacts: Floats, money: Floats) -> list[Attention]:
    """Contact and money of customers by how much money they bring, the largest first."""
    paying = np.flatnonzero(money > 0)
    order = paying[np.argsort(-money[paying], kind="stable")]
    first, second = (int(np.ceil(len(order) * part)) for part in (LARGEST, LARGE))
    names: dict[SizeName, NDArray[np.intp]] = {
        "largest": order[:first],
        "large": order[first:second],
        "small": order[second:],
        "none": np.flatnonzero(~(money > 0)),
    }
    return _shared_out({name: _marked(rows, len(money)) for name, rows in names.items()}, contacts, money)


def by_owner(owner: Sequence[int], contacts: Floats, money: Floats) -> list[Attention]:
    """Contact and money of customers by who looks after them (0: nobody), by number."""
    owners = np.asarray(owner, np.int64)
    return _shared_out({str(each): owners == each for each in np.unique(owners)}, contacts, money)


def longest_waiting(contacts: Floats, money: Floats, most: int) -> NDArray[np.intp]:
    """Rows of customers without a contact in 84 days, those with most money first; ``most`` at most."""
    rows = np.flatnonzero(~(contacts > 0))
    return rows[np.argsort(-money[rows], kind="stable")][:most]


def _marked(rows: NDArray[np.intp], size: int) -> Marks:
    marks = np.zeros(size, bool)
    marks[rows] = True
    return marks


def _shared_out(groups: Mapping[str, Marks], contacts: Floats, money: Floats) -> list[Attention]:
    told, worth = np.nan_to_num(contacts), np.maximum(np.nan_to_num(money), 0)
    every, all_money = float(told.sum()), float(worth.sum())
    return [
        Attention(
            name,
            int(marks.sum()),
            int((told[marks] > 0).sum()),
            round(float(told[marks].sum())),
            round(float(worth[marks].sum())),
            float(told[marks].sum()) / every if every else None,
            float(worth[marks].sum()) / all_money if all_money else None,
        )
        for name, marks in groups.items()
    ]
