"""The groups of causes as a reader knows them."""

from __future__ import annotations

from holdfast.domain.texts import Text

CAUSES: dict[str, Text] = {
    "use": Text("how they use it"),
    "money": Text("money"),
    "service": Text("service"),
    "feedback": Text("what they say"),
    "relationship": Text("the relationship"),
    "payment": Text("payment"),
    "season": Text("season"),
    "tenure": Text("how long they are here"),
}
"""Cause group -> its name."""


def cause_name(cause: str) -> Text:
    """The name of a cause group; one that we do not know stays as it is."""
    return CAUSES.get(cause) or Text("{cause}", cause=cause.replace("_", " "))
