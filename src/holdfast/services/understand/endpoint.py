"""A second opinion on doubtful texts from a language model, where whoever runs Holdfast plugged one in.

Off unless the environment names an OpenAI-style endpoint: no text leaves the house by itself. Only texts of
which the phrases are in doubt are asked about, masked; the answer counts as ids of the taxonomy or not at
all. Silence, errors and nonsense leave the reading of the phrases, and after a few of them nobody is asked
for a while.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from holdfast.connectors.outward import Door
from holdfast.domain.refusals import Refusal
from holdfast.text.asking import DOUBTFUL_FROM, answered, question
from holdfast.text.doubts import doubt
from holdfast.text.reading import Reading

URL_VARIABLE = "HOLDFAST_READER_URL"
MODEL_VARIABLE = "HOLDFAST_READER_MODEL"
KEY_VARIABLE = "HOLDFAST_READER_KEY"
WITHIN_SECONDS = 10.0
"""For each part of an answer."""
MOST_AT_ONCE = 20
"""Doubtful texts of one batch that are asked about; the rest keep their reading."""
BATCH_SECONDS = 20.0
"""After this nothing more of a batch is asked: whoever reads texts must go on."""
MOST_FAILURES = 3
REST_SECONDS = 300.0
"""After so many failures in a row nobody is asked for so long."""


@dataclass(slots=True)
class Endpoint:
    """Where a language model answers; ``url`` is the base, as "https://api.example.com/v1"."""

    url: str
    model: str
    key: str = field(default="", repr=False)
    door: Door = field(default_factory=lambda: Door(within=WITHIN_SECONDS))
    failures: int = 0
    rests_until: float = 0.0

    @property
    def version(self) -> str:
        """What a reading depends on."""
        return f"{self.url} {self.model}"

    def improved(self, texts: Sequence[str], readings: Sequence[Reading]) -> list[Reading]:
        """The readings, the doubtful ones as the model has them where it answered as it should."""
        better, asked, until = list(readings), 0, time.monotonic() + BATCH_SECONDS
        for number, (text, reading) in enumerate(zip(texts, readings, strict=True)):
            if reading.language is None or doubt(text, reading) < DOUBTFUL_FROM:
                continue
            if asked >= MOST_AT_ONCE or not self.rests_until <= time.monotonic() < until:
                break
            asked += 1
            better[number] = self._asked(text, reading)
        return better

    def _asked(self, text: str, reading: Reading) -> Reading:
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        try:
            answer = self.door.ask(
                "POST",
                f"{self.url.rstrip('/')}/chat/completions",
                headers=headers,
                content=question(text, self.model),
            )
            found = answered(answer.json(), reading) if answer.status == 200 else None
        except Refusal:
            found = None
        self._noted(failed=found is None)
        return found or reading

    def _noted(self, *, failed: bool) -> None:
        self.failures = self.failures + 1 if failed else 0
        if self.failures >= MOST_FAILURES:
            self.failures, self.rests_until = 0, time.monotonic() + REST_SECONDS


def plugged_in(environment: Mapping[str, str] = os.environ) -> Endpoint | None:
    """The endpoint that the environment names; None, the usual case, when it names none.

    Whoever sets the environment runs this machine: their endpoint may stand inside the house, and on this
    very machine without TLS.
    """
    url, model = environment.get(URL_VARIABLE, ""), environment.get(MODEL_VARIABLE, "")
    if not url or not model:
        return None
    host = frozenset([urlsplit(url).hostname or ""])
    door = Door(inner=host, plain=host, within=WITHIN_SECONDS)
    return Endpoint(url, model, environment.get(KEY_VARIABLE, ""), door)
