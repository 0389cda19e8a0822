"""What is planted in a company: its truth, chosen before its first day."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta

START = date(2024, 11, 1)
DAYS = 730
CUSTOMERS = 20_000
SEED = 20_241_101
NEXT_OUTAGE_AFTER = 26
"""So many days after the end of the usual story app and checkout fail once more."""


@dataclass(frozen=True, slots=True)
class PriceChange:
    """All subscriptions cost ``rise`` more from ``day`` on.

    Customers hear of it ``notice_days`` before, those in ``unannounced_in`` not at all.
    ``grievance`` is what it adds, for a person of ordinary price sense, to the daily hazard of
    beginning to waver because of the price; it halves every ``Scenario.grievance_half_life`` days.
    """

    day: int
    rise: float = 0.12
    notice_days: int = 6
    unannounced_in: str = "RO"
    grievance: float = 0.0017


@dataclass(frozen=True, slots=True)
class Outage:
    """On ``day`` the app and the checkout fail.

    ``payments_failed`` of that day's card payments are declined, ``asks`` of the app's users who
    come that day open a ticket, and each who meets it gets ``grievance``.
    """

    day: int
    payments_failed: float = 0.6
    asks: float = 0.35
    grievance: float = 0.0040


@dataclass(frozen=True, slots=True)
class Courier:
    """In ``country`` the courier is late for ``late`` of the parcels, from ``day`` to ``until``."""

    day: int
    until: int
    country: str = "RO"
    late: float = 0.24


@dataclass(frozen=True, slots=True)
class Shock:
    """From ``day`` to ``until``, ``cause`` bites ``factor`` times as often in ``country``."""

    day: int
    until: int
    country: str
    cause: str
    factor: float


@dataclass(frozen=True, slots=True)
class Drift:
    """From ``day`` on, every hazard of beginning to waver is ``factor`` times what it was: the world has
    changed, and what was learned from before is out of date.
    """

    day: int
    factor: float


@dataclass(frozen=True, slots=True)
class Scenario:
    """A company before its first day. Days count from 0 at ``start``.

    ``customers`` people turn up during the first ``days`` days (prospects who never buy among
    them); after that more come at the same pace. ``level`` multiplies every hazard of wavering.
    ``wavering_use`` is how often a wavering customer uses the app against before: 0.5 halves use, 0
    silences it.
    """

    seed: int = SEED
    customers: int = CUSTOMERS
    start: date = START
    days: int = DAYS
    timezone: str = "Europe/Dublin"
    level: float = 1.0
    price_change: PriceChange | None = None
    outage: Outage | None = None
    next_outage: Outage | None = None
    courier: Courier | None = None
    shocks: tuple[Shock, ...] = ()
    drift: Drift | None = None
    wavering_use: float = 0.4
    leaves_per_day: float = 1 / 22
    recovers_per_day: float = 1 / 45
    grievance_half_life: float = 35.0
    touch_half_life: float = 30.0
    late_share: float = 0.06
    bad_batch_share: float = 0.008
    payment_failed: float = 0.022
    retry_succeeds: float = 0.55

    def __post_init__(self) -> None:
        if self.customers < 1 or self.days < 1:
            raise ValueError("a company needs at least one customer and one day")

    def date_of(self, day: int) -> date:
        """The date of a day of the company."""
        return self.start + timedelta(days=day)

    def level_at(self, day: int) -> float:
        """What every hazard of beginning to waver is multiplied with on a day."""
        drifted = self.drift is not None and day >= self.drift.day
        return self.level * (self.drift.factor if self.drift is not None and drifted else 1.0)

    def without(self, *names: str) -> Scenario:
        """The same company without what is planted under these names (``price_change``, ``outage``,
        ``next_outage``, ``courier``, ``shocks``, ``drift``); without names, without all of it.
        """
        nothing: dict[str, object] = dict.fromkeys(_PLANTED)
        nothing["shocks"] = ()
        chosen = {name: nothing[name] for name in (names or nothing)}
        return replace(self, **chosen)  # type: ignore[arg-type]

    def outage_on(self, day: int) -> Outage | None:
        """The outage of a day, if there is one."""
        return next((each for each in (self.outage, self.next_outage) if each and each.day == day), None)

    def as_json(self) -> dict[str, object]:
        """All parameters, for ``truth.json``."""
        return {**asdict(self), "start": self.start.isoformat()}


def usual_scenario(
    seed: int = SEED, customers: int = CUSTOMERS, start: date = START, days: int = DAYS
) -> Scenario:
    """The demo company's story, stretched over ``days``.

    In two years from 1 November 2024: a recession in Kazakhstan in autumn 2025, an outage on
    10 February 2026, a competitor in Bulgaria from March to May 2026, the price change of
    1 August 2026 and the late courier in Romania from September 2026 on. Nobody has lived through the
    next outage, :data:`NEXT_OUTAGE_AFTER` days after the end: who lets the company live on sees it come.
    """

    def at(usual: int) -> int:
        return round(usual * days / DAYS)

    return Scenario(
        seed=seed,
        customers=customers,
        start=start,
        days=days,
        price_change=PriceChange(day=at(638)),
        outage=Outage(day=at(466)),
        next_outage=Outage(day=days + NEXT_OUTAGE_AFTER),
        courier=Courier(day=at(669), until=at(790)),
        shocks=(
            Shock(at(304), at(395), "KZ", "external_economy", 9.0),
            Shock(at(485), at(577), "BG", "competitor_better_offer", 4.0),
        ),
    )


_PLANTED = {
    "price_change": PriceChange,
    "outage": Outage,
    "next_outage": Outage,
    "courier": Courier,
    "drift": Drift,
}


def scenario_from_json(written: dict[str, object]) -> Scenario:
    """The scenario that :meth:`Scenario.as_json` wrote."""
    known = dict(written)
    known["start"] = date.fromisoformat(str(known["start"]))
    for name, kind in _PLANTED.items():
        planted = known.get(name)
        known[name] = kind(**planted) if isinstance(planted, dict) else None
    shocks = known["shocks"]
    known["shocks"] = tuple(Shock(**shock) for shock in shocks) if isinstance(shocks, list | tuple) else ()
    return Scenario(**known)  # type: ignore[arg-type]
