"""Plays on pages before they run: dry run, rehearsal, files, enrolled by hand, what holds of all."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from holdfast.domain.plays import steps_of
from holdfast.services.act.plays import define, library, trying
from holdfast.services.pulse.asked import do_next
from holdfast.settings import Settings
from holdfast.store import asked, owners, plays, plays_proved, portfolio, segments, sql
from holdfast.store.plays_reading import counts
from playing import HELLO, NOW, a_play, enrolments, launched
from web.history import Person, bring, unit_of
from web.pages.test_customers import stand
from web.pages.test_plays import ANA, BOB, draft, text_of

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

PAGE = "/act/plays/of/hello"
FOLLOWS = {"HX-Request": "true", "HX-Target": "progress"}


def two(settings: Settings) -> tuple[int, int]:
    """Ana with an address, Bob without one."""
    bring(settings, ANA, BOB)
    ana, bob = unit_of("c-1"), unit_of("c-2")
    stand(ana, "Ana Popescu")
    stand(bob, "Bob Byrne")
    return ana, bob


def test_g1_a_dry_run_tells_of_each_whether_they_get_something_and_why(
    served: Settings, signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    two(served)
    draft(served, trigger={"broadcast": {"at": None}}, exits=["left"])
    client, page = signed_in("analyst"), f"{PAGE}/dry-run"
    assert "Try it dry" in text_of(client.get(page))
    assert client.post(f"{PAGE}/try/dry-run").headers["Location"] == page
    waits = client.get(page, headers=FOLLOWS)
    assert "Waiting for its turn" in text_of(waits) and "Skip to the page" not in text_of(waits)
    assert 'hx-trigger="every 1s"' in client.get(page).content.decode()
    assert do_next(served, "test")
    assert client.get(page, headers=FOLLOWS).headers["HX-Redirect"] == page
    shown = text_of(client.get(page))
    assert "It is about 2 customers now" in shown
    assert "There is no address to which it could go. left out 1" in shown
    assert "Ana Popescu" in shown and "Bob Byrne" in shown
    left = text_of(client.get(f"{page}?what=skipped&code=no_address"))
    assert "Bob Byrne" in left and "Ana Popescu" not in left
    monkeypatch.setattr("holdfast.web.pages.plays.trying.ROWS", 1)
    first, second = text_of(client.get(page)), text_of(client.get(f"{page}?from=1"))
    assert ("Ana Popescu" in first) != ("Ana Popescu" in second) and "Back to the first" in second
    assert "Nobody of these" in text_of(client.get(f"{page}?what=waits"))
    assert client.get(f"{page}?what=x").status_code == 400
    assert client.post(f"{PAGE}/try/x").status_code == 404
    assert sql.read("SELECT COUNT(*) FROM touch") == [(0,)] and counts(served) == {}


def test_g1_a_rehearsal_draws_who_would_have_gone_where(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    two(served)
    steps = [{"id": "w", "do": "wait", "days": 400}, {"id": "hi", "do": "message", "content": HELLO}]
    draft(served, trigger={"broadcast": {"at": None}}, exits=["left"], steps=steps)
    client, page = signed_in("analyst"), f"{PAGE}/rehearsal"
    assert "Rehearse it" in text_of(client.get(page))
    client.post(f"{PAGE}/try/rehearsal")
    assert do_next(served, "test")
    shown = text_of(client.get(page))
    assert "2 customers would have entered, 0 times held out." in shown
    assert "2 here now" in shown and "Messages at most 2" in shown
    assert "Ana Popescu treated" in shown
    define.keep(served, define.find(served, "hello"), a_play(title="Anew"), number=1, by="", now=NOW)
    assert "Rehearse it" in text_of(client.get(page)), "what was tried was another version"


def test_what_went_wrong_with_a_trial_is_said(served: Settings, signed_in: Callable[..., Client]) -> None:
    draft(served)
    client = signed_in("manager")
    client.post(f"{PAGE}/try/rehearsal")
    work = trying.last(served, define.version_of(served, define.find(served, "hello")), "rehearse")
    assert work is not None
    assert client.get(f"/imports/work/{work.id}").status_code == 404, "it is followed on its own page"
    asked.end(served, work.id, now_us=1, trouble=library_refusal())
    shown = text_of(client.get(f"{PAGE}/rehearsal"))
    assert "The library has no play nothing." in shown and "Rehearse it again" in shown
    assert "One of you enrols whom they choose." in shown


def library_refusal() -> Any:
    from holdfast.domain.refusals import Refusal

    try:
        library.one("nothing")
    except Refusal as refusal:
        return refusal.found
    raise AssertionError


def test_who_sees_some_customers_only_is_told_of_these(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    ana, bob = two(served)
    launched(served, a_play())
    client = signed_in("agent")
    portfolio.decide(served, portfolio.Decided(own_only=frozenset({"agent"})))
    owners.set_owner(served, [ana], ana, int(client.session["_auth_user_id"]), by="", now_us=1)
    assert client.get(f"{PAGE}/dry-run").status_code == 403
    assert "Dry run" not in text_of(client.get(PAGE))
    refused = client.post("/act/plays/enrol", {"key": "hello", "whom": "Bob Byrne"})
    assert "Nobody is known as Bob Byrne." in text_of(refused, 422)
    assert client.post("/act/plays/enrol", {"key": "hello", "customer": bob}).status_code == 404
    assert enrolments(served) == []


def test_of_several_customers_of_a_name_somebody_is_told_of_those_they_may_see(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    """M3: not of others, and not by more of a name than they may see."""
    bring(served, ANA, Person("c-7", "Ana Popescu", ANA.history))
    ana, other = unit_of("c-1"), unit_of("c-7")
    launched(served, a_play())
    client, whom = signed_in("agent"), {"key": "hello", "whom": "ana popescu"}
    portfolio.decide(served, portfolio.Decided(names={"agent": "hidden"}))
    said = text_of(client.post("/act/plays/enrol", whom), 422)
    assert "names several customers: customer:c-1 (A" in said and "Popescu)" not in said
    portfolio.decide(served, portfolio.Decided(own_only=frozenset({"agent"})))
    owners.set_owner(served, [other], other, int(client.session["_auth_user_id"]), by="", now_us=1)
    assert "1 customer entered" in text_of(client.post("/act/plays/enrol", whom, follow=True))
    assert [each.unit_id for each in enrolments(served)] == [other] != [ana]


def test_a_play_is_fetched_and_brought_back_in_another_version(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    draft(served)
    client = signed_in("analyst")
    assert "&#34;do&#34;: &#34;message&#34;" in client.get(f"{PAGE}/json").content.decode()
    file = client.get(f"{PAGE}/file?version=1")
    assert file.headers["Content-Disposition"] == 'attachment; filename="hello.json"'
    content = json.loads(file.content)
    assert content["steps"][0]["content"] == HELLO
    assert client.get(f"{PAGE}/file?version=9").status_code == 404
    changed = json.dumps(content | {"title": "Say more"})
    said = bring_in(client, changed.encode())
    assert "“Say more” is at version 2 now. It is not launched yet." in text_of(said)
    new = client.post("/act/plays/import", {"content": json.dumps(content | {"key": "other"})}, follow=True)
    assert "is a draft now" in text_of(new)
    assert {each.key for each in plays.listed(served)} == {"hello", "other"}
    wrong = client.post("/act/plays/import", {"content": json.dumps(content | {"steps": []})})
    assert "play.steps" in text_of(wrong, 422) and "&#34;Say hello&#34;" in wrong.content.decode()
    assert "no text in UTF-8" in text_of(bring_in(client, b"\xff\xfe{"), 422)
    assert "larger than a play" in text_of(bring_in(client, b" " * 1_000_001), 422)
    assert len(plays.listed(served)) == 2
    assert [step.id for step in steps_of(latest(served, "other"))] == ["hi"]


def bring_in(client: Client, content: bytes) -> HttpResponse:
    return client.post("/act/plays/import", {"file": SimpleUploadedFile("play.json", content)}, follow=True)


def latest(settings: Settings, key: str) -> Any:
    return define.ready_of(define.version_of(settings, define.find(settings, key))).play


def test_customers_are_enrolled_by_hand_by_name_by_segment_and_from_their_page(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    ana, bob = two(served)
    client = signed_in("agent")
    draft(served)
    assert "Enrol by hand" not in text_of(client.get(f"{PAGE}/customers"))
    refused = client.post("/act/plays/enrol", {"key": "hello", "whom": "Ana Popescu"})
    assert "The play is draft." in text_of(refused, 422)
    define.delete(served, define.find(served, "hello"), number=1)
    launched(served, a_play())
    said = client.post("/act/plays/enrol", {"key": "hello", "whom": "ana@example.org\n\n"}, follow=True)
    assert "1 customer entered, 0 held out." in text_of(said)
    again = client.post("/act/plays/enrol", {"key": "hello", "whom": "Ana Popescu"}, follow=True)
    assert "1 did not: in it already" in text_of(again)
    assert "Into which play" in text_of(client.get(f"/customers/{bob}/plays"))
    theirs = client.post("/act/plays/enrol", {"key": "hello", "customer": bob}, follow=True)
    assert "Plays of Bob Byrne" in text_of(theirs) and "enrolled by" in text_of(theirs)
    for typed, words in (
        ({"whom": "Nobody Atall"}, "Nobody is known as Nobody Atall."),
        ({"segment": "none"}, "Nobody is named."),
        ({"whom": "x\n" * 201}, "201 lines are written there."),
    ):
        assert words in text_of(client.post("/act/plays/enrol", {"key": "hello"} | typed), 422)
    assert {each.unit_id for each in enrolments(served)} == {ana, bob}
    plays.save_settings(served, hold_out=0, approve_above=0)
    refused = client.post("/act/plays/enrol", {"key": "hello", "customer": ana})
    assert "That is 1 customer at once." in text_of(refused, 422)


def test_a_segment_is_enrolled(served: Settings, signed_in: Callable[..., Client]) -> None:
    ana, bob = two(served)
    launched(served, a_play())
    number = segments.save(served, "few", "A few", {"fact": "orders", "at_least": 1}, made_by="", now_us=1)
    segments.apply(served, number, [ana, bob], [], day=1, now_us=1)
    client = signed_in("manager")
    assert "A few" in text_of(client.get(f"{PAGE}/customers"))
    said = client.post("/act/plays/enrol", {"key": "hello", "segment": "few"}, follow=True)
    assert "2 customers entered" in text_of(said)


def test_what_holds_of_all_plays_is_decided_on_a_page(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    client, page = signed_in("manager"), "/act/plays/rules"
    assert 'value="1000"' in client.get(page).content.decode()
    for held, alone in (("60", "10"), ("x", "10"), ("5", "-1"), ("5", "2.5"), ("", "")):
        assert client.post(page, {"hold_out": held, "approve_above": alone}).status_code == 422
    for held, alone, kept in (("2.5", "2,500", (0.025, 2_500)), ("۵", "۱٬۰۰۰", (0.05, 1_000))):
        assert client.post(page, {"hold_out": held, "approve_above": alone}).status_code == 302
        found = plays.read_settings(served)
        assert (found.hold_out, found.approve_above) == kept
    assert signed_in("agent").get(page).status_code == 403


def test_g7_what_a_message_and_a_task_cost_is_typed_in_money_and_counts_in_small_coin(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    client, page = signed_in("manager"), "/act/plays/rules"
    whole = {"hold_out": "0", "approve_above": "1000"}
    for wrong in ("-1", "much", "10001"):
        assert client.post(page, whole | {"cost_sms": wrong}).status_code == 422
    assert plays_proved.costs(served) == {}
    client.post(
        page, whole | {"cost_sms": "0,07", "cost_email": "0.004", "cost_task": "۴", "cost_letter": "9"}
    )
    small = plays_proved.costs(served)
    assert small == pytest.approx({"sms": 7, "email": 0.4, "task": 400})
    shown = client.get(page).content.decode()
    assert 'value="0.07"' in shown and 'value="0.004"' in shown and 'value="4"' in shown
    client.post(page, whole)
    assert plays_proved.costs(served) == {}, "what is empty costs nothing"


def test_who_is_asked_to_launch_too_sees_who_wants_it_and_may_say_no(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    plays.save_settings(served, hold_out=0, approve_above=0)
    stand(1, "Customer 1")
    draft(served, trigger={"broadcast": {"at": None}}, ends_on="2030-01-01")
    first = signed_in("manager")
    first.post(f"{PAGE}/launch/begin", {"number": "1"})
    second = signed_in("admin")
    shown = text_of(second.get(PAGE))
    assert "wanted it launched" in shown and "Do not launch it" in shown
    moved = second.post(f"{PAGE}/do/withdraw", {"number": "7"})
    assert "Somebody changed the play meanwhile" in text_of(moved, 409)
    said = text_of(second.post(f"{PAGE}/do/withdraw", {"number": "1"}, follow=True))
    assert "It is not launched; whoever wants it asks again." in said and "wanted it" not in said
    nobody = second.post(f"{PAGE}/do/withdraw", {"number": "1"})
    assert "Nobody waits for a second person to launch it." in text_of(nobody, 409)
    second.post(f"{PAGE}/launch/begin", {"number": "1"})
    kept = plays.by_key(served, "hello")
    assert kept is not None and kept.state == "draft", "who said no does not launch it alone either"
    first.post(f"{PAGE}/launch/begin", {"number": "1"})
    newer = a_play(trigger={"broadcast": {"at": None}}, ends_on="2030-01-01", title="Newer")
    define.keep(served, define.find(served, "hello"), newer, number=1, by="", now=NOW)
    assert "wanted it" not in text_of(second.get(PAGE))
    first.post(f"{PAGE}/launch/begin", {"number": "2"})
    assert "running, version 1" in text_of(second.get(PAGE)) and "wanted it" in text_of(second.get(PAGE))
