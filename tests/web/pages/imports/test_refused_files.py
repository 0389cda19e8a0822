"""Files that cannot be taken: each is refused with what was found, what was expected and what helps."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from holdfast.services.collect.uploads import files
from holdfast.settings import Settings
from holdfast.store import uploads
from web.pages.imports.test_bringing import ORDERS, bring, mapped

if TYPE_CHECKING:
    from django.test import Client


def zipped(parts: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


BOMB = zipped({"bomb.csv": b"a,b\n" + b"0,0\n" * 75_000_000})
REFUSED: dict[str, tuple[str, bytes, str]] = {
    "pdf": ("orders.pdf", b"%PDF-1.7 nothing", "is a PDF"),
    "old_excel": ("orders.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old Excel workbook"),
    "header_only": ("orders.csv", b"customer,at,amount\n", "no rows"),
    "cut_gzip": ("orders.csv.gz", gzip.compress(ORDERS.encode() * 50)[:-30], "ends in the middle"),
    "damaged_zip": ("orders.xlsx", b"PK\x03\x04" + b"x" * 300, "damaged"),
    "bomb": ("bomb.zip", BOMB, "grows to more than"),
    "archive_in_archive": ("a.zip", zipped({"b.zip": zipped({"c.csv": b"a,b\n1,2\n"})}), "archive within"),
    "archive_beside_a_table": (
        "a.zip",
        zipped({"a.csv": ORDERS.encode(), "b.zip": zipped({"c.csv": b"a,b\n1,2\n"})}),
        "archive within",
    ),
    "many_files": ("a.zip", zipped({f"{n}.csv": b"a\n1\n" for n in range(51)}), "holds 51 files"),
    "binary": ("orders.csv", bytes(range(1, 32)) * 400, "no text"),
    "json_array": ("orders.json", b"[1, 2, 3]\n", "its lines are no objects"),
    "wide": (
        "wide.csv",
        (",".join(f"c{n}" for n in range(400)) + "\n" + "1," * 399 + "1\n").encode(),
        "400 columns",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_read_is_refused_with_what_helps(
    signed_in: Callable[..., Client], served: Settings, case: str
) -> None:
    name, content, said = REFUSED[case]
    client = signed_in("manager")
    page = client.get(bring(client, content, name)).content.decode()
    assert "This file cannot be used as it is." in page
    assert said in page
    number = uploads.listed(served, ("refused",))[0].id
    assert client.post(f"/import/files/{number}/forget").status_code == 302
    assert not list(files.root(served).glob("*"))


def test_an_empty_file_and_none_at_all(signed_in: Callable[..., Client], served: Settings) -> None:
    client = signed_in("manager")
    empty = client.post("/import/upload", {"files": SimpleUploadedFile("orders.csv", b"")})
    assert empty.status_code == 400 and "is empty" in empty.content.decode()
    nothing = client.post("/import/upload", {})
    assert nothing.status_code == 400 and "No file was chosen" in nothing.content.decode()


def test_two_gigabytes_are_refused_before_they_are_read(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    client = signed_in("manager")
    answer = client.post(
        "/import/upload", {"files": SimpleUploadedFile("a.csv", b"x")}, CONTENT_LENGTH=str(2 << 30)
    )
    assert answer.status_code == 413
    page = answer.content.decode()
    assert "2147 MB" in page.replace(",", "") and "Pack it" in page
    assert not files.root(served).exists()


def test_a_wrong_delimiter_and_encoding_are_named_and_mended(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    client = signed_in("manager")
    path = bring(client, ORDERS.replace(";", "^"))
    assert "Everything stands in one column." in client.get(path).content.decode()
    client.post(f"{path}/look", {"delimiter": "^", "header": "yes"})
    assert len(uploads.get(served, 1).layout["columns"]) == 5
    bulgarian = "клиент;дата;сума\nИван;2025-01-01;3,50\nМария;2025-01-02;4,50\n" * 20
    path = bring(client, bulgarian.encode("cp1251"))
    assert uploads.get(served, 2).layout["encoding"] == "cp1251"
    assert client.post(f"{path}/look", {"encoding": "no-such", "header": "yes"}).status_code == 422
    client.post(f"{path}/look", {"encoding": "ascii", "header": "yes"})
    assert "cannot be read in this encoding" in client.get(path).content.decode()


def test_two_header_rows_are_named(signed_in: Callable[..., Client], served: Settings) -> None:
    client = signed_in("manager")
    lines = ORDERS.splitlines(keepends=True)
    path = bring(client, "Bestellung;Datum;Kunde;Menge;Preis\n" + "".join(lines))
    assert "looks like a second header" in client.get(path).content.decode()
    client.post(f"{path}/look", {"first_row": "2", "header": "yes"})
    page = client.get(path).content.decode()
    assert uploads.get(served, 1).layout["columns"][0] == "Order No"
    assert "3 of 5 can be taken" in page and "Line 5" in page  # lines are those of the file, titles counted
    wrong = client.post(f"{path}/look", {"first_row": "0x"})
    assert wrong.status_code == 422 and "the number of a row" in wrong.content.decode()


def test_a_map_without_a_customer_is_not_imported(signed_in: Callable[..., Client], served: Settings) -> None:
    client = signed_in("manager")
    path = bring(client, ORDERS)
    fields = mapped(client, path) | {"map-customer": ""}
    checked = client.post(f"{path}/check", fields, headers={"HX-Request": "true"})
    assert checked.status_code == 200 and "customer or account or email" in checked.content.decode()
    refused = client.post(f"{path}/import", fields)
    assert refused.status_code == 422 and "customer or account or email" in refused.content.decode()
    assert uploads.get(served, 1).state == "looked"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("map-customer", "no such column", "is not known"),
        ("timezone", "Mars/Olympus", "Europe/Dublin"),
        ("currency", "euro", "three capital letters"),
    ],
)
def test_what_a_form_never_offers_is_refused(
    signed_in: Callable[..., Client], served: Settings, field: str, value: str, said: str
) -> None:
    client = signed_in("manager")
    path = bring(client, ORDERS)
    answer = client.post(f"{path}/import", mapped(client, path) | {field: value})
    assert answer.status_code == 422 and said in answer.content.decode()


def test_names_and_cells_are_shown_and_never_run(signed_in: Callable[..., Client], served: Settings) -> None:
    client = signed_in("manager")
    evil = "<script>alert(1)</script>"
    path = bring(client, f"customer,at,{evil}\nc-1,2025-01-01,{evil}\nc-2,x,{evil}\n", f"{evil}\u202efdp.csv")
    assert "&lt;script&gt;alert" in client.get(path).content.decode()
    for page in (client.get(path).content.decode(), client.get("/import").content.decode()):
        assert evil not in page
        assert "\u202e" not in page


def test_numbers_that_nobody_was_given_lead_nowhere(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    client = signed_in("admin")
    for path in ("import/99", "import/files/99", "import/work/99", "import/99/rejected.csv"):
        assert client.get(f"/{path}").status_code == 404
    for page in ("import?before=", "import?before=x", "import?before=" + "9" * 5_000):
        assert client.get(f"/{page}").status_code == 200
    path = bring(client, ORDERS)
    assert client.post(f"{path}/look", {"first_row": "9" * 5_000}).status_code == 422
    assert client.post(f"{path}/explode").status_code == 404
    assert client.get(f"{path}?kind=nothing").status_code == 404
    assert not re.search(r"Traceback", client.get(path).content.decode())
