"""The inbox with who writes: conversations beside the customers they belong to, and linking one by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, get_args

from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.store.inbox import Conversation, Message, ShownCustomer, Wanted

Snooze = Literal["tomorrow", "three_days", "week"]
SNOOZES: tuple[Snooze, ...] = get_args(Snooze)

_DAYS: dict[Snooze, int] = {"tomorrow": 1, "three_days": 3, "week": 7}
_MORNING = 9
"""The hour at which what was put off comes back."""
_MOST_FOUND = 6


@dataclass(frozen=True, slots=True)
class Listed:
    """A conversation in the list; ``customer`` is ``None`` where nobody has looked at the customer yet."""

    conversation: Conversation
    unit_id: int
    customer: ShownCustomer | None


@dataclass(frozen=True, slots=True)
class Opened:
    """One conversation with a stretch of its messages, the oldest first; ``earlier`` says there are more."""

    conversation: Conversation
    unit_id: int
    messages: tuple[Message, ...]
    earlier: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """A customer whom a conversation may belong to, with what speaks for it."""

    unit_id: int
    name: str
    ids: str
    email: str


def listed(settings: Settings, wanted: Wanted, limit: int) -> list[Listed]:
    """The conversations that are wanted, with their customers: the same few statements at any size."""
    from holdfast.store import identity_live, inbox

    found = inbox.conversations(settings, wanted, limit)
    unit_of = identity_live.units_of(settings, {each.subject_id for each in found})
    shown = inbox.customers(settings, set(unit_of.values()))
    return [Listed(each, unit_of[each.subject_id], shown.get(unit_of[each.subject_id])) for each in found]


def opened(
    settings: Settings, conversation_id: int, limit: int, *, before: tuple[int, int] | None = None
) -> Opened | None:
    """One conversation with its newest messages, or those before a place; ``None`` when there is none."""
    from holdfast.store import identity_live, inbox

    found = inbox.conversation(settings, conversation_id)
    if found is None:
        return None
    unit_of = identity_live.units_of(settings, {found.subject_id})
    messages = inbox.messages(settings, conversation_id, limit + 1, before=before)
    return Opened(found, unit_of[found.subject_id], tuple(messages[-limit:]), len(messages) > limit)


def until(settings: Settings, snooze: Snooze, now: datetime) -> datetime:
    """When what is put off now comes back: in the morning, by the company's clock."""
    local = now.astimezone(settings.zone)
    day = local.date() + timedelta(days=_DAYS[snooze])
    return datetime(day.year, day.month, day.day, _MORNING, tzinfo=settings.zone)


def candidates(settings: Settings, conversation: Conversation, wanted: str) -> list[Candidate]:
    """Whom the conversation may belong to besides who it belongs to now: those that ``wanted`` names.

    Without words: who is reached at the address that was given in the conversation. It proves nothing
    by itself (anyone may type any address into a chat), so that a person decides.
    """
    from holdfast.store import identity_live, inbox
    from holdfast.store.find import find_units

    words = [wanted] if wanted.strip() else inbox.claimed_addresses(settings, conversation.subject_id)
    own = identity_live.units_of(settings, {conversation.subject_id})[conversation.subject_id]
    units = [unit for each in words for unit in find_units(settings, each) if unit != own]
    return _described(settings, list(dict.fromkeys(units))[:_MOST_FOUND])


def link(settings: Settings, conversation: Conversation, unit_id: int, *, by: str, now: datetime) -> int:
    """Say by hand that who wrote is this customer; the number under which it is undone.

    Refuses like :func:`holdfast.services.collect.identity.merging.merge`.
    """
    from holdfast.services.collect.identity.merging import merge

    return merge(settings, (conversation.subject_id, unit_id), by=by, now=now)


def _described(settings: Settings, units: Sequence[int]) -> list[Candidate]:
    from holdfast.store.profile import profile

    found = []
    for unit_id in units:
        known = profile(settings, unit_id)
        if known is not None:
            first = known.ids[0]
            found.append(
                Candidate(
                    unit_id,
                    known.traits.get("name") or first.key,
                    f"{first.namespace}:{first.key}",
                    known.emails[0] if known.emails else "",
                )
            )
    return found
