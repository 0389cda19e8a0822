"""Asks, right before messages are handed over, whether each of them may go."""

from __future__ import annotations

from collections.abc import Sequence

from holdfast.domain.texts import Text
from holdfast.domain.touch import TouchRequest, Verdict
from holdfast.services.act.allowed import may_send_each
from holdfast.settings import Settings

_TOO_LATE = Verdict("refuse", "too_late", Text("It was to be sent earlier or not at all."))
_ERASED = Verdict("refuse", "erased", Text("Who is reached there was erased."))


def verdicts(settings: Settings, wanted: Sequence[TouchRequest], *, now_us: int) -> list[Verdict]:
    """Whether each of ``wanted`` may go now, in order: in time, to nobody who was erased, allowed."""
    erased = _erased(settings, wanted)
    return [
        _TOO_LATE
        if each.not_after_us is not None and now_us > each.not_after_us
        else _ERASED
        if _key(each) in erased
        else said
        for each, said in zip(wanted, may_send_each(settings, wanted, now_us=now_us), strict=True)
    ]


def _erased(settings: Settings, wanted: Sequence[TouchRequest]) -> set[tuple[str, str] | None]:
    """The addresses that belonged to somebody who was erased."""
    from holdfast.store import erasure

    keys = {key for each in wanted if (key := _key(each)) is not None}
    return {*erasure.erased_among(settings, keys)} if keys else set()


def _key(wanted: TouchRequest) -> tuple[str, str] | None:
    """What is asked of an address; nothing of our own people's."""
    if wanted.channel != "email" or wanted.purpose == "staff":
        return None
    return "email", wanted.to.address.strip().lower()
