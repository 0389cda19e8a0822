"""What contact rules would have held of messages that went: each is judged as of when it went."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence

from holdfast.domain.pressure import LOOKED_BACK_US, Ask, Past, Policy, judge


def held_before(policy: Policy, sent: Sequence[tuple[Ask, int]]) -> Counter[str]:
    """How many of ``sent`` (each with when it went) the rules would not have let go then, by code.

    What is held takes no room from what came after. Open cases and pauses count as far as the asks say.
    """
    past: dict[Hashable, list[Past]] = defaultdict(list)
    found: Counter[str] = Counter()
    for ask, at_us in sorted(sent, key=lambda each: each[1]):
        before = past[ask.customer.name]
        verdict = judge(policy, [ask], before, at_us)[0]
        if verdict.does != "send":
            found[verdict.code] += 1
            continue
        before.append(Past(ask.customer.name, ask.channel, ask.purpose, at_us))
        while before[0].at_us <= at_us - LOOKED_BACK_US:
            del before[0]
    return found
