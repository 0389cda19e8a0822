from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from holdfast import store
from holdfast.domain.refusals import Refusal
from holdfast.settings import Settings
from holdfast.store import imports, sql


def test_a_new_workspace_gets_a_database_for_its_owner_alone(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "new")
    store.connect(settings)
    assert imports.list_imports(settings) == []
    for private in (settings.database, settings.folder / "secret"):
        assert stat.S_IMODE(private.stat().st_mode) == 0o600
    assert len((settings.folder / "secret").read_text()) >= 60


def test_sqlite_is_set_for_durability_and_erasure(workspace: Settings) -> None:
    store.connect(workspace)
    pragmas = ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
    assert [sql.read(f"PRAGMA {name}")[0][0] for name in pragmas] == ["wal", 2, 1, 1]


def test_another_workspace_in_the_same_process_has_its_own_database(tmp_path: Path) -> None:
    one, two = Settings(tmp_path / "one"), Settings(tmp_path / "two")
    imports.begin(one, "orders", "", [], 1)
    assert imports.list_imports(two) == []
    assert len(imports.list_imports(one)) == 1
    from django.conf import settings as django_settings

    store.connect(two)
    assert (two.folder / "secret").read_text() == django_settings.SECRET_KEY
    assert (one.folder / "secret").read_text() != django_settings.SECRET_KEY


def test_threads_share_the_workspace(workspace: Settings) -> None:
    def work(number: int) -> int:
        from django.db import connection

        try:
            return imports.begin(workspace, "orders", str(number), [], number)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        ids = list(pool.map(work, range(40)))
    assert len(set(ids)) == 40


def test_a_database_of_a_newer_release_is_refused_and_unchanged(workspace: Settings) -> None:
    sql.write(
        "INSERT INTO django_migrations (app, name, applied) VALUES ('store', '9999_future', '2030-01-01')"
    )
    store.connect(replace(workspace, folder=workspace.folder.parent / "elsewhere"))
    with pytest.raises(Refusal) as refused:
        store.connect(workspace)
    assert refused.value.code == "newer_workspace"
    assert "9999_future" in str(refused.value.found)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    settings.database.write_text("this is no database, but some text of its own " * 100)
    with pytest.raises(Refusal) as refused:
        store.connect(settings)
    assert refused.value.code == "no_database"
    assert settings.database.read_text().startswith("this is no database")


def test_a_server_that_does_not_answer_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        store.connect(Settings(tmp_path, database_url=f"postgresql:///none?host={tmp_path}&user=nobody"))
    assert refused.value.code == "no_database"


def test_an_unknown_kind_of_database_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        store.connect(Settings(tmp_path, database_url="mysql://x/y"))
    assert refused.value.code == "bad_setting"


def test_after_a_refusal_another_workspace_connects(tmp_path: Path) -> None:
    with pytest.raises(Refusal):
        store.connect(
            Settings(tmp_path / "a", database_url=f"postgresql:///none?host={tmp_path}&user=nobody")
        )
    assert imports.list_imports(Settings(tmp_path / "b")) == []


def test_two_processes_make_one_database(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from holdfast.settings import Settings; "
        "from holdfast.store import imports; imports.begin(Settings(Path(sys.argv[1])), 'orders', '', [], 1)"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "w")], stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    errors = [process.communicate(timeout=60)[1].decode() for process in started]
    assert errors == ["", "", ""]
    with sqlite3.connect(tmp_path / "w" / "holdfast.db") as database:
        assert database.execute("SELECT COUNT(*) FROM import").fetchall() == [(3,)]
    database.close()


def test_the_models_and_the_migrations_agree(workspace: Settings) -> None:
    from django.core.management import call_command

    store.connect(workspace)
    call_command("makemigrations", "store", check=True, dry_run=True, verbosity=0)


def test_passwords_are_kept_as_argon2_only(workspace: Settings) -> None:
    """N1"""
    store.connect(workspace)
    from holdfast.store.models import User

    user = User.objects.create_user("Jo@X.org", "correct horse battery", role="admin")
    assert user.email == "jo@x.org"
    assert sql.read("SELECT password FROM person")[0][0].startswith("argon2$argon2id$")
    assert user.check_password("correct horse battery")
