"""Portfolios: whose customers somebody looks after, and what the workspace decided about who sees whom.

Two decisions are kept: whether agents see everybody or only their own, and what of personal data each
role sees. They are read with each request, so that they hold from the next one on.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from holdfast import store
from holdfast.domain.masking import SHOWN, Sight, usual_sight
from holdfast.settings import Settings
from holdfast.store import care_settings, linked, sql
from holdfast.store.linking import units_of
from holdfast.store.members import members

RIGHTS = "rights"
"""Under which name the decisions are kept."""


NARROWED = frozenset({"agent"})
"""Roles that a workspace may let see their own customers only: the others answer for all of them."""


def may_be_narrowed(role: str) -> bool:
    """Whether a role can be one that sees only its own customers."""
    return role in NARROWED


@dataclass(frozen=True, slots=True)
class Decided:
    """What a workspace decided: ``own_only`` are roles that see only customers they look after.

    ``points`` and ``names`` say for each role how contact points and names are shown to it.
    """

    own_only: frozenset[str] = frozenset()
    points: Mapping[str, Sight] = field(default_factory=dict)
    names: Mapping[str, Sight] = field(default_factory=dict)

    def sight_of_points(self, role: str) -> Sight:
        """How e-mail addresses, telephone numbers and postal addresses are shown to a role."""
        return self.points.get(role, usual_sight(role))

    def sight_of_names(self, role: str) -> Sight:
        """How names of people are shown to a role: whole, unless somebody decided otherwise."""
        return self.names.get(role, SHOWN)


def decided(settings: Settings) -> Decided:
    """What was decided; without a decision everybody sees everybody, and contact points as is usual."""
    kept: dict[str, Any] = care_settings.read(settings, RIGHTS).get(RIGHTS, {})
    return Decided(
        frozenset(kept.get("own_only", ())) & NARROWED, kept.get("points", {}), kept.get("names", {})
    )


def decide(settings: Settings, wanted: Decided) -> None:
    """Keep a decision; it holds from the next request on. Joins the transaction."""
    care_settings.write(
        settings,
        RIGHTS,
        {
            "own_only": sorted(wanted.own_only),
            "points": dict(wanted.points),
            "names": dict(wanted.names),
        },
    )


def portfolio(settings: Settings, person_id: int) -> frozenset[int]:
    """The units that somebody looks after: by themselves, or through an account they belong to.

    A few statements for each five hundred customers.
    """
    store.connect(settings)
    rows = sql.read("SELECT subject_id FROM owner WHERE person_id = %s AND until_us IS NULL", (person_id,))
    owned = {int(subject) for (subject,) in rows}
    for stretch in linked.stretches(sorted(owned)):
        owned |= {int(subject) for (subject,) in sql.read(_CONTACTS.format(among=linked.among(stretch)))}
    return frozenset(units_of(settings, owned).values())


_CONTACTS = (
    "SELECT a.subject_id FROM account_contact a LEFT JOIN import i ON i.id = a.import_id "
    "WHERE a.account_id IN {among} AND a.to_us IS NULL AND (a.import_id IS NULL OR i.state = 'done')"
)


def owner_of_unit(settings: Settings) -> dict[int, int]:
    """Which person looks after each unit that somebody looks after; of several, one."""
    store.connect(settings)
    rows = sql.read("SELECT DISTINCT person_id FROM owner WHERE until_us IS NULL AND person_id IS NOT NULL")
    return {unit: person for (person,) in rows for unit in portfolio(settings, int(person))}


def seen_among(settings: Settings, theirs: Collection[int], wanted: Collection[int]) -> frozenset[int]:
    """Those of the ids ``wanted`` (units, or subjects of them) that belong to units in ``theirs``."""
    unit_of = units_of(settings, set(wanted))
    return frozenset(each for each in wanted if unit_of.get(each, each) in theirs)


def subjects(settings: Settings, units: Collection[int]) -> frozenset[int]:
    """Every id that belongs to these units."""
    return frozenset(members(settings, units).unit_of)
