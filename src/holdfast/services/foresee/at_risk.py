"""The customers at risk, and the risk of one, as pages and commands show them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from holdfast.analytics.feature import Feature
from holdfast.domain.period import date_of
from holdfast.domain.texts import Text
from holdfast.services.foresee.reading import AtRisk, CustomerRisk, Driver, ModelCard, RiskRow, Sort

if TYPE_CHECKING:
    from holdfast.settings import Settings
    from holdfast.store.at_risk import ScoredCustomer

NOT_YET = Text("The loop has not run yet: `holdfast run` says who is at risk.")
UNCHECKED = Text("No past date could be graded yet: whether these risks come true has not been checked.")
NOT_PRESENT = Text("This customer is not there now, so there is nothing to foresee.")


def page(
    settings: Settings,
    *,
    top: int,
    after: str | None,
    search: str,
    state: str,
    country: str,
    cause: str,
    least_risk: float,
    segment: int | None,
    sort: Sort,
    among: frozenset[int] | None = None,
    counted: bool = True,
) -> AtRisk:
    """See :func:`holdfast.services.foresee.reading.at_risk`."""
    from holdfast.services.foresee.versions import card_of
    from holdfast.store import risk
    from holdfast.store.at_risk import RiskFilter, list_at_risk

    scoring = risk.last_scoring(settings)
    if scoring is None or scoring.model_version is None:
        reason = NOT_YET if scoring is None else scoring.reason
        as_of = None if scoring is None else date_of(scoring.as_of_day)
        return AtRisk((), 0, None, as_of, None, reason, settings.risk.horizon_days)
    wanted = RiskFilter(search, state, country, cause, least_risk, segment, among)
    found = list_at_risk(settings, wanted, sort, after=_key(after, sort), limit=top, counted=counted)
    card = card_of(settings, scoring.model_version)
    features = _features(card)
    last = found.rows[-1] if found.more and found.rows else None
    return AtRisk(
        rows=tuple(_row(each, features, settings.currency) for each in found.rows),
        total=found.matching,
        next=None if last is None else json.dumps([last.sort_value(sort), last.unit_id]),
        as_of=date_of(scoring.as_of_day),
        model=str(scoring.model_version),
        reason=None,
        horizon_days=scoring.horizon_days,
        unchecked=UNCHECKED if card is not None and card.graded_on is None else None,
    )


def of_one(settings: Settings, unit_id: int) -> CustomerRisk:
    """See :func:`holdfast.services.foresee.reading.customer_risk`."""
    from holdfast.store import risk
    from holdfast.store.at_risk import one_at_risk

    scoring = risk.last_scoring(settings)
    if scoring is None:
        return CustomerRisk(None, (), (), 0.0, NOT_YET)
    told = risk.whole_history(settings, unit_id)
    history = tuple((date_of(day), value) for day, value, _ in told)
    base = scoring.base_risk or 0.0
    found = one_at_risk(settings, unit_id) if scoring.model_version is not None else None
    if found is None:
        return CustomerRisk(None, history, (), base, scoring.reason or NOT_PRESENT)
    features = features_of(settings, scoring.model_version or 0)
    row = _row(found, features, settings.currency)
    before = _a_week_before(told, found.as_of_day)
    return CustomerRisk(row, history, row.drivers, base, None, json.loads(found.dimensions), before)


def _a_week_before(
    told: Sequence[tuple[int, float, str]], as_of_day: int
) -> tuple[date, float, Mapping[str, float]] | None:
    """What was known of a unit a week before: history keeps changes, so the last one until then holds.

    Told of the day a week before; nothing of a history so old that it may just have been interrupted, and
    nothing from before dimensions were kept.
    """
    from holdfast.store.risk import LATE_DAYS

    until = as_of_day - 7
    then = next(
        ((value, kept) for day, value, kept in reversed(told) if until - LATE_DAYS < day <= until), None
    )
    if then is None:
        return None
    effects = json.loads(then[1])
    return (date_of(until), then[0], effects) if effects else None


def _row(found: ScoredCustomer, features: Mapping[str, Feature], currency: str) -> RiskRow:
    return RiskRow(
        unit_id=found.unit_id,
        name=found.name,
        state=found.state,
        country=found.country,
        risk=found.risk,
        value_at_risk_minor=found.value_at_risk_minor,
        value_minor=found.value_minor,
        currency=currency,
        likely_from=None if found.likely_from_day is None else date_of(found.likely_from_day),
        likely_to=None if found.likely_to_day is None else date_of(found.likely_to_day),
        drivers=drivers(found.drivers, features, currency),
        as_of=date_of(found.as_of_day),
        change=None if found.week_ago is None else found.risk - found.week_ago,
    )


def drivers(kept: str, features: Mapping[str, Feature], currency: str) -> tuple[Driver, ...]:
    """The kept drivers of one customer, in words.

    None of features that the card does not name, and none that moves nothing: where the model gives
    everybody the same risk, nothing drives it.
    """
    return tuple(
        _driver(features[name], effect, value, usual, currency)
        for name, effect, value, usual in json.loads(kept)
        if name in features and effect
    )


def _driver(feature: Feature, effect: float, value: Any, usual: Any, currency: str) -> Driver:
    from holdfast.analytics.driver_words import driver_words

    words = driver_words(feature, value, usual, currency=currency)
    return Driver(feature.name, feature.title, effect, words, feature.cause)


def features_of(settings: Settings, version: int) -> Mapping[str, Feature]:
    """The features of a version, as its card names them: own traits of a company are among them."""
    from holdfast.services.foresee.versions import card_of

    return _features(card_of(settings, version))


def _features(card: ModelCard | None) -> Mapping[str, Feature]:
    return {
        each.name: Feature(each.name, each.title, each.meaning, each.unit, each.cause, {})  # type: ignore[arg-type]
        for each in (card.features if card else ())
    }


def customer_ids(settings: Settings, units: Sequence[int]) -> Mapping[int, str]:
    """The first id under which each customer arrived, as ``holdfast customer`` takes it."""
    from holdfast.store.at_risk import ids_of

    return ids_of(settings, units)


def _key(after: str | None, sort: Sort) -> tuple[Any, int] | None:
    """Where the page before ended; ``None`` for what is no such place."""
    try:
        value, unit = json.loads(after or "")
    except (ValueError, TypeError):
        return None
    fits = isinstance(value, str) if sort == "name" else isinstance(value, int | float)
    return (value, unit) if fits and isinstance(unit, int) else None
