"""G3, N1: consent on the customer's page: what holds, its history, and recording it with its proof."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from holdfast.services.act.allowed import may_send
from holdfast.settings import Settings
from holdfast.store import consent, message_settings, sql, suppression
from holdfast.store.message_settings import Proven
from services.act.people import ANN, NOW_US, at_any_hour, known, touch

if TYPE_CHECKING:
    from django.test import Client

GIVEN = {
    "given": "yes",
    "topic": "news",
    "channel": "email",
    "how": "paper",
    "on": "2026-05-18",
    "wording": "I want <news>",
    "source": "Folder 7",
}


@pytest.fixture
def ann(served: Settings) -> int:
    return known(served)


def post(client: Client, unit_id: int, **told: str) -> Any:
    return client.post(f"/customers/{unit_id}/consent", GIVEN | told, follow=True)


def test_g3_what_was_said_on_paper_is_recorded_with_its_proof(
    served: Settings, signed_in: Callable[..., Client], ann: int
) -> None:
    client = signed_in("agent")
    assert (
        "They have said nothing about offers and news yet."
        in client.get(f"/customers/{ann}").content.decode()
    )
    text = post(client, ann).content.decode()
    assert "It is recorded, with its proof." in text
    assert "Agreed: News and tips, By e-mail" in text
    assert "I want &lt;news&gt;" in text
    assert "on paper · recorded by agent.en@example.com · Folder 7" in text
    (said,) = consent.history(served, [ann])
    assert (said.given, said.how, said.said_by) == (True, "paper", "agent.en@example.com")
    assert (NOW_US - said.at_us) > 0
    text = post(
        client, ann, given="no", topic="", channel="", wording="", on="", how="phone"
    ).content.decode()
    assert "not: Everything of ours" in text
    assert [each.given for each in consent.history(served, [ann])] == [True, False]


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"wording": " "}, "does not say to what"),
        ({"topic": "everything"}, "There is no such message."),
        ({"how": "one_click"}, "Nobody says it in this way."),
        ({"on": "2199-01-01"}, "The moment lies ahead."),
        ({"on": "yesterday"}, "yesterday is no day."),
    ],
)
def test_g3_what_proves_nothing_is_refused(
    served: Settings, signed_in: Callable[..., Client], ann: int, told: dict[str, str], words: str
) -> None:
    answer = post(signed_in("agent"), ann, **told)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert consent.history(served, [ann]) == []


def test_an_address_on_the_suppression_list_is_shown_as_such(
    served: Settings, signed_in: Callable[..., Client], ann: int
) -> None:
    suppression.suppress(served, [suppression.New("email", ANN, "hard_bounce")], now_us=NOW_US)
    assert "Mail came back for good" in signed_in("agent").get(f"/customers/{ann}").content.decode()
    assert post(signed_in("read_only"), ann).status_code == 403


def pause(client: Client, unit_id: int, **told: str) -> Any:
    given = {"do": "pause", "until": (date.today() + timedelta(days=40)).isoformat(), "asked": "yes"} | told
    return client.post(f"/customers/{unit_id}/pause", given, follow=True)


def test_g3_messages_pause_until_a_day_and_go_again(
    served: Settings, signed_in: Callable[..., Client], ann: int
) -> None:
    client = signed_in("agent")
    message_settings.note_proven(served, Proven("shop.example", NOW_US, True, {}))
    message_settings.set_public_url(served, "https://holdfast.shop.example")
    message_settings.set_basis(served, message_settings.CUSTOMERS)
    at_any_hour(served)
    text = pause(client, ann, why="On holiday <3").content.decode()
    assert "Offers and news pause until" in text
    assert "They asked for it; agent.en@example.com" in text
    assert "On holiday &lt;3" in text
    assert may_send(served, touch(ann), now_us=NOW_US).code == "paused"
    text = pause(client, ann, asked="no").content.decode()
    assert "They asked for it" not in text
    assert sql.read("SELECT COUNT(*) FROM contact_pause WHERE ended_us IS NULL") == [(1,)]
    text = pause(client, ann, do="end").content.decode()
    assert "Offers and news go again." in text
    assert "Offers and news pause until" not in text
    assert may_send(served, touch(ann), now_us=NOW_US).code == ""
    assert "nothing was changed" in pause(client, ann, do="end").content.decode()


@pytest.mark.parametrize("until", ["", "soon", "2020-01-01", "2199-01-01"])
def test_g3_a_day_until_which_nothing_can_pause_is_refused(
    served: Settings, signed_in: Callable[..., Client], ann: int, until: str
) -> None:
    answer = pause(signed_in("agent"), ann, until=until)
    assert answer.status_code == 422
    assert "pause-error" in answer.content.decode()
    assert sql.read("SELECT COUNT(*) FROM contact_pause") == [(0,)]
