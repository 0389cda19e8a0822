"""E3: who of us looked after a customer counts as of the day, not as of now."""

from __future__ import annotations

import numpy as np

from holdfast.analytics.local_days import day_start_us
from holdfast.services.understand.common_columns import AGENT, with_agents
from holdfast.services.understand.contact_points import FEWEST_MET, PREFIX, contacts
from holdfast.settings import Settings
from holdfast.store import owners, sql
from holdfast.store.users import create_user

FIRST, LATER = 20_000, 20_100


def test_e3_the_agent_of_a_row_is_who_looked_after_the_customer_on_its_day(workspace: Settings) -> None:
    create_user(
        workspace, email="niamh@example.com", name="Niamh Kelly", role="agent", password="kelp-holds-to-rock"
    )
    (niamh,) = owners.people(workspace)
    since = day_start_us(FIRST + 50, workspace.zone)
    sql.write(
        "INSERT INTO owner (subject_id, person_id, from_us, set_by) VALUES (%s, %s, %s, '')",
        (7, niamh.id, since),
    )
    unit = np.array([7, 8, 7, 8], np.int64)
    at_day = np.array([FIRST, FIRST, LATER, LATER])
    columns = with_agents(workspace, {"plan": np.zeros(4)}, unit, at_day)
    assert columns[AGENT].tolist() == [None, None, "Niamh Kelly", None]


def test_e3_without_agents_there_is_no_such_column(workspace: Settings) -> None:
    assert AGENT not in with_agents(workspace, {}, np.array([7], np.int64), np.array([FIRST]))


def test_e6_what_only_the_active_meet_does_not_look_as_if_it_kept_them() -> None:
    """Users of the product leave half as often and get the mail five times as often; it does nothing."""
    random = np.random.default_rng(5)
    uses = random.random(20_000) < 0.5
    mail = random.random(20_000) < np.where(uses, 0.5, 0.1)
    declined = random.random(20_000) < 0.05
    left = random.random(20_000) < np.where(uses, 0.1, 0.2) * np.where(declined, 2.0, 1.0)
    columns = {f"{PREFIX}{name}": own.astype(float) for name, own in
               (("app", uses), ("mail", mail), ("declined", declined))}  # fmt: skip
    found = {each.key: each for each in contacts(columns, left, np.zeros(20_000, np.int64), uses & False)}
    assert found["mail"].judged == ""
    assert found["declined"].judged == "more"
    seen = found["declined"].compared
    assert seen.low is not None
    assert seen.high is not None
    assert seen.low < 2.0 < seen.high
    assert next(iter(found)) == "declined"


def test_e6_an_occasion_that_few_met_is_left_out() -> None:
    met = np.zeros(1_000)
    met[: FEWEST_MET - 1] = 1
    left = np.arange(1_000) % 2 == 0
    assert not contacts({f"{PREFIX}mail": met}, left, np.zeros(1_000, np.int64), left & False)
