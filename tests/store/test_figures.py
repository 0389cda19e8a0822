from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brought import bring, subject
from holdfast.domain.figures import Figure
from holdfast.domain.money import Money
from holdfast.domain.period import Period
from holdfast.domain.texts import Days, Share, Text
from holdfast.settings import LostSettings, Settings
from holdfast.store import figures, identity, imports
from holdfast.store.figures import Alert, KeptFigure
from holdfast.store.written import as_json, from_json

MAY = Period(date(2024, 5, 1), date(2024, 6, 1), "month")
JUNE = Period(date(2024, 6, 1), date(2024, 7, 1), "month")
EVER = Period(date(2020, 1, 1), date(2024, 7, 1), "history")


def churn(value: float | None, period: Period = MAY, **more: object) -> Figure:
    told = {"reason": Text("Nobody was there.")} if value is None else {}
    return Figure(
        "churn_rate",
        "of the start",
        period,
        value,
        "share",
        Text("{lost} of {n}", "{lost} of {n}", lost=3, n=12),
        **{**told, **more},  # type: ignore[arg-type]
    )


def save(
    settings: Settings, *computed: Figure, as_of: date = date(2024, 7, 1), now_us: int = 1_000
) -> figures.Saved:
    return figures.save_figures(settings, computed, as_of=as_of, now_us=now_us)


def kept(settings: Settings, kind: str = "month") -> list[KeptFigure]:
    return figures.read_figures(settings, kind)


def test_what_is_saved_comes_back_whole(base: Settings) -> None:
    figure = churn(
        0.25,
        low=0.1,
        high=Decimal("0.4"),
        left_out=Text("{n} without a date", n=2),
        terms={"lost": np.int64(3), "amount": Money(5, "EUR"), "share": Share(0.5, 2), "days": Days(3.5)},
        rows=({"month": date(2024, 5, 1), "share": np.float64(0.5), "left": np.array([1, 2])},),
        group="RO",
    )
    save(base, figure)
    (found,) = kept(base)
    assert found.recomputed is None
    assert found.figure == replace(
        figure,
        terms={**figure.terms, "lost": 3},
        rows=({"month": date(2024, 5, 1), "share": 0.5, "left": (1, 2)},),
    )
    assert str(found.figure.formula) == "3 of 12"


def test_a_closed_period_keeps_its_figure_and_shows_the_other_with_the_reason(base: Settings) -> None:
    late = bring(base, ["ann"], first_us=0, now_us=500)
    assert save(base, churn(0.25)) == figures.Saved(published=1, same=0, differing=0)
    assert save(base, churn(0.25 + 1e-15), now_us=2_000).same == 1
    imports.undo(base, late, 1_500)
    assert save(base, churn(0.30), now_us=2_000).differing == 1
    (found,) = kept(base)
    assert (found.figure.value, found.recomputed and found.recomputed.value) == (0.25, 0.30)
    assert [str(why) for why in found.why] == [f"Import {late} was undone."]
    assert save(base, churn(0.25), now_us=3_000).same == 1
    assert kept(base) == [KeptFigure(churn(0.25), 1_000)], "it agrees again"


def test_a_ledger_of_other_lines_differs_even_where_it_ends_alike(base: Settings) -> None:
    ledger = churn(40)
    save(base, replace(ledger, terms={"new": 5, "left": 3}))
    assert save(base, replace(ledger, terms={"left": 3, "new": 5}), now_us=2_000).same == 1
    assert save(base, replace(ledger, terms={"new": 4, "left": 2}), now_us=3_000).differing == 1


def test_reasons_for_a_difference(base: Settings) -> None:
    save(base, churn(0.25))
    save(base, churn(0.26))
    assert [str(why) for why in kept(base)[0].why] == ["It is counted differently by this release."]
    after = bring(base, ["ann"], first_us=10**18, now_us=1_500)
    within = bring(base, ["bob"], first_us=0, now_us=1_500)
    identity.merge(base, [subject(base, "ann"), subject(base, "bob")], by="jo", now_us=1_700)
    save(base, churn(0.27), now_us=2_000)
    assert [str(why) for why in kept(base)[0].why] == [
        f"Import {within} brought rows of that time.",
        "Customers were merged or separated by hand.",
    ]
    assert after != within


def test_periods_that_are_not_over_and_all_of_history_are_replaced(base: Settings) -> None:
    save(base, churn(0.25, JUNE), churn(0.5, EVER), as_of=date(2024, 6, 20))
    save(base, churn(0.26, JUNE), churn(0.6, EVER), as_of=date(2024, 6, 21))
    assert [(each.figure.value, each.recomputed) for each in kept(base) + kept(base, "history")] == [
        (0.26, None),
        (0.6, None),
    ]
    save(base, churn(0.7, EVER, group="RO"), as_of=date(2024, 6, 22))
    assert [each.figure.group for each in kept(base, "history")] == ["RO"], "what is no longer computed goes"
    assert len(kept(base)) == 1, "other kinds of periods are left alone"


def test_a_figure_that_could_not_be_given_is_given_later(base: Settings) -> None:
    save(base, churn(None))
    save(base, churn(0.25))
    assert [(each.figure.value, each.recomputed) for each in kept(base)] == [(0.25, None)]


def test_another_rule_makes_other_figures(base: Settings) -> None:
    save(base, churn(0.25), churn(0.1, JUNE))
    stricter = replace(base, lost=LostSettings(rule="fixed", after_days=30))
    assert save(stricter, churn(0.5)) == figures.Saved(published=1, same=0, differing=0)
    assert [(each.figure.value, each.recomputed) for each in kept(base)] == [(0.5, None)], (
        "no mixture of rules"
    )
    assert save(stricter, churn(0.6)).differing == 1


def test_recomputed_figures_can_be_published(base: Settings) -> None:
    save(base, churn(0.25), churn(0.1, JUNE))
    save(base, churn(0.3), churn(0.1, JUNE), now_us=2_000)
    assert figures.publish_recomputed(base) == 1
    assert [(each.figure.value, each.recomputed, each.why) for each in kept(base)] == [
        (0.3, None, ()),
        (0.1, None, ()),
    ]


def test_figures_are_found_by_metric_and_period(base: Settings) -> None:
    save(base, churn(0.25), churn(0.1, JUNE), replace(churn(0.2, JUNE), metric="orders"))
    assert figures.periods(base, "month") == [JUNE, MAY]
    found = figures.read_figures(base, "month", metrics=["orders", "churn_rate"], from_day=date(2024, 6, 1))
    assert [each.figure.metric for each in found] == ["churn_rate", "orders"]
    assert figures.read_figures(base, "month", metrics=["orders"], to_day=date(2024, 6, 1)) == []
    assert figures.read_figures(base, "year") == figures.periods(base, "year") == []


def test_b5_an_alert_is_raised_once(base: Settings) -> None:
    alert = Alert("churn_rises", Text("Churn rises"), Text("for {n} months", n=3), date(2024, 3, 1), MAY)
    assert figures.save_alerts(base, [alert], now_us=5) == [alert]
    assert figures.save_alerts(base, [alert, replace(alert, period=JUNE)], now_us=6) == [
        replace(alert, period=JUNE)
    ]
    assert figures.alerts(base) == [replace(alert, period=JUNE, raised_us=6), replace(alert, raised_us=5)]


def test_runs_are_noted(base: Settings) -> None:
    assert figures.last_run(base) is None
    figures.note_run(
        base, as_of=date(2024, 6, 1), finished_us=7, report={"customers": 5, "day": date(2024, 1, 1)}
    )
    found = figures.last_run(base)
    assert found == figures.LoopRun(date(2024, 6, 1), 7, {"customers": 5, "day": date(2024, 1, 1)})


plain = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(),
    st.dates(),
    st.decimals(allow_nan=False),
    st.builds(Money, st.integers(), st.just("EUR")),
    st.builds(Share, st.floats(0, 1), st.integers(0, 3)),
    st.builds(Days, st.floats(0, 1e6)),
)
values = st.recursive(
    plain,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.text(st.characters(exclude_characters="$")), inner, max_size=3),
        inner.map(lambda value: Text("{value}", value=value)),
    ),
    max_leaves=8,
)


@given(values)
def test_values_survive_the_database(value: object) -> None:
    import json

    assert from_json(json.loads(json.dumps(as_json(value)))) == value


def test_what_cannot_be_read_back_is_not_written() -> None:
    with pytest.raises(TypeError, match="a set cannot be kept"):
        as_json({1, 2})
    with pytest.raises(ValueError, match="newer Holdfast"):
        from_json({"$": "vector", "value": []})
