"""A2: keys on their page: made, shown this once, taken back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from holdfast.settings import Settings
from holdfast.store import write_keys
from holdfast.web.application import key_of

if TYPE_CHECKING:
    from django.test import Client


def test_a2_an_empty_page_says_what_to_do(signed_in: Callable[..., Client]) -> None:
    text = signed_in("manager").get("/settings/keys").content.decode()
    assert "Nothing may send events yet." in text
    assert "No key yet" in text
    assert 'name="name"' in text


def test_a2_a_website_gets_its_key_and_what_to_put_into_its_pages(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    client = signed_in("manager")
    given = {"name": "Shop <b>", "use": "browser", "sites": "shop.example, https://*.shop.example"}
    text = client.post("/settings/keys/make", given).content.decode()
    (key,) = set(re.findall(r"hfb_[\w-]{20,}", text))
    assert f"data-write-key=&#34;{key}&#34;" in text
    assert "http://testserver/v1/holdfast.js" in text
    assert "<b>1 key</b> may send events" in text
    assert "Shop &lt;b&gt;" in text
    (made,) = write_keys.listed(served)
    assert (made.browser, made.origins) == (True, ("https://shop.example", "https://*.shop.example"))
    assert made.made_by == "manager.en@example.com"
    assert key not in client.get("/settings/keys").content.decode()


def test_a2_a_server_gets_a_key_and_a_line_to_try(signed_in: Callable[..., Client]) -> None:
    client = signed_in("admin")
    text = client.post(
        "/settings/keys/make", {"name": "Till", "use": "server", "sites": "x"}
    ).content.decode()
    assert "curl -u hf_" in text
    assert "/v1/track" in text
    text = client.post("/settings/keys/make", {"name": "Prometheus", "use": "metrics"}).content.decode()
    assert "/metrics" in text


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " ", "use": "server"}, "name"),
        ({"name": "Shop", "use": "browser", "sites": "https://shop.example/path"}, "sites"),
    ],
)
def test_a2_what_is_wrong_is_said_where_it_is(
    signed_in: Callable[..., Client], served: Settings, given: dict[str, str], field: str
) -> None:
    answer = signed_in("admin").post("/settings/keys/make", given)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.content.decode()
    assert write_keys.listed(served) == []


def test_a2_a_key_is_taken_back(signed_in: Callable[..., Client], served: Settings) -> None:
    client = signed_in("admin")
    client.post("/settings/keys/make", {"name": "Shop", "use": "server"})
    (made,) = write_keys.listed(served)
    answer = client.post(f"/settings/keys/{made.id}/revoke")
    assert (answer.status_code, answer["Location"]) == (302, "/settings/keys")
    assert "revoked" in client.get("/settings/keys").content.decode()
    (gone,) = write_keys.listed(served)
    assert gone.revoked_us is not None


def test_only_who_decides_sees_keys(signed_in: Callable[..., Client]) -> None:
    for role in ("analyst", "agent", "read_only"):
        client = signed_in(role)
        assert client.get("/settings/keys").status_code == 403
        assert client.post("/settings/keys/make", {"name": "Shop"}).status_code == 403
        assert "/settings/keys" not in client.get("/settings").content.decode()


@pytest.mark.parametrize(
    ("header", "key"),
    [
        (b"Basic aGZfMTo=", "hf_1"),
        (b"basic aGZfMQ==", "hf_1"),
        (b"Bearer hf_1", "hf_1"),
        (b"Basic =", "?"),
        (b"Digest x", ""),
        (b"", ""),
    ],
)
def test_a_key_is_read_from_its_header(header: bytes, key: str) -> None:
    assert key_of({b"authorization": header} if header else {}) == key


def test_n2_a_key_of_the_api_is_made_for_somebody_and_a_while(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    client = signed_in("manager")
    given = {"name": "BI", "use": "read", "acts_for": "manager.en@example.com", "days": "30"}
    text = client.post("/settings/keys/make", given).content.decode()
    (key,) = set(re.findall(r"hfk_r_[\w-]{20,}", text))
    assert f"Authorization: Bearer {key}" in text.replace("&#34;", '"') and "acts for" in text
    (made,) = write_keys.listed(served)
    assert made.scope == "read" and made.person_id is not None and made.expires_us is not None
    for wrong, field in (
        ({"acts_for": "nobody@example.com"}, "acts_for"),
        ({"days": "4000"}, "days"),
        ({"days": "30 days"}, "days"),
        ({"use": "admin", "acts_for": ""}, "acts_for"),
    ):
        answer = client.post("/settings/keys/make", given | wrong)
        assert answer.status_code == 422 and f'id="{field}-error"' in answer.content.decode()
    assert len(write_keys.listed(served)) == 1
