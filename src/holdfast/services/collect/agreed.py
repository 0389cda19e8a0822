"""Consent that servers tell with their calls: kept as statements, in the transaction of the calls themselves.

Only the keys of servers tell it: what a key in a page says anybody may say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from holdfast.domain.consent import Statement
from holdfast.services.collect.keys import SEGMENT
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.services.collect.understood import Key, Understood


def note_consent(
    settings: Settings, several: Sequence[Understood], ids: Mapping[Key, int], now_us: int
) -> int:
    """Keep what calls of one source say of consent, in the order in which it was said; how many."""
    from holdfast.store import consent

    if several[0].source.kind != SEGMENT:
        return 0
    said = [
        consent.Said(
            ids[each.about],
            Statement(
                agreed.topic,
                agreed.channel,
                agreed.given,
                each.at_us,
                agreed.how,
                agreed.wording,
                "",
                " ".join(part for part in (each.source.name, each.call.message_id) if part),
            ),
        )
        for each in sorted(several, key=lambda each: each.at_us)
        if not each.browser
        for agreed in each.call.consent
    ]
    return consent.say(settings, said, now_us=now_us) if said else 0
