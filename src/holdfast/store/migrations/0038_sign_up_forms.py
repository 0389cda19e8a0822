"""Sign-up forms for newsletters, and who signed up by them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("store", "0037_surveys")]

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            name="SignUpForm",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=80, unique=True)),
                ("title", models.CharField(max_length=120)),
                ("is_open", models.BooleanField(default=True)),
                ("content", models.JSONField()),
                ("version", models.IntegerField(default=1)),
                ("made_us", models.BigIntegerField()),
                ("changed_us", models.BigIntegerField()),
                ("changed_by", models.CharField(default="", max_length=254)),
            ],
            options={"db_table": "sign_up_form"},
        ),
        migrations.CreateModel(
            name="SignUpFormVersion",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("form_id", models.BigIntegerField()),
                ("number", models.IntegerField()),
                ("content", models.JSONField()),
                ("kept_us", models.BigIntegerField()),
                ("kept_by", models.CharField(default="", max_length=254)),
            ],
            options={
                "db_table": "sign_up_form_version",
                "constraints": [
                    models.UniqueConstraint(fields=["form_id", "number"], name="sign_up_form_version_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="SignUp",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("form_id", models.BigIntegerField()),
                ("version", models.IntegerField()),
                ("address_key", models.BinaryField(max_length=16)),
                ("shown", models.TextField(default="")),
                ("email", models.TextField(default="")),
                ("name", models.TextField(default="")),
                ("birthday", models.CharField(default="", max_length=10)),
                ("language", models.CharField(default="en", max_length=12)),
                ("topics", models.JSONField(default=list)),
                ("wording", models.TextField(default="")),
                ("digest", models.CharField(default="", max_length=64)),
                ("asked_us", models.BigIntegerField()),
                ("asked_from", models.CharField(default="", max_length=45)),
                ("confirmed_us", models.BigIntegerField(null=True)),
                ("confirmed_from", models.CharField(default="", max_length=45)),
                ("subject_id", models.BigIntegerField(null=True)),
                ("was_known", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "sign_up",
                "indexes": [
                    models.Index(fields=["form_id", "id"], name="sign_up_form_listed"),
                    models.Index(fields=["address_key", "asked_us"], name="sign_up_address"),
                    models.Index(fields=["subject_id"], name="sign_up_subject"),
                    models.Index(
                        condition=models.Q(("email", ""), _negated=True),
                        fields=["asked_us"],
                        name="sign_up_typed",
                    ),
                ],
            },
        ),
    ]
