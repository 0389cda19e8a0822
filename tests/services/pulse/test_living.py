"""The demo company feels what plays do: mails over SMTP, calls of colleagues, grants; and reacts."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from commands import call
from holdfast.cli.options import SEED
from holdfast.language import Reader
from holdfast.services.act import surveys
from holdfast.services.act.plays import define, launch, written
from holdfast.services.collect.demo import Company, build_demo
from holdfast.services.progress import Silent
from holdfast.services.prove.plays import proof
from holdfast.services.pulse.living import People, felt, has_plays, live_on, stretch
from holdfast.services.pulse.own_plays import BEGINS_DAYS, FIRST, READY, begin
from holdfast.services.pulse.run import run
from holdfast.settings import Settings, read_settings
from holdfast.simulate.touches import Touch
from holdfast.store import channel_settings, plays, plays_felt
from holdfast.store import surveys as stored
from holdfast.store.plays_felt import Felt
from holdfast.web.pages.plays.proved import shown

BY = "ann@shop.example"


def test_a_grant_goes_along_with_what_reached_the_customer_on_the_same_day() -> None:
    sent = [Felt(1, "C000001", "email"), Felt(2, "C000002", "sms"), Felt(3, "C000003", "webhook")]
    done = [Felt(1, "C000001", "call"), Felt(2, "C000004", "check")]
    given = [
        Felt(1, "C000001", "discount", 15, "percent"),
        Felt(2, "C000005", "extension", 14, "days"),
        Felt(3, "C000002", "credit", 500, "money"),
    ]
    assert list(felt(sent, done, given)) == [
        Touch("email", "C000001", 1.0, "discount", 0.15),
        Touch("sms", "C000002", 1.0, "credit", 0.0),
        Touch("call", "C000001", 1.0),
        Touch("in_app", "C000005", 1.0, "pause", 14.0),
    ]


def test_what_went_out_on_the_last_day_is_felt_when_the_company_lives_on(workspace: Settings) -> None:
    (workspace.folder / "demo").mkdir()
    assert People.of(workspace) == People(0, 0)
    People(tried=7, granted=3).keep(workspace)
    assert People.of(workspace) == People(7, 3)


def test_a_stretch_that_was_interrupted_goes_on_to_the_same_day(workspace: Settings) -> None:
    (workspace.folder / "demo").mkdir()
    assert stretch(workspace, 700, 90) == 790
    assert stretch(workspace, 714, 90) == 790, "asked for again"
    assert stretch(workspace, 714, 30) == 744, "asked for something else"
    assert stretch(workspace, 750, 30) == 780, "what is over is not gone on with"


WEEKLY: dict[str, Any] = {
    "key": "say_hello",
    "title": "Say hello",
    "purpose": "marketing",
    "topic": "offers",
    "trigger": {"schedule": {"every": "day", "at": "09:00"}},
    "steps": [
        {
            "id": "hello",
            "do": "message",
            "channel": "email",
            "content": {"en": {"subject": "Hello {{ name | there }}", "text": "How is your coffee?"}},
        },
        {"id": "call", "do": "call", "title": "Call and ask", "script": "How is your coffee?"},
        {"id": "end", "do": "end"},
    ],
    "exits": ["left"],
    "re_entry": {"never": True},
    "hold_out": 0.5,
}


ASKING = WEEKLY | {
    "steps": [
        *WEEKLY["steps"][:2],
        {"id": "some_days", "do": "wait", "days": 4},
        {
            "id": "ask",
            "do": "survey",
            "answer": "ten",
            "content": {
                "en": {
                    "subject": "Hello {{ name | there }}, one question",
                    "text": "{{ question }}",
                    "question": "How likely are you to recommend us?",
                }
            },
        },
        {"id": "end", "do": "end"},
    ],
}


def test_the_first_play_of_the_demo_company_is_written_to_everybody_in_their_language() -> None:
    play = written.read(json.loads(FIRST.read_text(encoding="utf-8"))).play
    assert play.hold_out == 0.5
    assert play.follow_days is not None
    assert BEGINS_DAYS + play.follow_days < 90, "after 90 days everybody was followed to the end"
    letters = [step.options["content"] for step in play.steps if step.do == "message"]
    assert len(letters) == 2
    assert all(set(each) == {"en", "ro", "fa", "bg", "ru", "zh"} for each in letters)


@pytest.mark.long
def test_g7_the_demo_company_reacts_to_a_play(workspace: Settings) -> None:
    build_demo(workspace, customers=150, days=150, seed=3, progress=Silent())
    settings = read_settings(workspace.folder)
    run(settings)
    assert not has_plays(settings)
    own = ("ten_per_cent", *READY)
    assert begin(settings, 3) == own
    assert begin(settings, 3) == (), "who has plays gets no others"
    assert plays.read_settings(settings).workspace == "demo 3", "who is held out follows from the seed"
    now = datetime.now(UTC)
    play = define.make(settings, ASKING, by=BY, now=now)
    launched = launch.launch(settings, play, number=play.number, by=BY, now=now)
    assert launched.outcome == "running", launched
    assert has_plays(settings)

    day = settings.clock
    assert day is not None
    after = live_on(settings, 7, Silent())
    assert after.clock is not None
    assert (after.clock - day).days == 7
    entered = [each for each in plays_felt.enrolled(after) if each.play == "say_hello"]
    arms = {each.arm for each in entered}
    assert arms == {"treated", "held_out"}
    mails = sorted((workspace.folder / "demo" / "mail").glob("*.eml"))
    treated = {each.customer for each in entered if each.arm == "treated"}
    every = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in mails]
    letters = [each for each in every if str(each["Subject"]).startswith("Hello ")]
    subjects = [str(each["Subject"]) for each in letters]
    questions = [each for each in subjects if "one question" in each]
    assert 0 < len(questions) <= len(subjects) - len(questions) <= len(treated)
    asked, *_ = surveys.listed(after, "say_hello")
    assert 0 < asked.answered < asked.sent == len(questions), "some answer on the next day"
    (marks,) = {kind for kind, _, _ in stored.scores(after, "say_hello", "ask")}
    assert marks == "ten"
    assert any(each != "Hello there" for each in subjects), "by name, where it is known"
    assert all(each["List-Unsubscribe"] for each in letters)
    truth = json.loads((workspace.folder / "demo" / "truth.json").read_text(encoding="utf-8"))
    reached = sum(each["touches"] for each in truth["touches"]["responses"])
    assert reached > len(mails), "mails and calls are felt"
    effects = {each["play"]: each["treated"] for each in truth["plays"]}
    assert effects["say_hello"] == 0 == max(effects.values()), "no horizon is over yet"

    assert channel_settings.read(after, "email") is None, "nobody answers there any more"

    again = live_on(read_settings(workspace.folder), 1, Silent())
    assert again.clock is not None
    assert (again.clock - day).days == 8


CARING = WEEKLY | {
    "key": "care",
    "hold_out": 0.4,
    "follow_days": 14,
    "steps": [
        *WEEKLY["steps"][:2],
        {"id": "rest", "do": "wait", "days": 5},
        {"id": "again", "do": "call", "title": "Call again", "script": "Is it better?"},
        {"id": "end", "do": "end"},
    ],
}


@pytest.mark.long
def test_g7_the_page_of_a_play_states_the_planted_effect_inside_its_interval(tmp_path: Path) -> None:
    folder, small = tmp_path / "demo", ("--customers", "250", "--days", "200")
    here = ("--workspace", folder)
    built = call("demo", *here, *small, "--once", "--json")
    assert built.code == 0 and built.json["plays"] == [], built.err
    file = tmp_path / "care.json"
    file.write_text(json.dumps(CARING), encoding="utf-8")
    assert call("play", "import", "--file", file, *here).code == 0
    assert call("play", "launch", "care", *here, "--json").json["outcome"] == "running"
    lived = call("demo", *here, "--advance", "17d", "--once", "--json")
    assert lived.code == 0, lived.err
    (told,) = lived.json["plays"]
    print(f"seed {SEED}: {told}")
    truth, seen = told["truth"], told["difference"]
    assert truth["customers"] > 60 and told["groups"]["problem"] is None
    assert seen["low"] <= truth["difference"] <= seen["high"]
    assert told["margin_minor"]["low"] <= truth["margin_minor"] <= told["margin_minor"]["high"]
    assert "A demo knows the truth" in call("play", "proof", "care", *here).out
    settings = read_settings(folder)
    play = define.find(settings, "care")
    found = proof(settings, play, datetime.now(UTC))
    page = shown(found, play, Reader("en"))
    assert page is not None and "The interval holds this difference." in page.sentences
    assert not (folder / "demo" / "twin").exists()


@pytest.mark.long
def test_a_company_that_was_interrupted_goes_on_though_it_forgot_who_came(workspace: Settings) -> None:
    build_demo(workspace, customers=150, days=100, seed=3, progress=Silent())
    company = Company(read_settings(workspace.folder))
    new = Touch("call", int(company.world.people.person.max()) + 1)
    settings = company.present(read_settings(workspace.folder))
    while new.customer not in company.world.people.person:
        settings = company.live(settings, [new] if company.world.day == 100 else [], Silent())
    assert not len(company.world.ledger.read("touches")["day"]), "nobody was there to feel it"
    company.live(settings, [], Silent())
    assert company.world.ledger.read("touches")["person"].tolist() == [new.customer]
