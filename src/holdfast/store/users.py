"""People who sign in: made by the command line, at first one administrator."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.settings import Settings

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters that nobody mixes up when reading them off a terminal."""


def has_users(settings: Settings) -> bool:
    """Whether anyone can sign in."""
    from holdfast.store import connect
    from holdfast.store.models import User

    connect(settings)
    return User.objects.filter(is_active=True).exists()


def create_user(
    settings: Settings, *, email: str, name: str = "", role: str = "read_only", password: str | None = None
) -> str:
    """Make a person who can sign in; returns the password, made up where none was given.

    A made-up password has about 79 bits and is shown once: only its Argon2 hash is kept. Refuses an
    address that is none or is taken, a role that does not exist, and a password that is too easy.
    """
    from django.db import IntegrityError, transaction

    from holdfast.store import connect
    from holdfast.store.models import User

    connect(settings)
    _check_role(role, User.ROLES)
    _check_email(email)
    if password is not None:
        _check_password(password)
    chosen = password or new_password()
    try:
        with transaction.atomic():
            User.objects.create_user(email, chosen, name=name, role=role)
    except IntegrityError as error:
        raise Refusal(
            "taken_email",
            found=Text("Someone signs in with {email} already.", email=email.strip().lower()),
            expected=Text("Expected an address of its own for each person."),
            remedy=Text("Choose another address; nothing was changed."),
        ) from error
    return chosen


def new_password() -> str:
    """Four groups of four letters: easy to read aloud, about 79 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def _check_role(role: str, known: Sequence[str]) -> None:
    if role not in known:
        raise Refusal(
            "unknown_role",
            found=Text("{role} is no role.", role=role),
            expected=Text("Expected one of {roles}.", roles=", ".join(known)),
            remedy=Text("Choose one of them; nothing was changed."),
        )


def _check_email(email: str) -> None:
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    try:
        validate_email(email.strip())
    except ValidationError as error:
        raise Refusal(
            "bad_email",
            found=Text("{email} is no e-mail address.", email=email),
            expected=Text("Expected an address like niamh@example.com."),
            remedy=Text("Mend the address; nothing was changed."),
        ) from error


def _check_password(password: str) -> None:
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    try:
        validate_password(password)
    except ValidationError as error:
        raise Refusal(
            "weak_password",
            found=Text("The password is too easy to guess."),
            expected=Text("Expected at least ten characters, and none of the common passwords."),
            remedy=Text("Choose another, or leave it out and take the one that is made up."),
        ) from error
