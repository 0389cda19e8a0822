"""The channel that suits a customer: declared, else learnt from what they answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from holdfast.domain.channels import PREFERRED_TRAIT, Channel, channel_of
from holdfast.store.told import Said

if TYPE_CHECKING:
    from collections.abc import Mapping

    from holdfast.store.channel_uses import ChannelUse

RATES = "channel_rates"
"""Under which name the company's own tries and answers by channel are kept."""


@dataclass(frozen=True, slots=True)
class ChannelAdvice:
    """The channel that suits, with the reason.

    ``declared`` is what was said (then it wins); otherwise ``tries`` and ``answers`` are those of the
    channel, ``rate`` the steadied chance of an answer. ``channel`` is ``None`` where it is not clear yet:
    ``tries`` then counts all there were.
    """

    channel: Channel | None
    declared: Said | None
    tries: int
    answers: int
    rate: float


def channel_advice(
    said: Sequence[Said], uses: Sequence[ChannelUse], company: Mapping[str, Sequence[int]]
) -> ChannelAdvice:
    """The advice for one customer; ``company`` is (tries, answers) by channel over all of them."""
    from holdfast.learning.answering import Tried, suited_channel, tried

    declared = next((row for row in said if row.trait == PREFERRED_TRAIT), None)
    channel = channel_of(declared.value) if declared is not None else None
    if declared is not None and channel is not None:
        return ChannelAdvice(channel, declared, 0, 0, 0.0)
    found = suited_channel(
        {use.channel: tried(use.asked, use.answered) for use in uses},
        {name: Tried(int(each[0]), int(each[1])) for name, each in company.items()},
    )
    known = channel_of(found.channel) if found.channel else None
    return ChannelAdvice(known, None, found.tries, found.answers, found.rate)
