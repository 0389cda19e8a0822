"""N2: mails about one's sign-in are asked for only where mails can leave."""

from __future__ import annotations

from holdfast.domain.texts import Text
from holdfast.services.people import mails
from holdfast.settings import Settings
from holdfast.store import channel_settings


def test_a_channel_that_nobody_set_is_not_set_up_by_its_trouble(base: Settings) -> None:
    assert not mails.are_set_up(base)
    channel_settings.note_trouble(base, "email", Text("No."), rest_us=1, now_us=1)
    assert channel_settings.read(base, "email") is not None
    assert not mails.are_set_up(base)
    channel_settings.write(base, "email", {"host": "smtp.shop.example"}, {}, now_us=2)
    assert mails.are_set_up(base)
