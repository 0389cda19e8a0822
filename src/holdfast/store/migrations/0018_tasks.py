from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0017_messages_out")]

    operations = [
        migrations.CreateModel(
            name="MailChoice",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id", "what", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("what", models.CharField(max_length=80)),
                ("wanted", models.BooleanField()),
            ],
            options={
                "db_table": "mail_choice",
            },
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=200, null=True, unique=True)),
                ("subject_id", models.BigIntegerField()),
                ("conversation_id", models.BigIntegerField(null=True)),
                ("kind", models.CharField(max_length=20)),
                ("title", models.TextField()),
                ("text", models.TextField(default="")),
                ("priority", models.SmallIntegerField()),
                ("state", models.CharField(max_length=8)),
                ("owner_id", models.BigIntegerField(null=True)),
                ("due_us", models.BigIntegerField(null=True)),
                ("made_us", models.BigIntegerField()),
                ("made_by", models.CharField(max_length=254)),
                ("moved_us", models.BigIntegerField()),
                ("heard", models.BigIntegerField(default=0)),
                ("solved_us", models.BigIntegerField(null=True)),
                ("closed_us", models.BigIntegerField(null=True)),
                ("outcome", models.CharField(default="", max_length=20)),
                ("reason", models.TextField(default="")),
            ],
            options={
                "db_table": "customer_case",
                "indexes": [
                    models.Index(fields=["state", "owner_id", "due_us"], name="case_owner"),
                    models.Index(fields=["state", "due_us"], name="case_due"),
                    models.Index(fields=["state", "moved_us"], name="case_moved"),
                    models.Index(fields=["subject_id"], name="case_subject"),
                    models.Index(fields=["conversation_id"], name="case_conversation"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=200, null=True, unique=True)),
                ("subject_id", models.BigIntegerField(null=True)),
                ("conversation_id", models.BigIntegerField(null=True)),
                ("case_id", models.BigIntegerField(null=True)),
                ("origin", models.CharField(default="", max_length=20)),
                ("origin_key", models.CharField(default="", max_length=200)),
                ("kind", models.CharField(max_length=20)),
                ("title", models.TextField()),
                ("text", models.TextField(default="")),
                ("priority", models.SmallIntegerField()),
                ("state", models.CharField(max_length=8)),
                ("owner_id", models.BigIntegerField(null=True)),
                ("due_us", models.BigIntegerField(null=True)),
                ("snoozed_until_us", models.BigIntegerField(null=True)),
                ("made_us", models.BigIntegerField()),
                ("made_by", models.CharField(max_length=254)),
                ("closed_us", models.BigIntegerField(null=True)),
                ("closed_by", models.CharField(default="", max_length=254)),
                ("outcome", models.CharField(default="", max_length=20)),
                ("reason", models.TextField(default="")),
            ],
            options={
                "db_table": "task",
                "indexes": [
                    models.Index(fields=["state", "owner_id", "due_us"], name="task_owner"),
                    models.Index(fields=["state", "due_us"], name="task_due"),
                    models.Index(fields=["state", "closed_us"], name="task_closed"),
                    models.Index(fields=["subject_id"], name="task_subject"),
                    models.Index(fields=["case_id"], name="task_case"),
                    models.Index(fields=["conversation_id"], name="task_conversation"),
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkChange",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("task_id", models.BigIntegerField(null=True)),
                ("case_id", models.BigIntegerField(null=True)),
                ("at_us", models.BigIntegerField()),
                ("made_by", models.CharField(max_length=254)),
                ("what", models.CharField(max_length=20)),
                ("was", models.TextField(default="")),
                ("became", models.TextField(default="")),
                ("text", models.TextField(default="")),
            ],
            options={
                "db_table": "work_change",
                "indexes": [
                    models.Index(fields=["task_id", "id"], name="work_change_task"),
                    models.Index(fields=["case_id", "id"], name="work_change_case"),
                ],
            },
        ),
    ]
