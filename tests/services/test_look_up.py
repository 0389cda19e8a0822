from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from holdfast.domain.refusals import Refusal
from holdfast.engines import timeline
from holdfast.engines.embedded import EmbeddedEngine
from holdfast.services.collect.look_up import customer, customer_of_unit
from holdfast.services.collect.undo_import import undo_import
from holdfast.services.visible import events_of
from holdfast.settings import Settings
from holdfast.store import customers, standings
from holdfast.store.find import find_units
from staged_lines import NOW_US, Line, import_lines, keys_of

NOW = datetime.fromtimestamp(NOW_US / 1_000_000, UTC)


@pytest.fixture
def shop(workspace: Settings) -> Settings:
    """Ann, known under two ids by her address, and two people called alike."""
    import_lines(
        workspace,
        [
            Line("ann", -40, 500, email="ann@x.org", country="RO", text="Where is my parcel?"),
            Line("ann", -33, 700, email="ann@x.org"),
            Line("ann-2", -1, 900, email="ann@x.org"),
            Line("bob", -5, 100, email="bob@x.org"),
        ],
    )
    return workspace


def test_a3_one_timeline_with_everything(shop: Settings) -> None:
    """A3: one timeline per customer, over all ids of the same person."""
    view = customer(shop, "ann", now=NOW)
    told = view.as_json()
    assert [event["at"][:10] for event in told["events"]] == sorted(
        (event["at"][:10] for event in told["events"]), reverse=True
    )
    assert [event["amount"] for event in told["events"]] == [
        Decimal("9.00"),
        Decimal("7.00"),
        Decimal("5.00"),
    ]
    assert told["events"][-1]["text"] == "Where is my parcel?"
    assert told["customer"]["orders"] == 3
    assert told["customer"]["revenue"] == {"EUR": Decimal("21.00")}
    assert told["customer"]["ids"] == ["customer:ann", "customer:ann-2"]
    assert told["customer"]["emails"] == ["ann@x.org"]
    assert told["customer"]["traits"]["country"] == "RO"
    assert told["more"] is False


def test_a3_gaps_in_service_are_seen(shop: Settings) -> None:
    view = customer(shop, "ann-2", now=NOW)
    assert [(gap.days, gap.goes_on) for gap in view.gaps] == [(32, False)]


@pytest.mark.parametrize(
    "wanted", ["ann", "customer:ann", "ann-2", "ANN@x.org", " ann@x.org ", "Name of ann"]
)
def test_a1_found_by_id_address_or_name(shop: Settings, wanted: str) -> None:
    assert customer(shop, wanted, now=NOW).unit_id == customer(shop, "customer:ann", now=NOW).unit_id


def test_several_are_listed_and_none_is_said(shop: Settings) -> None:
    import_lines(shop, [Line("x:1"), Line("x:2")])
    _list(shop)
    with pytest.raises(Refusal) as refused:
        customer(shop, "name of", now=NOW)
    assert refused.value.code == "several_customers"
    assert "customer:ann" in str(refused.value.found)
    assert customer(shop, "x:2", now=NOW).name == "Name of x:2"
    for wanted in ("nobody", "", "   ", "%", "nobody@x.org", "+40 700 000 000"):
        with pytest.raises(Refusal) as refused:
            customer(shop, wanted, now=NOW)
        assert refused.value.code == "no_such_customer", wanted
    with pytest.raises(Refusal) as refused:
        customer_of_unit(shop, 9_999, now=NOW)
    assert refused.value.code == "no_such_customer"


def test_an_undone_import_names_nobody(shop: Settings) -> None:
    report = import_lines(shop, [Line("zoe", 0, email="zoe@x.org"), Line("bob", 0, 7)])
    assert customer(shop, "bob", now=NOW).history.orders == 2
    undo_import(shop, report.import_id)
    assert find_units(shop, "zoe") == find_units(shop, "zoe@x.org") == []
    assert customer(shop, "bob", now=NOW).history.orders == 1


def test_stretches_show_every_event_once_and_keep_a_moment_together(workspace: Settings) -> None:
    lines = [Line("ann", day, amount) for day in range(30) for amount in (1, 2, 3)]
    import_lines(workspace, lines)
    unit = find_units(workspace, "ann")
    seen, sizes, before = [], [], None
    with EmbeddedEngine(temp=workspace.folder / "spill") as engine:
        events = events_of(workspace, unit)
        while True:
            stretch = timeline.stretch(engine, events, unit, before=before, limit=10)
            seen += [event.event_key for event in stretch.events]
            sizes.append(len(stretch.events))
            before = stretch.earlier
            if before is None:
                break
    assert sorted(seen) == sorted(keys_of(lines))
    assert set(sizes) <= {12, 90 % 12}, "three lines of a day are not torn apart"


def test_a_moment_with_very_many_events_is_cut_and_goes_on(
    workspace: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timeline, "LONGEST", 4)
    lines = [Line("ann", 0, amount) for amount in range(11)]
    import_lines(workspace, lines)
    unit = find_units(workspace, "ann")
    seen, before = [], None
    with EmbeddedEngine(temp=workspace.folder / "spill") as engine:
        for _ in range(3):
            stretch = timeline.stretch(engine, events_of(workspace, unit), unit, before=before, limit=2)
            seen += [event.event_key for event in stretch.events]
            before = stretch.earlier
    assert sorted(seen) == sorted(keys_of(lines))
    assert before is None


def test_the_state_comes_from_the_list(shop: Settings) -> None:
    assert customer(shop, "ann", now=NOW).as_json()["customer"]["state"] is None
    _list(shop)
    assert customer(shop, "ann", now=NOW).as_json()["customer"]["state"] == "active"


def test_nobody_has_no_events(workspace: Settings) -> None:
    with EmbeddedEngine(temp=workspace.folder / "spill") as engine:
        events = events_of(workspace, [])
        assert timeline.stretch(engine, events, []) == timeline.Stretch((), None)
        assert timeline.history(engine, events, []).orders == 0


def _list(settings: Settings) -> None:
    from holdfast.store import readers

    units = readers.unit_facts(settings).unit_id.tolist()
    blank: list[None] = [None] * len(units)
    standings.save_standings(
        settings,
        standings.Standings(
            unit_id=units,
            state=["active"] * len(units),
            first_day=blank,
            last_day=blank,
            left_day=blank,
            orders=[1] * len(units),
            amount_minor=[100] * len(units),
            yearly_minor=[100] * len(units),
        ),
    )
    assert customers.list_customers(
        settings, customers.CustomerFilter(), customers.CustomerSort()
    ).matching == len(units)
