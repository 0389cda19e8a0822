"""What our own people know of one customer, as ``holdfast customer --json`` documents it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from holdfast.settings import Settings


def care_as_json(settings: Settings, unit_id: int, subjects: Sequence[int]) -> dict[str, Any]:
    """Owner, contact points with their states, the channel that suits, needs, notes and documents."""
    from holdfast.services.collect.care.view import care_of
    from holdfast.services.collect.look_up import moment
    from holdfast.store import notes

    care = care_of(settings, unit_id, subjects, thresholds=(0.25, 0.5))
    owner = care.own.person if care.own and care.own.person else None
    through = care.through.person if care.through and care.through.person else None
    return {
        "owner": owner.email if owner else through.email if through else None,
        "contact_points": [
            {
                "kind": point.kind,
                "value": point.value,
                "state": point.state or None,
                "ended_at": moment(point.ended.at_us) if point.ended else None,
            }
            for point in care.points
        ],
        "channel": {
            "channel": care.advice.channel,
            "declared": care.advice.declared is not None,
            "tries": care.advice.tries,
            "answers": care.advice.answers,
        },
        "needs": {need.field.key: need.said.value if need.said else None for need in care.needs},
        "notes": [
            {"at": moment(note.at_us), "by": note.made_by, "text": note.text}
            for note in notes.of(settings, subjects)
        ],
        "documents": [
            {"at": moment(each.at_us), "by": each.made_by, "name": each.name, "bytes": each.size}
            for each in care.documents
        ],
    }
