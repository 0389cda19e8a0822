"""``/c/<token>`` leads where the mail said, and nowhere else; counting clicks is switched on by page (G2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from holdfast.domain import clicks
from holdfast.settings import Settings
from holdfast.store import message_settings, suppression

if TYPE_CHECKING:
    from django.test import Client

LINK = "https://shop.example/renew?a=1#b"


def test_g2_a_link_leads_on_and_a_forged_one_nowhere(served: Settings, visitor: Client) -> None:
    token = clicks.token(7, LINK, suppression.links_secret(served))
    for answer in (visitor.get(f"/c/{token}"), visitor.head(f"/c/{token}")):
        assert (answer.status_code, answer["Location"]) == (302, LINK)
        assert answer["Referrer-Policy"] == "no-referrer"
        assert not answer.cookies
    assert visitor.get(f"/c/{token[:-3]}").status_code == 404
    assert visitor.get(f"/c/{clicks.token(7, LINK, b'other')}").status_code == 404
    assert visitor.post(f"/c/{token}").status_code == 405


def test_a_link_in_any_script_leads_on(served: Settings, visitor: Client) -> None:
    token = clicks.token(7, "https://shop.example/جستجو?q=é&a=%20b", suppression.links_secret(served))
    to = visitor.get(f"/c/{token}")["Location"]
    assert to == "https://shop.example/%D8%AC%D8%B3%D8%AA%D8%AC%D9%88?q=%C3%A9&a=%20b"


def test_g2_a_picture_of_nothing_is_never_kept(served: Settings, visitor: Client) -> None:
    token = clicks.open_token(7, suppression.links_secret(served))
    answer = visitor.get(f"/o/{token}")
    assert (answer["Content-Type"], answer["Cache-Control"], answer.content[:6]) == (
        "image/gif",
        "no-store",
        b"GIF89a",
    )
    assert not answer.cookies
    assert visitor.get(f"/o/{token[:-2]}").status_code == 404
    assert visitor.get(f"/o/{clicks.token(7, LINK, suppression.links_secret(served))}").status_code == 404
    assert visitor.get(f"/c/{token}").status_code == 404


def test_clicks_are_counted_once_somebody_decides_it(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    client = signed_in()
    assert not message_settings.counts_clicks(served)
    assert (
        "Count that links in offers and news are followed"
        in client.get("/settings/messages").content.decode()
    )
    assert client.post("/settings/messages/change/clicks", {"clicks": "1"}).status_code == 302
    assert message_settings.counts_clicks(served) and not message_settings.counts_opens(served)
    client.post("/settings/messages/change/clicks", {"opens": "1"})
    assert message_settings.counts_opens(served)
    client.post("/settings/messages/change/clicks", {})
    assert not message_settings.counts_clicks(served)
    assert signed_in("manager").post("/settings/messages/change/clicks", {"clicks": "1"}).status_code == 403
