"""D4: the model's card, its drift, what it looks at, and the way back to an earlier version."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from holdfast.domain.refusals import Refusal
from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.services.foresee import reading
from holdfast.settings import Settings
from holdfast.web.pages.model import words
from web import foreseen as examples

if TYPE_CHECKING:
    from django.test import Client

ENGLISH = Reader("en")


@pytest.mark.usefixtures("foreseen")
def test_d4_the_card_says_when_on_what_and_how_good(signed_in: Callable[..., Client]) -> None:
    text = signed_in("read_only").get("/foresee/model").content.decode()
    for said in (
        "<b>Model 3</b> was made on 16 November 2026.",
        "<b>6,870 customers</b> at 10 past dates; <b>3,120</b> times somebody left.",
        "asked on 19 July 2026, which it had not seen",
        "41,230 rows, 3,120 of them left",
        "smooth curves 0.40, small trees 0.35 and larger trees 0.25",
        "Fewer than 200 left",
        "3 features",
        "What it means.",
        "212 were foretold to leave (likely 184 to 241); 231 left.",
        "a lot",
        "somewhat",
        "Model 2",
        "on trial",
    ):
        assert said in text, said
    assert text.count('role="img" aria-label="Of those to whom') == 2
    assert "Use again" not in text


@pytest.mark.usefixtures("foreseen")
def test_d4_a_manager_goes_back_to_an_earlier_version(
    signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen: list[int] = []
    monkeypatch.setattr(reading, "roll_back", lambda _, version: chosen.append(version))
    client = signed_in("manager")
    text = client.get("/foresee/model").content.decode()
    assert text.count("csrfmiddlewaretoken") == 3  # signing out, and the two versions that are not in use
    answer = client.post("/foresee/model/roll-back", {"version": "2"})
    assert (answer.status_code, answer["Location"]) == (302, "/foresee/model#versions")
    assert chosen == [2]


@pytest.mark.parametrize("role", ["agent", "analyst", "read_only"])
def test_n2_others_do_not_go_back(signed_in: Callable[..., Client], role: str) -> None:
    assert signed_in(role).post("/foresee/model/roll-back", {"version": "2"}).status_code == 403


@pytest.mark.parametrize("version", ["", "two", "-1", "99999999999", "۲"])
def test_d4_what_is_no_version_is_refused(signed_in: Callable[..., Client], version: str) -> None:
    answer = signed_in().post("/foresee/model/roll-back", {"version": version})
    assert answer.status_code == 400


def test_d4_a_version_that_is_gone_is_explained(
    signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_: Settings, version: int) -> None:
        raise Refusal(
            "no_such_version",
            found=Text("There is no version {version} whose file can be read.", version=str(version)),
            expected=Text("Expected one that is kept."),
            remedy=Text("Choose another one."),
        )

    monkeypatch.setattr(reading, "roll_back", gone)
    answer = signed_in().post("/foresee/model/roll-back", {"version": "7"})
    assert answer.status_code == 422
    assert "There is no version 7" in answer.content.decode()


def test_n1_going_back_needs_the_token_of_the_page(served: Settings) -> None:
    from django.test import Client

    from holdfast.store.models import User

    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_user("a@example.com", None, role="admin"))
    for path in ("/foresee/model/roll-back", "/foresee/criteria/decide"):
        assert client.post(path, {"version": "1"}).status_code == 403


def test_d4_the_weightiest_feature_comes_first_and_is_longest() -> None:
    shown = words.features(tuple(reversed(examples.card().features)), ENGLISH)
    assert [each.width for each in shown] == ["100.0", "44.4", "22.2"]
    assert words.features((), ENGLISH) == []


def test_d4_what_moved_most_comes_first() -> None:
    moved = words.shifts(tuple(reversed(examples.drift().features)), ENGLISH)
    assert [each.word for each in moved] == ["a lot", "somewhat", "hardly"]


def test_d4_an_outcome_that_is_not_certain_is_said_to_be_so() -> None:
    assert "not clear yet" in words.kept_word(examples.drift(calibration=None), ENGLISH)


def test_d4_without_a_champion_there_is_no_card() -> None:
    assert words.in_use((examples.card(1, "challenger"),)) is None


@pytest.mark.usefixtures("foreseen")
def test_d4_features_of_little_weight_are_unfolded(
    signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    many = examples.card(features=examples.card().features * 9)
    monkeypatch.setattr(reading, "model_cards", lambda _: (many,))
    text = signed_in().get("/foresee/model").content.decode()
    assert "27 features" in text
    assert "<summary>7 features of less weight</summary>" in text
