"""The inbox, with its index of words.

The triggers go when Django makes ``inbox_message`` anew: a migration that touches its columns has to
run ``SQLITE`` again.
"""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = [
    # As for standing_search: domain/search.py has split and folded the words already.
    """
    CREATE VIRTUAL TABLE inbox_search USING fts5(
        search, content='inbox_message', content_rowid='id', detail=none, columnsize=0,
        tokenize='unicode61 remove_diacritics 0', prefix='2 3 4'
    )
    """,
    """
    CREATE TRIGGER inbox_message_inserted AFTER INSERT ON inbox_message BEGIN
        INSERT INTO inbox_search (rowid, search) VALUES (new.id, new.search);
    END
    """,
    """
    CREATE TRIGGER inbox_message_deleted AFTER DELETE ON inbox_message BEGIN
        INSERT INTO inbox_search (inbox_search, rowid, search)
        VALUES ('delete', old.id, old.search);
    END
    """,
    """
    CREATE TRIGGER inbox_message_updated AFTER UPDATE OF search ON inbox_message
    WHEN old.search IS NOT new.search BEGIN
        INSERT INTO inbox_search (inbox_search, rowid, search)
        VALUES ('delete', old.id, old.search);
        INSERT INTO inbox_search (rowid, search) VALUES (new.id, new.search);
    END
    """,
]

POSTGRESQL = [
    """
    CREATE INDEX inbox_search ON inbox_message USING gin (
        array_to_tsvector(array_remove(string_to_array(search, ' '), ''))
    )
    """,
]


def forwards(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("store", "0010_sources")]

    operations = [
        migrations.CreateModel(
            name="InboxCursor",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "source_id", "name", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("source_id", models.BigIntegerField()),
                ("name", models.TextField()),
                ("epoch", models.BigIntegerField(default=0)),
                ("place", models.BigIntegerField(default=0)),
            ],
            options={
                "db_table": "inbox_cursor",
            },
        ),
        migrations.CreateModel(
            name="MailThread",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "source_id", "token", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("source_id", models.BigIntegerField()),
                ("token", models.BinaryField(max_length=16)),
                ("conversation_key", models.TextField()),
                ("at_us", models.BigIntegerField()),
            ],
            options={
                "db_table": "mail_thread",
            },
        ),
        migrations.CreateModel(
            name="InboxConversation",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("source_id", models.BigIntegerField()),
                ("key", models.TextField()),
                ("channel", models.CharField(max_length=20)),
                ("subject_id", models.BigIntegerField()),
                ("title", models.TextField(default="")),
                ("author", models.TextField(default="")),
                ("address", models.TextField(default="")),
                ("state", models.CharField(default="open", max_length=8)),
                ("snoozed_until_us", models.BigIntegerField(null=True)),
                ("owner_id", models.BigIntegerField(null=True)),
                ("unread", models.IntegerField(default=0)),
                ("messages", models.IntegerField(default=0)),
                ("waiting", models.BooleanField(default=True)),
                ("first_us", models.BigIntegerField()),
                ("last_us", models.BigIntegerField()),
                ("preview", models.TextField(default="")),
            ],
            options={
                "db_table": "inbox_conversation",
                "indexes": [
                    models.Index(fields=["last_us", "id"], name="inbox_last"),
                    models.Index(fields=["state", "last_us", "id"], name="inbox_state"),
                    models.Index(fields=["owner_id", "state", "last_us", "id"], name="inbox_owner"),
                    models.Index(fields=["channel", "state", "last_us", "id"], name="inbox_channel"),
                    models.Index(fields=["subject_id"], name="inbox_subject"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("source_id", "key"), name="inbox_conversation_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="InboxMessage",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("conversation_id", models.BigIntegerField()),
                ("event_key", models.BinaryField(max_length=16, unique=True)),
                ("message_key", models.TextField(default="")),
                ("subject_id", models.BigIntegerField()),
                ("at_us", models.BigIntegerField()),
                ("incoming", models.BooleanField(default=True)),
                ("author", models.TextField(default="")),
                ("text", models.TextField()),
                ("folded_from", models.IntegerField(null=True)),
                ("attachments", models.JSONField(default=list)),
                ("edited_us", models.BigIntegerField(null=True)),
                ("search", models.TextField(default="")),
            ],
            options={
                "db_table": "inbox_message",
                "indexes": [
                    models.Index(fields=["conversation_id", "at_us", "id"], name="inbox_message_thread"),
                    models.Index(fields=["conversation_id", "message_key"], name="inbox_message_key"),
                    models.Index(fields=["subject_id"], name="inbox_message_subject"),
                ],
            },
        ),
        migrations.RunPython(forwards, elidable=False),
    ]
