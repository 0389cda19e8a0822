"""What was read in the texts of customers, what it means, and the words it is read by.

Made by tools/renew_api.py from the description of the API; changed there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypedDict, cast
from urllib.parse import quote

from holdfast.client.connection import LEFT_OUT, Connection, LeftOut


class CauseList(TypedDict):
    """Every cause."""

    items: list[CauseWords]


class CauseWords(TypedDict):
    """A cause: its id stays, ``names`` are by language; ``added`` ones are this workspace's own."""

    id: str
    group: str
    definition: str
    names: dict[str, str]
    added: bool
    renamed: bool


class Competitor(TypedDict):
    """A competitor, found in texts by its name."""

    id: int
    name: str


class Competitors(TypedDict):
    """Every competitor."""

    items: list[Competitor]


class Place(TypedDict):
    """Why a reading says ``meaning``: from the character ``start`` to before ``end`` of the text."""

    meaning: str
    start: int
    end: int


class TextCounts(TypedDict):
    """How many texts were read, how many are in no language that is read, how many a person looked at.

    ``right_of`` of them were drawn by lot; of these the causes were right in the share ``causes_right``,
    with its 95 % interval. Null is what cannot be said yet.
    """

    texts: int
    not_read: int
    corrected: int
    by_language: dict[str, int]
    right_of: int
    causes_right: float | None
    causes_right_low: float | None
    causes_right_high: float | None


class TextReading(TypedDict):
    """What was read in a text of a customer; ``language`` is null where it is in none that is read.

    ``kind`` is where it stands (ticket, message, survey, review, call, visit, reason, event), ``causes``
    are ids of the taxonomy, ``wants`` what the writer wants or names. A ``quote`` leaves addresses,
    numbers and the name out. ``corrected_at`` is null where no person looked at it.
    """

    id: int
    customer_id: int
    at: str
    kind: str
    language: str | None
    sentiment: str
    causes: list[str]
    wants: list[str]
    competitors: list[str]
    quote: str
    evidence: list[Place]
    corrected_at: str | None
    corrected_by: str


class TextReadings(TypedDict):
    """Texts that a person should look at, in this order."""

    items: list[TextReading]


class ReadingsArea:
    """What was read in the texts of customers, what it means, and the words it is read by."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_competitors(self) -> Competitors:
        """List the competitors that are looked for in texts."""
        return cast("Competitors", self._connection.ask("GET", "/competitors"))

    def create_competitor(self, *, name: str) -> Competitors:
        """Name a competitor; texts that were read before are read again at night."""
        return cast("Competitors", self._connection.ask("POST", "/competitors", body={"name": name}))

    def delete_competitor(self, entry_id: int) -> None:
        """Forget a competitor."""
        self._connection.ask("DELETE", f"/competitors/{entry_id}")

    def list_readings(
        self,
        *,
        limit: int | None = None,
        language: str | None = None,
        cause: str | None = None,
        kind: str | None = None,
        sentiment: str | None = None,
        leaving: bool | None = None,
        corrected: bool | None = None,
    ) -> Iterator[TextReading]:
        """List what was read in texts, the newest first."""
        return self._connection.pages(
            "/readings",
            {
                "limit": limit,
                "language": language,
                "cause": cause,
                "kind": kind,
                "sentiment": sentiment,
                "leaving": leaving,
                "corrected": corrected,
            },
        )

    def count_readings(self) -> TextCounts:
        """Count what was read, and say how often that is right."""
        return cast("TextCounts", self._connection.ask("GET", "/readings/counts"))

    def list_readings_to_review(self) -> TextReadings:
        """List the fifty texts that a person should look at next: the most useful, each fifth by lot."""
        return cast("TextReadings", self._connection.ask("GET", "/readings/to-review"))

    def get_reading(self, text_id: int) -> TextReading:
        """Get what was read in one text."""
        return cast("TextReading", self._connection.ask("GET", f"/readings/{text_id}"))

    def correct_reading(
        self,
        text_id: int,
        *,
        sentiment: str,
        causes: list[str] | LeftOut = LEFT_OUT,
        wants: list[str] | LeftOut = LEFT_OUT,
    ) -> TextReading:
        """Say what a text means, or that it was read rightly by saying the same."""
        return cast(
            "TextReading",
            self._connection.ask(
                "PUT",
                f"/readings/{text_id}/meaning",
                body={"sentiment": sentiment, "causes": causes, "wants": wants},
            ),
        )

    def list_taxonomy(self) -> CauseList:
        """List every cause with its names."""
        return cast("CauseList", self._connection.ask("GET", "/taxonomy"))

    def create_cause(self, *, name: str, group: str, language: str | LeftOut = LEFT_OUT) -> CauseWords:
        """Add a cause; texts come to it by being corrected to it."""
        return cast(
            "CauseWords",
            self._connection.ask(
                "POST", "/taxonomy", body={"name": name, "group": group, "language": language}
            ),
        )

    def name_cause(self, cause: str, *, names: dict[str, str]) -> CauseWords:
        """Call a cause otherwise; its id stays."""
        return cast(
            "CauseWords",
            self._connection.ask("PUT", f"/taxonomy/{quote(cause, safe='')}/names", body={"names": names}),
        )
