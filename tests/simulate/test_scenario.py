"""What is planted shows, and only there: two lives of one company, with it and without."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from companies import live
from holdfast.simulate.causes import CAUSE_IDS
from holdfast.simulate.countries import country_index
from holdfast.simulate.people import Stage
from holdfast.simulate.scenario import (
    NEXT_OUTAGE_AFTER,
    Courier,
    Drift,
    Outage,
    PriceChange,
    Scenario,
    Shock,
    scenario_from_json,
    usual_scenario,
)
from holdfast.simulate.truth import planted
from holdfast.simulate.world import World

BARE = Scenario(seed=13, customers=3_000, days=150)


def wavers(world: World, cause: str, since: int, country: str | None = None) -> int:
    """How many began to waver for a cause from a day on."""
    noted = world.ledger.read("wavers")
    chosen = (noted["cause"] == CAUSE_IDS.index(cause)) & (noted["day"] >= since)
    if country is not None:
        rows = world.people.rows_of(noted["person"])
        chosen &= world.people.country[rows] == country_index(country)
    return int(chosen.sum())


def lived(scenario: Scenario) -> World:
    world = World(scenario)
    live(world, scenario.days)
    return world


@pytest.fixture(scope="module")
def bare() -> World:
    return lived(BARE)


def test_a_price_change_makes_people_leave_for_the_price(bare: World) -> None:
    with_it = lived(replace(BARE, price_change=PriceChange(day=90)))
    assert wavers(with_it, "price_too_high", 90) > 2.5 * wavers(bare, "price_too_high", 90)
    assert wavers(with_it, "no_longer_needed", 90) == pytest.approx(
        wavers(bare, "no_longer_needed", 90), abs=6
    )
    untold = wavers(with_it, "no_information", 90, "RO") - wavers(bare, "no_information", 90, "RO")
    assert untold > 0


def test_an_outage_is_felt_by_those_who_use_the_app(bare: World) -> None:
    with_it = lived(replace(BARE, outage=Outage(day=90)))
    assert wavers(with_it, "bugs_outages", 90) > wavers(bare, "bugs_outages", 90) + 5
    assert wavers(with_it, "bugs_outages", 0) - wavers(with_it, "bugs_outages", 90) == wavers(
        bare, "bugs_outages", 0
    ) - wavers(bare, "bugs_outages", 90)


def test_the_usual_company_has_an_outage_ahead() -> None:
    scenario = usual_scenario(seed=5, customers=300, days=60)
    world = World(scenario)
    live(world, scenario.days)
    assert [each["what"] for each in planted(world)].count("outage") == 1
    used = [(world.step().tables["events"]["name"] == "Feature Used").sum() for _ in range(30)]
    assert [day for day, number in enumerate(used) if not number] == [NEXT_OUTAGE_AFTER]
    assert [each["what"] for each in planted(world)].count("outage") == 2


def test_a_courier_and_a_shock_are_felt_in_their_country_only(bare: World) -> None:
    planted = replace(
        BARE,
        courier=Courier(day=60, until=150, late=0.8),
        shocks=(Shock(60, 150, "BG", "competitor_better_offer", 8.0),),
    )
    with_it = lived(planted)
    assert wavers(with_it, "late_delivery", 60, "RO") > 2 * wavers(bare, "late_delivery", 60, "RO")
    assert wavers(with_it, "late_delivery", 60, "IE") == wavers(bare, "late_delivery", 60, "IE")
    cause = "competitor_better_offer"
    assert wavers(with_it, cause, 60, "BG") > 3 * max(1, wavers(bare, cause, 60, "BG"))
    assert wavers(with_it, cause, 60, "SG") == wavers(bare, cause, 60, "SG")


def test_drift_multiplies_every_hazard_from_its_day_on(bare: World) -> None:
    with_it = lived(replace(BARE, drift=Drift(day=75, factor=2.5)))
    noted, usual = with_it.ledger.read("wavers")["day"], bare.ledger.read("wavers")["day"]
    assert (noted < 75).sum() == (usual < 75).sum()
    ratio = (noted >= 75).sum() / (usual >= 75).sum()
    assert 1.8 < ratio < 3.0  # those who left cannot begin to waver again


def test_how_quiet_the_wavering_become_can_be_chosen() -> None:
    world = World(replace(BARE, wavering_use=0.0))
    before = 0
    for _ in range(120):
        wavering = set(world.people.person[world.people.stage == Stage.WAVERING].tolist())
        events = world.step().tables["events"]
        used = events["customer"][events["name"] == "Feature Used"].tolist()
        assert not {int(customer[1:]) for customer in used} & wavering
        before += len(used)
    assert before > 1_000


def test_levels_scale_leaving() -> None:
    few, many = lived(replace(BARE, level=0.2)), lived(replace(BARE, level=2.0))
    assert len(many.ledger.read("losses")["day"]) > 4 * len(few.ledger.read("losses")["day"])


def test_a_scenario_survives_being_written_and_read() -> None:
    scenario = replace(usual_scenario(customers=10), drift=Drift(5, 2.0))
    assert scenario_from_json(scenario.as_json()) == scenario
    assert scenario_from_json(scenario.without().as_json()) == scenario.without()


def test_nothing_is_planted_where_it_is_taken_away() -> None:
    scenario = usual_scenario(customers=10)
    assert scenario.without() == Scenario(customers=10)
    assert scenario.without("outage") == replace(scenario, outage=None)


def test_a_company_of_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one customer"):
        Scenario(customers=0)


def test_hazards_stay_finite_however_much_is_piled_up() -> None:
    world = lived(replace(BARE, customers=300, late_share=0.9, bad_batch_share=0.5, payment_failed=0.5))
    assert np.isfinite(world.people.grievance).all()
    assert (world.people.grievance >= 0).all()
