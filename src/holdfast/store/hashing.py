"""How much work a password costs whoever guesses: twice what OWASP asks, and what a sign-in can wait for."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id with 46 MiB and two passes on two cores (OWASP: 46 MiB and one, or 19 MiB and two).

    Django's own asks for 100 MiB and eight cores: on two it takes longer than a sign-in should, and
    four at once take 400 MB. A hash that cost otherwise is made anew when its owner signs in.
    """

    time_cost = 2
    memory_cost = 47_104
    parallelism = 2
