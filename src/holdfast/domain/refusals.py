"""What Holdfast cannot do, said so that the reader knows what to do about it."""

from __future__ import annotations

from holdfast.domain.texts import Text


class Refusal(Exception):  # noqa: N818  (a refusal is an answer, not a defect)
    """Something was asked for that cannot be done as asked.

    ``code`` is stable and part of the API ("unknown_column"); ``found``, ``expected`` and
    ``remedy`` are sentences for people. The command line prints them and ends with 1, the API
    answers 4xx, a page shows a notice.
    """

    def __init__(self, code: str, *, found: Text, expected: Text, remedy: Text) -> None:
        super().__init__(code)
        self.code, self.found, self.expected, self.remedy = code, found, expected, remedy

    def __str__(self) -> str:
        return f"{self.found} {self.expected} {self.remedy}"

    def as_json(self) -> dict[str, str]:
        """The refusal as the API and ``--json`` show it, in English."""
        return {
            "error": self.code,
            "found": str(self.found),
            "expected": str(self.expected),
            "remedy": str(self.remedy),
        }
