"""G1: a customer answers one question on our own page, and we see what came of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from holdfast.settings import Settings
from holdfast.store import message_settings, sql
from services.act.people import known
from services.act.plays.test_surveys import ASK, BASE, ask

if TYPE_CHECKING:
    from django.test import Client

OF_ASKED = "SELECT answered_us IS NOT NULL, score, has_words FROM survey_asked"


@pytest.fixture
def ann(served: Settings) -> int:
    message_settings.set_public_url(served, BASE)
    return known(served)


def path(settings: Settings, unit: int, **step: Any) -> str:
    ask(settings, unit, ASK | step)
    ((token,),) = sql.read("SELECT token FROM survey_asked")
    return f"/s/{token}"


def test_a_get_keeps_nothing_and_a_button_keeps_the_answer(served: Settings, ann: int) -> None:
    from django.test import Client

    there, visitor = path(served, ann), Client(enforce_csrf_checks=True)
    seen = visitor.get(f"{there}?a=2")
    page = seen.content.decode()
    assert 'value="2" required checked' in page and "How was it, Ann?" in page
    assert (seen["X-Robots-Tag"], dict(seen.cookies)) == ("noindex, nofollow", {})
    assert sql.read(OF_ASKED) == [(False, None, False)]
    assert visitor.post(there, {"a": "9"}).status_code == 422, "no such mark"
    answer = visitor.post(there, {"a": "2", "words": "Cold soup"})
    assert (answer.status_code, answer["Location"]) == (302, there)
    assert sql.read(OF_ASKED) == [(True, 2.0, True)]
    assert 'id="done"' in visitor.get(there).content.decode()
    visitor.post(there, {"a": "5"})
    assert sql.read(OF_ASKED) == [(True, 2.0, True)]


def test_words_alone_answer_a_question_for_words(served: Settings, ann: int, visitor: Client) -> None:
    there = path(served, ann, answer="words")
    assert visitor.post(there, {"words": "  "}).status_code == 422
    assert visitor.post(f"{there}?lang=fa", {"words": "دیر رسید"})["Location"] == f"{there}?lang=fa"
    assert sql.read(OF_ASKED) == [(True, None, True)]
    assert 'dir="rtl"' in visitor.get(f"{there}?lang=fa").content.decode()


def test_a_link_of_nobody_says_so(served: Settings, ann: int, visitor: Client) -> None:
    there = path(served, ann)
    assert visitor.get(f"{there}x").status_code == 404
    assert visitor.get("/s/Ω").status_code == 404
    sql.write("UPDATE survey_asked SET ends_us = 1")
    assert visitor.get(there).status_code == 410


def test_what_came_of_it_is_seen(
    served: Settings, ann: int, visitor: Client, signed_in: Callable[..., Client]
) -> None:
    staff = signed_in("analyst")
    assert "Nobody was asked anything yet" in staff.get("/act/surveys").content.decode()
    there = path(served, ann)
    visitor.post(there, {"a": "2", "words": "Cold soup"})
    listed = staff.get("/act/surveys").content.decode()
    assert "How was it, Ann?" in listed and "/act/surveys/hello/ask" in listed
    page = staff.get("/act/surveys/hello/ask").content.decode()
    assert "1 of 1 who were asked answered." in page and "Not enough answers" in page
    assert staff.get("/act/surveys/hello/other").status_code == 404
    assert 'href="/act/plays/of/hello#step-ask"' in page, "and back to the step that asked"
    of_play = staff.get("/act/plays/of/hello").content.decode()
    assert of_play.count('href="/act/surveys/hello/ask"') == 2, "from the step, and beside it"
    assert "1 of 1 who were asked answered." in of_play and 'id="step-ask"' in of_play
