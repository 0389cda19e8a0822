"""E2: the queue of texts, a correction in two clicks, names of causes, competitors, what was learnt."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from holdfast.services.understand import corrections
from holdfast.services.understand.corrections import Meant
from holdfast.settings import Settings
from holdfast.store import own_words, sql, text_layers, to_review
from wrote import LEAVING, NOW_US, wrote

if TYPE_CHECKING:
    from django.test import Client

SignedIn = Callable[..., "Client"]


def only_id(settings: Settings) -> int:
    (found,) = sql.read("SELECT id FROM text_reading")
    return int(found[0])


def test_e2_nothing_read_yet_says_what_will_be_here(signed_in: SignedIn, served: Settings) -> None:
    text = signed_in("agent").get("/understand/texts").content.decode()
    assert "No text has been read yet" in text
    assert "holdfast texts --read" in text


def test_e2_the_queue_shows_what_was_read_and_hides_addresses(signed_in: SignedIn, served: Settings) -> None:
    wrote(served, ("C1", "Ticket Opened", f"{LEAVING} <b>Call</b> ann@example.com or +40 721 123 456!"))
    text = signed_in("agent").get("/understand/texts").content.decode()
    assert "Slow response, long waits" in text
    assert "Wants to leave" in text
    assert "Unhappy" in text
    assert "&lt;b&gt;Call&lt;/b&gt;" in text
    assert "ann@example.com" not in text
    assert "721" not in text


def test_e2_two_clicks_correct_a_text_and_it_leaves_the_queue(signed_in: SignedIn, served: Settings) -> None:
    wrote(served, ("C1", "Ticket Opened", LEAVING))
    number, client = only_id(served), signed_in("agent")
    page = client.get(f"/understand/texts/{number}").content.decode()
    assert 'name="only" value="poor_support"' in page
    answer = client.post(f"/understand/texts/{number}/correct", {"only": "poor_support"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/understand/texts")
    (found,) = to_review.listed(served, to_review.Narrowed(corrected=True))
    assert (found.causes, found.sentiment, found.leaving) == (("poor_support",), "negative", True)
    after = client.get("/understand/texts").content.decode()
    assert "Everything was looked at" in after
    page = client.get(f"/understand/texts/{number}").content.decode()
    assert "Looked at by" in page
    assert "Slow response, long waits" in page


def test_e2_one_click_says_that_a_text_was_read_rightly(signed_in: SignedIn, served: Settings) -> None:
    wrote(served, ("C1", "Ticket Opened", LEAVING))
    signed_in("agent").post(f"/understand/texts/{only_id(served)}/correct", {"right": "1"})
    (said,) = to_review.corrections(served)
    assert said.causes == said.read_causes == ("slow_response",)


def test_e2_everything_can_be_said_and_nonsense_is_refused_in_place(
    signed_in: SignedIn, served: Settings
) -> None:
    wrote(served, ("C1", "Ticket Opened", LEAVING))
    url, client = f"/understand/texts/{only_id(served)}/correct", signed_in("agent")
    wrong = client.post(url, {"sentiment": "furious", "cause": "poor_support"})
    assert wrong.status_code == 422
    assert "furious" in wrong.content.decode()
    assert to_review.corrections(served) == []
    client.post(url, {"sentiment": "neutral", "cause": ["poor_support", "late_delivery"], "want": []})
    (said,) = to_review.corrections(served)
    assert (said.sentiment, set(said.causes), said.leaving) == (
        "neutral",
        {"poor_support", "late_delivery"},
        False,
    )


def test_e2_who_only_reads_may_not_correct(signed_in: SignedIn, served: Settings) -> None:
    wrote(served, ("C1", "Ticket Opened", LEAVING))
    client = signed_in("read_only")
    assert client.post(f"/understand/texts/{only_id(served)}/correct", {"right": "1"}).status_code == 403
    assert "It means something else" not in client.get("/understand/texts").content.decode()
    assert client.get("/understand/texts/99999").status_code == 404


def test_e2_all_texts_are_narrowed_and_turned_by_page(signed_in: SignedIn, served: Settings) -> None:
    many = [(f"C{n}", "Message Received", f"Great coffee, thank you! Number {n}.") for n in range(30)]
    wrote(served, *many, ("X", "Ticket Opened", LEAVING))
    client = signed_in("agent")
    first = client.get("/understand/texts?show=all").content.decode()
    assert first.count('class="text-read"') == 25
    assert "before=" in first
    few = client.get("/understand/texts?show=all&cause=slow_response").content.decode()
    assert few.count('class="text-read"') == 1
    leaving = client.get("/understand/texts?show=all&leaving=1").content.decode()
    assert leaving.count('class="text-read"') == 1
    assert client.get("/understand/texts?show=all&before=x").status_code == 400
    assert client.get("/understand/texts?show=all&cause=nonsense").status_code == 200


def test_e2_a_cause_is_called_otherwise_and_keeps_its_id(signed_in: SignedIn, served: Settings) -> None:
    client = signed_in("manager")
    url = "/understand/texts/words/of/slow_response"
    assert "Slow response, long waits" in client.get(url).content.decode()
    assert client.post(f"{url}/name", {"name_en": "Too slow", "name_fa": "کند"}).status_code == 302
    assert own_words.causes(served)["slow_response"].names["en"] == "Too slow"
    assert "Too slow" in client.get("/understand/texts/words").content.decode()
    client.post(f"{url}/name", {"name_en": " "})
    assert own_words.causes(served)["slow_response"].names["en"] == "Slow response, long waits"
    assert client.post(f"{url}/name", {"name_en": "x" * 90}).status_code == 422
    assert client.post("/understand/texts/words/of/none/name", {"name_en": "x"}).status_code == 404
    assert signed_in("agent").post(f"{url}/name", {"name_en": "x"}).status_code == 403


def test_e2_a_cause_is_added_and_a_text_corrected_to_it(signed_in: SignedIn, served: Settings) -> None:
    client = signed_in("manager")
    added = {"name": "Beans taste burnt", "group": "product"}
    assert client.post("/understand/texts/words/add", added).status_code == 302
    assert client.post("/understand/texts/words/add", added).status_code == 422
    assert client.post("/understand/texts/words/add", {"name": "Y", "group": "tea"}).status_code == 422
    wrote(served, ("C1", "Ticket Opened", LEAVING))
    corrections.correct(
        served, only_id(served), Meant("negative", ("own_beans_taste_burnt",)), by="ann", now_us=NOW_US
    )
    assert "Beans taste burnt" in client.get("/understand/texts?show=all").content.decode()


def test_e2_competitors_are_named_and_taken_away(signed_in: SignedIn, served: Settings) -> None:
    client = signed_in("manager")
    assert client.post("/understand/texts/competitors/add", {"name": " Bean  Co "}).status_code == 302
    assert client.post("/understand/texts/competitors/add", {"name": "bean co"}).status_code == 422
    (one,) = own_words.competitors(served)
    assert one.name == "Bean Co"
    assert "Bean Co" in client.get("/understand/texts/words").content.decode()
    client.post(f"/understand/texts/competitors/{one.id}/remove")
    assert own_words.competitors(served) == []


def test_e2_what_was_learnt_is_shown_switched_off_and_taken_back(
    signed_in: SignedIn, served: Settings
) -> None:
    figures = {"causes": {"phrases": 0.6, "learnt": 0.8, "on": True}}
    made = text_layers.keep(served, "en", corrections=60, figures=figures, layer="AAAA", now_us=NOW_US)
    client = signed_in("manager")
    text = client.get("/understand/texts/words").content.decode()
    assert "60 corrections" in text
    assert "clearly better: used" in text
    client.post(f"/understand/texts/learnt/{made}/use", {"off": "en"})
    assert text_layers.in_use(served) == []
    client.post(f"/understand/texts/learnt/{made}/use")
    assert [each.id for each in text_layers.in_use(served)] == [made]
    assert client.post("/understand/texts/learnt/9999/use").status_code == 404
