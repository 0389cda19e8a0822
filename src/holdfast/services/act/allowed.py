"""Whether a touch may go out now. The dispatcher asks before it hands anything over; nothing goes round it.

Service and legal messages are never held out: only a Stop, safe mode and an address that does not work
hold them, and quiet hours where these are said to. Messages to our own people have their own path.
Marketing also needs that the customer agreed, a way out in every mail, and keeps to the contact rules over
all plays (:mod:`holdfast.domain.pressure`): nothing of them lets a message go that consent does not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from holdfast.domain.consent import PACE_DAYS, Statement, last_word, pace_of
from holdfast.domain.texts import Text
from holdfast.domain.touch import SEND, TouchRequest, Verdict
from holdfast.services.act.pressing import Person, Wanted, is_asked, press
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.store.linked import Walked
    from holdfast.store.message_settings import Rules

_OFFERS = "offers"
"""What a marketing message is about that does not say it."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What was looked up for all touches together.

    ``people`` are whom the touches that are asked about go to, by their place; ``suppressed`` names why
    nothing may go to an address, ``said`` what people said, ``walked`` which ids belong to one customer.
    """

    rules: Rules
    people: Mapping[int, Person]
    suppressed: Mapping[tuple[str, str], str]
    said: Mapping[Person, Sequence[Statement]]
    walked: Walked


def may_send(settings: Settings, request: TouchRequest, *, now_us: int) -> Verdict:
    """Whether this touch may go out now."""
    return may_send_each(settings, [request], now_us=now_us)[0]


def may_send_each(settings: Settings, requests: Sequence[TouchRequest], *, now_us: int) -> list[Verdict]:
    """Whether each of these may go out now, in order: a few statements for all of them."""
    if not requests:
        return []
    known = _looked_up(settings, requests)
    verdicts = [_verdict(number, request, known) for number, request in enumerate(requests)]
    pressed = [number for number in known.people if verdicts[number] == SEND]
    wanted = [_wanted(requests[number], known.people[number], known) for number in pressed]
    said = press(*(settings, known.rules.contact, wanted, known.walked), agrees=_agrees(known), now_us=now_us)
    for number, verdict in zip(pressed, said, strict=True):
        verdicts[number] = verdict
    return verdicts


def _looked_up(settings: Settings, requests: Sequence[TouchRequest]) -> _Known:
    from holdfast.store import consent, message_settings, suppression
    from holdfast.store.linked import walk

    rules = message_settings.rules(settings)
    outward = [each for each in requests if each.channel != "webhook" and each.purpose != "staff"]
    people = {
        number: _person(settings, each)
        for number, each in enumerate(requests)
        if each.channel != "webhook" and is_asked(rules.contact, each)
    }
    walked = walk({subject for subject, _ in people.values() if subject is not None})
    marketing = {person for number, person in people.items() if requests[number].purpose == "marketing"}
    return _Known(
        rules,
        people,
        suppression.reasons(settings, [(each.channel, each.to.address) for each in outward]),
        consent.of_people(settings, marketing, walked) if marketing else {},
        walked,
    )


def _wanted(request: TouchRequest, person: Person, known: _Known) -> Wanted:
    pace = pace_of(known.said.get(person, ()))
    return Wanted(request, person, PACE_DAYS[pace] if pace else None)


def _agrees(known: _Known) -> Callable[[Person, str, str], bool]:
    """Whether others that wait for the same customers are agreed to, under whichever id."""
    by_unit = {
        known.walked.unit_of(subject): (subject, key) for subject, key in known.said if subject is not None
    }

    def agrees(person: Person, topic: str, channel: str) -> bool:
        subject = person[0]
        if person not in known.said and subject is not None:
            person = by_unit.get(known.walked.unit_of(subject), person)
        return _without_consent(person, topic, channel, known) is None

    return agrees


def _person(settings: Settings, request: TouchRequest) -> Person:
    from holdfast.store import suppression

    to = request.to
    subject = to.subject_id if to.subject_id is not None else to.unit_id
    return subject, suppression.address_key(settings, request.channel, to.address)


def _verdict(number: int, request: TouchRequest, known: _Known) -> Verdict:
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
    return _marketing(request, known.people[number], known)


def _waits_for_safe_mode(request: TouchRequest, rules: Rules) -> bool:
    """Answers to whoever wrote to us by a messenger go: the sender's domain has no part in them."""
    if not rules.safe:
        return False
    if request.channel == "email":
        return not rules.is_safe_address(request.to.address)
    return request.purpose == "marketing"


def _marketing(request: TouchRequest, person: Person, known: _Known) -> Verdict:
    refused = _without_consent(person, request.topic, request.channel, known)
    if refused is not None:
        return refused
    if request.channel == "email" and not known.rules.public_url:
        return _held(
            "no_way_out",
            Text("A mail needs a link to unsubscribe: enter at which address Holdfast is reached."),
        )
    return SEND


def _without_consent(person: Person, topic: str, channel: str, known: _Known) -> Verdict | None:
    """Why consent does not let such a message go; ``None`` where it does."""
    word = last_word(known.said.get(person, ()), topic or _OFFERS, channel)
    if word is not None and not word.given:
        return Verdict("refuse", "consent_withdrawn", Text("The customer does not want such messages."))
    if word is None and not (known.rules.basis == "customers" and person[0] is not None):
        return Verdict("refuse", "no_consent", Text("The customer has not agreed to such messages."))
    return None


def _held(code: str, reason: Text) -> Verdict:
    return Verdict("hold", code, reason)


def _suppressed_words(reason: str) -> Text:
    if reason in ("hard_bounce", "soft_bounces"):
        return Text("Mails to this address come back: it is on the suppression list.")
    if reason == "complaint":
        return Text("The customer reported our mail as spam: the address is on the suppression list.")
    if reason == "unreachable":
        return Text("No messages arrive at the number: it is on the suppression list.")
    if reason == "opted_out":
        return Text("The customer told the provider to send no more: the number is on the suppression list.")
    return Text("The address is on the suppression list.")
