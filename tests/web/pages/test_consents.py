"""G8: consents of other programs brought on a page: tried out, taken in, with what was rejected."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from holdfast.settings import Settings
from holdfast.store import consent, suppression
from services.act.test_bringing_consents import CLEANED, SUBSCRIBED
from web.pages.test_templates import text_of

if TYPE_CHECKING:
    from django.test import Client


def files(*named: tuple[str, str]) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(name, content.encode(), "text/csv") for name, content in named]


def test_g8_consents_are_tried_and_taken_in_on_a_page(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    client = signed_in("manager")
    assert "Bring consents" in text_of(client.get("/settings/consents"))
    key = suppression.address_key(served, "email", "ann@example.org")

    def both() -> list[SimpleUploadedFile]:
        return files(("subscribed_1.csv", SUBSCRIBED), ("cleaned_1.csv", CLEANED))

    asked = {"form": "mailchimp", "topic": ["offers", "news"], "wording": "Ja <b>gern"}
    tried = client.post("/settings/consents/take", asked | {"file": both(), "try": "1"})
    assert "What would become of the rows" in text_of(tried)
    assert "subscribed_1.csv, line 4" in text_of(tried)
    assert "<b>gern" not in tried.content.decode()
    assert consent.of_people(served, [(None, key)])[None, key] == []
    assert "What became of the rows" in text_of(
        client.post("/settings/consents/take", asked | {"file": both()})
    )
    said = consent.of_people(served, [(None, key)])[None, key]
    assert [(word.topic, word.said_by) for word in said] == [
        ("offers", "manager.en@example.com"),
        ("news", "manager.en@example.com"),
    ]
    nothing = client.post("/settings/consents/take", {"form": "csv", "topic": ["news"]})
    assert "No file was chosen" in text_of(nothing, 422)
    wrong = {"form": "mailchimp", "topic": ["news"], "file": files(("people.csv", SUBSCRIBED))}
    assert "does not say which contacts" in text_of(client.post("/settings/consents/take", wrong), 422)
    assert signed_in("agent").get("/settings/consents").status_code == 403


def test_g8_files_that_are_cut_off_are_not_taken_in_by_half(
    served: Settings, signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stands behind the cut is lost too: the button "only try it out" for one."""
    monkeypatch.setattr("holdfast.web.uploads.MOST_BYTES", 1_000)
    long = "unsubscribed_1.csv", SUBSCRIBED + "x" * 150_000
    asked = {
        "form": "mailchimp",
        "topic": ["news"],
        "wording": "Ja",
        "file": files(("subscribed_1.csv", SUBSCRIBED), long),
    }
    answer = signed_in("manager").post("/settings/consents/take", asked | {"try": "1"})
    assert "together at most 10 MB" in text_of(answer, 422)
    assert 'name="wording" dir="auto" maxlength="2000">Ja<' in answer.content.decode()
    key = suppression.address_key(served, "email", "ann@example.org")
    assert consent.of_people(served, [(None, key)])[None, key] == []
