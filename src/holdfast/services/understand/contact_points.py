"""Occasions on which customers meet us, and how many of them leave afterwards, against everybody else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np

from holdfast.analytics.feature import Feature
from holdfast.analytics.feature_parts import FOUR_WEEKS, all_of, count, named
from holdfast.analytics.spec import Column, Compare
from holdfast.domain.texts import Text
from holdfast.learning.subgroups import Compared, compared, corrected, deviation

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEWEST_MET = 50
"""An occasion that fewer customers met is left out."""

PREFIX = "met "

OCCASIONS: Mapping[str, tuple[Text, Any]] = {
    "ticket": (Text("Asked for help"), named("Ticket Opened")),
    "reopened": (Text("Asked again about a closed ticket"), named("Ticket Reopened")),
    "late": (
        Text("Got a late delivery"),
        all_of(named("Order Delivered"), Compare(Column("at_us"), ">", Column("promised_us"))),
    ),
    "delivered": (Text("Got a delivery"), named("Order Delivered")),
    "refunded": (Text("Sent something back"), named("Order Refunded")),
    "declined": (Text("Had a payment declined"), named("Payment Failed")),
    "checkout": (Text("Could not pay in the shop"), named("Checkout Failed")),
    "change": (Text("Was told of a change"), named("Change Announced")),
    "spoken": (Text("Heard from one of us"), named("Message Sent", "Call Made", "Visit Made")),
    "asked": (Text("Was asked in a survey"), named("Survey Sent")),
    "mail": (Text("Opened a mail"), named("Email Opened")),
    "app": (Text("Used the product"), named("Feature Used")),
}
"""What can happen between a customer and us: its title, and the events that are it."""


@dataclass(frozen=True, slots=True)
class Contact:
    """An occasion: how many who met it in the four weeks before a stretch left in it, against the others.

    ``chance`` is corrected for the number of occasions (Holm); ``judged`` "more", "less" or "" (chance).
    """

    key: str
    compared: Compared
    chance: float
    judged: str


def asked_features() -> tuple[Feature, ...]:
    """One feature for each occasion: how often it was met in the last four weeks."""
    return tuple(
        Feature(
            f"{PREFIX}{key}", title, title, "count", "service", {"rows": count(where, FOUR_WEEKS)},
            window_days=FOUR_WEEKS,
        )
        for key, (title, where) in OCCASIONS.items()
    )  # fmt: skip


def apart(columns: Mapping[str, NDArray[Any]]) -> tuple[dict[str, NDArray[Any]], dict[str, NDArray[Any]]]:
    """The columns of occasions, and all others."""
    met = {name: values for name, values in columns.items() if name.startswith(PREFIX)}
    return met, {name: values for name, values in columns.items() if name not in met}


def contacts(
    columns: Mapping[str, NDArray[Any]],
    left: NDArray[np.bool_],
    stratum: NDArray[np.int64],
    subscribed: NDArray[np.bool_],
) -> tuple[Contact, ...]:
    """Every occasion that enough met, the one after which most more leave first.

    Who meets us is active, and the active stay: compared are customers of the same stretch who were alike in
    whether they had a subscription, a delivery, and used the product.
    """
    met = {
        key: np.nan_to_num(np.asarray(columns[f"{PREFIX}{key}"], np.float64)) > 0
        for key in OCCASIONS
        if f"{PREFIX}{key}" in columns
    }
    known = {key: own for key, own in met.items() if own.sum() >= FEWEST_MET and (~own).sum() >= FEWEST_MET}
    alike = {key: _alike(key, met, stratum, subscribed) for key in known}
    out = {key: deviation(own, left, alike[key]) for key, own in known.items()}
    normal = NormalDist()
    chances = corrected([2 * normal.cdf(-abs(each)) for each in out.values()])
    found = [
        Contact(key, compared(own, left, alike[key]), chance, _judged(out[key], chance))
        for (key, own), chance in zip(known.items(), chances, strict=True)
        if chance is not None
    ]
    return tuple(sorted(found, key=lambda each: -out[each.key]))


def _alike(
    key: str,
    met: Mapping[str, NDArray[np.bool_]],
    stratum: NDArray[np.int64],
    subscribed: NDArray[np.bool_],
) -> NDArray[np.int64]:
    """Strata of customers who are alike but for the occasion."""
    found = 2 * stratum + subscribed
    for other in ("delivered", "app"):
        if other in met and other != key:
            found = 2 * found + met[other]
    return np.asarray(found, np.int64)


def contact(kept: dict[str, Any]) -> Contact:
    """A contact as it was kept."""
    return Contact(**{**kept, "compared": Compared(**kept["compared"])})


def _judged(out: float, chance: float) -> str:
    if not isfinite(out) or chance > 0.05:
        return ""
    return "more" if out > 0 else "less"
