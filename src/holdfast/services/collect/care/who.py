"""The customer about whom something is written."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.settings import Settings


@dataclass(frozen=True, slots=True)
class Who:
    """A customer with all ids that belong to it now."""

    unit_id: int
    subjects: tuple[int, ...]


def who(settings: Settings, unit_id: int) -> Who:
    """The customer of this number. Refuses one that was never given."""
    from holdfast.store.known_ids import exists
    from holdfast.store.profile import subjects_of

    if not exists(settings, unit_id):
        raise Refusal(
            "no_such_customer",
            found=Text("There is no customer {id}.", id=str(unit_id)),
            expected=Text("The number of a customer of this workspace."),
            remedy=Text("Look for the name in the list of customers."),
        )
    return Who(unit_id, tuple(subjects_of(settings, unit_id)))


def named(settings: Settings, wanted: str) -> Who:
    """The customer whom ``wanted`` names, as :func:`holdfast.services.collect.look_up.unit_named`."""
    from holdfast.services.collect.look_up import unit_named

    return who(settings, unit_named(settings, wanted))
