"""Plays on their pages: the list, the library, one play with its steps, who is in it, its proof."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import TYPE_CHECKING, Any

from holdfast.services.act.plays import define, library
from holdfast.settings import Settings
from playing import NOW, a_play

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client


def text_of(answer: HttpResponse, status: int = 200) -> str:
    assert answer.status_code == status, answer.content[:300]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", unescape(answer.content.decode())))


def draft(settings: Settings, **told: Any) -> None:
    define.make(settings, a_play(**told), by="niamh@example.com", now=NOW)


def test_every_ready_play_is_drawn_in_the_language_of_the_reader(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    client = signed_in("read_only")
    client.cookies["holdfast_language"] = "fa"
    for ready in library.every():
        define.make(served, ready.written("fa"), by="", now=NOW)
        shown = client.get(f"/act/plays/of/{ready.key}").content.decode()
        for step in ready.play("fa").steps:
            assert f'id="step-{step.id}"' in shown
    assert ready.title("fa") in text_of(client.get("/act/plays"))
