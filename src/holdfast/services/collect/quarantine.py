"""What becomes of events that could not be understood: mended and replayed, or dropped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from holdfast.connectors import segment
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.collect.sources import aside as deliveries
from holdfast.settings import Settings
from holdfast.store import quarantine, sql
from holdfast.store.quarantine import DROPPED, REPLAYED, WAITING, Asked, QuarantinedEvent

MOST_AT_ONCE = 10_000
"""Events that one "replay all" looks at; what is left is asked for again."""

_PAGE = 200


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many events are on their way again, and how many still cannot be understood."""

    replayed: int = 0
    refused: int = 0
    more: bool = False


def why_not(settings: Settings, event: QuarantinedEvent, written: str) -> Refusal | None:
    """Why ``written``, in the place of ``event``, could not be understood; ``None`` when it can."""
    if event.endpoint == deliveries.HOOK:
        return deliveries.why_not(settings, event.source_id, written)
    try:
        said = list(
            segment.read_body(
                _body(event, written),
                endpoint=event.endpoint,
                received_us=event.received_us,
                browser=event.browser,
            )
        )
    except Refusal as refusal:
        return refusal
    refused = [each.refusal for each in said if each.refusal is not None]
    if len(said) != 1 and not refused:
        return Refusal(
            "not_one_event",
            found=Text("Here are {n} events.", n=len(said)),
            expected=Text("What is replayed is one event."),
            remedy=Text("Leave one, or send the others as a call of their own."),
        )
    return refused[0] if refused else None


def replay(settings: Settings, event_id: int, written: str) -> Refusal | None:
    """Send an event on its way again as it is ``written`` now; ``None`` when it is.

    Else nothing changes but that the mended words are kept, and the answer says what is still wrong.
    An event that was replayed already is not replayed twice.
    """
    event = _found(settings, event_id)
    written = written.strip()
    if refusal := why_not(settings, event, written):
        quarantine.write_event(settings, event_id, _kept(written))
        return refusal
    with sql.short_write():
        quarantine.write_event(settings, event_id, written)
        _send_again(settings, [(event, written)])
    return None


def replay_all(settings: Settings, asked: Asked) -> Replayed:
    """Send all events on their way again that can be understood as they are now, the oldest page last.

    They can when the software or the workspace's maps have learnt since; the others stay.
    """
    done = Replayed()
    looked = 0
    before = asked.before
    while looked < MOST_AT_ONCE:
        page = quarantine.listed(settings, Asked(asked.state, asked.code, asked.source_id, before), _PAGE)
        if not page:
            return done
        good = [(event, event.event) for event in page if why_not(settings, event, event.event) is None]
        with sql.short_write():
            sent = _send_again(settings, good)
        done = Replayed(done.replayed + sent, done.refused + len(page) - len(good))
        looked += len(page)
        before = page[-1].id
    return Replayed(done.replayed, done.refused, more=True)


def drop(settings: Settings, event_ids: Sequence[int]) -> int:
    """Leave events out for good; they can be taken back. How many."""
    with sql.short_write():
        return quarantine.move(event_ids, DROPPED, but=REPLAYED)


def take_back(settings: Settings, event_ids: Sequence[int]) -> int:
    """Let dropped events wait again. How many."""
    with sql.short_write():
        return quarantine.move(event_ids, WAITING, but=REPLAYED)


def _send_again(settings: Settings, events: Sequence[tuple[QuarantinedEvent, str]]) -> int:
    """Let events arrive again as when they came first, inside the caller's transaction; how many."""
    from holdfast.services.collect.arrive import accept

    sent = 0
    for event, written in events:
        if not quarantine.move([event.id], REPLAYED, but=REPLAYED):
            continue
        sent += 1
        if event.endpoint == deliveries.HOOK:
            deliveries.replay(settings, event.source_id, written, received_us=event.received_us)
            continue
        accept(
            settings,
            event.source_id,
            _body(event, written),
            endpoint=event.endpoint,
            events=1,
            received_us=event.received_us,
            browser=event.browser,
        )
    return sent


def _body(event: QuarantinedEvent, written: str) -> bytes:
    sent = written.encode("utf-8", "replace")
    return b'{"batch":[%b]}' % sent if event.endpoint in ("batch", "import") else sent


def _kept(written: str) -> str:
    """What somebody typed, as far as it is worth keeping: no database holds a NUL."""
    return written.replace("\x00", "\ufffd")[: 2 * segment.MOST_EVENT_BYTES]


def _found(settings: Settings, event_id: int) -> QuarantinedEvent:
    event = quarantine.by_id(settings, event_id)
    if event is None or event.state == REPLAYED:
        raise Refusal(
            "not_in_quarantine",
            found=Text("This event is not in the quarantine any more."),
            expected=Text("An event is replayed once."),
            remedy=Text("Look at the list again."),
        )
    return event
