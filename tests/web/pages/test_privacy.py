"""N1 on pages: a person's data handed over or erased, certificates, and what is kept for how long."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from holdfast.domain.retention import Rule
from holdfast.settings import Settings
from holdfast.store import erasure, retention
from web.history import bring, unit_of
from web.pages.test_customer import IOANA

if TYPE_CHECKING:
    from django.test import Client


@pytest.fixture
def ioana(served: Settings) -> int:
    bring(served, IOANA)
    return unit_of("c-17")


def test_n1_her_page_leads_there_and_says_what_is_known(signed_in: Callable[..., Client], ioana: int) -> None:
    client = signed_in("manager")
    assert f'href="/customers/{ioana}/data"' in client.get(f"/customers/{ioana}").content.decode()
    assert "/data" not in signed_in("agent").get(f"/customers/{ioana}").content.decode()
    text = client.get(f"/customers/{ioana}/data").content.decode()
    assert "Ioana Marin" in text
    assert "Traits with their history" in text
    assert "Download everything" in text


def test_n1_everything_is_handed_over_as_one_file(signed_in: Callable[..., Client], ioana: int) -> None:
    answer = signed_in("manager").get(f"/customers/{ioana}/data/everything.zip")
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"].startswith(f'attachment; filename="customer-{ioana}-')
    with zipfile.ZipFile(io.BytesIO(b"".join(answer))) as packed:
        assert {"person.json", "README.txt", "events.csv", "trait_row.csv"} <= set(packed.namelist())
    answer.close()


def test_n1_who_is_erased_is_gone_and_has_a_certificate(
    signed_in: Callable[..., Client], served: Settings, ioana: int
) -> None:
    client = signed_in("admin")
    wrong = client.post(f"/customers/{ioana}/data/erase", {"name": "Ioana"})
    assert wrong.status_code == 422
    assert "This is not the name" in wrong.content.decode()
    assert erasure.listed(served) == []
    done = client.post(f"/customers/{ioana}/data/erase", {"name": "Ioana Marin"})
    (record,) = erasure.listed(served)
    assert (done.status_code, done["Location"]) == (302, f"/settings/erasures/{record.id}")
    assert record.asked_by == "admin.en@example.com"
    assert record.state == "cut"
    text = client.get(done["Location"]).content.decode()
    assert "hold nothing any more" in text
    assert "Ioana" not in text
    assert client.get(f"/customers/{ioana}").status_code in (200, 404)
    assert "Ioana" not in client.get(f"/customers/{ioana}").content.decode()
    assert f'href="/settings/erasures/{record.id}"' in client.get("/settings/erasures").content.decode()
    client.post(f"/settings/erasures/{record.id}/lift")
    (lifted,) = erasure.listed(served)
    assert lifted.lifted_by == "admin.en@example.com"
    assert "is taken in again since" in client.get(f"/settings/erasures/{record.id}").content.decode()


def test_n1_nobody_and_nothing_are_refused(signed_in: Callable[..., Client]) -> None:
    client = signed_in("admin")
    for path in ("/customers/999/data", "/customers/999/data/everything.zip", "/settings/erasures/7"):
        assert client.get(path).status_code == 404, path
    assert client.post("/customers/999/data/erase", {"name": "x"}).status_code == 404
    assert client.post("/settings/erasures/7/lift").status_code == 404
    assert "Nobody was erased yet." in client.get("/settings/erasures").content.decode()


def test_what_is_kept_is_decided_after_a_look(
    signed_in: Callable[..., Client], served: Settings, ioana: int
) -> None:
    client = signed_in("manager")
    assert "Everything is kept" in client.get("/settings/kept").content.decode()
    looked = client.post("/settings/kept/decide", {"group": "group:messages", "days": "1", "look": "1"})
    assert "would go tonight" in looked.content.decode()
    assert retention.rules(served) == []
    looked = client.post("/settings/kept/decide", {"group": "group:sent", "days": "9", "look": "1"})
    assert "0 messages are older than 9 days and would lose their words tonight." in looked.content.decode()
    assert client.post("/settings/kept/decide", {"group": "group:mail", "days": "۳۰"}).status_code == 302
    name = {"group": "group:mail", "name": "<b>Spun</b>", "days": "5"}
    assert client.post("/settings/kept/decide", name).status_code == 302
    assert [each.rule for each in retention.rules(served)] == [Rule("group:mail", 30), Rule("<b>Spun</b>", 5)]
    text = client.get("/settings/kept").content.decode()
    assert "<b>2 rules</b>" in text
    assert "&lt;b&gt;Spun&lt;/b&gt;" in text
    client.post("/settings/kept/all", {"what": "group:mail"})
    assert [each.rule.what for each in retention.rules(served)] == ["<b>Spun</b>"]


@pytest.mark.parametrize(
    "typed",
    [
        {"days": "0"},
        {"days": "soon"},
        {"days": "-4"},
        {"days": "99999999"},
        {"group": "group:x", "days": "4"},
        {"days": ""},
    ],
)
def test_a_rule_that_means_nothing_is_said_where_it_was_typed(
    signed_in: Callable[..., Client], served: Settings, typed: dict[str, str]
) -> None:
    answer = signed_in("manager").post("/settings/kept/decide", {"group": "group:mail", **typed})
    assert answer.status_code == 422
    assert 'id="days-error"' in answer.content.decode()
    assert retention.rules(served) == []
