"""How people come in: invitations, sessions, second factors, forgotten passwords, identity providers.

Nothing that opens a door is kept as it is: of links and sessions only hashes, of recovery codes Argon2
hashes, what has to be used again (secrets of second factors and of providers) sealed.
"""

from __future__ import annotations

from django.db import models


class Invitation(models.Model):
    """A colleague who was asked in: opened by a link that works once, until it expires or is revoked."""

    id = models.BigAutoField(primary_key=True)
    email = models.CharField(max_length=254)
    role = models.CharField(max_length=12)
    language = models.CharField(max_length=12, default="")
    digest = models.CharField(max_length=64)
    invited_by = models.BigIntegerField(null=True)
    made_us = models.BigIntegerField()
    expires_us = models.BigIntegerField()
    used_us = models.BigIntegerField(null=True)
    person_id = models.BigIntegerField(null=True)
    revoked_us = models.BigIntegerField(null=True)

    class Meta:
        """Listed newest first; looked up by the address that is invited."""

        db_table = "invitation"
        indexes = (models.Index(fields=["email"], name="invitation_email"),)


class PersonSession(models.Model):
    """A browser that came: signed in (``person_id``), or on its way to it.

    ``key`` is the hash of what the cookie holds: whoever reads the table cannot be anybody.
    ``address`` and ``device`` are where it was last used from, in the browser's own words.
    """

    key = models.CharField(max_length=64, primary_key=True)
    person_id = models.BigIntegerField(null=True)
    data = models.TextField()
    since_us = models.BigIntegerField()
    last_us = models.BigIntegerField()
    expires_us = models.BigIntegerField()
    address = models.CharField(max_length=45, default="")
    device = models.CharField(max_length=300, default="")

    class Meta:
        """Listed by person, swept by when it ends."""

        db_table = "person_session"
        indexes = (
            models.Index(fields=["person_id"], name="person_session_person"),
            models.Index(fields=["expires_us"], name="person_session_expires"),
        )


class SecondFactor(models.Model):
    """The secret that someone's phone makes codes of; asked for once ``confirmed_us`` is set.

    ``last_step`` is the last stretch of 30 seconds whose code was taken: it is not taken again.
    """

    person_id = models.BigIntegerField(primary_key=True)
    sealed = models.TextField()
    made_us = models.BigIntegerField()
    confirmed_us = models.BigIntegerField(null=True)
    last_step = models.BigIntegerField(default=0)

    class Meta:
        """One row per person who has one."""

        db_table = "second_factor"


class RecoveryCode(models.Model):
    """A code for when the phone is lost: an Argon2 hash, deleted when it is used."""

    id = models.BigAutoField(primary_key=True)
    person_id = models.BigIntegerField()
    digest = models.CharField(max_length=160)

    class Meta:
        """Ten per person."""

        db_table = "recovery_code"
        indexes = (models.Index(fields=["person_id"], name="recovery_code_person"),)


class PasswordReset(models.Model):
    """A link to choose a new password; ``person_id`` is null where nobody signs in with the address."""

    id = models.BigAutoField(primary_key=True)
    person_id = models.BigIntegerField(null=True)
    digest = models.CharField(max_length=64)
    made_us = models.BigIntegerField()
    expires_us = models.BigIntegerField()
    used_us = models.BigIntegerField(null=True)

    class Meta:
        """Looked up by id; a new one ends those before it."""

        db_table = "password_reset"
        indexes = (models.Index(fields=["person_id"], name="password_reset_person"),)


class IdentityProvider(models.Model):
    """A server that says who somebody is (OpenID Connect).

    ``domains`` (JSON list) are the mail domains that it may speak for. ``makes_people``: someone who
    comes through it for the first time gets a sign-in with ``default_role``. ``own_second_factor``: it
    asks for one itself, so ours is not asked for.
    """

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=40, unique=True)
    label = models.CharField(max_length=100)
    issuer = models.TextField()
    client_id = models.TextField()
    sealed = models.TextField(default="")
    domains = models.TextField(default="[]")
    default_role = models.CharField(max_length=12)
    makes_people = models.BooleanField()
    own_second_factor = models.BooleanField()
    enabled = models.BooleanField()
    made_us = models.BigIntegerField()

    class Meta:
        """A handful."""

        db_table = "identity_provider"


class PersonIdentity(models.Model):
    """Whom a provider means by a number of its own: ``issuer`` and ``sub`` together are one person."""

    id = models.BigAutoField(primary_key=True)
    person_id = models.BigIntegerField()
    provider_id = models.BigIntegerField()
    issuer = models.TextField()
    sub = models.TextField()
    linked_us = models.BigIntegerField()
    last_us = models.BigIntegerField()

    class Meta:
        """Found by what the provider says, listed by person."""

        db_table = "person_identity"
        constraints = (models.UniqueConstraint(fields=["issuer", "sub"], name="person_identity_whom"),)
        indexes = (models.Index(fields=["person_id"], name="person_identity_person"),)


class SignInRule(models.Model):
    """What a workspace decided about signing in: a name and its value as JSON."""

    name = models.CharField(max_length=40, primary_key=True)
    value = models.TextField()

    class Meta:
        """A handful."""

        db_table = "sign_in_rule"
