from __future__ import annotations

from typing import Any

import pytest

from holdfast.connectors.live.telegram import SOURCE, TelegramOptions

ANN = {"id": 7, "first_name": "Ann", "last_name": "Kelly", "username": "annk"}
CHAT = {"id": 7, "type": "private"}


def calls(**said: Any) -> list[dict[str, Any]]:
    message = {"message_id": 5, "from": ANN, "chat": CHAT, "date": 1441645532, **said}
    told = SOURCE.read({"update_id": 1, "message": message}, {}, TelegramOptions())
    return [call for each in told for call in each.calls]


def test_a_message_says_who_wrote_and_belongs_to_the_chat() -> None:
    who, what = calls(text="Hello")
    assert (who["userId"], who["traits"]) == ("7", {"name": "Ann Kelly", "telegram_username": "annk"})
    assert (what["event"], what["userId"], what["timestamp"]) == (
        "Message Received",
        "7",
        "2015-09-07T17:05:32+00:00",
    )
    assert what["properties"] == {
        "conversation_id": "7",
        "object_kind": "conversation",
        "object_id": "7",
        "code": "telegram",
        "channel": "telegram",
        "message_id": "5",
        "text": "Hello",
        "author": "Ann Kelly",
        "address": "@annk",
    }


@pytest.mark.parametrize(
    ("contact", "phone"),
    [
        ({"phone_number": "359888123456", "user_id": 7}, "+359888123456"),
        ({"phone_number": "+359888123456", "user_id": 7}, "+359888123456"),
        ({"phone_number": "359888123456", "user_id": 8}, None),
        ({"phone_number": "359888123456"}, None),
    ],
)
def test_only_the_own_number_says_who_somebody_is(contact: dict[str, Any], phone: str | None) -> None:
    who, what = calls(contact={"first_name": "Bo", **contact})
    assert who["traits"].get("phone") == phone
    assert what["properties"]["text"] == "Bo +359888123456"


def test_a_picture_has_its_caption_and_its_largest_size() -> None:
    photo = [{"file_size": 10}, {"file_size": 900}, "nonsense"]
    (_, what) = calls(photo=photo, caption="See")
    assert (what["properties"]["text"], what["properties"]["attachments"]) == (
        "See",
        [{"name": "", "type": "photo", "size": 900}],
    )


def test_an_edit_names_the_message_that_it_replaces() -> None:
    edited = {"message_id": 5, "from": ANN, "chat": CHAT, "date": 1, "edit_date": 9, "text": "Hi"}
    (told,) = SOURCE.read({"update_id": 2, "edited_message": edited}, {}, TelegramOptions())
    _, what = told.calls
    assert (what["event"], what["properties"]["message_id"]) == ("Message Edited", "5")


def test_a_number_that_telegram_gives_again_after_a_quiet_week_is_another_message() -> None:
    later = {"message_id": 6, "from": ANN, "chat": CHAT, "date": 1442645532, "text": "Hello"}
    (told,) = SOURCE.read({"update_id": 1, "message": later}, {}, TelegramOptions())
    assert told.calls[-1]["messageId"] != calls(text="Hello")[-1]["messageId"]


def test_markup_is_words() -> None:
    assert calls(text="<script>alert(1)</script>")[1]["properties"]["text"] == "<script>alert(1)</script>"
