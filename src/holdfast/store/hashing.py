"""How much work a password costs whoever guesses: what OWASP asks, and what a sign-in can wait for."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes, one core: one of OWASP's equally strong settings (decision 0018).

    Hashes that cost otherwise stay valid, and are made anew when their owner next gives the password.
    """

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1
