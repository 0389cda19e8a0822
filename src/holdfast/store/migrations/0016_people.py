from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("store", "0015_pulse")]

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                ("id", models.IntegerField(primary_key=True, serialize=False)),
                ("position", models.BigIntegerField()),
                ("hash", models.CharField(max_length=64)),
            ],
            options={"db_table": "audit_head"},
        ),
        migrations.CreateModel(
            name="AuditNote",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at_us", models.BigIntegerField()),
                ("who", models.BigIntegerField(null=True)),
                ("via", models.CharField(max_length=80)),
                ("did", models.CharField(max_length=60)),
                ("sort", models.CharField(max_length=10)),
                ("about", models.CharField(max_length=240)),
                ("details", models.TextField()),
                ("salt", models.CharField(max_length=32)),
                ("digest", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "db_table": "audit_note",
                "indexes": [
                    models.Index(fields=["who", "id"], name="audit_note_who"),
                    models.Index(fields=["about", "id"], name="audit_note_about"),
                    models.Index(fields=["did", "id"], name="audit_note_did"),
                    models.Index(fields=["sort", "id"], name="audit_note_sort"),
                    models.Index(fields=["at_us"], name="audit_note_at"),
                ],
            },
        ),
        migrations.AddField("user", "last_seen_us", models.BigIntegerField(null=True)),
        migrations.CreateModel(
            name="IdentityProvider",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=40, unique=True)),
                ("label", models.CharField(max_length=100)),
                ("issuer", models.TextField()),
                ("client_id", models.TextField()),
                ("sealed", models.TextField(default="")),
                ("domains", models.TextField(default="[]")),
                ("default_role", models.CharField(max_length=12)),
                ("makes_people", models.BooleanField()),
                ("own_second_factor", models.BooleanField()),
                ("enabled", models.BooleanField()),
                ("made_us", models.BigIntegerField()),
            ],
            options={"db_table": "identity_provider"},
        ),
        migrations.CreateModel(
            name="SecondFactor",
            fields=[
                ("person_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("sealed", models.TextField()),
                ("made_us", models.BigIntegerField()),
                ("confirmed_us", models.BigIntegerField(null=True)),
                ("last_step", models.BigIntegerField(default=0)),
            ],
            options={"db_table": "second_factor"},
        ),
        migrations.CreateModel(
            name="SignInRule",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("value", models.TextField()),
            ],
            options={"db_table": "sign_in_rule"},
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("email", models.CharField(max_length=254)),
                ("role", models.CharField(max_length=12)),
                ("language", models.CharField(default="", max_length=12)),
                ("digest", models.CharField(max_length=64)),
                ("invited_by", models.BigIntegerField(null=True)),
                ("made_us", models.BigIntegerField()),
                ("expires_us", models.BigIntegerField()),
                ("used_us", models.BigIntegerField(null=True)),
                ("person_id", models.BigIntegerField(null=True)),
                ("revoked_us", models.BigIntegerField(null=True)),
            ],
            options={
                "db_table": "invitation",
                "indexes": [models.Index(fields=["email"], name="invitation_email")],
            },
        ),
        migrations.CreateModel(
            name="PasswordReset",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("person_id", models.BigIntegerField(null=True)),
                ("digest", models.CharField(max_length=64)),
                ("made_us", models.BigIntegerField()),
                ("expires_us", models.BigIntegerField()),
                ("used_us", models.BigIntegerField(null=True)),
            ],
            options={
                "db_table": "password_reset",
                "indexes": [models.Index(fields=["person_id"], name="password_reset_person")],
            },
        ),
        migrations.CreateModel(
            name="PersonIdentity",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("person_id", models.BigIntegerField()),
                ("provider_id", models.BigIntegerField()),
                ("issuer", models.TextField()),
                ("sub", models.TextField()),
                ("linked_us", models.BigIntegerField()),
                ("last_us", models.BigIntegerField()),
            ],
            options={
                "db_table": "person_identity",
                "indexes": [models.Index(fields=["person_id"], name="person_identity_person")],
                "constraints": [
                    models.UniqueConstraint(fields=("issuer", "sub"), name="person_identity_whom")
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonSession",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("person_id", models.BigIntegerField(null=True)),
                ("data", models.TextField()),
                ("since_us", models.BigIntegerField()),
                ("last_us", models.BigIntegerField()),
                ("expires_us", models.BigIntegerField()),
                ("address", models.CharField(default="", max_length=45)),
                ("device", models.CharField(default="", max_length=300)),
            ],
            options={
                "db_table": "person_session",
                "indexes": [
                    models.Index(fields=["person_id"], name="person_session_person"),
                    models.Index(fields=["expires_us"], name="person_session_expires"),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("person_id", models.BigIntegerField()),
                ("digest", models.CharField(max_length=160)),
            ],
            options={
                "db_table": "recovery_code",
                "indexes": [models.Index(fields=["person_id"], name="recovery_code_person")],
            },
        ),
    ]
