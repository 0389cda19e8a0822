"""N2: files are brought by those who may, looked at before anything is taken, and refused with what helps."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from holdfast.services.collect.uploads import files
from holdfast.services.pulse.asked import do_next
from holdfast.settings import Settings, read_settings
from holdfast.store import asked, imports, portfolio, uploads
from holdfast.store.portfolio import Decided

if TYPE_CHECKING:
    from django.test import Client

ORDERS = (
    "Order No;Date;Customer No;Qty;Unit price\n"
    "1;03/01/2025 09:52;2011;3;9,50\n"
    "2;19/01/2025 11:29;2050;1;7,20\n"
    "3;31/09/2025 09:00;2064;1;7,20\n"
    "4;05/02/2025 16:40;;1;gratis\n"
    "5;06/02/2025 16:40;2011;2;8,00\n"
)


def bring(client: Client, content: bytes | str, name: str = "orders.csv", **more: str) -> str:
    """Where one is led after bringing a file."""
    data = content.encode() if isinstance(content, str) else content
    answer = client.post("/import/upload", {"files": SimpleUploadedFile(name, data), **more})
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return str(answer["Location"])


def work_off(settings: Settings) -> None:
    """Do everything that was asked for, as the worker's process does."""
    while do_next(read_settings(settings.folder), "test:1"):
        pass


def take(client: Client, settings: Settings, content: str = ORDERS, **columns: str) -> int:
    """Bring a file, take the guessed columns, import; the number of the import."""
    path = bring(client, content)
    number = int(path.rsplit("/", 1)[1])
    fields = mapped(client, path) | {f"map-{name}": source for name, source in columns.items()}
    answer = client.post(f"{path}/import", fields)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    work_off(settings)
    done = uploads.get(settings, number)
    assert done.import_id is not None, done.trouble
    return done.import_id


def mapped(client: Client, path: str, kind: str = "orders") -> dict[str, str]:
    """The form of the page, as a browser would send it."""
    import re

    page = client.get(path, {"kind": kind}).content.decode()
    fields = {"kind": re.findall(r'name="kind" value="([^"]+)"', page)[0]}
    for name, select in re.findall(r'<select[^>]* name="(map-[^"]+)">(.*?)</select>', page, re.DOTALL):
        chosen = re.findall(r'<option value="([^"]*)" selected', select)
        fields[name] = chosen[0] if chosen else ""
    return fields


def test_a_file_is_mapped_imported_and_undone(signed_in: Callable[..., Client], served: Settings) -> None:
    client = signed_in("manager")
    path = bring(client, ORDERS)
    page = client.get(path).content.decode()
    assert "3 of 5 can be taken" in page  # the live check names what is wrong before anything is taken
    assert "The row names no customer." in page and "gratis" in page
    assert "2050" in page and "Customer No" in page
    assert not imports.list_imports(served)
    assert client.post(f"{path}/import", mapped(client, path)).status_code == 302
    assert "Importing" in client.get("/import").content.decode()
    work_off(served)
    work = asked.latest(served, "import", 1)
    assert work is not None and work.state == "done"
    led = client.get(f"/import/work/{work.id}", headers={"HX-Request": "true"})
    assert led.headers["HX-Redirect"] == "/import/1"
    page = client.get("/import/1").content.decode()
    assert "3 rows were taken, 2 rows were rejected." in page
    assert not files.path_of(served, uploads.get(served, 1)).exists()
    assert client.post("/import/1/undo").status_code == 302
    work_off(served)
    assert imports.get(served, 1).state == "undone"
    assert "nothing of it counts" in client.get("/import/1").content.decode()


def test_rejected_rows_are_mended_and_only_they_are_sent(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    client = signed_in("admin")
    first = take(client, served)
    page = client.get(f"/import/{first}").content.decode()
    assert 'name="cell-4-1" value="31/09/2025 09:00"' in page
    same = client.post(f"/import/{first}/mend", {"cell-4-1": "31/09/2025 09:00"})
    assert same.status_code == 422 and "No cell is different" in same.content.decode()
    answer = client.post(
        f"/import/{first}/mend", {"cell-4-1": "30/09/2025 09:00", "cell-5-1": "05/02/2025 16:40"}
    )
    assert answer.status_code == 302
    work_off(served)
    mended = imports.get(served, first + 1)
    assert (mended.report["rows_read"], mended.report["rows_taken"]) == (1, 1)
    # The day comes first there because it did in the file, though 30/09 is alone now.
    assert str(mended.report["first_at"]).startswith("2025-09-30")
    page = client.get(f"/import/{first}").content.decode()
    assert "cell-4-1" not in page and "cell-5-1" in page
    client.post(f"/import/{first + 1}/undo")
    work_off(served)
    assert "cell-4-1" in client.get(f"/import/{first}").content.decode()  # taken back: to be mended again


def test_rows_are_mended_by_a_rule(signed_in: Callable[..., Client], served: Settings) -> None:
    client = signed_in("manager")
    rows = "".join(f"{n};2025.{n:02d}.0{n} x;20{n};1;7,20\n" for n in range(1, 10))
    first = take(client, served, ORDERS + rows, at="Date")
    assert imports.get(served, first).report["reject_reasons"] == {"bad_date": 10, "no_customer": 1}
    rule = {"code": "bad_date", "pattern": "%Y.%m.%d x"}
    assert client.post(f"/import/{first}/rule", rule).status_code == 302
    work_off(served)
    report = imports.get(served, first + 1).report
    assert (report["rows_read"], report["rows_taken"]) == (10, 9)
    page = client.get(f"/import/{first}").content.decode()
    assert "bad_date" not in page and "The row names no customer." in page
    instead = {"code": "no_customer", "column": "Customer No", "value": "", "instead": "2077"}
    client.post(f"/import/{first}/rule", instead)
    work_off(served)
    # The customer is there now; the amount in words is what is left to say.
    assert imports.get(served, first + 2).report["reject_reasons"] == {"bad_amount": 1}


def test_rejected_rows_are_downloaded_without_formulas(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    client = signed_in("manager")
    first = take(client, served, ORDERS + "=cmd|' /C calc'!A0;x;1;1;1\n")
    answer = client.get(f"/import/{first}/rejected.csv")
    written = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[arg-type]
    assert written.splitlines()[0] == "line,code,reason,row"
    assert len(written.splitlines()) == 4
    assert "\n=" not in written and ",=" not in written


@pytest.mark.parametrize(
    "decided", [Decided(points={"manager": "hidden"}), Decided(names={"manager": "hidden"})]
)
def test_n2_who_sees_people_in_part_downloads_no_rows(
    signed_in: Callable[..., Client], served: Settings, decided: Decided
) -> None:
    first = take(signed_in("admin"), served)
    portfolio.decide(served, decided)
    client = signed_in("manager")
    page = client.get(f"/import/{first}").content.decode()
    assert "rejected.csv" not in page
    assert "gratis" not in page and "cell-" not in page  # a name may stand in any cell
    assert "The row names no customer." in page
    assert "shown only to who sees names and addresses whole" in page
    assert client.get(f"/import/{first}/rejected.csv").status_code == 403
    for do in ("mend", "rule"):
        assert client.post(f"/import/{first}/{do}", {"cell-4-1": "30/09/2025 09:00"}).status_code == 403
    assert imports.list_imports(served)[0].id == first


@pytest.mark.parametrize("role", ["agent", "analyst", "read_only"])
def test_n2_others_see_what_became_of_imports_and_bring_none(
    signed_in: Callable[..., Client], served: Settings, role: str
) -> None:
    number = take(signed_in("admin"), served)
    client = signed_in(role)
    page = client.get("/import").content.decode()
    assert 'type="file"' not in page and "orders.csv" in page
    page = client.get(f"/import/{number}").content.decode()
    assert "2 rows were rejected" in page
    assert "gratis" not in page and "cell-" not in page  # whose rows these are is not theirs to see
    assert (
        client.post("/import/upload", {"files": SimpleUploadedFile("x.csv", b"a,b\n1,2\n")}).status_code
        == 403
    )
    for path in ("import/1/rejected.csv", "import/files/1"):
        assert client.get(f"/{path}").status_code == 403
    for path in ("import/1/undo", "import/1/mend", "import/1/rule", "import/files/1/import", "import/invent"):
        assert client.post(f"/{path}").status_code == 403


def test_a_file_without_its_token_is_not_kept(served: Settings) -> None:
    from django.test import Client

    from holdfast.store.models import User

    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_user("m@example.com", None, role="admin"))
    sent = client.post("/import/upload", {"files": SimpleUploadedFile("orders.csv", ORDERS.encode())})
    assert sent.status_code == 403
    assert not list(files.root(served).glob("*"))


def test_several_files_and_archives_come_at_once(signed_in: Callable[..., Client], served: Settings) -> None:
    client = signed_in("manager")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("export/orders.csv", ORDERS)
        archive.writestr("export/../../evil.csv", ORDERS)
        archive.writestr("__MACOSX/._orders.csv", "x")
    brought = [
        SimpleUploadedFile("all.zip", packed.getvalue()),
        SimpleUploadedFile("more.csv.gz", gzip.compress(ORDERS.encode())),
        SimpleUploadedFile("lines.jsonl", b'{"customer": "a", "at": "2025-01-01", "amount": 3}\n' * 3),
    ]
    answer = client.post("/import/upload", {"files": brought, "after": "/start/files"})
    assert answer["Location"] == "/start/files"
    found = {each.name: each for each in uploads.listed(served, ("looked",))}
    assert set(found) == {"orders.csv", "evil.csv", "more.csv.gz", "lines.jsonl"}
    assert all(files.path_of(served, each).is_relative_to(files.root(served)) for each in found.values())
    assert found["lines.jsonl"].layout["format"] == "jsonl"
    elsewhere = client.post(
        "/import/upload",
        {"files": SimpleUploadedFile("a.csv", ORDERS.encode()), "after": "https://evil.example/"},
    )
    assert elsewhere["Location"].startswith("/import/files/")


def test_a_workbook_keeps_its_formulas_as_text(
    signed_in: Callable[..., Client], served: Settings, tmp_path: Path
) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Export of March"])
    sheet.append([])
    sheet.append(["customer", "at", "amount", "note"])
    sheet.append(["c-1", "2025-03-01", 12.5, "'=1+1"])
    sheet.append(["=HYPERLINK(1)", "2025-03-02", "=2*3", "x"])
    book.save(tmp_path / "march.xlsx")
    client = signed_in("manager")
    path = bring(client, (tmp_path / "march.xlsx").read_bytes(), "march.xlsx")
    assert "A title seems to stand above the table." in client.get(path).content.decode()
    assert client.post(f"{path}/look", {"first_row": "3", "header": "yes"}).status_code == 302
    record = uploads.get(served, 1)
    assert record.layout["columns"] == ["customer", "at", "amount", "note"]
    assert files.first_rows(served, 1)[0] == ["c-1", "2025-03-01", "12.5", "'=1+1"]


def test_a_map_is_kept_and_fits_the_next_file(signed_in: Callable[..., Client], served: Settings) -> None:
    client = signed_in("manager")
    odd = "wer,wann,wieviel\nc-1,2025-01-01,3.50\nc-2,2025-01-13,4.50\n"
    path = bring(client, odd)
    chosen = {"kind": "orders", "map-customer": "wer", "map-at": "wann", "map-amount": "wieviel"}
    assert client.post(f"{path}/import", {**chosen, "name": "The till"}).status_code == 302
    work_off(served)
    again = client.get(bring(client, odd.replace("c-2", "c-3"))).content.decode()
    assert "The till" in again and "2 can be taken" in again


def test_the_days_of_an_import_are_those_of_the_company() -> None:
    from zoneinfo import ZoneInfo

    from holdfast.language import Reader
    from holdfast.web.pages.imports import words

    told = {"first_at": "2024-12-31T22:00:00+00:00", "last_at": "2025-01-30T22:00:00+00:00"}
    assert words.span(told, Reader("en", ZoneInfo("Europe/Bucharest"))) == "1–31 Jan 2025"
