"""G1 through the API and on the command line: questions that were asked, and what came of one."""

from __future__ import annotations

import json
from collections.abc import Callable

from commands import call as command
from holdfast.domain.surveys import Answer
from holdfast.services.act import surveys
from holdfast.services.collect.taking_in import take_in_arrived
from holdfast.settings import Settings
from holdfast.store import message_settings
from services.act.people import NOW_US, known
from services.act.plays.test_surveys import ASK, BASE, ask
from web.api.conftest import Program


def test_a_program_and_a_terminal_read_the_same(served: Settings, program: Callable[..., Program]) -> None:
    message_settings.set_public_url(served, BASE)
    said = {"en": {"text": "Hi", "question": "Which?", "choices": "Late\nDear"}}
    asked = ask(served, known(served), ASK | {"answer": "choice", "content": said})
    surveys.answer(served, asked, Answer(2, "Call +49 151 2345678"), now_us=NOW_US)
    take_in_arrived(served, now_us=NOW_US)
    call = program()
    (one,) = json.loads(call("GET", "/surveys").content)["items"]
    assert (one["play"], one["step"], one["code"], one["choices"]) == (
        "hello",
        "ask",
        "choice",
        ["Late", "Dear"],
    )
    assert (one["asked"], one["answered"]) == (1, 1)
    found = json.loads(call("GET", "/surveys/hello/ask").content)
    assert found["survey"] == one
    assert [(each["label"], each["customers"], each["share"]) for each in found["shares"]] == [
        ("Late", 0, None),
        ("Dear", 1, None),
    ]
    assert [each["text"] for each in found["quotes"]] == ["Dear Call •••"]
    assert call("GET", "/surveys/hello/other").status_code == 404
    here = ("--workspace", served.folder, "--json")
    (listed,) = command("surveys", *here).json["surveys"]
    assert (listed["play_key"], listed["answered"]) == ("hello", 1)
    (told,) = command("surveys", "hello/ask", *here).json["surveys"]
    assert [each["count"] for each in told["shares"]] == [0, 1] and "quotes" not in told
    assert command("surveys", "hello/other", *here).code != 0
