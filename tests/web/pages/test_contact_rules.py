"""G3: contact rules in the settings: kept, tried out on what was sent, and what messages cost in sight."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from holdfast.domain.consent import Statement
from holdfast.domain.pressure import DAY_US, USUAL, Cap, Hours, Policy
from holdfast.domain.waking import Quiet
from holdfast.services.act import contact_rules
from holdfast.settings import Settings
from holdfast.store import consent, message_settings, outbox, sql, suppression
from services.act.people import ANN, NOW_US, known, touch

if TYPE_CHECKING:
    from django.test import Client

PAGE = "/settings/contact-rules"
TYPED = {
    "cap-all-week": "2",
    "cap-email-day": "1",
    "from-email": "22:30",
    "until-email": "07:00",
    "service-email": "1",
    "weekends": "1",
    "floor_days": "",
    "lapse_days": "10",
}
RULES = Policy(
    caps=(Cap("", "week", 2), Cap("email", "day", 1)),
    hours=(Hours("email", Quiet(22 * 60 + 30, 7 * 60), service=True),),
    floor_days=None,
    weekends=True,
    holidays=False,
    lapse_days=10,
)


def sent(settings: Settings, subject_id: int, *ago_us: int) -> None:
    for number, ago in enumerate(ago_us):
        outbox.ask(settings, touch(subject_id, key=f"sent {subject_id} {number}"), now_us=NOW_US - ago)
        sql.write(
            "UPDATE touch SET state = 'sent', changed_us = %s WHERE key = %s",
            (NOW_US - ago, f"sent {subject_id} {number}"),
        )


def test_g3_rules_are_kept_and_what_waits_is_looked_at_again(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    client = signed_in("admin")
    assert message_settings.contact_rules(served) == USUAL
    shown = client.get(PAGE).content.decode()
    assert 'name="cap-all-week" value="3"' in shown
    assert 'name="from-email" value="21:00"' in shown
    outbox.ask(served, touch(known(served)), now_us=NOW_US)
    sql.write("UPDATE touch SET code = 'cap', due_us = %s", (NOW_US + 9 * DAY_US,))
    shown = client.post(f"{PAGE}/keep", TYPED, follow=True).content.decode()
    assert "The rules are kept." in shown
    assert 'name="from-email" value="22:30"' in shown
    assert message_settings.contact_rules(served) == RULES
    assert sql.read("SELECT COUNT(*) FROM touch WHERE due_us < %s", (NOW_US + DAY_US,)) == [(1,)]


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("cap-all-week", "0", "A whole number from 1 to 100."),
        ("cap-email-day", "many", "A whole number from 1 to 100."),
        ("from-email", "25:00", "A time of day like 21:30."),
        ("until-email", "", "A time of day like 21:30."),
        ("until-email", "22:30", "An end that is another time than the beginning."),
        ("floor_days", "-1", "A whole number from 1 to 365."),
        ("lapse_days", "", "A whole number from 1 to 365."),
    ],
)
def test_g3_what_is_no_rule_is_said_beside_its_field_and_nothing_is_kept(
    served: Settings, signed_in: Callable[..., Client], field: str, typed: str, words: str
) -> None:
    for do in ("keep", "try"):
        client = signed_in("admin", {"keep": "en", "try": "fa"}[do])
        answer = client.post(f"{PAGE}/{do}", TYPED | {field: typed})
        assert answer.status_code == 422
        if do == "keep":
            assert words in answer.content.decode()
            assert 'aria-invalid="true"' in answer.content.decode()
    assert message_settings.contact_rules(served) == USUAL


def test_g3_rules_are_tried_out_on_what_was_sent(served: Settings, signed_in: Callable[..., Client]) -> None:
    client = signed_in("admin")
    typed = {"cap-all-week": "2", "weekends": "1", "holidays": "1", "lapse_days": "14"}
    answer = client.post(f"{PAGE}/try", typed).content.decode()
    assert "there is nothing to try on" in answer
    ann, bo = known(served), known(served, "bo", "bo@example.org")
    sent(served, ann, 9 * DAY_US, 8 * DAY_US, 7 * DAY_US, 6 * DAY_US)
    sent(served, bo, 1 * DAY_US)
    answer = client.post(f"{PAGE}/try", typed).content.decode()
    assert "Of the 5 messages of offers and news of the last 30 days, 2 would have waited." in answer
    assert "for lack of room" in answer
    assert message_settings.contact_rules(served) == USUAL
    night = Policy(hours=(Hours("email", Quiet(0, 23 * 60 + 59)),))
    assert contact_rules.try_out(served, night, now_us=NOW_US).held["quiet_hours"] >= 4


def test_g5_what_messages_cost_stands_beside_what_was_sent(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    ann = known(served)
    client = signed_in("manager")
    assert "Nothing was sent yet" in client.get(PAGE).content.decode()
    sent(served, ann, 0, 1, 2, 3)
    no = Statement("", "email", False, NOW_US, "one_click")
    consent.say(served, [consent.Said(ann, no)], now_us=NOW_US)
    suppression.suppress(served, [suppression.New("email", ANN, "complaint")], now_us=NOW_US)
    (month,) = contact_rules.by_month(served, now_us=NOW_US)
    assert (month.sent, month.unsubscribed, month.complaints) == (4, 1, 1)
    assert "1 (25.00%)" in client.get(PAGE).content.decode()
    assert client.post(f"{PAGE}/keep", TYPED).status_code == 403
