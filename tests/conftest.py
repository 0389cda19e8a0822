"""Fixtures that every test may use; what the machine lacks is skipped with a reason, in CI it fails."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

import postgresql_server
from holdfast.settings import Settings, read_settings, write_settings
from machine import (
    CHROMIUM_FLAGS,
    Missing,
    find_chromium,
    find_data,
    folder_in_memory,
    missing_letters,
    unavailable,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_numbers = count()

# How fast this machine is right now decides about no test. CI's profile (no luck) stays the parent there.
hypothesis_settings.register_profile(
    "untimed", hypothesis_settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("untimed")

MARKED_BY_FIXTURE = {
    "spark": "spark",
    "chromium": "browser",
    "page": "browser",
    "holdfast_data": "shared_data",
}
"""Who asks for the fixture is marked, so that `-m "not spark"` and its kin work without a decorator."""


ROOM = 8 << 30
"""Bytes of memory that must be free for the folders of tests to be there."""

ON_BOTH_EACH_TIME = ("store", "test_on_postgresql.py", "pulse", "test_taking_in.py", "test_visible.py")
"""Where the two databases differ most; elsewhere PostgreSQL is asked in test-long only."""


def pytest_configure() -> None:
    """Workspaces of tests are in memory: each is synced to disk a dozen times, and read by nobody after."""
    if memory := folder_in_memory(ROOM):
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        databases = getattr(getattr(item, "callspec", None), "params", {}).values()
        if "postgresql" in databases and not set(ON_BOTH_EACH_TIME) & set(item.path.parts):
            item.add_marker("long")
        for fixture, mark in MARKED_BY_FIXTURE.items():
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(mark)
    # The longest are of these: begun last, they would keep one process busy while the other one waits.
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)


def pytest_collection_finish() -> None:
    """What is imported by now stays: to look again and again whether it is rubbish takes a while."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def pytest_unconfigure() -> None:
    from web import kept

    kept.forget()
    gc.unfreeze()


@pytest.fixture(scope="session")
def holdfast_data() -> Path:
    """The folder of shared data sets."""
    try:
        return find_data()
    except Missing as missing:
        unavailable(missing)


@pytest.fixture(scope="session")
def _blank_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One migrated workspace a test process: migrating takes a second, copying a millisecond."""
    from holdfast import store

    settings = Settings(tmp_path_factory.mktemp("blank") / "workspace", currency="EUR", buckets=8)
    write_settings(settings)
    store.connect(settings)
    return settings.folder


@pytest.fixture
def workspace(_blank_workspace: Path, tmp_path: Path) -> Settings:
    """The settings of an empty workspace of its own, its database migrated and connected."""
    from holdfast import store

    folder = tmp_path / "workspace"
    shutil.copytree(_blank_workspace, folder)
    settings = read_settings(folder)
    store.connect(settings)
    return settings


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[postgresql_server.Server]:
    """A server of our own with a migrated database ``blank`` to copy."""
    from holdfast import store

    try:
        with postgresql_server.running() as server:
            folder = tmp_path_factory.mktemp("blank")
            store.connect(Settings(folder, database_url=server.create("blank")))
            store.connect(Settings(folder))  # nobody may be connected to what is copied
            yield server
            store.connect(Settings(folder))
    except Missing as missing:
        unavailable(missing)


@pytest.fixture
def on_postgresql(
    postgresql: postgresql_server.Server, workspace: Settings, _blank_workspace: Path
) -> Iterator[Settings]:
    """An empty workspace whose database is on PostgreSQL, as its ``holdfast.toml`` says."""
    from holdfast import store

    name = f"test{next(_numbers)}"
    url = postgresql.create(name, template="blank")
    settings = replace(workspace, database_url=url)
    write_settings(settings)
    store.connect(settings)
    for path in settings.folder.glob("holdfast.db*"):
        path.unlink()
    yield settings
    store.connect(read_settings(_blank_workspace))
    postgresql.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def base(request: pytest.FixtureRequest) -> Settings:
    """An empty workspace on each of the two databases."""
    name = "workspace" if request.param == "sqlite" else "on_postgresql"
    settings: Settings = request.getfixturevalue(name)
    return settings


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A live local Spark session on two cores."""
    from holdfast.domain.refusals import Refusal
    from holdfast.engines import spark as engine

    try:
        session = engine.start_session(temp=tmp_path_factory.mktemp("spark"), for_small_data=True)
    except (ImportError, Refusal) as reason:
        unavailable(Missing(f"no Spark session: {reason}"))
    yield session
    session.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A headless Chromium with letters for Persian and Chinese."""
    from playwright.sync_api import sync_playwright

    try:
        executable = find_chromium()
    except Missing as missing:
        unavailable(missing)
    if lacking := missing_letters():
        unavailable(Missing(f"no fonts for {', '.join(lacking)}: install fonts-noto-core and fonts-noto-cjk"))
    # Playwright's synchronous face runs an event loop in this thread, and Django's ORM refuses to
    # work beside one; the tests await nothing, so there is nothing to protect.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(CHROMIUM_FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A fresh page in a browser profile of its own; an error in the page's scripts fails the test."""
    context = chromium.new_context(locale="en-GB", viewport={"width": 1440, "height": 900})
    fresh = context.new_page()
    errors: list[str] = []
    fresh.on("pageerror", lambda error: errors.append(str(error)))
    yield fresh
    context.close()
    assert not errors, errors
