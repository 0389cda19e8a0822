"""Consent given on paper, by telephone or face to face: one of us records it, with the proof."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from holdfast.domain.consent import ANY, BY_HAND, CALLS, CHANNELS, TOPICS, Statement
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.settings import Settings

LONGEST_WORDING = 2_000
LONGEST_SOURCE = 300


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was said, as one of us writes it down.

    ``wording`` is what stood before the customer or was read to them, ``source`` where the proof lies (a
    folder, a call's number). It is about the customer, wherever they are reached.
    """

    topic: str
    channel: str
    given: bool
    at_us: int
    how: str
    wording: str
    source: str


def record(settings: Settings, subject_id: int, recorded: Recorded, *, by: str, now_us: int) -> None:
    """Keep it for ever. Refuses ("bad_consent") what cannot be, and a consent without its wording."""
    from holdfast.store import consent

    _check(recorded, now_us)
    statement = Statement(
        recorded.topic,
        recorded.channel,
        recorded.given,
        recorded.at_us,
        recorded.how,
        _kept(recorded.wording, LONGEST_WORDING),
        by,
        _kept(recorded.source, LONGEST_SOURCE),
    )
    consent.say(settings, [consent.Said(subject_id, statement)], now_us=now_us)


def suppressed_among(settings: Settings, addresses: Sequence[str]) -> dict[str, str]:
    """Mail address to why nothing goes there, of those that are on the suppression list."""
    from holdfast.store import suppression

    found = suppression.reasons(settings, [("email", each) for each in addresses])
    return {address: reason for (_, address), reason in found.items()}


def _check(recorded: Recorded, now_us: int) -> None:
    wrong: Text | None = None
    if recorded.topic not in (ANY, *TOPICS) or recorded.channel not in (ANY, *CHANNELS, CALLS):
        wrong = Text("There is no such message.")
    elif recorded.how not in BY_HAND:
        wrong = Text("Nobody says it in this way.")
    elif recorded.at_us > now_us:
        wrong = Text("The moment lies ahead.")
    elif recorded.given and not recorded.wording.strip():
        wrong = Text("It does not say to what the customer agreed.")
    if wrong is not None:
        raise Refusal(
            "bad_consent",
            found=wrong,
            expected=Text("What was agreed to, when, how, and in which words."),
            remedy=Text("Write the words that stood before the customer, or were read to them."),
        )


def _kept(written: str, longest: int) -> str:
    plain = written.replace("\r\n", "\n").replace("\0", "")
    return plain.encode("utf-8", "ignore").decode("utf-8").strip()[:longest]
