"""By what the losses of the last year are parted, and what the parts are called: page, API and command."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from holdfast.domain.code_words import SOURCE_WORDS, code_words
from holdfast.domain.texts import Text

if TYPE_CHECKING:
    from holdfast.analytics.loss_groups import Group
    from holdfast.services.understand.voice import Voice
    from holdfast.settings import Settings

PARTS: Mapping[str, Text] = {
    "how": Text("How they left"),
    "tenure": Text("How long they were with us"),
    "country": Text("Country"),
    "source": Text("Source"),
    "segment": Text("Segment"),
}
"""By what losses are parted, and how that is called."""

HOW: Mapping[str, Text] = {
    "contract": Text("ended a contract"),
    "deleted": Text("closed the account"),
    "silent": Text("fell silent"),
}
"""How a customer left, in words that go on after who."""

TENURE: Mapping[str, Text] = {
    "early": Text("with us for less than 3 months"),
    "first_year": Text("with us for 3 to 12 months"),
    "later": Text("with us for more than a year"),
}


def segment_titles(settings: Settings) -> dict[str, str]:
    """The title of each segment by its key."""
    from holdfast.store import segments

    return {each.key: each.title for each in segments.listed(settings)}


def parted(found: Voice, part: str, titles: Mapping[str, str]) -> tuple[Group, ...]:
    """The losses by one part, the largest first; of segments those that ``titles`` knows: no deleted one.

    What a run of an older version counted knows no segments.
    """
    groups = found.groups.get(part, ())
    return tuple(each for each in groups if each.name in titles) if part == "segment" else groups


def part_name(part: str, name: str, titles: Mapping[str, str]) -> Text:
    """What a part of the losses is called; a country stays its two letters."""
    if part == "segment":
        return Text("{name}", name=titles.get(name, name))
    words = code_words(name, {"how": HOW, "tenure": TENURE, "source": SOURCE_WORDS}.get(part, {}))
    return words if isinstance(words, Text) else Text("{name}", name=words)
