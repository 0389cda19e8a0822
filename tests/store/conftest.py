"""An empty base on each database: SQLite always, PostgreSQL where the machine has a server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count

import pytest

import postgresql_server
from holdfast import store
from holdfast.settings import Settings
from machine import Missing

_numbers = count()


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[postgresql_server.Server]:
    """A server with a migrated database ``blank`` to copy."""
    try:
        with postgresql_server.running() as server:
            folder = tmp_path_factory.mktemp("blank")
            store.connect(Settings(folder, database_url=server.create("blank")))
            store.connect(Settings(folder))  # nobody may be connected to what is copied
            yield server
            store.connect(Settings(folder))
    except Missing as missing:
        pytest.skip(str(missing))


@pytest.fixture(params=["sqlite", "postgresql"])
def base(request: pytest.FixtureRequest, workspace: Settings) -> Iterator[Settings]:
    """An empty, migrated base."""
    if request.param == "sqlite":
        yield workspace
        return
    server: postgresql_server.Server = request.getfixturevalue("postgresql")
    url = server.create(f"test{next(_numbers)}", template="blank")
    settings = replace(workspace, database_url=url)
    store.connect(settings)
    yield settings
    store.connect(workspace)
