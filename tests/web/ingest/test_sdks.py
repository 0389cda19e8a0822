"""A2: Segment's own libraries against the running service: what they send is taken in, once."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from holdfast import store
from holdfast.services.collect.keys import revoke_key
from holdfast.settings import Settings
from holdfast.store import ingest_log, sql
from machine import CHECKOUT, Missing, unavailable
from web.live import FAR, make_key, service, until

pytestmark = pytest.mark.long

HERE = Path(__file__).parent
LANGUAGES = ("python", "node")


@pytest.fixture(scope="session")
def sdks() -> Path:
    """The folder that holds both libraries."""
    folder = Path(sys.prefix) / "segment-sdks"
    tool = CHECKOUT / "tools" / "segment_sdks.sh"
    done = subprocess.run([tool, folder, sys.executable], capture_output=True, text=True, check=False)
    if done.returncode:
        unavailable(Missing(done.stderr.strip()[-300:]))
    return folder


def send(sdks: Path, language: str, url: str, key: str) -> subprocess.CompletedProcess[str]:
    """Run the same calls with one of the libraries."""
    command: list[str | Path] = (
        [sdks / "python" / "bin" / "python", HERE / "sdk_calls.py", url, key]
        if language == "python"
        else ["node", HERE / "sdk_calls.cjs", sdks / "node", url, key]
    )
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a2_what_the_library_sends_is_taken_in_once(base: Settings, sdks: Path, language: str) -> None:
    key = make_key(base)
    with service(base, worker=True) as shop:
        for _ in range(2):  # all of it sent again changes nothing that has a message id of its own
            done = send(sdks, language, shop.url, key)
            assert (done.returncode, done.stderr) == (0, "")
        until(lambda: sql.one("SELECT COUNT(*) FROM arrived") == (0,), seconds=60)
        store.connect(base)
        rows = [dict(zip(("seq", *ingest_log.COLUMNS), row, strict=True)) for row in ingest_log.rows(base)]
        found = Counter(str(row["name"]) for row in rows)
        assert found["Clicked"] == 500
        assert found["Order Completed"] == 3  # two without and one with a message id of our own
        assert found["Page Viewed"] == found["Screen Viewed"] == found["Visit"] == 2
        assert len({row["message_id"] for row in rows}) == len(rows)
        order = next(row for row in rows if row["message_id"] == "m-1")
        assert (order["amount_minor"], order["currency"], order["object_id"]) == (1250, "EUR", "O1")
        visit = next(row for row in rows if row["name"] == "Visit")
        assert visit["at_us"] == 1_767_323_045_000_000
        assert sql.one("SELECT COUNT(*) FROM quarantined") == (0,)
        (known,) = sql.read("SELECT COUNT(*) FROM contact_point WHERE value = %s", ("ioana@example.com",))
        assert known == (1,)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a2_the_library_hears_of_a_key_that_is_refused(
    workspace: Settings, sdks: Path, language: str
) -> None:
    key = make_key(workspace)
    with service(workspace) as shop:
        revoke_key(workspace, key, now=FAR)
        done = send(sdks, language, shop.url, key)
        assert done.returncode == 1
        assert "401" in done.stderr or "unknown_key" in done.stderr
