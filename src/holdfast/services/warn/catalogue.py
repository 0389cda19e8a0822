"""Which signals there are: those of this installation and those that people built, as they are set here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, cast

from holdfast import registry
from holdfast.analytics.signal import Signal, Tuned
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.services.warn import own
from holdfast.store import signal_settings
from holdfast.store.signal_settings import KeptOwn, SignalSet

if TYPE_CHECKING:
    from holdfast.settings import Settings


@dataclass(frozen=True, slots=True)
class Listed:
    """A signal as it is set here; ``kept`` where people built it."""

    tuned: Tuned
    on: bool
    set: SignalSet
    kept: KeptOwn | None = None

    @property
    def signal(self) -> Signal:
        """What it is."""
        return self.tuned.signal

    @property
    def rule(self) -> str:
        """A digest that tells one rule from another."""
        return rule_of(self.tuned)


def delivered() -> dict[str, Signal]:
    """The signals of this installation, by name."""
    return {name: cast(Signal, part.declared) for name, part in registry.parts("signals").items()}


def listed(settings: Settings) -> list[Listed]:
    """Every signal, on or off: those of this installation by name, then those that people built by title."""
    chosen = signal_settings.listed(settings)
    found = []
    for name, signal in delivered().items():
        kept = chosen.get(name, SignalSet())
        known = {each.name for each in signal.settings}
        values = {each: value for each, value in kept.numbers.items() if each in known}
        found.append(Listed(Tuned(signal, values), kept.enabled, kept))
    built = signal_settings.own_signals(settings)
    for each, signal in zip(built, own.as_signals(settings, built), strict=True):
        kept = chosen.get(each.key, SignalSet())
        found.append(Listed(Tuned(signal), kept.enabled, kept, each))
    return found


def find(settings: Settings, key: str) -> Listed:
    """The signal of a name; refuses (``no_such_signal``) where there is none."""
    every = {each.signal.name: each for each in listed(settings)}
    if key in every:
        return every[key]
    raise Refusal(
        "no_such_signal",
        found=Text("No signal is called {name}.", name=key[:100]),
        expected=Text("One of: {names}.", names=", ".join(every) or "-"),
        remedy=Text("List them with `holdfast signals list`."),
    )


def in_use(settings: Settings, names: Mapping[str, int]) -> list[Listed]:
    """The signals that are on and have something to look at, in a company with events of these names."""
    return [each for each in listed(settings) if each.on and says_something(each.signal, names)]


def says_something(signal: Signal, names: Mapping[str, int]) -> bool:
    """Whether a signal has something to look at in a company with events of these names."""
    if not signal.numbers:
        return False
    return not signal.watch or any(names.get(name) for name in signal.watch)


def rule_of(tuned: Tuned) -> str:
    """A digest of what is asked and of what must hold of it."""
    needs = [
        (each.name, sorted((name, repr(need)) for name, need in each.needs.items()))
        for each in tuned.signal.numbers
    ]
    rules = (tuned.when, tuned.ends_when, tuned.judged_if, tuned.lapses_if)
    said = (tuned.signal.name, sorted(tuned.settings.items()), *rules)
    return sha256(repr((said, needs, tuned.signal.cooldown_days)).encode()).hexdigest()
