"""A9, N2: what may be large is asked for who sends it before it is read; what is too large is not read."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from holdfast.services.collect.uploads import files
from holdfast.settings import Settings
from holdfast.store import uploads
from holdfast.web import bridge
from holdfast.web.bridge import Bridge
from web.live import run_apart

if TYPE_CHECKING:
    from django.test import Client

BOUNDARY = "kelp"


def form(token: str, content: bytes, name: str = "orders.csv") -> bytes:
    field = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'
    file = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
    return (field + file).encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


def send(body: bytes, cookie: str, *, claimed: int | None = None) -> tuple[int, bytes, int]:
    """Status, page, and how much of the body was read, for an upload through the bridge."""
    from django.core.handlers.wsgi import WSGIHandler

    from holdfast.web.brought import PATH, Room

    read = 0
    rest = io.BytesIO(body)
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        nonlocal read
        piece = rest.read(1 << 20)
        read += len(piece)
        return {"type": "http.request", "body": piece, "more_body": rest.tell() < len(body)}

    async def hear(message: Any) -> None:
        sent.append(message)

    headers = [
        (b"host", b"testserver"),
        (b"cookie", cookie.encode()),
        (b"content-type", f"multipart/form-data; boundary={BOUNDARY}".encode()),
        (b"content-length", str(len(body) if claimed is None else claimed).encode()),
    ]
    scope = {
        "type": "http", "method": "POST", "path": PATH, "query_string": b"", "http_version": "1.1",
        "scheme": "http", "headers": headers, "server": ("testserver", 80), "client": ("127.0.0.1", 5000),
    }  # fmt: skip

    async def scenario() -> None:
        beside = Bridge(WSGIHandler(), 2, Room())
        await beside(scope, receive, hear)
        beside.close()

    run_apart(scenario())
    page = b"".join(message.get("body", b"") for message in sent)
    return int(sent[0]["status"]), page, read


def cookie_of(client: Client) -> tuple[str, str]:
    """The cookies of somebody who opened the page, and the token of its form."""
    import re

    page = client.get("/import").content.decode()
    token = re.findall(r'csrfmiddlewaretoken" value="([^"]+)"', page)[0]
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items()), token


@pytest.fixture(autouse=True)
def _ordinary_requests_are_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridge, "MOST_BODY_BYTES", 200_000)


LARGE = b"customer,at,amount\n" + b"c-1,2025-01-01,3.50\n" * 20_000


def test_a_large_file_comes_from_those_who_may_bring_it(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    cookie, token = cookie_of(signed_in("manager"))
    status, _, read = send(form(token, LARGE), cookie)
    assert status == 302 and read > len(LARGE)
    record = uploads.get(served, 1)
    assert files.path_of(served, record).read_bytes() == LARGE
    assert [path.name for path in files.root(served).iterdir()] == ["1"]  # nothing of the way is left


def test_others_cannot_fill_the_disk(signed_in: Callable[..., Client], served: Settings) -> None:
    _, token = cookie_of(signed_in("manager"))
    for cookie in ("", "holdfast_session=forged", "; ; =", cookie_of_agent(signed_in)):
        status, _, read = send(form(token, LARGE), cookie)
        assert status in (302, 403, 413) and read == 0
    assert uploads.listed(served, ("new", "looked")) == []


def cookie_of_agent(signed_in: Callable[..., Client]) -> str:
    client = signed_in("agent")
    client.get("/import")
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())


def test_two_gigabytes_are_not_read_and_the_page_says_so(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    cookie, token = cookie_of(signed_in("admin"))
    status, page, read = send(form(token, LARGE), cookie, claimed=2 << 30)
    assert (status, read) == (413, 0)
    assert b"Up to 1,000 MB are taken at once." in page


def test_where_there_is_no_room_nothing_is_read(
    signed_in: Callable[..., Client], served: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    cookie, token = cookie_of(signed_in("manager"))
    monkeypatch.setattr(files, "ROOM", 1 << 60)  # as on a disk that is almost full
    status, page, read = send(form(token, LARGE), cookie, claimed=30_000_000)
    assert (status, read) == (413, 0)
    assert b"free on the disk" in page


def test_what_lies_about_its_size_is_cut_off(signed_in: Callable[..., Client], served: Settings) -> None:
    agent = cookie_of_agent(signed_in)
    status, _, _ = send(b"x" * 900_000, agent, claimed=10)
    assert status == 403  # read to its end, kept nowhere
    assert list(files.root(served).iterdir()) == []


@pytest.fixture
def small(served: Settings) -> Iterator[Path]:
    """Brought files lie on a disk of their own, that takes 200 kB."""
    folder = files.root(served)
    folder.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=200k", "none", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small file system needs root")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_disk_that_becomes_full_while_a_form_arrives(
    signed_in: Callable[..., Client], served: Settings, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bridge, "_IN_MEMORY", 1_000)
    cookie, token = cookie_of(signed_in("manager"))
    status, page, _ = send(form(token, LARGE), cookie)
    assert status == 503
    assert b"The disk became full while the file arrived" in page
    assert list(small.iterdir()) == []
    assert uploads.listed(served, ("new", "looked", "refused")) == []


def test_a_disk_that_becomes_full_while_a_file_is_written(
    signed_in: Callable[..., Client], served: Settings, small: Path
) -> None:
    client = signed_in("manager")
    for times in (1, 2):
        answer = client.post("/import/upload", {"files": SimpleUploadedFile("orders.csv", LARGE * times)})
        assert answer.status_code == 503
        assert "is full" in answer.content.decode()
        assert list(small.iterdir()) == []
    assert uploads.listed(served, ("new", "looked", "refused")) == []


def test_a_disk_that_becomes_full_while_a_program_brings_a_file(served: Settings, small: Path) -> None:
    from datetime import UTC, datetime

    from django.test import Client

    from holdfast.services.collect.keys import create_key

    _, secret = create_key(served, "Till", scope="admin", now=datetime.now(UTC))
    answer = Client().generic(
        "POST",
        "/api/v1/uploads?name=orders.csv",
        data=LARGE,
        content_type="application/octet-stream",
        headers={"authorization": f"Bearer {secret}"},
    )
    assert (answer.status_code, answer.json()["error"]) == (503, "disk_full")
    assert list(small.iterdir()) == []
    assert uploads.listed(served, ("new", "looked", "refused")) == []


def test_a_file_that_cannot_be_put_in_its_place_is_not_listed(served: Settings) -> None:
    from holdfast.store.uploads import NewUpload

    arrived = files.arriving(served)
    arrived.write_bytes(LARGE)
    (files.root(served) / "1").write_bytes(b"in the way")
    with pytest.raises(OSError, match="1"):
        files.receive(served, arrived, NewUpload("orders.csv", len(LARGE)), by_id=None, now_us=1)
    assert not arrived.exists()
    assert uploads.listed(served, ("new",)) == []
