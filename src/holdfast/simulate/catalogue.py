"""What the company sells: coffee with a rhythm, machines that last, and subscriptions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from holdfast.simulate.arrays import Floats


@dataclass(frozen=True, slots=True)
class Product:
    """A thing in the web shop; price and unit cost in cents of euro."""

    id: str
    name: str
    category: str
    price: int
    unit_cost: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A subscription: monthly price and unit cost in cents of euro, a parcel every so many days.

    ``share`` of the subscribers begin with it. ``on_invoice`` plans are paid by bank transfer
    within 14 days, the others by card.
    """

    name: str
    price: int
    monthly_cost: int
    parcel_every: int
    share: float
    on_invoice: bool = False


PRODUCTS: tuple[Product, ...] = (
    Product("BEAN-HUILA-500", "Huila, 500 g", "beans", 1490, 640),
    Product("BEAN-YIRGA-500", "Yirgacheffe, 500 g", "beans", 1650, 730),
    Product("BEAN-SANTOS-500", "Santos, 500 g", "beans", 1250, 520),
    Product("BEAN-HOUSE-1000", "House blend, 1 kg", "beans", 2290, 980),
    Product("BEAN-DECAF-500", "Decaf, 500 g", "beans", 1550, 700),
    Product("BEAN-ESPRESSO-1000", "Espresso roast, 1 kg", "beans", 2490, 1060),
    Product("CAPS-LUNGO-50", "Lungo capsules, 50", "capsules", 1790, 760),
    Product("CAPS-RISTRETTO-50", "Ristretto capsules, 50", "capsules", 1790, 760),
    Product("CAPS-DECAF-50", "Decaf capsules, 50", "capsules", 1890, 820),
    Product("FILTER-V60-100", "Paper filters, 100", "filters", 650, 180),
    Product("FILTER-WATER-3", "Water filters, 3", "filters", 1990, 820),
    Product("DESCALER-500", "Descaler, 500 ml", "filters", 890, 260),
    Product("CHOCOLATE-BOX", "Chocolates, box of 24", "sweets", 1690, 850),
    Product("CANTUCCI-250", "Cantucci, 250 g", "sweets", 690, 330),
    Product("CUP-PAIR", "Cups, a pair", "accessories", 1890, 720),
    Product("TAMPER", "Tamper", "accessories", 2490, 900),
    Product("SCALE", "Brewing scale", "accessories", 3990, 1750),
    Product("DRIPPER", "Dripper", "accessories", 2190, 800),
    Product("KETTLE", "Gooseneck kettle", "accessories", 5990, 2800),
    Product("GIFT-SET", "Gift set", "accessories", 4490, 2050),
    Product("GRINDER-HAND", "Hand grinder", "grinders", 7990, 3900),
    Product("GRINDER-PRO", "Electric grinder", "grinders", 17900, 9600),
    Product("MACHINE-ONE", "Espresso machine One", "machines", 34900, 20500),
    Product("MACHINE-DUO", "Espresso machine Duo", "machines", 64900, 39800),
)

PLANS: tuple[Plan, ...] = (
    Plan("Discovery Monthly", 1490, 640, 30, 0.34),
    Plan("Filter Monthly", 2200, 930, 30, 0.40),
    Plan("Espresso Weekly", 3800, 1620, 7, 0.20),
    Plan("Office", 9500, 4300, 14, 0.06, on_invoice=True),
)
"""In order of price: an upgrade is one step up, never from or to the office plan."""

OFFICE = 3
NO_PLAN = -1

PROFILES: tuple[str, ...] = ("beans", "capsules", "gifts", "machines")
"""What a shop buyer mainly comes for."""

PROFILE_SHARES: Floats = np.array([0.50, 0.26, 0.16, 0.08])
RHYTHM_DAYS: Floats = np.array([33.0, 41.0, 110.0, 400.0])
"""Median days between two orders of a person, by profile."""

_TASTES: dict[str, tuple[float, ...]] = {
    "beans": (0.72, 0.02, 0.13, 0.07, 0.05, 0.01, 0.00),
    "capsules": (0.06, 0.74, 0.08, 0.07, 0.05, 0.00, 0.00),
    "gifts": (0.20, 0.05, 0.02, 0.28, 0.43, 0.02, 0.00),
    "machines": (0.02, 0.01, 0.05, 0.00, 0.12, 0.42, 0.38),
}
_CATEGORIES = ("beans", "capsules", "filters", "sweets", "accessories", "grinders", "machines")


@cache
def tastes() -> Floats:
    """Probability of each product in a line, by profile (profiles x products)."""
    chances = np.zeros((len(PROFILES), len(PRODUCTS)))
    for row, profile in enumerate(PROFILES):
        for column, product in enumerate(PRODUCTS):
            same = sum(1 for other in PRODUCTS if other.category == product.category)
            chances[row, column] = _TASTES[profile][_CATEGORIES.index(product.category)] / same
    return chances
