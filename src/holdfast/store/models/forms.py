"""Sign-up forms for newsletters, and who signed up by them."""

from __future__ import annotations

from django.db import models


class SignUpForm(models.Model):
    """A form; ``content`` is what it asks and says (:mod:`holdfast.domain.sign_ups`).

    ``version`` grows with each change of it: who signs up keeps by which one they did.
    """

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=80, unique=True)
    title = models.CharField(max_length=120)
    is_open = models.BooleanField(default=True)
    content = models.JSONField()
    version = models.IntegerField(default=1)
    made_us = models.BigIntegerField()
    changed_us = models.BigIntegerField()
    changed_by = models.CharField(max_length=254, default="")

    class Meta:
        """Few rows."""

        db_table = "sign_up_form"


class SignUpFormVersion(models.Model):
    """What a form asked and said in a version; never changed."""

    id = models.BigAutoField(primary_key=True)
    form_id = models.BigIntegerField()
    number = models.IntegerField()
    content = models.JSONField()
    kept_us = models.BigIntegerField()
    kept_by = models.CharField(max_length=254, default="")

    class Meta:
        """Read by form and number."""

        db_table = "sign_up_form_version"
        constraints = (
            models.UniqueConstraint(fields=["form_id", "number"], name="sign_up_form_version_once"),
        )


class SignUp(models.Model):
    """Somebody entered an address into a form; they agreed once ``confirmed_us`` says when.

    What was typed is kept until it is confirmed, and no longer than a month; then the customer's own record
    has it. ``address_key`` is the keyed hash of the address, ``shown`` a masked form of it for people.
    ``digest`` is the hash of the link in the mail.
    """

    id = models.BigAutoField(primary_key=True)
    form_id = models.BigIntegerField()
    version = models.IntegerField()
    address_key = models.BinaryField(max_length=16)
    shown = models.TextField(default="")
    email = models.TextField(default="")
    name = models.TextField(default="")
    birthday = models.CharField(max_length=10, default="")
    language = models.CharField(max_length=12, default="en")
    topics = models.JSONField(default=list)
    wording = models.TextField(default="")
    digest = models.CharField(max_length=64, default="")
    asked_us = models.BigIntegerField()
    asked_from = models.CharField(max_length=45, default="")
    confirmed_us = models.BigIntegerField(null=True)
    confirmed_from = models.CharField(max_length=45, default="")
    subject_id = models.BigIntegerField(null=True)
    was_known = models.BooleanField(default=False)

    class Meta:
        """Listed by form, the newest first; counted by address; found by customer, and by age."""

        db_table = "sign_up"
        indexes = (
            models.Index(fields=["form_id", "id"], name="sign_up_form_listed"),
            models.Index(fields=["address_key", "asked_us"], name="sign_up_address"),
            models.Index(fields=["subject_id"], name="sign_up_subject"),
            models.Index(fields=["asked_us"], name="sign_up_typed", condition=~models.Q(email="")),
        )
