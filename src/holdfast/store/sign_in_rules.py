"""What a workspace decided about signing in: how long a session lasts, who needs a second factor."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields

from holdfast import store
from holdfast.settings import Settings
from holdfast.store import sql

MINUTE_US = 60_000_000
IDLE_MINUTES = (15, 30, 60, 120, 240, 480, 720)
LONGEST_HOURS = (1, 4, 8, 12, 24, 72, 168)


@dataclass(frozen=True, slots=True)
class Rules:
    """``idle_minutes``: a session that nobody uses ends so soon; ``longest_hours``: every session does.

    ``second_factor_roles``: people of these roles come no further without a second factor.
    """

    idle_minutes: int = 120
    longest_hours: int = 12
    second_factor_roles: tuple[str, ...] = ()

    def ends_us(self, since_us: int, last_us: int) -> int:
        """When a session that began at ``since_us`` and was last used at ``last_us`` ends."""
        return min(last_us + self.idle_minutes * MINUTE_US, since_us + self.longest_hours * 60 * MINUTE_US)


def read(settings: Settings) -> Rules:
    """What was decided; the rest stands as it comes."""
    store.connect(settings)
    return current()


def current() -> Rules:
    """The rules of the workspace that is connected, for who has no settings at hand."""
    known = {name: json.loads(value) for name, value in sql.read("SELECT name, value FROM sign_in_rule")}
    names = {each.name for each in fields(Rules)}
    kept = {name: value for name, value in known.items() if name in names}
    if "second_factor_roles" in kept:
        kept["second_factor_roles"] = tuple(kept["second_factor_roles"])
    return Rules(**kept)


def write(settings: Settings, rules: Rules) -> None:
    """Keep these rules; sessions that run obey them from now on."""
    store.connect(settings)
    idle, longest = rules.idle_minutes * MINUTE_US, rules.longest_hours * 60 * MINUTE_US
    with sql.short_write():
        for name, value in asdict(rules).items():
            sql.write(
                "INSERT INTO sign_in_rule (name, value) VALUES (%s, %s) "
                "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, json.dumps(value)),
            )
        sql.write(
            "UPDATE person_session SET expires_us = CASE WHEN last_us + %s < since_us + %s "
            "THEN last_us + %s ELSE since_us + %s END WHERE person_id IS NOT NULL",
            (idle, longest, idle, longest),
        )
