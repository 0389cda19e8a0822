"""N3: language and theme by the reader's choice, else the browser's; the workspace's facts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from holdfast.settings import LostSettings, Settings
from holdfast.web.pages.preferences.words import lost_means

if TYPE_CHECKING:
    from django.test import Client


def test_n3_the_page_says_what_every_figure_rests_on(signed_in: Callable[..., Client]) -> None:
    text = signed_in().get("/settings/company").content.decode()
    for said in ("Lost means", "EUR", "Gregorian", "UTC"):
        assert said in text


def test_every_setting_stands_in_one_list_and_what_is_closed_is_left_out(
    signed_in: Callable[..., Client],
) -> None:
    everything = signed_in("admin").get("/settings").content.decode()
    for said in ("Preferences", "Write keys", "Kept for how long", "What the company has decided"):
        assert said in everything
    little = signed_in("read_only").get("/settings").content.decode()
    assert "Preferences" in little
    assert "Write keys" not in little


def test_keys_of_one_letter_can_be_put_off(signed_in: Callable[..., Client]) -> None:
    client = signed_in()
    assert "data-keys" not in client.get("/settings/preferences").content.decode()
    client.post("/settings/reader", {"keys": "off"})
    assert 'data-keys="off"' in client.get("/settings/preferences").content.decode()
    client.post("/settings/reader", {"keys": ""})
    assert "data-keys" not in client.get("/settings/preferences").content.decode()


def test_n3_the_browser_decides_until_the_reader_does(visitor: Client) -> None:
    text = visitor.get(
        "/sign-in", headers={"Accept-Language": "xx-unknown, fa;q=0.9, en;q=0.5"}
    ).content.decode()
    assert '<html lang="fa" dir="rtl">' in text
    visitor.post("/settings/reader", {"language": "ro", "next": "/sign-in"})
    text = visitor.get("/sign-in", headers={"Accept-Language": "fa"}).content.decode()
    assert '<html lang="ro" dir="ltr">' in text


def test_n3_a_choice_is_kept_with_the_person(signed_in: Callable[..., Client]) -> None:
    from holdfast.store.models import User

    client = signed_in()
    assert client.post("/settings/reader", {"language": "fa"})["Location"] == "/settings/preferences"
    assert client.post("/settings/reader", {"theme": "dark"}).status_code == 302
    person = User.objects.get()
    assert (person.language, person.theme) == ("fa", "dark")
    text = client.get("/settings/preferences").content.decode()
    assert '<html lang="fa" dir="rtl" data-theme="dark">' in text


@pytest.mark.parametrize("given", [{"language": "tlh"}, {"theme": "neon"}, {"keys": "some"}])
def test_n3_what_is_no_language_and_no_theme_is_refused(visitor: Client, given: dict[str, str]) -> None:
    assert visitor.post("/settings/reader", given).status_code == 400


def test_n3_choosing_leads_nowhere_else(visitor: Client) -> None:
    answer = visitor.post("/settings/reader", {"language": "en", "next": "https://evil.example"})
    assert answer["Location"] == "/settings/preferences"


@pytest.mark.parametrize(
    ("lost", "said"),
    [
        (LostSettings("fixed", 90), "They have been silent for 90 days."),
        (LostSettings("company"), "They have been silent for longer than is usual among our customers."),
        (LostSettings("contract"), "Their subscription ended or their account was deleted."),
    ],
)
def test_b2_who_counts_as_lost_is_said_in_a_sentence(lost: LostSettings, said: str) -> None:
    assert str(lost_means(lost)) == said


def test_a_changed_file_is_read_again(served: Settings, signed_in: Callable[..., Client]) -> None:
    import os
    from dataclasses import replace

    from holdfast.settings import write_settings

    client = signed_in()
    write_settings(replace(served, name="Cornflower Coffee"))
    os.utime(served.toml, (1, 1))
    assert "Cornflower Coffee" in client.get("/settings").content.decode()
