"""Consent that servers tell with their calls: kept as statements, in the transaction of the calls themselves.

Only the keys of servers tell it: what a key in a page says anybody may say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from holdfast.domain.consent import Statement
from holdfast.services.collect.keys import SEGMENT
from holdfast.settings import Settings

_TELL_OF_CONSENT = frozenset({SEGMENT, "sms", "whatsapp"})
"""Kinds of sources whose calls tell of consent: servers of ours, and channels by which people answer."""

if TYPE_CHECKING:
    from holdfast.connectors.segment_consent import Agreed
    from holdfast.services.collect.understood import Key, Understood


def note_consent(
    settings: Settings, several: Sequence[Understood], ids: Mapping[Key, int], now_us: int
) -> int:
    """Keep what calls of one source say of consent, in the order in which it was said; how many.

    A choice that comes along with every call is kept when it changes: one that is repeated neither fills
    the history nor takes back what the customer told us in between.
    """
    from holdfast.store import consent

    if several[0].source.kind not in _TELL_OF_CONSENT:
        return 0
    told = [
        (ids[each.about], each, agreed)
        for each in sorted(several, key=lambda each: each.at_us)
        if not each.browser
        for agreed in each.call.consent
    ]
    standing = {(subject, name) for subject, _, agreed in told if agreed.standing for name in _both(agreed)}
    subjects, names = {subject for subject, _ in standing}, {name for _, name in standing}
    last = consent.last_told(settings, subjects, names) if standing else {}
    said = []
    for subject, each, agreed in told:
        if agreed.standing:
            this, other = _both(agreed)
            if last.get((subject, this), -1) > last.get((subject, other), -1):
                continue
            last[subject, this] = max(each.at_us, last.get((subject, this), -1))
        said.append(consent.Said(subject, _statement(each, agreed), _address_key(settings, each, agreed)))
    return consent.say(settings, said, now_us=now_us) if said else 0


def _address_key(settings: Settings, each: Understood, agreed: Agreed) -> bytes:
    """Of what was said on a channel of numbers: that number, whoever else has it; else no one address."""
    from holdfast.store import consent, suppression

    if agreed.channel not in suppression.BY_NUMBER or not each.phone:
        return consent.NO_ADDRESS
    return suppression.address_key(settings, agreed.channel, each.phone)


def _both(agreed: Agreed) -> tuple[str, str]:
    """The words of a choice, and of the opposite one."""
    name = agreed.wording.rpartition(": ")[0]
    return agreed.wording, f"{name}: {str(not agreed.given).lower()}"


def _statement(each: Understood, agreed: Agreed) -> Statement:
    source = " ".join(part for part in (each.source.name, each.call.message_id) if part)
    return Statement(
        agreed.topic, agreed.channel, agreed.given, each.at_us, agreed.how, agreed.wording, "", source
    )
