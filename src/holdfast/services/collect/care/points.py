"""Contact points as our people keep them: added, put in place of another, checked, ended, brought back."""

from __future__ import annotations

import re
from collections.abc import Sequence

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.collect.care.refresh import refresh_units
from holdfast.services.collect.care.staff import staff_source
from holdfast.services.collect.care.typed import gone
from holdfast.services.collect.care.who import Who
from holdfast.settings import Settings
from holdfast.store import contact_points, due, sql
from holdfast.store.contact_points import Action, PointChange

_EMAIL = re.compile(r"[^\s@<>\"',;]{1,64}@[^\s@<>\"',;]{1,185}\.[^\s@<>\"',;.]{2,63}")
_SIGNS = dict.fromkeys(
    map(ord, "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
)


def add_point(settings: Settings, about: Who, kind: str, written: str, *, by: str, now_us: int) -> str:
    """Give a customer another address or number; how it is written from now on.

    Refuses what is none ("bad_point") and what they have already ("have_it").
    """
    value = _read(settings, kind, written)
    held = {(point.kind, point.value): point for point in _points(settings, about)}
    point = held.get((kind, value))
    if point is not None and point.ended is None:
        raise Refusal(
            "have_it",
            found=Text("{value} is known already.", value=value),
            expected=Text("An address or number that this customer does not have yet."),
            remedy=Text("Mark it as checked if it is right."),
        )
    _keep(settings, about, [PointChange(kind, value, "added", "", now_us, by)], add=(kind, value))
    return value


def replace_point(
    settings: Settings, about: Who, kind: str, old: str, written: str, *, by: str, now_us: int
) -> str:
    """Put another address or number in place of one; the old one stays known as ended."""
    value = _read(settings, kind, written)
    _point(settings, about, kind, old)
    if value == old:
        check_point(settings, about, kind, old, by=by, now_us=now_us)
        return value
    changes = [
        PointChange(kind, old, "ended", value, now_us, by),
        PointChange(kind, value, "added", "", now_us, by),
    ]
    _keep(settings, about, changes, add=(kind, value))
    return value


def check_point(settings: Settings, about: Who, kind: str, value: str, *, by: str, now_us: int) -> None:
    """Say that an address or number is right: somebody tried it."""
    _point(settings, about, kind, value)
    _keep(settings, about, [PointChange(kind, value, "checked", "", now_us, by)])


def end_point(settings: Settings, about: Who, kind: str, value: str, *, by: str, now_us: int) -> None:
    """Say that a customer is not reached there any more; it stays known as ended."""
    _point(settings, about, kind, value)
    _keep(settings, about, [PointChange(kind, value, "ended", "", now_us, by)])


def restore_point(settings: Settings, about: Who, kind: str, value: str, *, by: str, now_us: int) -> None:
    """Bring back one that was ended. Refuses one that was not ("no_such_point")."""
    if not any(each.ended and (each.kind, each.value) == (kind, value) for each in _points(settings, about)):
        raise gone("no_such_point")
    _keep(settings, about, [PointChange(kind, value, "restored", "", now_us, by)])


def _points(settings: Settings, about: Who) -> list[contact_points.Point]:
    return contact_points.points_of(settings, about.subjects, about.unit_id)


def _point(settings: Settings, about: Who, kind: str, value: str) -> None:
    """Refuses a contact point that the customer does not have."""
    if not any(
        each.ended is None and (each.kind, each.value) == (kind, value) for each in _points(settings, about)
    ):
        raise gone("no_such_point")


def _keep(
    settings: Settings, about: Who, changes: Sequence[PointChange], *, add: tuple[str, str] | None = None
) -> None:
    """Write it down, and judge the customer's contact points anew."""
    now_us = changes[0].at_us
    source = staff_source(settings, now_us=now_us)
    with sql.short_write():
        if add is not None:
            contact_points.add_point(settings, about.unit_id, *add, import_id=source.import_id)
        for change in changes:
            contact_points.note_change(settings, about.unit_id, change)
        due.touch(settings, [about.unit_id], now_us)
    refresh_units(settings, {about.unit_id: about.subjects}, now_us=now_us)


def _read(settings: Settings, kind: str, written: str) -> str:
    """The address or number in its one spelling, as imports keep it."""
    from holdfast.engines.staging_contacts import PhoneReader

    plain = written.translate(_SIGNS).strip()
    if kind == "email" and len(plain) <= 254 and _EMAIL.fullmatch(plain):
        return plain.lower()
    if kind == "phone" and len(plain) <= 40 and (number := PhoneReader(settings.country)(plain)):
        return number
    raise Refusal(
        "bad_point",
        found=Text(
            "{written} is no address or number that anybody is reached at.", written=plain[:80] or '""'
        ),
        expected=Text("An e-mail address, or a telephone number with its country like +353 1 234 5678."),
        remedy=Text("Mend it; nothing was changed."),
    )


ACTIONS: tuple[Action, ...] = ("added", "checked", "ended", "restored")
"""What can be done with a contact point."""
