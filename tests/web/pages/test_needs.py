"""A8: whose needs are not known, and what a company wants to know of everybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from holdfast.settings import Settings
from web.pages.test_contact_points import names
from web.pages.test_customers import stand

if TYPE_CHECKING:
    from django.test import Client


@pytest.fixture
def three(served: Settings) -> None:
    from holdfast.store.models import NeedKnown

    stand(1, "Ioana Marin", amount_minor=500)
    stand(2, "<script>alert(1)</script>", amount_minor=900)
    stand(3, "Gone", state="lapsed", amount_minor=9_900)
    stand(4, "Known", amount_minor=9_000)
    NeedKnown.objects.create(unit_id=4, known=5)
    NeedKnown.objects.create(unit_id=1, known=2)


def form(**changed: str) -> dict[str, str]:
    from holdfast.language import Reader
    from holdfast.services.collect.care.needs import DEFAULT_FIELDS
    from holdfast.web.pages.needs.words import shown_fields

    typed: dict[str, str] = {}
    for number, field in enumerate(shown_fields(DEFAULT_FIELDS, None, Reader("en"))):
        typed |= {
            f"key-{number}": field.key,
            f"name-{number}": field.name,
            f"question-{number}": field.question,
        }
    return typed | changed


def test_a8_gaps_are_listed_by_what_they_spent(signed_in: Callable[..., Client], three: None) -> None:
    text = signed_in().get("/needs").content.decode()
    assert names(text) == ["&lt;script&gt;alert(1)&lt;/script&gt;", "Ioana Marin"]
    assert "Of 3 customers, the needs of <b>1</b> are known in full." in text
    assert "2 of 5 known" in text
    assert names(signed_in("agent").get("/needs?owner=mine").content.decode()) == []


@pytest.mark.parametrize("query", ["?owner=me", "?after=x", "?after=1", "?after=1.2.3", f"?after=1.{2**70}"])
def test_an_address_that_means_nothing_is_refused(signed_in: Callable[..., Client], query: str) -> None:
    assert signed_in().get(f"/needs{query}").status_code == 400


def test_every_page_follows_the_last(signed_in: Callable[..., Client], served: Settings) -> None:
    for unit in range(1, 121):
        stand(unit, f"Customer {unit}", amount_minor=unit % 2)
    client, url, seen = signed_in(), "/needs", []
    while url:
        text = client.get(url).content.decode()
        seen += names(text)
        following = [
            part.split('"')[0]
            for part in text.split('<a class="button" href="')
            if 'rel="next"' in part[:300]
        ]
        url = following[0].replace("&amp;", "&") if following else ""
    assert len(seen) == len(set(seen)) == 120


def test_a8_a_company_chooses_its_questions(
    signed_in: Callable[..., Client], three: None, served: Settings
) -> None:
    from holdfast.services.collect.care.needs import DEFAULT_FIELDS, need_fields

    client = signed_in("manager")
    changed = form(**{"name-4": "", "question-4": "", "name-5": "Roast <b>", "question-5": "Light or dark?"})
    assert client.post("/needs/fields", changed).status_code == 302
    *ours, own = need_fields(served)
    assert ours == list(DEFAULT_FIELDS[:4])
    assert own.name == "Roast <b>"
    text = client.get("/needs").content.decode()
    assert "Roast &lt;b&gt;" in text
    persian = signed_in("manager", "fa").get("/needs").content.decode()
    assert 'value="Roast &lt;b&gt;"' in persian


def test_a8_a_field_without_a_question_is_refused(signed_in: Callable[..., Client], three: None) -> None:
    answer = signed_in("manager").post("/needs/fields", form(**{"name-5": "Roast"}))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Nothing was written." in text
    assert 'value="Roast"' in text
    assert signed_in("agent").post("/needs/fields", form()).status_code == 403


def test_a8_an_empty_workspace_says_what_will_be_here(signed_in: Callable[..., Client]) -> None:
    text = signed_in("read_only").get("/needs").content.decode()
    assert "Nobody is here yet" in text
    assert "What would make you look elsewhere?" in text


def test_the_number_of_statements_does_not_grow(signed_in: Callable[..., Client], served: Settings) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, counts = signed_in(), []
    for size in (1, 60):
        for unit in range(100 * size, 101 * size):
            stand(unit, f"Customer {unit}")
        with CaptureQueriesContext(connection) as asked:
            client.get("/needs")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 7
