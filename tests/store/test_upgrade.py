"""A workspace of the previous release is brought to this one with all it holds, on both databases."""

# ruff: noqa: E501  (rows of a table are read across)

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from holdfast import store
from holdfast.services.collect.look_up import customer
from holdfast.services.keep.examine import examine
from holdfast.settings import Settings, read_settings, write_settings
from holdfast.store import connection, customers, imports, personal, sql
from postgresql_server import Server
from services.measure.companies import NOW

PREVIOUS = "0007_risk"
_numbers = count()

FILLED = (
    "INSERT INTO import (id, kind, source, files, state, report, started_us, finished_us, first_us, last_us, "
    "swept) VALUES (1, 'customers', 'crm', '[\"people.csv\"]', 'done', '{\"rows_read\": 2}', 5, 6, 1, 2, {yes})",
    "INSERT INTO subject (id, namespace, key, created_import) VALUES "
    "(1, 'customer', 'c-1', 1), (2, 'customer', 'c-2', 1), (3, 'crm', 'x-9', 1)",
    "INSERT INTO sighting (subject_id, import_id, first_us, rows) VALUES (1, 1, 1, 2), (2, 1, 1, 1), (3, 1, 1, 1)",
    "INSERT INTO trait_row (subject_id, trait, value, valid_from_us, known_us, import_id, also) VALUES "
    "(1, 'name', 'Ann Kelpwood', 1, 1, 1, ''), (1, 'country', 'IE', 1, 1, 1, ''), (2, 'name', 'Bob', 1, 1, 1, '')",
    "INSERT INTO contact_point (subject_id, kind, value, import_id, also) VALUES "
    "(1, 'email', 'ann@kelp.example', 1, ''), (3, 'email', 'ann@kelp.example', 1, '')",
    "INSERT INTO identity_link (subject_id, unit_id, linked_us, reason, evidence, made_by, import_id) VALUES "
    "(3, 1, 1, 'email', 'ann@kelp.example', 'import', 1)",
    "INSERT INTO standing (unit_id, name, kind, country, source, state, first_day, last_day, orders, "
    "amount_minor, yearly_minor, name_key, last_key, search, fingerprint) VALUES "
    "(1, 'Ann Kelpwood', 'person', 'IE', '', 'active', 19000, 19100, 3, 1000, 500, 'ann kelpwood', 19100, "
    "'ann kelpwood', 7)",
    "INSERT INTO standing_count (state, country, source, kind, units) VALUES ('active', 'IE', '', 'person', 1)",
    "INSERT INTO risk_score (unit_id, risk, value_minor, value_at_risk_minor, drivers, cause, state, country, "
    "as_of_day, model_version) VALUES (1, 0.4, 100, 40, '[]', '', 'active', 'IE', 19100, 1)",
    "INSERT INTO risk_history (unit_id, day, risk) VALUES (1, 19100, 0.4)",
    "INSERT INTO loop_run (as_of_day, finished_us, report) VALUES (19100, 5, '{}')",
    "INSERT INTO rate (day, from_currency, to_currency, import_id, rate) VALUES (1, 'USD', 'EUR', 1, 0.91)",
)


@pytest.fixture(params=["sqlite", "postgresql"])
def previous(request: pytest.FixtureRequest, tmp_path: Path, _blank_workspace: Path) -> Iterator[Settings]:
    """A workspace as the previous release left it: its schema, and rows in its tables."""
    settings = Settings(tmp_path / "shop", currency="EUR")
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgresql")
        settings = replace(settings, database_url=server.create(f"previous{next(_numbers)}"))
    write_settings(settings)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "_migrate", lambda _: _migrate_to(PREVIOUS))
        store.connect(settings)
        yes = "1" if not settings.database_url else "TRUE"
        for statement in FILLED:
            sql.write(statement.replace("{yes}", yes).replace("%", "%%"))
        if settings.database_url:
            for table in ("import", "subject"):
                sql.read(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), 3)")
    store.connect(read_settings(_blank_workspace))
    yield settings
    store.connect(read_settings(_blank_workspace))


def _migrate_to(name: str) -> None:
    from django.core.management import call_command

    call_command("migrate", "store", name, interactive=False, verbosity=0)
    for app in ("contenttypes", "auth", "sessions"):
        call_command("migrate", app, interactive=False, verbosity=0)


def rows() -> dict[str, list[tuple[object, ...]]]:
    found = {}
    for statement in FILLED:
        table = statement.split()[2]
        columns = statement.partition("(")[2].partition(")")[0]
        found[table] = sorted(sql.read(f"SELECT {columns} FROM {table}"), key=repr)
    return found


def test_the_first_command_brings_a_workspace_to_this_release(previous: Settings) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "_migrate", lambda _: None)
        store.connect(previous)
        before = rows()
        assert "arrived" not in personal.tables()
    store.connect(read_settings(previous.folder.parent / "shop"))
    _again(previous)
    assert rows() == before
    assert {"arrived", "erasure", "segment", "note", "inbox_message", "pull"} <= personal.tables().keys()
    found = customer(previous, "ann@kelp.example", now=NOW)
    assert (found.unit_id, found.name) == (1, "Ann Kelpwood")
    assert [
        row.unit_id
        for row in customers.list_customers(
            previous, customers.CustomerFilter(search="kelp"), customers.CustomerSort("name", False), limit=5
        ).rows
    ] == [1]
    assert [each.id for each in imports.list_imports(previous)] == [1]
    assert imports.begin(previous, "orders", "", [], 1) > 1
    assert [check.name for check in examine(previous.folder) if not check.ok] in (
        ["imports"],
        ["disk", "imports"],
    )


def _again(settings: Settings) -> None:
    """As a new process would: nothing is connected yet."""
    store.connect(Settings(settings.folder.parent / "elsewhere"))
    store.connect(settings)


def test_an_older_release_refuses_it_afterwards(previous: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    from holdfast.domain.refusals import Refusal

    _again(previous)
    store.connect(Settings(previous.folder.parent / "elsewhere"))
    older: Callable[[], set[str]] = lambda: {name for name in known if name <= PREVIOUS}  # noqa: E731
    known = connection.known_migrations()
    monkeypatch.setattr(connection, "known_migrations", older)
    with pytest.raises(Refusal) as refused:
        store.connect(previous)
    assert refused.value.code == "newer_workspace"
