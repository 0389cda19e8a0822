"""What a text says, as codes: the words that stand in the column ``code`` of a "Text Read" event.

One text makes several rows: one for how it sounds, and one for each thing that was found in it. Beside
these words a code may be a cause of the taxonomy (``poor_support``, ``late_delivery`` ...). Whoever reads
texts says them; the early warnings listen.
"""

from __future__ import annotations

TEXT_READ = "Text Read"

NEGATIVE, NEUTRAL, POSITIVE = "negative", "neutral", "positive"
"""How a text sounds: every text that was read has exactly one row of these."""

WANTS_TO_LEAVE = "wants_to_leave"
ASKS_FOR_DISCOUNT = "asks_for_discount"
WANTS_OTHER_TERMS = "wants_other_terms"
ASKS_FOR_STATUS = "asks_for_status"
NAMES_COMPETITOR = "names_competitor"

INTENTS = (WANTS_TO_LEAVE, ASKS_FOR_DISCOUNT, WANTS_OTHER_TERMS, ASKS_FOR_STATUS, NAMES_COMPETITOR)
"""What the writer wants, or names, beside what hurts."""
