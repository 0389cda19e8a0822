"""G4: newsletters say an issue of their own each time, with parts for who bought something; G5: greetings."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

import playing
from holdfast.domain.blocks import Block, Content
from holdfast.domain.period import date_of, day_number
from holdfast.domain.refusals import Refusal
from holdfast.services.act.messages import templates as acts
from holdfast.services.act.plays import checks, issues, library
from holdfast.services.act.plays.enrolling import enrol
from holdfast.services.act.plays.written import kept, read
from holdfast.settings import Settings
from holdfast.store import readers, sql
from holdfast.store.readers import Product
from playing import NOW, a_play, after, enrolments, go, touches, way
from services.act.people import call, known

TODAY = date_of(day_number(NOW.date()))
BY: dict[str, Any] = {"by": "niamh@example.com", "now_us": 5}
NO_END = ["no_end"]
LETTER = {"steps": [{"id": "issue", "do": "newsletter"}]}
GREETINGS = sorted(each.key for each in library.every() if "G5" in each.meets)


def by_hand(settings: Settings, unit: int) -> None:
    """Somebody enrols a customer."""
    play, version = playing.found_play(settings)
    enrol(settings, play, version, read(version.written), {unit: 0}, {"by_hand": "test"}, NOW)


def published(settings: Settings, title: str) -> str:
    """A message for everybody, with a part for who bought tea; its key."""
    blocks = (Block("text", words="News."), Block("text", words="Brew it.", when="bought = tea"))
    template = acts.make(settings, title, "message", "en", **BY)
    body = template.draft.with_content("en", Content(title, "", blocks))
    acts.publish(settings, acts.keep(settings, template, body, **BY), **BY)
    return template.key


def test_g4_each_issue_goes_on_its_day_with_what_fits_what_was_bought(
    workspace: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, ben = known(workspace), known(workspace, "ben", "ben@example.org")
    call(
        workspace,
        {"type": "track", "userId": "ann", "event": "Order Completed", "properties": {"product_id": "p"}},
    )
    monkeypatch.setattr(readers, "products", lambda settings: [Product("p", "Sencha", "Tea", None, "")])
    first, second = published(workspace, "First"), published(workspace, "Second")
    play, version = playing.launched(workspace, a_play(**LETTER))
    written = kept(version.id, version.made_us, version.written)
    assert [each.code for each in checks.problems(workspace, written, NOW)] == NO_END + ["no_issue"]
    issues.plan(workspace, play, TODAY, first, by="niamh", now=NOW)
    issues.plan(workspace, play, TODAY + timedelta(days=40), second, by="niamh", now=NOW)
    assert [each.code for each in checks.problems(workspace, written, NOW)] == NO_END
    assert [
        each.issue and each.issue.template for each in issues.coming(workspace, play, written.play, NOW)
    ] == [
        first,
        second,
    ]
    by_hand(workspace, ann)
    by_hand(workspace, ben)
    go(workspace)
    assert [title for _, _, title in touches(workspace)] == ["First", "First"]
    said = [text for (text,) in sql.read("SELECT text FROM touch_content ORDER BY touch_id")]
    assert ["Brew it." in each for each in said] == [True, False]


def test_g4_without_an_issue_nothing_goes_and_it_says_why(workspace: Settings) -> None:
    ann = known(workspace)
    playing.launched(workspace, a_play(**LETTER))
    by_hand(workspace, ann)
    go(workspace)
    assert touches(workspace) == []
    assert way(workspace, enrolments(workspace)[0])[0] == ("issue", "skipped", "no_issue")


def test_an_issue_is_a_published_message_on_a_coming_day(workspace: Settings) -> None:
    play, _ = playing.launched(workspace, a_play(**LETTER))
    for day, template, code in (
        (TODAY - timedelta(days=1), "first", "day_is_past"),
        (TODAY + timedelta(days=400), "first", "day_too_far"),
        (TODAY, "first", "no_such_template"),
    ):
        with pytest.raises(Refusal) as refused:
            issues.plan(workspace, play, day, template, by="niamh", now=NOW)
        assert refused.value.code == code


@pytest.mark.parametrize("key", GREETINGS)
def test_g5_a_greeting_without_a_name_is_not_sent(workspace: Settings, key: str) -> None:
    """G5: greeting by name, one notice, personal or not sent."""
    greeting = library.one(key).written("en")
    steps = [each for each in greeting["steps"] if each["do"] == "message"]
    assert len(steps) == 1, "one notice only"
    call(workspace, {"type": "identify", "userId": "x", "traits": {"email": "x@example.org"}})
    call(
        workspace,
        {"type": "identify", "userId": "n", "traits": {"email": "n@example.org", "name": "Niamh Byrne"}},
    )
    playing.launched(workspace, a_play(steps=steps))
    for key_of in ("x", "n"):
        row = sql.one("SELECT id FROM subject WHERE namespace = 'shop' AND key = %s", (key_of,))
        assert row is not None
        by_hand(workspace, int(row[0]))
    go(workspace)
    go(workspace, after(days=3))
    ((_, address, title),) = touches(workspace)
    assert address == "n@example.org"
    assert "Niamh" in title and "Byrne" not in title
    codes = {each.unit_id: way(workspace, each)[0][2] for each in enrolments(workspace)}
    assert sorted(codes.values()) == ["", "missing_field"]
