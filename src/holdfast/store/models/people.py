"""Who signs in."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class Users(BaseUserManager["User"]):
    """Makes people who sign in; passwords are kept as Argon2 only."""

    def create_user(self, email: str, password: str | None, **fields: object) -> User:
        """A person who can sign in with ``email`` and ``password`` (with none, not by password)."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person of the company who signs in, by e-mail address.

    ``role`` decides what they may see and do; ``language`` "" follows the browser; ``theme`` is
    "light", "dark" or "" (follows the system).
    """

    ROLES = ("admin", "manager", "agent", "analyst", "read_only")

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, default="", blank=True)
    role = models.CharField(max_length=12, default="read_only")
    language = models.CharField(max_length=12, default="", blank=True)
    theme = models.CharField(max_length=8, default="", blank=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)
    last_seen_us = models.BigIntegerField(null=True)

    objects = Users()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        """One row per person."""

        db_table = "person"

    def __str__(self) -> str:
        return self.name or self.email
