"""Views of lists that people save: whose they are, their order, deleted and back, swept."""

from __future__ import annotations

import pytest

from holdfast.settings import Settings
from holdfast.store import alerts_read, saved_views, segments
from holdfast.store.saved_views import MOST, views_for

ANN, BEN = 1, 2


def save(settings: Settings, title: str, person: int = ANN, *, shared: bool = False) -> int:
    made = saved_views.add(settings, person, "customers", title, "?state=lapsed", shared=shared, now_us=7)
    assert made is not None
    return made


def titles(settings: Settings, person: int) -> list[str]:
    return [view.title for view in views_for(settings, person, "customers")]


def test_a_view_is_its_makers_until_it_is_shared(base: Settings) -> None:
    save(base, "Lost", ANN)
    shared = save(base, "For all", ANN, shared=True)
    save(base, "Mine", BEN)
    assert titles(base, ANN) == ["Lost", "For all"]
    assert titles(base, BEN) == ["Mine", "For all"]
    assert views_for(base, ANN, "inbox") == []
    saved_views.change(base, shared, shared=False, title="Only me")
    assert titles(base, BEN) == ["Mine"]
    assert titles(base, ANN) == ["Lost", "Only me"]


def test_views_are_put_in_order(base: Settings) -> None:
    first, *_, last = [save(base, title) for title in "abc"]
    for view_id, step in ((last, -1), (last, -1), (last, -1), (first, 1)):
        view = saved_views.one(base, view_id)
        assert view is not None
        saved_views.move(base, view, step)
    assert titles(base, ANN) == ["c", "b", "a"]


def test_a_deleted_view_comes_back_where_it_stood_until_it_is_swept(base: Settings) -> None:
    save(base, "a")
    gone = save(base, "b")
    save(base, "c")
    found = saved_views.one(base, gone)
    assert found is not None
    saved_views.delete(base, gone, now_us=100)
    saved_views.move(base, found, -1)
    assert titles(base, ANN) == ["a", "c"]
    assert saved_views.sweep(base, 100) == 0
    saved_views.restore(base, gone)
    assert titles(base, ANN) == ["a", "b", "c"]
    saved_views.delete(base, gone, now_us=100)
    assert saved_views.sweep(base, 101) == 1
    assert saved_views.one(base, gone) is None


def test_there_are_no_more_than_somebody_can_look_through(base: Settings) -> None:
    for number in range(MOST):
        save(base, str(number))
    assert saved_views.add(base, ANN, "customers", "x", "", now_us=1) is None
    assert saved_views.add(base, BEN, "customers", "x", "", now_us=1) is not None


def test_an_alert_is_put_away_for_one_person(base: Settings) -> None:
    for _ in range(2):
        alerts_read.note_read(base, ANN, "churn_rising:month:2026-10-01", now_us=1)
    assert alerts_read.has_read(base, ANN, "churn_rising:month:2026-10-01")
    assert not alerts_read.has_read(base, BEN, "churn_rising:month:2026-10-01")
    assert not alerts_read.has_read(base, ANN, "churn_rising:month:2026-11-01")
    alerts_read.note_unread(base, ANN, "churn_rising:month:2026-10-01")
    assert not alerts_read.has_read(base, ANN, "churn_rising:month:2026-10-01")


def test_a7_a_deleted_segment_comes_back_with_its_members_until_it_is_swept(base: Settings) -> None:
    made = segments.save(base, "gold", "Gold", {"trait": "plan", "is": "gold"}, now_us=1)
    segments.apply(base, made, entered=[5, 6], left=[], day=1, now_us=1, moved=False)
    segments.note_checked(base, made, size=2, day=1, now_us=1, ruled_us=1)
    segments.set_aside(base, made, now_us=50)
    assert segments.listed(base) == []
    assert segments.by_key(base, "gold") is None
    assert segments.segments_of(base, 5) == []
    segments.bring_back(base, made)
    kept = segments.by_key(base, "gold")
    assert kept is not None
    assert kept.checked_us is None  # everybody is looked at anew
    assert [key for key, _, _ in segments.segments_of(base, 5)] == ["gold"]
    segments.set_aside(base, made, now_us=50)
    assert segments.sweep(base, 51) == 1
    assert segments.deleted_by_key(base, "gold") is None


def test_a7_a_new_segment_takes_the_place_of_a_deleted_one(base: Settings) -> None:
    old = segments.save(base, "gold", "Gold", {"trait": "plan", "is": "gold"}, now_us=1)
    with pytest.raises(LookupError):
        segments.save(base, "gold", "Gold", {}, now_us=1)
    segments.set_aside(base, old, now_us=2)
    assert segments.save(base, "gold", "Gold again", {}, now_us=3) != old
    assert segments.deleted_by_key(base, "gold") is None
