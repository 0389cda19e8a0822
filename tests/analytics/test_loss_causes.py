"""E1: why customers left, from what speaks for it, and what share of the losses each cause has."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.analytics.loss_causes import (
    KNOWN_FROM,
    Causes,
    Losses,
    agreement,
    attribute,
    decided_days,
    reliability,
)
from holdfast.analytics.loss_evidence import FIRST_GUESS, NEVER_PAID, Hints, Kind, cause_of_code, hints_of
from holdfast.analytics.loss_groups import groups, tenure
from holdfast.analytics.loss_money import yearly_lost
from holdfast.analytics.loss_shares import shares, voices

KNOWN = {"price_too_high": 0, "late_delivery": 1, "payment_problem": 2, "competitor_better_offer": 3}
PRICE, LATE, PAYMENT, RIVAL = range(4)
FOREVER = 1_000_000


def losses(*left: int, decided: int | None = None, signed: bool = True) -> Losses:
    """One customer a loss, present from day 0."""
    days = np.array(left, np.int64)
    unit = np.arange(1, len(left) + 1)
    return Losses(
        unit,
        np.zeros(len(left), np.int64),
        days if decided is None else np.full(len(left), decided),
        days,
        np.full(len(left), FOREVER),
        np.full(len(left), signed),
    )


def hints(*rows: tuple[int, int, Kind, int]) -> Hints:
    """Unit, day, kind and cause of each."""
    table = np.array(rows, np.int64).reshape(len(rows), 4)
    return Hints(*table.T, np.arange(len(rows)))


def told(who: Losses, *rows: tuple[int, int, Kind, int]) -> Causes:
    return attribute(who, hints(*rows), len(KNOWN))


def test_e1_what_is_said_on_leaving_names_the_cause() -> None:
    found = told(losses(100), (1, 100, Kind.WORDS, LATE))
    assert found.cause.tolist() == [LATE]
    assert found.told_by.tolist() == [Kind.WORDS]
    assert found.confidence[0] == pytest.approx(FIRST_GUESS[Kind.WORDS])


def test_e1_nothing_said_is_unknown_and_not_guessed() -> None:
    found = told(losses(100, 100), (1, 95, Kind.BEHAVIOUR, LATE))
    assert found.cause.tolist() == [-1, -1]
    assert found.confidence.tolist() == [0.0, 0.0]
    assert found.evidence.loss.tolist() == [0], "what hints at a cause is kept beside it all the same"


def test_e1_witnesses_of_one_cause_add_up_and_contradictions_share() -> None:
    alone = told(losses(100), (1, 100, Kind.TICK, PRICE))
    both = told(losses(100), (1, 100, Kind.TICK, PRICE), (1, 80, Kind.TEXT, PRICE))
    torn = told(losses(100), (1, 100, Kind.TICK, PRICE), (1, 80, Kind.TEXT, LATE))
    assert both.confidence[0] > alone.confidence[0] > torn.confidence[0] >= KNOWN_FROM
    assert torn.cause.tolist() == [PRICE]


@pytest.mark.parametrize(
    ("kind", "day", "counts"),
    [
        (Kind.WORDS, 161, False),
        (Kind.WORDS, 160, True),
        (Kind.WORDS, 40, True),
        (Kind.WORDS, 39, False),
        (Kind.TICK, 101, True),
        (Kind.TICK, 102, False),
        (Kind.BEHAVIOUR, 58, True),
        (Kind.BEHAVIOUR, 57, False),
        (Kind.BEHAVIOUR, 101, False),
    ],
)
def test_only_what_lies_near_the_loss_speaks_for_it(kind: Kind, day: int, counts: bool) -> None:
    assert len(told(losses(100), (1, day, kind, LATE)).evidence) == int(counts)


def test_an_unpaid_bill_ends_a_contract_and_no_silence() -> None:
    for signed in (True, False):
        found = told(losses(100, signed=signed), (1, 95, Kind.UNPAID, PAYMENT))
        assert found.cause.tolist() == ([PAYMENT] if signed else [-1])


def test_what_was_said_after_coming_back_is_about_something_else() -> None:
    who = losses(100)
    who.until_day[0] = 120
    assert told(who, (1, 130, Kind.WORDS, LATE)).cause.tolist() == [-1]


def test_who_decided_is_who_asked_to_end_within_the_stretch() -> None:
    unit, began, left = np.array([1, 1, 2]), np.array([0, 200, 0]), np.array([100, 300, 100])
    asked_unit, asked_day = np.array([1, 1, 3]), np.array([70, 90, 50])
    assert decided_days(unit, began, left, left, asked_unit, asked_day).tolist() == [90, 300, 100]


def test_a_reason_chosen_to_be_polite_loses_its_weight() -> None:
    """Of sixty who chose "too expensive" and also said why, only a third meant the price."""
    rows = [(at, 100, Kind.TICK, PRICE) for at in range(1, 61)]
    rows += [(at, 100, Kind.WORDS, PRICE if at % 3 == 0 else RIVAL) for at in range(1, 61)]
    rows += [(61, 100, Kind.TICK, PRICE)]
    found = told(losses(*[100] * 61), *rows)
    assert found.cause[60] == -1
    assert agreement(found.evidence, 61)[Kind.TICK] == (20, 60)
    assert reliability(found.evidence, 61, len(KNOWN))[Kind.TICK, PRICE] < 0.5


@settings(deadline=None, max_examples=50)
@given(
    st.lists(
        st.tuples(
            st.integers(1, 4),
            st.integers(0, 220),
            st.sampled_from(list(Kind)),
            st.integers(0, len(KNOWN) - 1),
        ),
        max_size=20,
    )
)
def test_a_stranger_changes_nobodys_evidence_and_certainty_stays_a_probability(
    rows: list[tuple[int, int, Kind, int]],
) -> None:
    who = losses(100, 120, 140)
    found, with_stranger = told(who, *rows), told(who, *rows, (9, 100, Kind.WORDS, LATE))
    assert found.cause.tolist() == with_stranger.cause.tolist()
    assert found.evidence.loss.tolist() == with_stranger.evidence.loss.tolist()
    assert ((found.confidence >= 0) & (found.confidence < 1)).all()
    assert ((found.cause >= 0) == (found.confidence >= KNOWN_FROM)).all()


def test_events_are_read_as_what_they_say() -> None:
    rows = [
        (1, 500, "Text Read", "late_delivery"),
        (1, 500, "Text Read", "wants_to_leave"),
        (2, 500, "Text Read", "late_delivery"),
        (3, 500, "Text Read", "names_competitor"),
        (4, 500, "Survey Answered", "exit"),
        (4, 500, "Text Read", "price_too_high"),
        (5, 500, "Subscription Ended", "too_expensive"),
        (6, 500, "Subscription Ended", "other"),
        (7, 500, "Payment Failed", NEVER_PAID),
        (8, 500, "Signal Raised", "delivery_promise_broken"),
        (9, 500, "Unsubscribed", ""),
        (10, 500, "Text Read", "asks_for_discount"),
    ]
    unit, at_us, name, code = zip(*rows, strict=True)
    found = hints_of(
        {
            "unit": np.array(unit),
            "at_us": np.array(at_us),
            "day": np.array(at_us),
            "name": np.array(name, object),
            "code": np.array(code, object),
        },
        KNOWN,
    )
    said = dict(
        zip(found.unit.tolist(), zip(found.kind.tolist(), found.cause.tolist(), strict=True), strict=True)
    )
    assert said == {
        1: (Kind.WORDS, LATE),
        2: (Kind.TEXT, LATE),
        3: (Kind.TEXT, RIVAL),
        4: (Kind.WORDS, PRICE),
        5: (Kind.TICK, PRICE),
        7: (Kind.UNPAID, PAYMENT),
        8: (Kind.SIGNAL, LATE),
        10: (Kind.BEHAVIOUR, PRICE),
    }


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("price_too_high", PRICE),
        ("Too expensive", PRICE),
        ("switched_service", RIVAL),
        ("other", -1),
        ("", -1),
        ("💥", -1),
    ],
)
def test_reasons_of_other_systems_are_causes_of_ours(code: str, cause: int) -> None:
    assert cause_of_code(code, KNOWN) == cause


def test_money_is_what_ran_and_what_was_bought_in_the_year() -> None:
    who = losses(800, 800, decided=700)
    months = {
        "unit_id": np.array([1, 1, 1]),
        "month": np.array([330, 340, 690]),
        "amount": np.array([1_000, 20, 3]),
    }
    terms = {
        "unit_id": np.array([2, 2]),
        "start_day": np.array([0, 500]),
        "end_day": np.array([500, 800]),
        "amount": np.array([7, 10]),
    }
    assert yearly_lost(who, months, terms).tolist() == [23, 120]


def planted(seed: int, size: int = 1_500) -> tuple[Losses, Hints, np.ndarray, np.ndarray]:
    """Losses of known cause, of whom some speak: (losses, hints, causes, strata).

    A third say why in words; six of ten choose a reason, and of these a quarter choose the price instead.
    Those of the second stratum leave for other reasons and hardly speak.
    """
    draw = np.random.default_rng(seed)
    strata = (np.arange(size) % 3 == 0).astype(np.int64)
    truth = np.where(
        strata == 0,
        draw.choice(4, size, p=[0.15, 0.15, 0.0, 0.7]),
        draw.choice(4, size, p=[0.1, 0.6, 0.0, 0.3]),
    )
    speaks = draw.random(size) < np.where(strata == 0, 0.34, 0.06)
    chooses = (draw.random(size) < 0.6) & (strata == 0)
    chosen = np.where(draw.random(size) < 0.25, PRICE, truth)
    rows = [(at + 1, 100, Kind.WORDS, int(truth[at])) for at in np.flatnonzero(speaks)]
    rows += [(at + 1, 100, Kind.TICK, int(chosen[at])) for at in np.flatnonzero(chooses)]
    return losses(*[100] * size), hints(*rows), truth, strata


def test_e1_the_interval_of_a_share_holds_the_planted_one() -> None:
    inside = looks = 0
    for seed in range(40):
        who, said, truth, strata = planted(seed)
        found = told(who, *zip(said.unit, said.day, said.kind, said.cause, strict=True))
        estimated = shares(voices(found.evidence, len(who), len(KNOWN)), strata)
        real = np.bincount(truth, minlength=len(KNOWN)) / len(who)
        for cause in (PRICE, LATE, RIVAL):
            looks += 1
            inside += int(estimated.low[cause] <= real[cause] <= estimated.high[cause])
        assert estimated.share.argmax() == real.argmax()
        assert estimated.share.sum() == pytest.approx(1.0)
    assert inside / looks >= 0.9  # 95 % of 120 looks, less what chance allows


def test_without_a_voice_every_share_is_possible() -> None:
    who = losses(100, 100)
    found = told(who)
    estimated = shares(voices(found.evidence, 2, len(KNOWN)), np.zeros(2, np.int64))
    assert (estimated.low.tolist(), estimated.high.tolist()) == ([0.0] * 4, [1.0] * 4)
    assert estimated.spoke == 0


def test_a_stratum_that_says_nothing_widens_the_interval() -> None:
    who = losses(*[100] * 400)
    found = told(who, *[(at, 100, Kind.WORDS, PRICE) for at in range(1, 201)])
    voice = voices(found.evidence, 400, len(KNOWN))
    heard = shares(voice, np.zeros(400, np.int64))
    unheard = shares(voice, (np.arange(400) >= 200).astype(np.int64))
    assert heard.low[PRICE] > 0.9
    assert unheard.low[PRICE] <= 0.5


def test_a_cause_stands_out_where_it_is_planted_and_nowhere_else() -> None:
    country = np.array(["IE"] * 300 + ["BG"] * 60, object)
    cause = np.array([PRICE, RIVAL, LATE] * 100 + [RIVAL] * 50 + [PRICE] * 10)
    found = groups(country, cause, np.ones(360, np.int64), len(KNOWN))
    assert [(each.name, each.losses, each.known) for each in found] == [("IE", 300, 300), ("BG", 60, 60)]
    by_name = {each.name: {out.cause for out in each.stands_out} for each in found}
    assert by_name["BG"] == {RIVAL}
    assert RIVAL not in by_name["IE"]


def test_chance_makes_no_cause_stand_out() -> None:
    draw = np.random.default_rng(1)
    false = 0
    for _ in range(40):
        country = draw.choice(np.array(["a", "b", "c", "d", "e"], object), 1_000)
        found = groups(country, draw.choice(4, 1_000), np.ones(1_000, np.int64), 4)
        false += any(each.stands_out for each in found)
    assert false <= 6


def test_tenure_is_the_time_until_the_decision() -> None:
    assert tenure(np.zeros(3, np.int64), np.array([10, 90, 365])).tolist() == ["early", "first_year", "later"]
