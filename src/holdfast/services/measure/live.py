"""A few customers measured now, as a run would measure them, by what the last run learnt of the company."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from holdfast.analytics import rhythm
from holdfast.analytics.asked import Company
from holdfast.analytics.emit import emit
from holdfast.analytics.kept import Origins
from holdfast.analytics.spec import Query, columns
from holdfast.domain.period import date_of
from holdfast.services.measure.build import Census, Engine, Plan, census_of, currency_of, rebuild
from holdfast.services.measure.gather import plan_of
from holdfast.services.measure.measure import Ready
from holdfast.services.measure.source import Source
from holdfast.services.measure.until import Until
from holdfast.settings import LostSettings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from holdfast.settings import Settings

_NO_UNITS = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class Learnt:
    """What a run has learnt of the company as a whole, and the rule by which it did.

    ``census`` is that of the log, ``currency`` the reporting one, ``usual`` what is usual in the company.
    """

    census: Census
    currency: str
    usual: rhythm.Usual
    lost: LostSettings

    def as_json(self) -> dict[str, Any]:
        """Plain values, of which :func:`learnt_from` makes it again."""
        return asdict(self)


def learnt_of(tables: Ready) -> Learnt:
    """What building the kept tables of everybody has taught."""
    return Learnt(tables.kept.census, tables.kept.currency, tables.kept.usual, tables.plan.lost)


def learnt_from(kept: Mapping[str, Any]) -> Learnt:
    """The inverse of :meth:`Learnt.as_json`."""
    census, usual, lost = kept["census"], kept["usual"], kept["lost"]
    categories = {int(number): days for number, days in usual["categories"].items()}
    return Learnt(
        Census(census["names"], tuple(census["currencies"]), census["first_us"]),
        kept["currency"],
        rhythm.Usual(**{**usual, "categories": categories}),
        LostSettings(**{**lost, "activity": tuple(lost["activity"])}),
    )


def live_plan(settings: Settings, learnt: Learnt | None) -> Plan:
    """The plan for single customers; its end is set anew each day (see :func:`measured_now`)."""
    told = settings if learnt is None else replace(settings, lost=learnt.lost)
    nobody = Origins(_NO_UNITS, _NO_UNITS, _NO_UNITS)
    return plan_of(told, 0, nobody, by_category=told.lost.rule == "category")


def measured_now(engine: Engine, source: Source, plan: Plan, learnt: Learnt | None) -> Ready:
    """The kept tables of the customers in ``source`` up to the end of the day before ``plan.end_day``.

    Their own rows tell currencies and moments that the company did not know. Without anything
    ``learnt`` they are all there is: nobody is silent for too long then, unless the rule says a
    number of days.
    """
    here = census_of(engine, source, plan)
    if learnt is None:
        usual = rhythm.usual(rhythm.no_gaps(), fixed=plan.lost.after_days)
        census, currency = here, currency_of(plan, here)
    else:
        usual, census, currency = learnt.usual, _with(learnt.census, here), learnt.currency
    kept = rebuild(engine, source, plan, census, currency, usual)
    end = date_of(plan.end_day)
    about = Company(currency, plan.lost, usual, _NO_UNITS)
    return Ready(engine, kept, plan, about, Until(end, end - timedelta(days=1)))


def turning_days(tables: Ready) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Units, and the first day on which each may be in another state though nothing happens."""
    found = tables.engine.columns(
        emit(Query("units", columns("unit_id", "turns_day")), tables.engine.dialect),
        {"units": tables.kept.tables["units"]},
    )
    return np.asarray(found["unit_id"], np.int64), np.asarray(found["turns_day"], np.int64)


def _with(company: Census, here: Census) -> Census:
    """The company's census, with currencies and a first moment that only these customers have."""
    firsts = [each for each in (company.first_us, here.first_us) if each is not None]
    currencies = tuple(dict.fromkeys((*company.currencies, *here.currencies)))
    return Census(company.names, currencies, min(firsts, default=None))
