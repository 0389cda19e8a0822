"""F5, F7, F8, H5, G9 on a page: a change is entered, its customers found, its play made and launched."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from holdfast.services.act.changes import entering, progress
from holdfast.settings import Settings
from holdfast.store import changes, plays
from holdfast.store.changes import Said
from playing import a_play, launched
from web.history import Happened, Person, bring, unit_of
from web.pages.test_customers import stand
from web.pages.test_plays import text_of

if TYPE_CHECKING:
    import pytest
    from django.test import Client

ANA = Person("c-1", "Ana Popescu", (Happened("2024-03-11T08:00", "Signed Up"),), email="ana@example.org")
BOB = Person("c-2", "Bob Byrne", (Happened("2024-03-11T08:00", "Signed Up"),))
EFFECT = (datetime.now(UTC).date() + timedelta(days=60)).isoformat()


def typed(**more: str) -> dict[str, str]:
    """A new price for who lives in Romania, entered in English."""
    return {
        "title": "The price rises",
        "effect": EFFECT,
        "words.en.next_price": "12 euro a month",
        "words.en.price_reason": "Our servers cost more.",
        "n.join": "all",
        "n.0.of": "fact:country",
        "n.0.test": "is",
        "n.0.value": "RO",
        "do": "save",
    } | more


def on_the_list() -> None:
    stand(unit_of("c-1"), "Ana Popescu", country="RO", yearly_minor=12_000)
    stand(unit_of("c-2"), "Bob Byrne", country="IE", yearly_minor=90_000)


def test_f7_a_change_is_entered_its_play_made_and_launched(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    """F7, H1: from the page of the change to the usual launch."""
    bring(served, ANA, BOB)
    on_the_list()
    client = signed_in("manager")
    assert "No change was entered yet" in text_of(client.get("/act/changes"))
    new = text_of(client.get("/act/changes/new?kind=price"))
    assert "Left empty: 30 days before it takes effect." in new
    assert client.get("/act/changes/new?kind=none").status_code == 404
    looked = client.post("/act/changes/new?kind=price", typed(do="look"), HTTP_HX_REQUEST="true",
                         HTTP_HX_TARGET="builder")  # fmt: skip
    assert "1 customer of 2" in text_of(looked)
    bad = client.post("/act/changes/new?kind=price", typed(effect=""))
    assert "It is not said when it takes effect." in text_of(bad, 422)
    assert "Our servers cost more." in text_of(bad, 422), "what was typed stays"

    page = client.post("/act/changes/new?kind=price", typed(), follow=True)
    shown = text_of(page)
    assert "It concerns 1 customer" in shown and "Ana Popescu" in shown and "Bob Byrne" not in shown
    (kept,) = changes.listed(served)
    there = f"/act/changes/of/{kept.key}"
    assert "Nothing happens before it is launched." in text_of(client.post(f"{there}/do/play", follow=True))
    play = plays.by_key(served, "change_the-price-rises")
    assert play is not None
    launch = f"/act/plays/of/{play.key}/launch"
    assert "It reaches 1 customer each time." in text_of(client.get(launch))
    begun = client.post(f"{launch}/begin", {"number": str(play.number)}, follow=True)
    assert "It runs." in text_of(begun)
    after = text_of(client.get(there))
    assert "goes out on its day" in after and "Not told yet 1" in after
    assert "was launched" in text_of(client.post(f"{there}/do/remove"), 409)


def test_who_came_later_enters_with_one_click_and_the_other_play_is_named(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    """F7: who is found after it went out is told too, and nobody hears of it twice unawares."""
    bring(served, ANA, BOB)
    on_the_list()
    client, started = signed_in("manager"), datetime.now(UTC)
    client.post("/act/changes/new?kind=price", typed())
    (kept,) = changes.listed(served)
    there = f"/act/changes/of/{kept.key}"
    client.post(f"{there}/do/play")
    play = plays.by_key(served, "change_the-price-rises")
    assert play is not None
    goal = {"event": "Order Completed", "days": 30}
    twin = a_play(key="twin", title="The twin", goal=goal, audience={"fact": "change", "is": kept.key})
    launched(served, twin, started)
    page = client.get(f"/act/plays/of/{play.key}/launch").content.decode()
    assert 'href="/act/plays/of/twin"' in page and 'name="although_twice"' in page
    begin, number = f"/act/plays/of/{play.key}/launch/begin", {"number": str(play.number)}
    assert "Customers hear of the same change from “The twin” already" in text_of(
        client.post(begin, number), 422
    )
    assert "It runs." in text_of(client.post(begin, number | {"although_twice": "1"}, follow=True))

    assert "Not everybody is told" not in text_of(client.get(there)), "it did not go out yet"
    plays.put_cursor(served, play.id, "broadcast", 1)
    assert "1 customer came to the list after the play went out" in text_of(client.get(there))
    analyst = signed_in("analyst")
    assert "Let them enter the play" not in text_of(analyst.get(there))
    assert analyst.post(f"{there}/do/later").status_code == 403
    said = text_of(client.post(f"{there}/do/later", follow=True))
    assert "1 customer entered the play." in said and "Not everybody is told" not in said
    assert "Nobody came to the list since" in text_of(client.post(f"{there}/do/later"), 409)


def test_f8_a_mistake_is_corrected_and_forgotten(served: Settings, signed_in: Callable[..., Client]) -> None:
    client = signed_in("analyst")
    client.post("/act/changes/new?kind=mistake", {"title": "Billed twice", "do": "save"})
    (kept,) = changes.listed(served)
    edit = f"/act/changes/of/{kept.key}/edit"
    assert f'value="{kept.changed_us}"' in client.get(edit).content.decode()
    told = {
        "title": "Billed twice in May",
        "words.en.what_happened": "A <b>machine</b> failed.",
        "do": "save",
        "read": str(kept.changed_us),
    }
    raw = client.post(edit, told, follow=True).content.decode()
    assert "A &lt;b&gt;machine&lt;/b&gt; failed." in raw
    assert "Somebody changed it meanwhile" in text_of(client.post(edit, told), 422)
    proposed = client.post(edit, told | {"do": "propose"}).content.decode()
    assert 'value="fact:state" selected' in proposed
    assert client.post(f"/act/changes/of/{kept.key}/do/play").status_code == 409, "nobody is on the list"
    assert client.post(f"/act/changes/of/{kept.key}/do/no").status_code == 404
    client.post(f"/act/changes/of/{kept.key}/do/remove")
    assert changes.listed(served) == []


def test_what_a_program_entered_and_the_form_does_not_ask_for_stays(
    served: Settings, signed_in: Callable[..., Client]
) -> None:
    """Words in a language without pages of ours, and the day of a mistake."""
    words = {"en": {"what_happened": "We billed twice."}, "de": {"what_happened": "Doppelt berechnet."}}
    day = date(2026, 3, 1)
    said = Said("mistake", "Billed twice", "", day, None, None, "", words)
    kept = entering.enter(served, said, by="program", now=datetime.now(UTC))
    client, there = signed_in("analyst"), f"/act/changes/of/{kept.key}"
    assert "Deutsch" in text_of(client.get(there)) and "Doppelt berechnet." in text_of(client.get(there))
    assert "Doppelt berechnet." in text_of(client.get(f"{there}/edit"))
    told = {"title": "Billed twice", "words.en.what_happened": "", "do": "save", "read": str(kept.changed_us)}
    assert client.post(f"{there}/edit", told).status_code == 302
    (kept,) = changes.listed(served)
    assert (kept.effect_on, kept.words) == (day, {"de": words["de"]})


def test_whoever_sees_only_their_own_sees_no_others(
    served: Settings, signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """M3: the sample names only customers one looks after, and names are masked as everywhere."""
    bring(served, ANA, BOB)
    on_the_list()
    signed_in("manager").post("/act/changes/new?kind=price", typed())
    monkeypatch.setattr("holdfast.web.pages.changes.view.portfolio", lambda *_: {unit_of("c-2")})
    shown = text_of(signed_in("agent").get("/act/changes/of/the-price-rises"))
    assert "It concerns 1 customer" in shown and "Ana" not in shown


def test_a_list_says_which_notice_nears(served: Settings, signed_in: Callable[..., Client]) -> None:
    now = datetime.now(UTC)
    soon = date.fromordinal(now.date().toordinal() + 20)
    client = signed_in("manager")
    client.post("/act/changes/new?kind=price", typed(effect=soon.isoformat()))
    assert "Customers hear of it 10 days later than is fair." in text_of(client.get("/act/changes"))
    assert [each.late for each in progress.nearing(served, now)] == [10]
    assert "The price rises Customers hear of it 10 days later than is fair." in text_of(client.get("/today"))
    assert "The price rises" not in text_of(signed_in("agent").get("/today"))
