"""Consents and suppressions of other programs, taken in: never in the direction of more messages.

Who refused stays refused, whatever a file says of it; who stands on the suppression list stays there. A
consent is kept where nothing was said before, with the words, the moment and the file as its proof. The
same file again changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from holdfast.connectors.consents.contract import Bad, Told
from holdfast.domain.consent import ANY, TOPICS, Statement, last_word
from holdfast.domain.moments import microseconds
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.store.consent import Said
    from holdfast.store.suppression import New

_AT_ONCE = 200
"""Rows in one transaction."""

MOST_REJECTED = 500
"""Rejected rows that are told one by one."""

LONGEST_WORDING = 2_000
_FIRST = ("bounced", "complaint", "refused")
"""What is taken in before any consent of the same files."""

OUTCOMES: Mapping[str, Text] = {
    "agreed": Text("agreed, and may be written to"),
    "refused": Text("want no more messages"),
    "suppressed": Text("put on the suppression list"),
    "known": Text("known already"),
    "kept_refused": Text("agreed there, and refused here: they stay refused"),
    "nothing": Text("of whom the file says nothing"),
    "erased": Text("were erased here, and stay so"),
    "rejected": Text("rows rejected"),
}
"""What became of rows, in the order in which it is told."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of rows: how many by :data:`OUTCOMES`, and the first rejected ones with the reason."""

    counts: Mapping[str, int]
    rejected: tuple[Bad, ...]


@dataclass(frozen=True, slots=True)
class Meant:
    """How the rows are meant: where they come from, and for rows that do not say it themselves to which
    ``topics`` and in which ``wording`` people agreed. ``by`` is who of us brings them.
    """

    source: str
    topics: tuple[str, ...] = ("news",)
    wording: str = ""
    by: str = ""


@dataclass(slots=True)
class _Batch:
    """What is to be written of a few rows."""

    said: list[Said] = field(default_factory=list)
    suppressed: list[New] = field(default_factory=list)


def bring(
    settings: Settings, rows: Iterable[Told | Bad], meant: Meant, *, now_us: int, try_out: bool = False
) -> Brought:
    """Take in what rows say; with ``try_out`` only tell what would become of them.

    Refuses ("no_topic") consents without a topic of ours. What was written before a file broke off stays,
    and is passed over the next time.
    """
    if not meant.topics or any(each not in TOPICS for each in meant.topics):
        raise _no_topic()
    counts: Counter[str] = Counter()
    rejected: list[Bad] = []
    told: list[Told] = []
    for row in rows:
        if isinstance(row, Bad):
            counts["rejected"] += 1
            rejected += [row] if len(rejected) < MOST_REJECTED else []
        else:
            told.append(row)
    told.sort(key=lambda each: each.says not in _FIRST)  # stable: within both in the order of the file
    taken = _Taken(settings, meant, now_us, try_out, counts)
    for some in _batched(told):
        taken.take(some)
    return Brought({name: counts[name] for name in OUTCOMES}, tuple(rejected))


def _batched(told: Sequence[Told]) -> Iterator[list[Told]]:
    rest = iter(told)
    while some := list(islice(rest, _AT_ONCE)):
        yield some


@dataclass(frozen=True, slots=True)
class _Person:
    """Whose address it is: by what statements are kept, and the customer, ``None`` where nobody knows."""

    known_by: tuple[int | None, bytes]
    unit: int | None

    def called(self, address: str) -> tuple[str | int, ...]:
        """The address, and the customer where known."""
        return (address,) if self.unit is None else (address, self.unit)


@dataclass(slots=True)
class _Taken:
    """Takes rows in, refusals before consents.

    ``refused`` are the (channel, address or customer, topic) that the same files say are refused: whoever
    refused at one address did so at all of theirs. ``seen`` is what was said of each address and topic.
    """

    settings: Settings
    meant: Meant
    now_us: int
    try_out: bool
    counts: Counter[str]
    refused: set[tuple[str, str | int, str]] = field(default_factory=set)
    seen: set[tuple[str, str, str, str]] = field(default_factory=set)

    def take(self, some: Sequence[Told]) -> None:
        """A few rows: looked up together, written together."""
        from holdfast.store import consent, erasure, sql, suppression

        settings = self.settings
        kinds = {each: ("email" if "@" in each.address else "phone", each.address) for each in some}
        erased = erasure.erased_among(settings, set(kinds.values()))
        whose = _whose(settings, {kinds[each] for each in some})
        people = {}
        for each in some:
            subject, unit = whose.get(kinds[each], (None, None))
            key = suppression.address_key(settings, each.channel, each.address)
            people[each] = _Person((subject, key), unit)
        said = consent.of_people(settings, {each.known_by for each in people.values()})
        listed = suppression.reasons(settings, [(each.channel, each.address) for each in some])
        batch = _Batch()
        for each in some:
            if kinds[each] in erased:
                self.counts["erased"] += 1
                continue
            before = said[people[each].known_by]
            self._one(each, people[each], before, listed.get((each.channel, each.address), ""), batch)
        if not self.try_out and (batch.said or batch.suppressed):
            with sql.short_write():
                consent.say(settings, batch.said, now_us=self.now_us)
                suppression.suppress(settings, batch.suppressed, now_us=self.now_us)

    def _one(
        self, each: Told, person: _Person, before: Sequence[Statement], listed: str, batch: _Batch
    ) -> None:
        if each.says == "nothing":
            self.counts["nothing"] += 1
            return
        meant = each.topics or (self.meant.topics if each.says == "agreed" else (ANY,))
        topics = [topic for topic in meant if (each.says, each.channel, each.address, topic) not in self.seen]
        if not topics:  # the same again in these files
            self.counts["known"] += 1
            return
        self.seen.update((each.says, each.channel, each.address, topic) for topic in topics)
        if each.says == "agreed":
            self._agree(each, topics, person, before, batch)
            return
        done = self._suppress(each, listed, batch)
        if each.says != "bounced":
            done = self._refuse(each, topics, person, before, batch) or done
        if not done:
            self.counts["known"] += 1

    def _agree(
        self,
        each: Told,
        topics: Sequence[str],
        person: _Person,
        before: Sequence[Statement],
        batch: _Batch,
    ) -> None:
        """A consent, unless they refused: here at whatever time, or in the same files."""
        words = {topic: last_word(before, topic, each.channel) for topic in topics}
        refused = {
            topic
            for topic, word in words.items()
            if (word is not None and not word.given) or self._is_refused(each, person, topic)
        }
        new = [topic for topic, word in words.items() if word is None and topic not in refused]
        batch.said += [self._said(each, person, topic, True) for topic in new]
        self.counts["agreed" if new else "kept_refused" if refused else "known"] += 1

    def _is_refused(self, each: Told, person: _Person, topic: str) -> bool:
        return any(
            (each.channel, whose, what) in self.refused
            for whose in person.called(each.address)
            for what in (ANY, topic)
        )

    def _refuse(
        self,
        each: Told,
        topics: Sequence[str],
        person: _Person,
        before: Sequence[Statement],
        batch: _Batch,
    ) -> bool:
        """That they want no more; whether that was not known. A later consent to us is not undone by it."""
        at_us = self.now_us if each.at is None else microseconds(each.at)
        self.refused.update(
            (each.channel, whose, topic) for whose in person.called(each.address) for topic in topics
        )
        asked = TOPICS if ANY in topics else topics
        words = [last_word(before, topic, each.channel) for topic in asked]
        if all(word is not None and (not word.given or word.at_us >= at_us) for word in words):
            return False
        batch.said += [self._said(each, person, topic, False) for topic in topics]
        self.counts["refused"] += 1
        return True

    def _suppress(self, each: Told, listed: str, batch: _Batch) -> bool:
        """An address to which nothing may go; whether it was not on the list for as much."""
        from holdfast.store import suppression

        if each.says not in ("bounced", "complaint"):
            return False
        number = each.channel in suppression.BY_NUMBER
        bounced = "unreachable" if number else "hard_bounce"
        reason = bounced if each.says == "bounced" else "complaint"
        wider = reason in suppression.WHATEVER_IT_IS and listed not in suppression.WHATEVER_IT_IS
        if listed and not wider:
            return False
        source = f"{self.meant.source}: {each.place}"[:300]
        batch.suppressed.append(
            suppression.New(each.channel, each.address, reason, each.proof[:500], source, self.meant.by)
        )
        self.counts["suppressed"] += 1
        return True

    def _said(self, each: Told, person: _Person, topic: str, given: bool) -> Said:
        from holdfast.store import consent

        at_us = self.now_us if each.at is None else microseconds(each.at)
        wording = (each.wording or self.meant.wording)[:LONGEST_WORDING] if given else ""
        proof = f"{self.meant.source}: {each.place}" + (f"; {each.proof}" if each.proof else "")
        statement = Statement(
            topic, each.channel, given, at_us, "import", wording, self.meant.by, proof[:LONGEST_WORDING]
        )
        subject, key = person.known_by
        return consent.Said(subject or 0, statement, key)


def _whose(settings: Settings, points: set[tuple[str, str]]) -> dict[tuple[str, str], tuple[int, int]]:
    """(kind, value) of a contact point to (a subject that has it, its customer), where there is one alone."""
    from holdfast.store import identity_live, sign_ups

    holders = sign_ups.all_holders(settings, points)
    subjects = {subject for some in holders.values() for subject in some}
    units = identity_live.units_of(settings, subjects) if subjects else {}
    return {
        point: (min(some), units.get(min(some), min(some)))
        for point, some in holders.items()
        if len({units.get(subject, subject) for subject in some}) == 1
    }


def _no_topic() -> Refusal:
    return Refusal(
        "no_topic",
        found=Text("It does not say to what the people agreed."),
        expected=Text("One or several of {names}.", names=", ".join(TOPICS)),
        remedy=Text("Choose what stood on the form by which they signed up; nothing was imported."),
    )
