"""The builder of plays: steps and ways, messages in languages, what begins and ends a play, two at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from holdfast.domain import plays as p
from holdfast.services.act.plays import define, library
from holdfast.services.act.plays.written import Ready, steps
from holdfast.settings import Settings
from playing import HELLO, NOW, a_play
from web.history import Happened, Person, bring, unit_of
from web.pages.test_customers import stand
from web.pages.test_plays import text_of

if TYPE_CHECKING:
    from django.test import Client

EDIT = "/act/plays/of/hello/edit"
ORDERS = {"n.join": "all", "n.0.of": "fact:orders", "n.0.test": "at_least", "n.0.value": "2"}


def kept(settings: Settings) -> Ready:
    play = define.find(settings, "hello")
    return define.ready_of(define.version_of(settings, play))


def ids(settings: Settings) -> list[str]:
    return [each.id for each in p.steps_of(kept(settings).play)]


class Writer:
    """Somebody who writes the play ``hello``."""

    def __init__(self, settings: Settings, client: Client, **told: Any) -> None:
        self.settings, self.client = settings, client
        define.make(settings, a_play(**told), by="", now=NOW)

    def page(self, asked: str = "") -> str:
        return text_of(self.client.get(f"{EDIT}{asked}"))

    def post(self, what: str, status: int = 302, /, **given: str) -> str:
        number = str(define.find(self.settings, "hello").number)
        answer = self.client.post(f"{EDIT}/{what}", {"number": number, "do": "save"} | given)
        assert answer.status_code == status, text_of(answer, answer.status_code)[-900:]
        return "" if status == 302 else text_of(answer, status)


@pytest.fixture
def writer(served: Settings, signed_in: Callable[..., Client]) -> Writer:
    return Writer(served, signed_in("analyst"))


def test_every_kind_of_step_has_a_form_and_can_be_added(writer: Writer) -> None:
    rule = {"n.join": "all", "n.0.of": "fact:orders", "n.0.test": "at_least", "n.0.value": "3"}
    given: dict[str, dict[str, str]] = {
        "branch": {"of": "rule", **rule},
        "call": {"o.title": "Ask how it went", "o.whom": "owner"},
        "change_trait": {"o.trait": "plan", "o.value": "gold"},
        "credit": {"o.amount": "500", "o.currency": "EUR", "o.reason": "late", "o.whom": "owner"},
        "end": {},
        "extension": {"o.amount": "۱۴", "o.reason": "late", "o.whom": ""},
        "message": {"subject.en": "Well?", "text.en": "How are you?", "o.channel": "email"},
        "needs_assessment": {"o.title": "Ask"},
        "notify": {"o.whom": "owner", "o.title": "Look"},
        "newsletter": {"o.channel": "best"},
        "offer": {"o.sort": "gift", "o.amount": "1", "o.reason": "late", "o.whom": "owner"},
        "points": {"o.amount": "10", "o.reason": "thanks", "o.whom": "owner"},
        "split": {"share.0": "70", "share.1": "30"},
        "survey": {"text.en": "Hello", "question.en": "Well?", "choices.en": "", "o.answer": "five"},
        "task": {"o.title": "Look", "o.text": "Please\r\nlook", "o.sort": "check", "o.due_days": "4"},
        "wait": {"o.days": "5", "o.event": "Order Completed", **rule},
        "webhook": {"o.say": "pause_ads"},
    }
    assert set(given) == set(steps())
    choice = writer.page("?add=end")
    for name, step in steps().items():
        assert str(step.title.msgid) in choice
        assert str(step.meaning.msgid) in writer.page(f"?add=end&do_step={name}")
        writer.post("step", add="end", do_step=name, **given[name])
    assert ids(writer.settings) == ["hi", *steps()]
    options = kept(writer.settings).options
    assert options["extension"].amount == 14 and options["extension"].whom == ""
    assert options["task"].text == "Please\nlook" and options["task"].due_days == 4
    assert options["wait"].until is not None and options["wait"].event == "Order Completed"
    assert options["message"].content == {"en": {"subject": "Well?", "text": "How are you?"}}
    for name in steps():
        shown = writer.client.get(f"{EDIT}?step={name}").content.decode()
        assert 'aria-current="step"' in shown
    before = kept(writer.settings).play
    for name in steps():
        if name not in p.WITH_PATHS:
            writer.post("step", step=name, **given[name])
    assert kept(writer.settings).play == before


def test_g1_what_is_wrong_is_said_beside_what_was_typed(writer: Writer) -> None:
    said = writer.client.post(
        f"{EDIT}/step",
        {"number": "1", "do": "save", "add": "end", "do_step": "wait", "o.days": "soon", "o.at": "9"},
    )
    assert said.status_code == 422
    assert "days takes a whole number from 0 to 730." in text_of(said, 422)
    assert 'value="soon"' in said.content.decode()
    assert "It is the only step" in writer.post("remove", 422, step="hi")
    assert "The step is not there any more." in writer.post("remove", 422, step="gone")
    assert "does not say yet for whom" in writer.post("step", 422, add="end", do_step="branch", of="event")
    assert "shares add up to 100" in writer.post(
        "step", 422, add="end", do_step="split", **{"share.0": "10", "share.1": "10"}
    )
    assert writer.client.post(f"{EDIT}/nothing", {"number": "1"}).status_code == 404
    assert define.find(writer.settings, "hello").number == 1


def test_steps_move_into_ways_along_and_out_of_them(writer: Writer) -> None:
    writer.post("step", add="end", do_step="split", **{"share.0": "50", "share.1": "50"})
    writer.post("step", add="end:split:0", do_step="end")
    writer.post("step", add="before:hi", do_step="task", **{"o.title": "First"})
    places = []
    for _ in range(5):
        writer.post("down", step="hi")
        play = kept(writer.settings).play
        ways = {each.id: [[s.id for s in way.steps] for way in each.paths] for each in play.steps}
        places.append((list(ways), ways["split"]))
    assert places == [
        (["task", "split"], [["hi", "end"], []]),
        (["task", "split"], [["end", "hi"], []]),
        (["task", "split"], [["end"], ["hi"]]),
        (["task", "split", "hi"], [["end"], []]),
        (["task", "split", "hi"], [["end"], []]),
    ]
    for _ in range(9):
        writer.post("up", step="hi")
    assert ids(writer.settings) == ["hi", "task", "split", "end"]
    writer.post("remove", step="split")
    assert ids(writer.settings) == ["hi", "task"]


def test_ways_are_added_changed_and_taken_away(writer: Writer) -> None:
    writer.post("step", add="end", do_step="branch", of="event", event="Order Completed")
    writer.post("step", add="end:branch:1", do_step="end")
    writer.post("way", step="branch", way="new", of="rule", **ORDERS)
    writer.post("way", step="branch", way="0", of="event", event="Message Received")
    shown = writer.page("?step=branch")
    assert (
        "“Message from the customer” happened" in shown and "all others" in shown and "One way more" in shown
    )
    branch = kept(writer.settings).play.steps[1]
    assert [each.happened for each in branch.paths] == ["Message Received", "", ""]
    assert branch.paths[1].when is not None and branch.paths[2].steps[0].do == "end"
    writer.post("remove-way", step="branch", way="0")
    assert len(kept(writer.settings).play.steps[1].paths) == 2
    writer.post("step", add="end", do_step="split", **{"share.0": "50", "share.1": "50"})
    writer.post("way", step="split", way="new")
    assert [each.share for each in kept(writer.settings).play.steps[2].paths] == [34, 33, 33]
    writer.post("step", step="split", **{"share.0": "60", "share.1": "20", "share.2": "۲۰"})
    writer.post("remove-way", step="split", way="0")
    assert [each.share for each in kept(writer.settings).play.steps[2].paths] == [50, 50]


def test_a_message_is_written_in_languages_and_read_as_a_customer_reads_it(writer: Writer) -> None:
    bring(
        writer.settings,
        Person("c-1", "Ana Popescu", (Happened("2024-03-11T08:00", "Signed Up"),), email="ana@example.org"),
    )
    ana = unit_of("c-1")
    stand(ana, "Ana Popescu")
    written = {"subject.en": "Hello {{ name | you }}", "text.en": "How are you?"}
    more = writer.post("step", 200, step="hi", do="language", other="fa", **written)
    assert "فارسی" in more
    written |= {"subject.fa": "سلام {{ name | شما }}", "text.fa": "حال شما چطور است؟"}
    seen = writer.post("step", 200, step="hi", do="look", customer=str(ana), **written)
    assert "Hello Ana Popescu" in seen and "سلام Ana Popescu" in seen
    assert define.find(writer.settings, "hello").number == 1
    broken = writer.post("step", 200, step="hi", do="look", **{"text.en": "Hello {{ name"})
    assert "Hello {{ name" in broken
    writer.post("step", step="hi", **written)
    content = kept(writer.settings).options["hi"].content
    assert list(content) == ["en", "fa"] and content["fa"]["text"] == "حال شما چطور است؟"
    writer.post("step", step="hi", **written | {"text.en": ""})
    assert list(kept(writer.settings).options["hi"].content) == ["fa"]


def test_every_kind_of_trigger_is_chosen_and_kept(writer: Writer) -> None:
    given: dict[str, tuple[dict[str, str], p.Trigger]] = {
        "signal": ({"key": "gone_quiet", "strength": "30"}, p.SignalRaised("gone_quiet", 0.3)),
        "risk": ({"share": "60"}, p.RiskAbove(0.6)),
        "health": ({"health": "۴۰"}, p.HealthBelow(40)),
        "segment_entered": ({"key": "staff"}, p.SegmentMoved("staff")),
        "segment_left": ({"key": "staff"}, p.SegmentMoved("staff", entered=False)),
        "event": (
            {"event": "Payment Failed", "code": "a, b"},
            p.EventHappened("Payment Failed", {"code": ("a", "b")}),
        ),
        "date": (
            {"trait": "renewal", "days": "30", "side": "before", "at": "08:30"},
            p.DateComes("renewal", -30, 510),
        ),
        "schedule": ({"every": "week", "weekday": "2", "at": "10:00"}, p.OnSchedule("week", 2, 600)),
        "by_hand": ({}, p.ByHand()),
        "broadcast": ({"moment": "2030-03-01T09:00"}, p.Broadcast("2030-03-01T09:00")),
    }
    from holdfast.web.pages.plays.begin_form import KINDS

    assert set(given) == set(KINDS)
    for kind, (typed, trigger) in given.items():
        writer.page(f"?open=begin&kind={kind}")
        writer.post("begin", open="begin", kind=kind, **typed)
        assert kept(writer.settings).play.trigger == trigger
        writer.page("?open=begin")
    assert "takes a number" in writer.post("begin", 422, open="begin", kind="risk", share="much")


def test_audience_goal_exits_and_the_whole_are_kept_and_shown_again(writer: Writer) -> None:
    writer.post("audience", open="audience", **ORDERS)
    assert kept(writer.settings).play.audience is not None
    assert 'value="2"' in unescape(writer.client.get(f"{EDIT}?open=audience").content.decode())
    writer.post("audience", open="audience", **{"n.join": "all", "n.0.of": ""})
    assert kept(writer.settings).play.audience is None
    writer.post("goal", open="goal", of="event", event="Order Completed", days="45")
    assert kept(writer.settings).play.goal == p.Goal(45, "Order Completed")
    writer.post("goal", open="goal", of="rule", days="20", **ORDERS)
    goal = kept(writer.settings).play.goal
    assert goal is not None and goal.rule is not None and goal.days == 20
    writer.post("exits", open="exits", event="Refund Asked", **{"word.left": "1"}, **ORDERS)
    assert [each.word for each in kept(writer.settings).play.exits] == ["left", None, None]
    writer.post("exits", open="exits", **{"word.replied": "1", "keep.1": "1"})
    exits = kept(writer.settings).play.exits
    assert [(each.word, each.event) for each in exits] == [("replied", ""), (None, "Refund Asked")]
    whole = {"title": "Say more", "description": "For all", "purpose": "marketing", "topic": "news"}
    whole |= {"priority": "7", "hold_out": "12,5", "again": "90", "ends_on": "2030-01-31"}
    whole |= {"follow": "60"}
    whole |= {"amount": "250.50", "currency": "eur", "touches": "1000", "per": "month"}
    writer.post("whole", open="whole", **whole)
    play = kept(writer.settings).play
    assert (play.title, play.hold_out, play.again_after_days, play.priority) == ("Say more", 0.125, 90, 7)
    assert play.budget == p.Budget(25_050, "EUR", 1_000, "month")
    assert play.follow_days == 60
    assert "Say more" in writer.page()
    assert "money needs a currency" in writer.post("whole", 422, open="whole", **whole | {"currency": "x"})


def test_a_rule_grows_in_the_form_without_being_kept(writer: Writer) -> None:
    grown = writer.client.post(
        f"{EDIT}/audience", {"number": "1", "open": "audience", "do": "add:n", **ORDERS}
    )
    assert grown.content.decode().count('class="rule-row"') == 2
    for pressed in ({}, {"do": "save"}):  # the script names the button that is being pressed
        only = writer.client.post(
            f"{EDIT}/audience",
            {"number": "1", "open": "audience", **ORDERS, **pressed},
            headers={"HX-Target": "builder", "HX-Request": "true"},
        )
        assert only.status_code == 200 and "<html" not in only.content.decode()
    assert define.find(writer.settings, "hello").number == 1
    lost = {"HX-Target": "builder", "HX-Request": "true"}
    assert writer.client.post(f"{EDIT}/up", {"number": "1", "step": "gone"}, headers=lost).status_code == 422


def test_g1_of_two_who_change_a_play_at_once_the_slower_sees_it_as_it_is_and_what_they_typed(
    writer: Writer,
) -> None:
    writer.post("step", add="end", do_step="end")
    late = writer.client.post(
        f"{EDIT}/step",
        {"number": "1", "do": "save", "step": "hi", "subject.en": "Mine", "text.en": "My words"},
    )
    said = text_of(late, 409)
    assert "Somebody changed the play meanwhile" in said and "My words" in said
    assert 'id="step-end"' in late.content.decode()
    assert 'name="number" value="2"' in late.content.decode()


def test_every_ready_play_can_be_opened_step_by_step(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    client = signed_in("analyst")
    for ready in (library.one("rescue_failed_payment"), library.every()[-1]):
        define.make(served, ready.written("en"), by="", now=NOW)
        for step in p.steps_of(ready.play("en")):
            assert client.get(f"/act/plays/of/{ready.key}/edit?step={step.id}").status_code == 200


def test_a_play_that_runs_says_that_changes_wait_for_a_launch(writer: Writer) -> None:
    from playing import launched

    launched(writer.settings, a_play(steps=[{"id": "hi", "do": "message", "content": HELLO}]))
    assert "customers enter by version" in writer.page()


def test_a_play_from_nothing_is_made_with_a_key_of_its_own(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    client = signed_in("analyst")
    assert "Write a play of your own" in text_of(client.get("/act/plays"))
    for title, key in (("Ask, how?", "ask_how"), ("Ask how", "ask_how_2"), ("حال شما", "play")):
        made = client.post("/act/plays/make", {"title": title}, follow=True)
        assert made.redirect_chain == [(f"/act/plays/of/{key}/edit", 302)]
        assert "Get in touch" in text_of(made) and "What is missing yet" in text_of(made)
    assert "title is missing" in text_of(client.post("/act/plays/make", {"title": " "}, follow=True))


def test_a_moment_with_a_zone_is_shown_and_kept_by_the_clock_of_the_company(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    far = datetime(2030, 3, 1, 9, tzinfo=timezone(timedelta(hours=9)))
    here = far.astimezone(served.zone)
    writer = Writer(served, signed_in("analyst"), trigger={"broadcast": {"at": far.isoformat()}})
    assert f"at {here:%H:%M}" in writer.page()
    form = writer.client.get(f"{EDIT}?open=begin").content.decode()
    assert f'value="{here:%Y-%m-%dT%H:%M}"' in form
