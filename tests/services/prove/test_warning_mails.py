"""Early warnings told once a day: by mail, of one's own customers, and in the chat of the team."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from holdfast.services.act import webhooks
from holdfast.services.collect.care import owners
from holdfast.services.collect.care.who import who
from holdfast.services.prove.warning_mails import SORT, tell_warnings
from holdfast.settings import Settings
from holdfast.store import mail_choices, portfolio, sql
from web import warned

NOW = datetime.now(UTC).replace(hour=12, minute=0)
FAILED, OVERDUE = "payment_failed", "overdue"


@pytest.fixture
def units(workspace: Settings) -> dict[str, int]:
    found = warned.company(workspace)
    warned.warn(workspace, FAILED, found["ioana"], found["tariq"])
    warned.warn(workspace, OVERDUE, found["ioana"])
    return found


def person(role: str, language: str = "en") -> int:
    from holdfast.store.models import User

    made = User.objects.create_user(f"{role}@example.com", None, name=role, role=role, language=language)
    return int(made.pk)


def mails() -> dict[int, tuple[str, str]]:
    rows = sql.read(
        "SELECT t.person_id, c.subject, c.text FROM touch t JOIN touch_content c ON c.touch_id = t.id "
        "WHERE t.key LIKE %s",
        (f"{SORT} %",),
    )
    return {int(who_): (subject, text) for who_, subject, text in rows}


def test_a_mail_names_customers_by_value_at_risk_with_all_their_warnings(
    workspace: Settings, units: dict[str, int]
) -> None:
    manager, analyst = person("manager"), person("analyst")
    assert tell_warnings(workspace, NOW) == 1
    told = mails()
    assert analyst not in told
    subject, text = told[manager]
    assert subject == "Early warnings about 2 customers"
    assert text.index("طارق رستمی") < text.index("Ioana Marin")
    assert "The next purchase is overdue" in text
    assert "€2,500" in text
    assert tell_warnings(workspace, NOW + timedelta(hours=2)) == 0, "once a day"


def test_new_warnings_are_told_however_many_older_ones_are_worth_more(
    workspace: Settings, units: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("holdfast.services.prove.warning_mails._READ", 2)
    sql.write("UPDATE episode SET raised_us = 1")
    warned.warn(workspace, FAILED, units["maria"])
    manager = person("manager")
    assert tell_warnings(workspace, NOW) == 1
    subject, text = mails()[manager]
    assert subject == "Early warnings about 1 customer"
    assert "Мария" in text and "Ioana" not in text


def test_each_reads_their_own_customers_in_their_own_language(
    workspace: Settings, units: dict[str, int]
) -> None:
    agent = person("agent", "ro")
    owners.set_owner(workspace, who(workspace, units["ioana"]), agent, by="x@example.com", now_us=1)
    tell_warnings(workspace, NOW)
    _, text = mails()[agent]
    assert "Ioana Marin" in text
    assert "طارق" not in text
    assert "Early warnings" not in text


def test_who_may_see_only_their_own_and_has_none_is_told_nothing(
    workspace: Settings, units: dict[str, int]
) -> None:
    person("agent")
    portfolio.decide(workspace, portfolio.Decided(own_only=frozenset({"agent"})))
    assert tell_warnings(workspace, NOW) == 0


def test_nobody_is_told_before_the_morning_nor_against_their_will(
    workspace: Settings, units: dict[str, int]
) -> None:
    manager = person("manager")
    assert tell_warnings(workspace, NOW.astimezone(workspace.zone).replace(hour=6)) == 0
    mail_choices.choose(workspace, manager, {SORT: False})
    assert tell_warnings(workspace, NOW) == 0


def test_names_are_masked_for_a_role_that_sees_them_in_part(
    workspace: Settings, units: dict[str, int]
) -> None:
    manager = person("manager")
    portfolio.decide(workspace, portfolio.Decided(names={"manager": "hidden"}))
    tell_warnings(workspace, NOW)
    assert "Ioana Marin" not in mails()[manager][1]


def test_a_storm_is_one_line(workspace: Settings) -> None:
    found = warned.company(workspace)
    number = warned.storm(workspace, FAILED, 3_000)
    sql.write("UPDATE signal_storm SET raised_us = %s", (int(NOW.timestamp() * 1_000_000),))
    warned.warn(workspace, FAILED, *found.values(), storm_id=number)
    manager = person("manager")
    tell_warnings(workspace, NOW)
    subject, text = mails()[manager]
    assert subject == "A payment failed: 3,000 customers on one day."
    assert "Ioana" not in text


def test_an_outage_that_shows_in_two_signals_is_one_line(workspace: Settings) -> None:
    warned.company(workspace)
    for key, customers in ((OVERDUE, 400), (FAILED, 3_000)):
        warned.storm(workspace, key, customers)
    sql.write("UPDATE signal_storm SET raised_us = %s", (int(NOW.timestamp() * 1_000_000),))
    manager = person("manager")
    tell_warnings(workspace, NOW)
    subject, text = mails()[manager]
    assert subject == "A payment failed: 3,000 customers on one day."
    assert f"{subject} The next purchase is overdue: 400 customers on one day." in text
    assert text.count("400 customers") == 1


def test_the_chat_of_the_team_gets_one_text_and_who_wants_everything_does_not(
    workspace: Settings, units: dict[str, int]
) -> None:
    chat, _ = webhooks.subscribe(
        workspace, "Team", "https://chat.example.com/hook", ["warnings.told"], by="x", now_us=1
    )
    webhooks.subscribe(workspace, "CRM", "https://crm.example.com/hook", ["*"], by="x", now_us=1)
    tell_warnings(workspace, NOW)
    rows = sql.read(
        "SELECT d.webhook_id, m.body FROM webhook_delivery d JOIN webhook_message m ON m.id = d.message_id "
        "WHERE m.kind = 'warnings.told'"
    )
    ((webhook_id, body),) = rows
    assert webhook_id == chat.id
    told = json.loads(body)
    assert list(told) == ["text"]
    assert told["text"].splitlines()[:2] == [
        "Early warnings about 2 customers",
        "طارق رستمی · A payment failed · €2,500",
    ]
    about = {unit for (unit,) in sql.read("SELECT unit_id FROM webhook_about")}
    assert about == {units["ioana"], units["tariq"]}, "with them it is erased"
    webhooks.try_out(workspace, chat.id, by="x", now_us=2)
    (tried,) = sql.read("SELECT body FROM webhook_message ORDER BY id DESC LIMIT 1")
    assert list(json.loads(tried[0])) == ["text"]


def test_nothing_new_is_no_message(workspace: Settings) -> None:
    warned.company(workspace)
    person("manager")
    webhooks.subscribe(
        workspace, "Team", "https://chat.example.com/hook", ["warnings.told"], by="x", now_us=1
    )
    assert tell_warnings(workspace, NOW) == 0
