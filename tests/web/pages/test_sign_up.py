"""G8: sign-up forms for newsletters, with double opt-in: entered, asked by mail, confirmed by a button."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from dispatching import set_up, smtp
from holdfast.domain.sign_ups import Asked, Words
from holdfast.services.act import sign_up_forms
from holdfast.services.act.allowed import may_send
from holdfast.services.collect.care.sweep import sweep
from holdfast.services.collect.taking_in import take_in_arrived
from holdfast.settings import Settings
from holdfast.store import consent, identity_live, ingest_log, message_settings, sign_ups, sql, suppression
from holdfast.store.message_settings import Proven
from holdfast.store.sign_ups import Form
from services.act.people import ANN, NOW_US, at_any_hour, known, touch

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

BASE = "https://holdfast.shop.example"
DAY_US = 86_400_000_000


@pytest.fixture
def form(served: Settings) -> Form:
    """A form that is open, of a workspace that sends."""
    set_up(served, smtp(2525))
    message_settings.set_public_url(served, BASE)
    message_settings.note_proven(served, Proven("shop.example", NOW_US, True, {}))
    at_any_hour(served)
    return sign_up_forms.make(served, "Footer of the shop", by="niamh@example.com", now_us=5)


def text_of(answer: HttpResponse, status: int = 200) -> str:
    assert answer.status_code == status, answer.content[:300]
    return re.sub(r"\s+", " ", unescape(answer.content.decode()))


def mails(settings: Settings) -> list[tuple[str, str, str, str]]:
    """(to, purpose, subject, text) of what was asked for."""
    rows = sql.read(
        "SELECT t.address, t.purpose, c.subject, c.text FROM touch t JOIN touch_content c "
        "ON c.touch_id = t.id ORDER BY t.id"
    )
    return [(str(to), str(purpose), str(subject), str(text)) for to, purpose, subject, text in rows]


def link_in(text: str) -> str:
    (found,) = set(re.findall(rf"{BASE}(/y/[\w-]+)", text))
    return str(found)


def entered(client: Client, form: Form, **typed: Any) -> HttpResponse:
    answer: HttpResponse = client.post(f"/f/{form.key}", {"email": ANN} | typed)  # type: ignore[assignment]
    return answer


def said(settings: Settings, address: str = ANN) -> list[Any]:
    key = suppression.address_key(settings, "email", address)
    return consent.of_people(settings, [(None, key)])[None, key]


def test_g8_an_address_is_consent_once_its_mail_was_answered(
    served: Settings, form: Form, visitor: Client
) -> None:
    from django.test import Client

    page = text_of(visitor.get(f"/f/{form.key}", headers={"Accept-Language": "ro"}))
    assert 'lang="ro"' in page
    stranger = Client(enforce_csrf_checks=True)
    answer = entered(stranger, form, email=f" {ANN.upper()} ", name="Ann  Lee", lang="en")
    assert (answer.status_code, answer["Location"], dict(answer.cookies)) == (
        303,
        f"/f/{form.key}/sent?lang=en",
        {},
    )
    assert "A mail is on its way" in text_of(visitor.get(answer["Location"]))
    ((to, purpose, subject, text),) = mails(served)
    assert (to, purpose) == (ANN, "service")
    assert served.name in subject
    assert "News and tips" in text
    link = link_in(text)
    looked = visitor.get(link)
    assert "Yes, sign me up" in text_of(looked)
    assert looked["X-Robots-Tag"] == "noindex, nofollow"
    assert visitor.head(link).status_code == 200
    assert said(served) == []

    assert stranger.post(link).status_code == 302
    assert "You are signed up" in text_of(visitor.get(link))
    assert stranger.post(link).status_code == 302
    (word,) = said(served)
    assert (word.topic, word.channel, word.given, word.how, word.said_by) == (
        "news",
        "email",
        True,
        "form",
        "",
    )
    assert word.wording.startswith(f"I want to hear from {served.name} by e-mail.")
    assert word.wording.endswith("News and tips")
    assert f"form {form.key}, version 1" in word.source
    assert "entered 20" in word.source
    assert "confirmed from 127.0.0.1" in word.source

    take_in_arrived(served, now_us=NOW_US + DAY_US)
    (subject,) = sign_ups.holders(served, ANN)
    assert may_send(served, touch(subject, topic="news"), now_us=NOW_US + DAY_US).does == "send"
    assert may_send(served, touch(subject, topic="offers"), now_us=NOW_US + DAY_US).code == "no_consent"
    assert [row[6] for row in ingest_log.rows(served)].count("Subscribed") == 1
    traits = dict(sql.read("SELECT trait, value FROM trait_row WHERE subject_id = %s", (subject,)))
    assert (traits["stage"], traits["source"]) == ("prospect", "sign-up")
    (kept,) = sign_ups.listed(served, form.id, limit=9)
    assert (kept.email, kept.name, kept.subject_id, kept.was_known) == ("", "", subject, False)


def test_g8_who_is_known_keeps_what_is_known_of_them_and_agrees(
    served: Settings, form: Form, visitor: Client
) -> None:
    ann = known(served)
    consent.say(
        served,
        [consent.Said(ann, consent.Statement("", "email", False, 10, "page"))],
        now_us=10,
    )
    entered(visitor, form, name="Somebody Else")
    visitor.post(link_in(mails(served)[0][3]))
    take_in_arrived(served, now_us=NOW_US + DAY_US)
    assert sign_ups.holders(served, ANN) == [ann]
    assert sql.read("SELECT DISTINCT value FROM trait_row WHERE trait = 'stage'") == []
    assert consent.allows(served, ann, b"", "news", "email") is True
    assert consent.allows(served, ann, b"", "offers", "email") is False
    assert sign_ups.counts(served)[form.id] == sign_ups.Counts(1, 1, 1)


def test_g8_an_address_that_several_share_agrees_for_itself_alone(
    served: Settings, form: Form, visitor: Client
) -> None:
    office = "info@example.org"
    one, other = known(served, "ann", office), known(served, "bob", office)
    assert len(set(identity_live.units_of(served, {one, other}).values())) == 2
    entered(visitor, form, email=office)
    visitor.post(link_in(mails(served)[0][3]))
    assert [word.given for word in said(served, office)] == [True]
    assert consent.history(served, [one, other]) == []


def test_g8_nobody_is_flooded_and_machines_and_errors_leave_nothing(
    served: Settings, form: Form, visitor: Client
) -> None:
    assert entered(visitor, form, website="http://spam.example").status_code == 303
    assert "no e-mail address" in text_of(entered(visitor, form, email="ann@"), 422)
    assert entered(visitor, form, email="ann@example.org, b@example.org").status_code == 422
    assert visitor.post(f"/f/{form.key}", {"email": "x" * 30_000}).status_code == 413
    assert visitor.get("/f/none").status_code == 404
    assert visitor.get("/y/none").status_code == 404
    assert mails(served) == []
    for _ in range(5):
        assert entered(visitor, form).status_code == 303
    assert len(mails(served)) == 3
    assert sign_ups.counts(served)[form.id].asked == 1
    statuses = {
        visitor.post(f"/f/{form.key}", {"email": "x"}, REMOTE_ADDR="203.0.113.7").status_code
        for _ in range(14)
    }
    assert statuses == {422, 429}


def test_g8_a_link_ends_and_what_was_typed_is_forgotten(
    served: Settings, form: Form, visitor: Client
) -> None:
    entered(visitor, form)
    link = link_in(mails(served)[0][3])
    sql.write("UPDATE sign_up SET asked_us = asked_us - %s", (8 * DAY_US,))
    assert "This link has expired" in text_of(visitor.get(link), 410)
    assert visitor.post(link).status_code == 410
    assert said(served) == []
    sweep(served, now_us=NOW_US + 40 * DAY_US)
    (kept,) = sign_ups.listed(served, form.id, limit=9)
    assert (kept.email, kept.shown, kept.asked_from, kept.confirmed_us) == ("", "", "", None)
    assert visitor.get(link).status_code == 404
    assert sign_ups.counts(served)[form.id].asked == 1


def test_g8_a_form_speaks_its_own_words_and_keeps_which(
    served: Settings, form: Form, visitor: Client
) -> None:
    words = Words(
        "Știri",
        "",
        "Da, vreau <b>știri</b>.\nNu și reclame.",
        "Înscrie-mă",
        "Mulțumim!",
        "https://shop.example/bun",
    )
    asked = Asked(("offers", "news"), "needed", "optional", {"ro": words})
    form = sign_up_forms.keep(served, form, form.title, asked, by="niamh@example.com", now_us=6)
    page = text_of(visitor.get(f"/f/{form.key}", headers={"Accept-Language": "zh"}))
    assert 'lang="ro"' in page
    assert "Înscrie-mă" in page
    assert "<b>știri</b>" not in visitor.get(f"/f/{form.key}").content.decode()
    assert entered(visitor, form, name="Ana").status_code == 422  # nothing chosen
    assert entered(visitor, form, topic="news").status_code == 422  # no name
    assert entered(visitor, form, topic="news", name="Ana", birthday="1890-01-01").status_code == 422
    assert (
        entered(visitor, form, topic=["offers", "surveys"], name="Ana", birthday="1990-03-21").status_code
        == 303
    )
    link = link_in(mails(served)[0][3])
    sign_up_forms.keep(served, form, form.title, Asked(), by="niamh@example.com", now_us=7)
    assert "Nu și reclame.</p>" in text_of(visitor.get(link))
    visitor.post(link)
    (word,) = said(served)
    assert (word.topic, word.wording) == (
        "offers",
        "Da, vreau <b>știri</b>.\nNu și reclame.\nOferte și mementouri",
    )
    assert "version 2" in word.source
    kept = sign_ups.version_of(served, form.id, 2)
    assert kept is not None
    assert kept.words["ro"] == words


def test_g8_who_is_asked_the_language_is_written_to_in_it(
    served: Settings, form: Form, signed_in: Callable[..., Client], visitor: Client
) -> None:
    at, client = f"/f/{form.key}", signed_in("manager")
    assert 'name="language"' not in text_of(visitor.get(at)), "it is not asked unless somebody wants it"
    asks = {"title": form.title, "topic": "news", "name": "optional", "birthday": "no", "version": "1"}
    there = f"/act/forms/{form.id}"
    assert client.post(f"{there}/do/ask", asks | {"asks_language": "needed"}).status_code == 422
    assert client.post(f"{there}/do/ask", asks | {"asks_language": "optional"}).status_code == 302
    assert '<select name="language">' in text_of(client.get(there)), "on a website too"
    page = text_of(visitor.get(f"{at}?lang=ro"))
    assert '<option value="ro" lang="ro" selected>' in page and '<option value="fa" lang="fa">' in page
    entered(visitor, form, lang="ro", language="fa")
    entered(visitor, form, lang="ro", email="ben@example.org", language="xx")
    rows = sql.read("SELECT language, wording FROM sign_up ORDER BY id")
    assert [language for language, _ in rows] == ["fa", "ro"], "what cannot be chosen is not chosen"
    assert rows[0][1] == rows[1][1], "the consent keeps the words that were read"
    assert 'lang="fa"' in text_of(visitor.get(link_in(mails(served)[0][3])))
    asked = Asked(words={"ro": Words("Știri")}, language="optional")
    sign_up_forms.keep(served, one(served, form), form.title, asked, by="niamh@example.com", now_us=6)
    assert 'name="language"' not in text_of(visitor.get(at)), "of one language there is no choice"


def one(settings: Settings, form: Form) -> Form:
    found = sign_ups.form(settings, form.id)
    assert found is not None
    return found


def test_g8_nobody_signs_up_by_a_form_that_is_closed_or_cannot_send(
    served: Settings, visitor: Client
) -> None:
    form = sign_up_forms.make(served, "Too early", by="niamh@example.com", now_us=5)
    assert "Nobody can sign up here now" in text_of(visitor.get(f"/f/{form.key}"))
    assert entered(visitor, form).status_code == 422
    assert sign_ups.listed(served, form.id, limit=9) == []


def test_g8_forms_are_made_changed_and_counted_on_their_pages(
    served: Settings, form: Form, signed_in: Callable[..., Client], visitor: Client
) -> None:
    client = signed_in("manager")
    made = client.post("/act/forms/make", {"title": "Autumn <i>fair"})["Location"]
    page = text_of(client.get(made))
    assert "Autumn <i>fair" in page
    assert f"{BASE}/f/autumn-i-fair" in page
    assert '<input type="email" name="email"' in page
    assert "Or as plain HTML, in English: copy" in page
    asks = {"title": "Autumn", "topic": ["news", "offers"], "name": "needed", "birthday": "no", "version": 1}
    assert client.post(f"{made}/do/ask", asks).status_code == 302
    late = text_of(client.post(f"{made}/do/ask", asks | {"title": "Mine", "topic": ["surveys"]}), 409)
    assert 'value="Mine"' in late and 'value="surveys" checked' in late, "what was typed stays"
    assert 'value="news" checked' not in late
    assert client.post(f"{made}/do/ask", asks | {"version": 2, "topic": []}).status_code == 422
    say = {"language": "fa", "heading": "خبرها", "version": 2}
    assert client.post(f"{made}/do/words", say)["Location"] == f"{made}?language=fa#words"
    assert client.post(f"{made}/do/words", say | {"version": 3, "link": "javascript:x"}).status_code == 422
    assert 'dir="rtl"' in text_of(visitor.get("/f/autumn-i-fair"))
    assert client.post(f"{made}/do/close").status_code == 302
    assert "closed" in text_of(client.get("/act/forms"))
    entered(visitor, form)
    listed = text_of(client.get(f"/act/forms/{form.id}"))
    assert "a•••n@example.org" in listed
    assert ANN not in listed
    assert signed_in("agent").get("/act/forms").status_code == 403
