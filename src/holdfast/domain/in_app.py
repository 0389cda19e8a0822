"""Messages that a company's own app shows to whoever is signed in there, and how the app proves who that is.

The app's server signs the customer's id with a secret that it shares with us, as HMAC-SHA256 in hexadecimal:
a browser cannot ask for somebody else's messages.
"""

from __future__ import annotations

import hashlib
import hmac

MOST_TEXT = 4_000
"""Characters of one message."""

SHOWN_DAYS = 90
"""So long after it was sent a message stands in the app."""

MOST_SHOWN = 30
"""Messages that are shown at once, the newest."""


def proof_of(secret: str, customer: str) -> str:
    """What proves that whoever asks is ``customer`` (the id in the app): 64 hexadecimal digits."""
    return hmac.new(secret.encode(), customer.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def is_proved(secret: str, customer: str, proof: str) -> bool:
    """Whether ``proof`` is that of ``customer``; never without a secret."""
    expected = proof_of(secret, customer)
    return bool(secret) and hmac.compare_digest(expected, proof.lower().encode("ascii", "replace").decode())
