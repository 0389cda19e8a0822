"""What the lost have in common, in sentences: the same on the page and on the command line."""

from __future__ import annotations

from holdfast.domain.texts import Days, Share, Text
from holdfast.services.understand.common import Common, Group

STATES: dict[str, Text] = {
    "confirmed": Text("confirmed on later data"),
    "unconfirmed": Text("not seen again on later data"),
    "open": Text("too few later losses to confirm it"),
}
NOBODY_LOOKED = Text("The nightly run has not looked yet.")


def summary(found: Common) -> Text:
    """What was looked at, and what came of it."""
    confirmed = sum(each.state == "confirmed" for each in found.groups)
    looked = Text(
        "{left} left, over {n} stretch of {days}.",
        "{left} left, over {n} stretches of {days} each.",
        left=Text("{n} customer", "{n} customers", n=found.left),
        n=len(found.stretches),
        days=Days(found.horizon_days),
    )
    if not confirmed:
        nothing = Text("Nothing sets those who left apart that later data confirm.")
        return Text("{looked} {found}", looked=looked, found=nothing)
    many = Text(
        "{n} group stands out, confirmed on later data.",
        "{n} groups stand out, confirmed on later data.",
        n=confirmed,
    )
    return Text("{looked} {found}", looked=looked, found=many)


def compared(group: Group, horizon_days: int) -> Text:
    """How many of the group left against the others: on later data, or on the earlier where these are few."""
    seen = group.earlier if group.state == "open" else group.later
    shares = {
        "share": Share(seen.left / max(1, seen.rows), 0),
        "others": Share(seen.others_left / max(1, seen.others), 0),
        "days": Days(horizon_days),
    }
    if seen.ratio is None or seen.low is None or seen.high is None:
        return Text("{share} of them left within {days}, {others} of the others.", **shares)
    return Text(
        "{share} of them left within {days}, {others} of the others: {ratio} times as often, likely "
        "{low} to {high}.",
        **shares,
        ratio=round(seen.ratio, 1),
        low=round(seen.low, 1),
        high=round(seen.high, 1),
    )


def honesty(found: Common) -> Text:
    """How the groups were found, and how often chance finds one."""
    tried = Text("{n} group was tried.", "{n} groups were tried.", n=found.tried)
    return Text(
        "{tried} Where nothing sets the lost apart, anything is found in at most 5% of companies. Later "
        "data, which had no part in finding, confirm it or do not. What goes together need not be the cause.",
        tried=tried,
    )
