"""Contact rules as they are written down: in the workspace, in the API, in a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holdfast.domain.pressure import EVERY, PERS, Cap, Hours, Policy
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.domain.touch import TOUCH_CHANNELS
from holdfast.domain.waking import Quiet

CHANNELS: tuple[str, ...] = tuple(each for each in TOUCH_CHANNELS if each != "webhook")
"""The channels by which customers are reached."""

MOST, MOST_DAYS = 100, 365


def written(policy: Policy) -> dict[str, Any]:
    """Rules as JSON."""
    return {
        "caps": [{"channel": cap.channel, "per": cap.per, "most": cap.most} for cap in policy.caps],
        "quiet": [
            {
                "channel": each.channel,
                "start": _clock(each.quiet.from_minute),
                "end": _clock(each.quiet.until_minute),
                "service": each.service,
            }
            for each in policy.hours
        ],
        "floor_days": policy.floor_days,
        "weekends": policy.weekends,
        "holidays": policy.holidays,
        "service_counts": policy.service_counts,
        "lapse_days": policy.lapse_days,
    }


def read(given: Mapping[str, Any]) -> Policy:
    """The rules that JSON says. Refuses ("bad_rules") what are none, and says where."""
    caps = tuple(_cap(each, f"caps[{number}]") for number, each in enumerate(given.get("caps", ())))
    hours = tuple(_hours(each, f"quiet[{number}]") for number, each in enumerate(given.get("quiet", ())))
    _once([f"{cap.channel or '*'} {cap.per}" for cap in caps], "caps")
    _once([each.channel for each in hours], "quiet")
    floor = given.get("floor_days")
    return Policy(
        caps=caps,
        hours=hours,
        floor_days=None if floor is None else _number(floor, "floor_days", MOST_DAYS),
        weekends=_said(given, "weekends", True),
        holidays=_said(given, "holidays", True),
        service_counts=_said(given, "service_counts", False),
        lapse_days=_number(given.get("lapse_days", 14), "lapse_days", MOST_DAYS),
    )


def clock_minute(typed: object, where: str) -> int:
    """The minute of the day of a time like "21:30". Refuses ("bad_rules")."""
    hour, colon, minute = str(typed).strip().partition(":")
    if colon and hour.isdecimal() and minute.isdecimal() and len(hour) <= 2 and len(minute) == 2:
        found = int(hour) * 60 + int(minute)
        if int(hour) < 24 and int(minute) < 60:
            return found
    raise refused(where, typed, Text("A time of day like 21:30."))


def number_of(typed: object, where: str, most: int) -> int:
    """A number from 1 to ``most``, as it was typed. Refuses ("bad_rules")."""
    written_so = str(typed).strip()
    if written_so.isdecimal() and len(written_so) <= 6:
        return _number(int(written_so), where, most)
    raise refused(where, typed, Text("A whole number from 1 to {most}.", most=most))


def refused(where: str, found: object, expected: Text) -> Refusal:
    """That a part of the rules is wrong, and where."""
    return Refusal(
        "bad_rules",
        found=Text("{where} cannot be {found}.", where=where, found=repr(found)[:60]),
        expected=expected,
        remedy=Text("Mend it; nothing was changed."),
    )


def _cap(given: Any, where: str) -> Cap:
    if not isinstance(given, Mapping):
        raise refused(where, given, Text("A channel, a period and how many messages at most."))
    channel = given.get("channel", EVERY)
    if channel != EVERY and channel not in CHANNELS:
        raise refused(f"{where}.channel", channel, _channels())
    if given.get("per") not in PERS:
        raise refused(f"{where}.per", given.get("per"), Text("One of day, week, month."))
    return Cap(channel, given["per"], _number(given.get("most"), f"{where}.most", MOST))


def _hours(given: Any, where: str) -> Hours:
    if not isinstance(given, Mapping):
        raise refused(where, given, Text("A channel, and from when until when it is quiet."))
    if given.get("channel") not in CHANNELS:
        raise refused(f"{where}.channel", given.get("channel"), _channels())
    quiet = Quiet(
        clock_minute(given.get("start"), f"{where}.start"), clock_minute(given.get("end"), f"{where}.end")
    )
    if quiet.from_minute == quiet.until_minute:
        raise refused(where, given.get("end"), Text("An end that is another time than the beginning."))
    return Hours(given["channel"], quiet, _said(given, "service", False))


def _number(given: object, where: str, most: int) -> int:
    if isinstance(given, int) and not isinstance(given, bool) and 1 <= given <= most:
        return given
    raise refused(where, given, Text("A whole number from 1 to {most}.", most=most))


def _said(given: Mapping[str, Any], name: str, usual: bool) -> bool:
    value = given.get(name, usual)
    if not isinstance(value, bool):
        raise refused(name, value, Text("Yes or no: true or false."))
    return value


def _once(names: list[str], where: str) -> None:
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise refused(where, twice, Text("Each channel and period once."))


def _channels() -> Text:
    return Text("A channel: {names}.", names=", ".join(CHANNELS))


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
