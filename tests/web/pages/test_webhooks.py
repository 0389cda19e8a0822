"""N2: outgoing webhooks on their page: made, tried, changed, sent again, switched off, removed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from holdfast.domain.announcements import KINDS
from holdfast.settings import Settings
from holdfast.store import audit_reading, sql, webhooks_out

if TYPE_CHECKING:
    from django.test import Client

HERE = "/settings/webhooks"
CRM = {"name": "CRM <b>", "url": "https://crm.example/hook", "kind": ["task.made", "segment.changed"]}


def test_an_empty_page_says_what_to_do(signed_in: Callable[..., Client]) -> None:
    text = signed_in("admin").get(HERE).content.decode()
    assert "No other system is told" in text and "Nobody is told yet" in text


def test_a_webhook_is_made_and_its_secret_shown_once(
    signed_in: Callable[..., Client], served: Settings
) -> None:
    client = signed_in("admin")
    text = client.post(f"{HERE}/make", CRM).content.decode()
    (secret,) = set(re.findall(r"whsec_[\w+/=]{20,}", text))
    assert "CRM &lt;b&gt;" in text and "CRM <b>" not in text
    (made,) = webhooks_out.listed(served)
    assert (
        made.kinds == ("task.made", "segment.changed") and webhooks_out.secret_of(served, made.id) == secret
    )
    for page in (HERE, f"{HERE}/{made.id}"):
        assert secret not in client.get(page).content.decode()
    assert "1</b> system is told" in client.get(HERE).content.decode()
    noted = audit_reading.listed(served, audit_reading.Wanted(sort="changed"))
    assert ("webhook.made", f"webhook:{made.id}") in [(each.did, each.about) for each in noted]


def test_what_is_wrong_is_said_where_it_was_typed(signed_in: Callable[..., Client], served: Settings) -> None:
    client = signed_in("admin")
    for wrong in ({"url": "http://crm.example"}, {"url": "https://10.0.0.1/"}, {"name": ""}, {"kind": []}):
        answer = client.post(f"{HERE}/make", CRM | wrong)
        assert answer.status_code == 422
        assert f'id="{"kinds" if "kind" in wrong else next(iter(wrong))}-error"' in answer.content.decode()
    assert webhooks_out.listed(served) == []


def test_what_can_be_done_with_one(signed_in: Callable[..., Client], served: Settings) -> None:
    client = signed_in("admin")
    client.post(f"{HERE}/make", CRM)
    (made,) = webhooks_out.listed(served)
    here = f"{HERE}/{made.id}"

    def does(do: str, **given: object) -> int:
        return client.post(f"{here}/{do}", given).status_code

    assert does("try") == does("off") == 302
    (tried,) = webhooks_out.deliveries(served, made.id)
    assert does("again", delivery=tried.id) == 302 and len(webhooks_out.deliveries(served, made.id)) == 2
    assert "Send again" in client.get(here).content.decode()
    assert "switched off" in client.get(here).content.decode()
    assert does("secret") == 200
    assert does("change", **(CRM | {"name": "ERP"})) == 302 and does("change", **(CRM | {"url": "x"})) == 422
    changed = webhooks_out.one(served, made.id)
    assert changed is not None and changed.name == "ERP" and not changed.enabled
    webhooks_out.change(served, made.id, name="ERP", url=made.url, kinds=["*"], now_us=1)
    assert does("change", **(CRM | {"kind": list(KINDS)})) == 302
    assert [each.kinds for each in webhooks_out.listed(served)] == [("*",)]
    noted = [each.did for each in audit_reading.listed(served, audit_reading.Wanted(sort="changed"))]
    assert noted.count("webhook.changed") == 3  # off and two changes; not the one that was refused
    assert does("dance") == 404 and client.get(f"{HERE}/99").status_code == 404
    assert does("again", delivery="x") == 422
    assert does("remove") == 302 and webhooks_out.listed(served) == []
    assert sql.read("SELECT 1 FROM webhook_delivery") == []


def test_only_administrators_see_them(signed_in: Callable[..., Client]) -> None:
    client = signed_in("manager")
    assert client.get(HERE).status_code == client.post(f"{HERE}/make", CRM).status_code == 403
