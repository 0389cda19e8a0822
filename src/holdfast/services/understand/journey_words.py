"""The way of customers in sentences: the same on the page and on the command line."""

from __future__ import annotations

from holdfast.analytics.journey import STEPS, Stage
from holdfast.domain.texts import Days, Share, Text
from holdfast.services.understand.contact_points import OCCASIONS, Contact
from holdfast.services.understand.journey import Journey

TITLES: dict[str, Text] = {each.key: each.title for each in STEPS}
NOBODY_LOOKED = Text("The nightly run has not followed anybody yet.")
TOO_FEW = Text("Too few customers: at least 30 must have taken two steps of the way.")
JUDGED: dict[str, Text] = {
    "more": Text("more leave"),
    "less": Text("fewer leave"),
    "": Text("no difference beyond chance"),
}


def summary(found: Journey) -> Text:
    """Where most customers are lost."""
    worst = found.worst
    if worst is None or worst.share_lost is None:
        return TOO_FEW
    return Text(
        "Most customers are lost after this step: {step}. {share} of {n} did not go on within {days}.",
        step=TITLES[worst.key],
        share=Share(worst.share_lost, 0),
        n=worst.told,
        days=Days(found.patience_days),
    )


def pace(stage: Stage) -> Text | None:
    """How fast those who go on do; ``None`` where too few did."""
    if stage.quarter_days is None:
        return None
    first, half, last = (Days(each) for each in stage.quarter_days)
    return Text(
        "half within {half}, a quarter within {first}, three quarters within {last}",
        half=half,
        first=first,
        last=last,
    )


def lost(stage: Stage) -> Text | None:
    """The share lost with its interval; ``None`` where it cannot be told."""
    if stage.share_lost is None:
        return None
    return Text(
        "{share} lost (likely {low} to {high})",
        share=Share(stage.share_lost, 0),
        low=Share(stage.low, 0),
        high=Share(stage.high, 0),
    )


def title(contact: Contact) -> Text:
    """What happened on an occasion."""
    return OCCASIONS[contact.key][0]


def after(contact: Contact) -> Text:
    """How many left after an occasion, against customers who were as active."""
    seen = contact.compared
    share = Share(seen.left / max(1, seen.rows), 0)
    if seen.ratio is None or seen.low is None or seen.high is None:
        return Text("{share} of {n} left", share=share, n=seen.rows)
    return Text(
        "{share} of {n} left: {ratio} times as often as others who were as active, likely {low} to {high}",
        share=share,
        n=seen.rows,
        ratio=round(seen.ratio, 2),
        low=round(seen.low, 2),
        high=round(seen.high, 2),
    )
