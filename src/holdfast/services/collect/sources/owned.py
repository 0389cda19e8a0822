"""Calls about a provider's object go to its owner, or wait until somebody says whose it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from holdfast.connectors.webhooks import ABOUT, Call
from holdfast.settings import Settings

if TYPE_CHECKING:
    from holdfast.store.live_sources import LiveSource

_DAY_US = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a delivery: so many calls ``taken``, ``waiting`` for an owner, put ``aside``."""

    taken: int = 0
    waiting: int = 0
    aside: int = 0
    ignored: int = 0


def take_calls(
    settings: Settings,
    source: LiveSource,
    calls: Iterable[Call],
    owners: Mapping[str, str],
    *,
    received_us: int,
) -> Receipt:
    """Take a source's calls, those about an object for its owner, and what had waited for one.

    Inside a transaction of the caller's, so that all of it is on disk or nothing.
    """
    from holdfast.services.collect.arrive import accept_calls
    from holdfast.store import source_notes

    told = [(_about(call), call) for call in calls]
    source_notes.remember_owners(source.id, owners, day=received_us // _DAY_US)
    waited = source_notes.waiting_for(source.id, owners.keys())
    known = source_notes.owners_of(source.id, {about for about, _ in told if about})
    good = [_given(each.call, owners[each.about]) for each in waited]
    good += [
        _given(call, known[about]) if about else call for about, call in told if not about or about in known
    ]
    unowned = [(about, call) for about, call in told if about and about not in known]
    accept_calls(settings, source, good, received_us=received_us)
    source_notes.no_longer_waiting(waited)
    source_notes.let_wait(source.id, unowned, received_us=received_us)
    return Receipt(taken=len(good), waiting=len(unowned))


def _about(call: Mapping[str, Any]) -> str:
    """The object whose owner the call is for; "" for one that names the customer itself."""
    if "userId" in call or "anonymousId" in call:
        return ""
    return str((call.get("context") or {}).get(ABOUT) or "")


def _given(call: Call, owner: str) -> Call:
    """The call for its owner, without the mark of the object."""
    rest = {name: value for name, value in call.get("context", {}).items() if name != ABOUT}
    return {**call, "userId": owner, "context": rest}
