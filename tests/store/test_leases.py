from __future__ import annotations

from holdfast.settings import Settings
from holdfast.store import leases


def test_a_lease_is_held_until_its_time_is_over_or_it_is_given_back(base: Settings) -> None:
    assert leases.take(base, "write", "one", now_us=0, seconds=10)
    assert not leases.take(base, "write", "two", now_us=9_999_999, seconds=10)
    assert leases.is_held(base, "write", now_us=9_999_999)
    assert leases.take(base, "write", "one", now_us=5_000_000, seconds=10), "its holder prolongs it"
    assert not leases.take(base, "write", "two", now_us=14_999_999, seconds=10)
    assert leases.take(base, "write", "two", now_us=15_000_000, seconds=10)
    leases.give_back(base, "write", "one")
    assert leases.holder(base, "write") == "two", "only the holder gives it back"
    leases.give_back(base, "write", "two")
    assert leases.holder(base, "write") is None
    assert not leases.is_held(base, "write", now_us=0)
    assert leases.take(base, "other", "one", now_us=0, seconds=1)
