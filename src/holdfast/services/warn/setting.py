"""Setting a signal: its numbers within their bounds, on or off, and what that would have meant."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from math import isfinite
from typing import TYPE_CHECKING

from holdfast.analytics.signal import Setting, Tuned
from holdfast.domain.moments import microseconds
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.warn.catalogue import find
from holdfast.services.warn.contradictions import check_rule
from holdfast.store import signal_settings

if TYPE_CHECKING:
    from holdfast.analytics.scorecards import Scorecard
    from holdfast.settings import Settings


def change(
    settings: Settings, key: str, values: Mapping[str, float], on: bool, *, by: str, now: datetime
) -> None:
    """Set a signal: ``values`` are those of its settings that differ from what they are delivered as.

    What is not named is as delivered. From the next night on the new rule is asked of everybody; what
    holds then was raised by nothing that happened and is quiet. Refuses ``no_such_signal``, and what
    :func:`checked` refuses.
    """
    known = find(settings, key)
    wanted = checked(known.tuned, values)
    signal_settings.save(settings, key, on, wanted, by=by, now_us=microseconds(now))


def checked(tuned: Tuned, values: Mapping[str, float]) -> dict[str, float]:
    """The values that differ from those delivered; refuses what is unknown or out of bounds
    (``bad_signal_setting``), and numbers that contradict each other (``contradiction``).
    """
    known = {each.name: each for each in tuned.signal.settings}
    for name, value in values.items():
        if name not in known:
            raise _unknown(tuned, name)
        _check_bounds(known[name], value)
    wanted = {name: float(value) for name, value in values.items() if value != known[name].default}
    check_rule(Tuned(tuned.signal, wanted))
    return wanted


def replayed(
    settings: Settings, key: str, values: Mapping[str, float] | None = None, *, now: datetime
) -> Scorecard:
    """What a signal would have been worth with these values (``None``: as it is set), on a part of the past.

    Takes seconds; nothing is kept.
    """
    from holdfast.services.warn.replay import trial

    known = find(settings, key)
    wanted = known.tuned if values is None else Tuned(known.signal, checked(known.tuned, values))
    return trial(settings, wanted, now=now)


def _check_bounds(setting: Setting, value: float) -> None:
    if not isfinite(value) or not setting.least <= value <= setting.most:
        raise Refusal(
            "bad_signal_setting",
            found=Text("{title} is {value}.", title=setting.title, value=str(value)),
            expected=Text("A number from {least} to {most}.", least=setting.least, most=setting.most),
            remedy=Text("Mend it and try again; nothing was changed."),
        )


def _unknown(tuned: Tuned, name: str) -> Refusal:
    names = ", ".join(each.name for each in tuned.signal.settings) or "-"
    return Refusal(
        "bad_signal_setting",
        found=Text(
            "{signal} has no setting that is called {name}.", signal=tuned.signal.title, name=name[:100]
        ),
        expected=Text("One of: {names}.", names=names),
        remedy=Text("Mend it and try again; nothing was changed."),
    )
