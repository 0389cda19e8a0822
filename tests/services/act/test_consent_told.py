"""G3, N1: consent as servers tell it, kept with its proof; a key in a page tells none."""

from __future__ import annotations

from dataclasses import replace

from holdfast.settings import Settings
from holdfast.store import consent
from services.act.people import NOW_US, call, known, subject


def test_g3_consent_comes_with_calls_of_servers(workspace: Settings) -> None:
    ann = known(workspace)
    told = {"marketing": {"given": True, "channel": "email", "wording": "Send me offers", "how": "form"}}
    sent = {"type": "identify", "userId": "ann", "messageId": "m1", "traits": {"consent": told}}
    call(workspace, sent)
    call(workspace, sent)
    (said,) = consent.history(workspace, [ann])
    assert (said.topic, said.channel, said.given, said.how) == ("", "email", True, "form")
    assert (said.wording, said.source) == ("Send me offers", "shop m1")
    assert consent.allows(workspace, ann, b"", "news", "email") is True
    preferences = {"consent": {"categoryPreferences": {"Advertising": False}}}
    call(workspace, {"type": "track", "userId": "ann", "event": "Consent Changed", "context": preferences})
    assert consent.allows(workspace, ann, b"", "news", "email") is False


def test_g3_a_choice_that_comes_with_every_call_counts_when_it_changes(workspace: Settings) -> None:
    ann = known(workspace)

    def tell(given: bool, *days: int) -> None:
        context = {"consent": {"categoryPreferences": {"Advertising": given}}}
        told = {"type": "track", "userId": "ann", "event": "Looked", "context": context}
        call(workspace, *({**told, "timestamp": f"2026-05-{day:02}T00:00:00Z"} for day in days))

    tell(True, 1, 2)
    tell(True, 3)
    assert [each.given for each in consent.history(workspace, [ann])] == [True]
    (said,) = consent.history(workspace, [ann])
    no = replace(said, channel="email", given=False, at_us=said.at_us + 5 * 86_400_000_000, how="one_click")
    consent.say(workspace, [consent.Said(ann, no)], now_us=NOW_US)
    tell(True, 8)
    assert consent.allows(workspace, ann, b"", "offers", "email") is False
    tell(False, 9)
    tell(True, 10, 11)
    assert [each.given for each in consent.history(workspace, [ann])] == [True, False, False, True]
    assert consent.allows(workspace, ann, b"", "offers", "email") is True


def test_g3_a_key_in_a_page_tells_no_consent(workspace: Settings) -> None:
    told = {"type": "identify", "userId": "bo", "traits": {"consent": {"marketing": True}}}
    call(workspace, told, browser=True)
    assert consent.history(workspace, [subject(workspace, "bo")]) == []


def test_what_arrives_late_does_not_overrule_a_later_no(workspace: Settings) -> None:
    ann = known(workspace)
    for given, at in ((False, "2026-05-02T00:00:00Z"), (True, "2026-05-01T00:00:00Z")):
        said = {"consent": {"marketing": given}}
        call(workspace, {"type": "identify", "userId": "ann", "traits": said, "timestamp": at})
    assert consent.allows(workspace, ann, b"", "offers", "email") is False
