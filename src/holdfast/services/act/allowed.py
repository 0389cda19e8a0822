"""Whether a touch may go out now. The dispatcher asks before it hands anything over; nothing goes round it.

Service and legal messages are never held out: only a Stop, safe mode and an address that does not work
hold them. Messages to our own people have their own path. Marketing also needs that the customer agreed,
a way out in every mail, and keeps to the pace the customer chose.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from holdfast.domain.consent import PACE_DAYS, Statement, last_word, pace_of
from holdfast.domain.texts import Text
from holdfast.domain.touch import SEND, TouchRequest, Verdict
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.store.message_settings import Rules

_DAY_US = 86_400_000_000
_OFFERS = "offers"
"""What a marketing message is about that does not say it."""

Person = tuple[int | None, bytes]


@dataclass(frozen=True, slots=True)
class _Known:
    """What was looked up for all touches together.

    ``suppressed`` names why nothing may go to an address, ``said`` what people said, ``last_us`` when a
    customer last had a marketing message.
    """

    rules: Rules
    suppressed: Mapping[tuple[str, str], str]
    said: Mapping[Person, Sequence[Statement]]
    last_us: dict[Person, int]
    now_us: int


def may_send(settings: Settings, request: TouchRequest, *, now_us: int) -> Verdict:
    """Whether this touch may go out now."""
    return may_send_each(settings, [request], now_us=now_us)[0]


def may_send_each(settings: Settings, requests: Sequence[TouchRequest], *, now_us: int) -> list[Verdict]:
    """Whether each of these may go out now, in order: a few statements for all of them."""
    if not requests:
        return []
    known = _looked_up(settings, requests, now_us)
    return [_verdict(settings, request, known) for request in requests]


def _looked_up(settings: Settings, requests: Sequence[TouchRequest], now_us: int) -> _Known:
    from holdfast.store import consent, message_settings, suppression

    outward = [each for each in requests if each.channel != "webhook" and each.purpose != "staff"]
    marketing = {_person(settings, each) for each in outward if each.purpose == "marketing"}
    said = consent.of_people(settings, marketing) if marketing else {}
    paced = [person for person, words in said.items() if pace_of(words)]
    return _Known(
        message_settings.rules(settings),
        suppression.reasons(settings, [(each.channel, each.to.address) for each in outward]),
        said,
        consent.last_marketing(settings, paced) if paced else {},
        now_us,
    )


def _person(settings: Settings, request: TouchRequest) -> Person:
    from holdfast.store import suppression

    to = request.to
    subject = to.subject_id if to.subject_id is not None else to.unit_id
    return subject, suppression.address_key(settings, request.channel, to.address)


def _verdict(settings: Settings, request: TouchRequest, known: _Known) -> Verdict:
    """The order of the questions is part of the rule: the widest first."""
    from holdfast.store.suppression import WHATEVER_IT_IS

    if known.rules.stop is not None:
        return _held("stopped", Text("All sending is stopped."))
    if request.channel == "webhook":  # to another system of ours, never to a customer
        return SEND
    if _waits_for_safe_mode(request, known.rules):
        return _held("safe_mode", Text("Safe mode lets mails go only to our own people on the list."))
    if request.purpose == "staff":
        return SEND
    reason = known.suppressed.get((request.channel, request.to.address), "")
    if reason in WHATEVER_IT_IS or (reason and request.purpose == "marketing"):
        return Verdict("refuse", f"suppressed_{reason}", _suppressed_words(reason))
    if request.purpose != "marketing":
        return SEND
    return _marketing(request, _person(settings, request), known)


def _waits_for_safe_mode(request: TouchRequest, rules: Rules) -> bool:
    """Answers to whoever wrote to us by a messenger go: the sender's domain has no part in them."""
    if not rules.safe:
        return False
    if request.channel == "email":
        return not rules.is_safe_address(request.to.address)
    return request.purpose == "marketing"


def _marketing(request: TouchRequest, person: Person, known: _Known) -> Verdict:
    said = known.said.get(person, ())
    word = last_word(said, request.topic or _OFFERS, request.channel)
    if word is not None and not word.given:
        return Verdict("refuse", "consent_withdrawn", Text("The customer does not want such messages."))
    if word is None and not (known.rules.basis == "customers" and person[0] is not None):
        return Verdict("refuse", "no_consent", Text("The customer has not agreed to such messages."))
    if request.channel == "email" and not known.rules.public_url:
        return _held(
            "no_way_out",
            Text("A mail needs a link to unsubscribe: enter at which address Holdfast is reached."),
        )
    if pace := pace_of(said):
        free_us = known.last_us.get(person, 0) + PACE_DAYS[pace] * _DAY_US
        if free_us > known.now_us:
            return _held("pace", Text("The customer wants to hear of us less often."), again_us=free_us)
    known.last_us[person] = known.now_us  # the next one of these is no more than the pace allows either
    return SEND


def _held(code: str, reason: Text, again_us: int | None = None) -> Verdict:
    return Verdict("hold", code, reason, again_us)


def _suppressed_words(reason: str) -> Text:
    if reason in ("hard_bounce", "soft_bounces"):
        return Text("Mails to this address come back: it is on the suppression list.")
    if reason == "complaint":
        return Text("The customer reported our mail as spam: the address is on the suppression list.")
    return Text("The address is on the suppression list.")
