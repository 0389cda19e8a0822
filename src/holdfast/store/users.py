"""People who sign in: made by the command line, at first one administrator."""

from __future__ import annotations

import secrets

from holdfast.domain.colleagues import GIVES, bad_address, clean_address, clean_name
from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.settings import Settings
from holdfast.store import passwords

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
    address that is none or is taken, a role that does not exist, a name with characters that nobody sees,
    and a password that is too easy.
    """
    from holdfast.store import connect

    connect(settings)
    check_role(role)
    address, called = checked_address(email), clean_name(name)
    if password is not None:
        passwords.check(settings, password, email=address, name=called)
    chosen = password or new_password()
    add(settings, address, hashed(chosen), name=called, role=role)
    return chosen


def hashed(password: str | None) -> str:
    """What is kept of a password: its Argon2 hash; of none, what no password goes with.

    Takes a tenth of a second and some memory: made before a transaction, never inside.
    """
    from django.contrib.auth.hashers import make_password

    return make_password(None if password is None else passwords.normal(password))


def add(
    settings: Settings, email: str, hash_: str, *, name: str = "", role: str = "read_only", language: str = ""
) -> int:
    """Keep somebody who signs in with ``email``, all of it checked; their number.

    Refuses ("taken_email") an address that somebody has already.
    """
    from django.db import IntegrityError, transaction

    from holdfast.store import connect
    from holdfast.store.models import User

    connect(settings)
    person = User(email=email, password=hash_, name=name, role=role, language=language)
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:
        raise Refusal(
            "taken_email",
            found=Text("Someone signs in with {email} already.", email=email),
            expected=Text("Expected an address of its own for each person."),
            remedy=Text("Choose another address; nothing was changed."),
        ) from error
    return int(person.pk)


def keep_hash(settings: Settings, person_id: int, hash_: str) -> None:
    """Keep a new password's hash; sessions that were begun with the old one are over."""
    from holdfast.store import connect
    from holdfast.store.models import User

    connect(settings)
    User.objects.filter(pk=person_id).update(password=hash_)


def new_password() -> str:
    """Four groups of four letters: easy to read aloud, about 79 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def check_role(role: str) -> None:
    """Refuse ("unknown_role") a role that does not exist."""
    known = tuple(GIVES)
    if role not in known:
        raise Refusal(
            "unknown_role",
            found=Text("{role} is no role.", role=role),
            expected=Text("Expected one of {roles}.", roles=", ".join(known)),
            remedy=Text("Choose one of them; nothing was changed."),
        )


def checked_address(email: str) -> str:
    """An address as it is kept. Refuses ("bad_email") what is none."""
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    cleaned = clean_address(email)
    try:
        validate_email(cleaned)
    except ValidationError as error:
        raise bad_address(email) from error
    return cleaned
