"""Figures, a segment and risks for dashboards, as the loop would have saved them."""

from __future__ import annotations

from datetime import date

from brought import subject
from holdfast.domain.figures import Figure
from holdfast.domain.period import Period
from holdfast.domain.texts import Text
from holdfast.settings import Settings
from holdfast.store import figures, segments, sql
from holdfast.store.figures import note_run

MONTHS = [(date(2026, n, 1), date(2026, n + 1, 1)) for n in range(1, 11)]
AS_OF = date(2026, 11, 16)
NOW_US = 1_794_000_000_000_000


def rate(start: date, end: date, value: float, group: str | None = None) -> Figure:
    return Figure(
        "churn_rate",
        "lost_of_start",
        Period(start, end, "month"),
        value,
        "share",
        Text("lost in the period ÷ customers at its start"),
        low=value * 0.9,
        high=value * 1.1,
        group=group,
    )


def save(settings: Settings, *, last: float = 0.03) -> None:
    """Ten months of churn and customers; the last month's churn is ``last``."""
    found: list[Figure] = []
    for number, (start, end) in enumerate(MONTHS):
        value = last if number == len(MONTHS) - 1 else 0.02 + number / 1_000
        found.append(rate(start, end, value))
        found += [
            rate(start, end, value * times, f"country={code}") for code, times in (("IE", 1.5), ("RO", 0.5))
        ]
        found.append(
            Figure(
                "active_customers",
                "",
                Period(start, end, "month"),
                1_000 + 10 * number,
                "customers",
                Text("customers who bought in the period"),
            )
        )
    figures.save_figures(settings, found, as_of=AS_OF, now_us=NOW_US)
    note_run(settings, as_of=AS_OF, finished_us=NOW_US, report={})


def people(settings: Settings, *names: str) -> list[int]:
    """Customers with these names in the list, all of them scored; their numbers."""
    units = []
    for number, name in enumerate(names):
        unit = subject(settings, f"r{number}")
        units.append(unit)
        sql.write(
            "INSERT INTO standing (unit_id, name, kind, country, source, state, orders, amount_minor, "
            "yearly_minor, name_key, last_key, search, fingerprint) VALUES (%s, %s, 'person', 'IE', 'shop', "
            "'active', 3, 12345, 0, %s, 0, '', -1)",
            (unit, name, name.lower()),
        )
        sql.write(
            "INSERT INTO risk_score (unit_id, risk, value_minor, value_at_risk_minor, drivers, cause, state, "
            "country, as_of_day, model_version) "
            "VALUES (%s, %s, 100000, %s, '[]', '', 'active', 'IE', 20700, 1)",
            (unit, 0.6 - number / 10, 60_000 - number),
        )
    return units


def segment(settings: Settings, key: str, units: list[int]) -> int:
    """A segment that was looked at, with these members; its number."""
    rule = {"fact": "orders", "at_least": 1}
    number = segments.save(settings, key, key.title(), rule, made_by="ann@example.com", now_us=NOW_US)
    segments.apply(settings, number, units, [], day=20_700, now_us=NOW_US)
    segments.note_checked(settings, number, size=len(units), day=20_700, now_us=NOW_US, ruled_us=NOW_US)
    return number
