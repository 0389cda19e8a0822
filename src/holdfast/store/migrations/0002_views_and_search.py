"""What Django's models cannot say: the view of trait history and the full-text index.

Django changes most things about a table of SQLite by making it anew, and its triggers go with the
old one: a migration that touches the columns of ``standing`` has to run its ``CREATE TRIGGER`` again.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TRAIT_HISTORY = """
CREATE VIEW trait_history AS
SELECT t.id, t.subject_id, t.trait, t.value, t.valid_from_us,
       LEAD(t.valid_from_us) OVER (
           PARTITION BY t.subject_id, t.trait ORDER BY t.valid_from_us, t.known_us, t.id
       ) AS valid_to_us,
       t.known_us, t.import_id
FROM trait_row t LEFT JOIN import i ON i.id = t.import_id
WHERE t.import_id IS NULL OR i.state = 'done'
"""

SQLITE = [
    # The text is split and folded by domain/search.py: nothing is left to the tokenizer but blanks.
    """
    CREATE VIRTUAL TABLE standing_search USING fts5(
        search, content='standing', content_rowid='unit_id', detail=none, columnsize=0,
        tokenize='unicode61 remove_diacritics 0', prefix='2 3 4'
    )
    """,
    # Merging its parts is done by whoever writes many rows, a little at a time (store/standings.py).
    "INSERT INTO standing_search (standing_search, rank) VALUES ('automerge', 0)",
    "INSERT INTO standing_search (standing_search, rank) VALUES ('crisismerge', 200)",
    """
    CREATE TRIGGER standing_inserted AFTER INSERT ON standing BEGIN
        INSERT INTO standing_search (rowid, search) VALUES (new.unit_id, new.search);
    END
    """,
    """
    CREATE TRIGGER standing_deleted AFTER DELETE ON standing BEGIN
        INSERT INTO standing_search (standing_search, rowid, search)
        VALUES ('delete', old.unit_id, old.search);
    END
    """,
    """
    CREATE TRIGGER standing_updated AFTER UPDATE OF search ON standing
    WHEN old.search IS NOT new.search BEGIN
        INSERT INTO standing_search (standing_search, rowid, search)
        VALUES ('delete', old.unit_id, old.search);
        INSERT INTO standing_search (rowid, search) VALUES (new.unit_id, new.search);
    END
    """,
]

# Tokens as they are: PostgreSQL's parser would drop letters that the server's locale does not know.
POSTGRESQL = [
    """
    CREATE INDEX standing_search ON standing USING gin (
        array_to_tsvector(array_remove(string_to_array(search, ' '), ''))
    )
    """,
]


def forwards(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    schema_editor.execute(TRAIT_HISTORY)
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("store", "0001_ground")]
    operations = [migrations.RunPython(forwards, elidable=False)]
