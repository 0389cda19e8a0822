"""What the workspace has decided, in words."""

from __future__ import annotations

from collections.abc import Callable

from holdfast.domain.texts import Days, Text
from holdfast.language import Reader
from holdfast.settings import LostSettings, Settings

_LOST: dict[str, Callable[[LostSettings], Text]] = {
    "contract": lambda _: Text("Their subscription ended or their account was deleted."),
    "company": lambda lost: _silent(
        lost, Text("They have been silent for longer than is usual among our customers.")
    ),
    "own_rhythm": lambda _: Text("They have been silent for longer than their own rhythm allows."),
    "category": lambda _: Text("They have been silent for longer than what they bought usually lasts."),
    "fixed": lambda lost: _silent(lost, Text("They have been silent for too long.")),
    "mixed": lambda _: Text(
        "Their subscription ended; without one, they have been silent for longer "
        "than their own rhythm allows."
    ),
}


def workspace_facts(settings: Settings, reader: Reader) -> list[tuple[str, str]]:
    """Name and value of each thing that the workspace has decided and every figure rests on."""
    return [
        (reader.say(name), value if isinstance(value, str) else reader.say(value))
        for name, value in (
            (Text("Company"), settings.name),
            (Text("A customer is"), _unit(settings)),
            (Text("Lost means"), lost_means(settings.lost)),
            (Text("Never really a customer"), _never(settings.lost)),
            (Text("Currency of every figure"), _currency(settings)),
            (Text("Calendar of the periods"), _calendar(settings)),
            (Text("Time zone in which days begin"), settings.timezone),
        )
    ]


def lost_means(lost: LostSettings) -> Text:
    """Who counts as lost, in a sentence."""
    return _LOST[lost.rule](lost)


def _silent(lost: LostSettings, measured: Text) -> Text:
    if lost.after_days is None:
        return measured
    return Text("They have been silent for {length}.", length=Days(lost.after_days))


def _unit(settings: Settings) -> Text:
    return Text("An account with its contacts") if settings.unit == "account" else Text("A person")


def _never(lost: LostSettings) -> Text:
    return Text("Fewer than {n} order", "Fewer than {n} orders", n=lost.min_orders)


def _currency(settings: Settings) -> Text | str:
    if not settings.currency:
        return Text("Not decided yet: the first import of amounts decides it")
    return settings.currency


def _calendar(settings: Settings) -> Text:
    return Text("Solar Hijri") if settings.calendar == "solar_hijri" else Text("Gregorian")
