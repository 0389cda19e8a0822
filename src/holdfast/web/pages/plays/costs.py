"""What reaching a customer costs, as it is typed: a message by channel, and a task that was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from holdfast.domain.consent import CHANNEL_WORDS, CHANNELS
from holdfast.domain.money import NO_CURRENCY, exponent
from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.settings import Settings
from holdfast.store.plays_proved import TASK, costs
from holdfast.web.pages.plays.fields import number
from holdfast.web.pages.segments import form

MOST = 10_000
"""In whole money: what costs more is no message."""


@dataclass(frozen=True, slots=True)
class ShownCost:
    """A field: ``name`` in the form, what it is called, what stands there, what is wrong with it."""

    name: str
    label: str
    value: str
    wrong: str


def names() -> dict[str, Text]:
    """Everything that may cost something, by its name in the form."""
    return {f"cost_{each}": CHANNEL_WORDS[each] for each in CHANNELS} | {
        f"cost_{TASK}": Text("A task that was done")
    }


def kept(settings: Settings, reader: Reader) -> dict[str, str]:
    """What was decided, as it can be typed; what costs nothing is empty."""
    small, known = _small(settings), costs(settings)
    prices = {name: Decimal(str(known.get(name.removeprefix("cost_"), 0))) / small for name in names()}
    return {name: number(f"{price.normalize():f}", reader) if price else "" for name, price in prices.items()}


def read(settings: Settings, typed: Mapping[str, str]) -> tuple[dict[str, Text], dict[str, float]]:
    """What is wrong with what was typed, by field, and the costs in minor units."""
    errors: dict[str, Text] = {}
    # What a program decided about other things stays as it is.
    found = {what: price for what, price in costs(settings).items() if f"cost_{what}" not in names()}
    for name in names():
        if not typed.get(name):
            continue
        price = form.as_number(typed[name])
        if price is None or not 0 <= price <= MOST:
            errors[name] = Text("An amount from 0 to {most}.", most=MOST)
        elif price:
            found[name.removeprefix("cost_")] = float(price * _small(settings))
    return errors, found


def shown(typed: Mapping[str, str], errors: Mapping[str, Text], reader: Reader) -> list[ShownCost]:
    """The fields."""
    return [
        ShownCost(
            name,
            reader.say(said),
            typed.get(name, ""),
            reader.say(errors[name]) if name in errors else "",
        )
        for name, said in names().items()
    ]


def _small(settings: Settings) -> Decimal:
    """How many of the smallest coin make one of the currency."""
    return Decimal(10) ** exponent(settings.currency or NO_CURRENCY)
