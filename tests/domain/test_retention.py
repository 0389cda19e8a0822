"""Rules of what is kept for how long: groups, names, and who goes before whom."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain.events import EVENT_NAMES
from holdfast.domain.refusals import Refusal
from holdfast.domain.retention import DAY_US, GROUPS, Rule, check_rule, goes, limits

NOW = 1_000 * DAY_US


def test_a_name_goes_before_its_group_and_unknown_names_have_a_group_of_their_own() -> None:
    rules = [Rule("Page Viewed", 10), Rule("group:browsing", 100), Rule("group:others", 5), Rule("Own", 50)]
    by_name, others = limits(rules, NOW)
    assert goes("Page Viewed", NOW - 11 * DAY_US, by_name, others)
    assert not goes("Product Viewed", NOW - 11 * DAY_US, by_name, others)
    assert goes("Product Viewed", NOW - 101 * DAY_US, by_name, others)
    assert goes("Something Else", NOW - 6 * DAY_US, by_name, others)
    assert not goes("Own", NOW - 6 * DAY_US, by_name, others)
    assert not goes("Order Completed", 0, by_name, others)


def test_no_group_holds_what_figures_stand_on_and_none_holds_a_name_twice() -> None:
    names = [name for group in GROUPS.values() for name in group.names]
    assert len(names) == len(set(names))
    assert set(names) <= EVENT_NAMES.keys()
    assert not any(name.startswith(("Order ", "Payment ", "Subscription ", "Invoice ")) for name in names)


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (Rule("group:nothing", 5), "no_such_group"),
        (Rule(" ", 5), "no_such_group"),
        (Rule("Page Viewed", 0), "bad_days"),
        (Rule("Page Viewed", 40_000), "bad_days"),
    ],
)
def test_a_rule_that_means_nothing_is_refused(rule: Rule, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_rule(rule)
    assert refused.value.code == code


@given(st.sampled_from(sorted(EVENT_NAMES)), st.integers(0, 1_000), st.integers(1, 900))
def test_what_goes_by_few_days_goes_whenever_it_goes_by_more(name: str, age: int, days: int) -> None:
    def gone(days: int) -> bool:
        return goes(name, NOW - age * DAY_US, *limits([Rule(name, days)], NOW))

    assert gone(days) or not gone(days + 1)
    assert gone(days) == (age > days)
