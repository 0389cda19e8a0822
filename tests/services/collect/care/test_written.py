"""A3: notes, documents, owners, edits and calls that our own people write down."""

from __future__ import annotations

import io
import os
import time
from datetime import UTC, datetime

import pytest

from holdfast.domain.documents import MOST_BYTES
from holdfast.domain.refusals import Refusal
from holdfast.services.collect.care import contacts, documents, notes, owners, sweep, traits
from holdfast.services.collect.care.who import Who, who
from holdfast.settings import Settings
from holdfast.store import documents as kept_documents
from holdfast.store import notes as kept_notes
from holdfast.store import own_moments, told
from holdfast.store import owners as kept_owners
from web.history import Happened, Person, bring, unit_of

pytestmark = pytest.mark.parametrize("base", ["sqlite", "postgresql"], indirect=True)

NOW = int(datetime(2024, 7, 1, tzinfo=UTC).timestamp() * 1_000_000)
DAY = 86_400_000_000
BY, OTHER = "niamh@example.com", "radu@example.com"
PDF = b"%PDF-1.7 a contract"


@pytest.fixture
def about(base: Settings) -> Who:
    bring(
        base,
        Person("c-17", "Ioana Marin", (Happened("2024-06-01", "Signed Up"),), traits={"city": "Cluj"}),
        Person("c-18", "Other", (Happened("2024-06-01", "Signed Up"),)),
    )
    return who(base, unit_of("c-17"))


def person(email: str) -> int:
    from holdfast.store.models import User

    return int(User.objects.create_user(email, None, name=email.split("@")[0].title(), role="agent").pk)


def moments(settings: Settings, about: Who, **asked: int | None) -> list[own_moments.OwnMoment]:
    given = {"before_us": None, "limit": 40} | asked
    found, _ = own_moments.moments_of(
        settings, about.subjects, about.unit_id, thresholds=(0.25, 0.5), **given
    )  # type: ignore[arg-type]
    return found


def test_a3_a_note_keeps_what_it_said_before(base: Settings, about: Who) -> None:
    note = notes.write_note(base, about, " Likes Huila\r\nonly.\x07 ", by=BY, now_us=NOW)
    notes.change_note(base, about, note, "Likes Huila and Yirga.", by=BY, now_us=NOW + 1)
    notes.change_note(base, about, note, "Likes all.", by=BY, now_us=NOW + 2)
    (kept,) = kept_notes.of(base, about.subjects)
    assert (kept.text, kept.changed_us, kept.made_by) == ("Likes all.", NOW + 2, BY)
    assert kept.earlier == (("Likes Huila\nonly.", NOW + 1), ("Likes Huila and Yirga.", NOW + 2))


def test_a3_a_note_is_changed_by_who_wrote_it_alone(base: Settings, about: Who) -> None:
    note = notes.write_note(base, about, "Mine", by=BY, now_us=NOW)
    for act in (
        lambda: notes.change_note(base, about, note, "Yours", by=OTHER, now_us=NOW),
        lambda: notes.delete_note(base, about, note, by=OTHER, may_delete_all=False, now_us=NOW),
    ):
        with pytest.raises(Refusal) as refused:
            act()
        assert refused.value.code == "not_yours"
    notes.delete_note(base, about, note, by=OTHER, may_delete_all=True, now_us=NOW)
    assert kept_notes.of(base, about.subjects) == []
    notes.restore_note(base, about, note)
    assert [each.text for each in kept_notes.of(base, about.subjects)] == ["Mine"]


@pytest.mark.parametrize("text", ["", " \n\t ", "\0", "x" * 10_001])
def test_a3_nothing_and_too_much_are_refused(base: Settings, about: Who, text: str) -> None:
    with pytest.raises(Refusal) as refused:
        notes.write_note(base, about, text, by=BY, now_us=NOW)
    assert refused.value.code == "bad_note"


def test_a3_what_is_about_somebody_else_is_not_there(base: Settings, about: Who) -> None:
    other = who(base, unit_of("c-18"))
    note = notes.write_note(base, other, "Other", by=BY, now_us=NOW)
    with pytest.raises(Refusal, match="not there any more"):
        notes.change_note(base, about, note, "x", by=BY, now_us=NOW)
    with pytest.raises(Refusal, match="not there any more"):
        notes.restore_note(base, about, note)
    document = _add(base, other)
    with pytest.raises(Refusal, match="not there any more"):
        documents.open_document(base, about, document)


def _add(settings: Settings, about: Who, name: str = "contract.pdf", content: bytes = PDF) -> int:
    documents.add_document(settings, about, name, io.BytesIO(content), by=BY, now_us=NOW)
    return kept_documents.of(settings, about.subjects)[0].id


def test_a3_a_document_lies_under_a_random_name_for_its_owner_only(base: Settings, about: Who) -> None:
    number = _add(base, about, "../../Contract\u202efdp.pdf")
    document, content = documents.open_document(base, about, number)
    with content:
        assert content.read() == PDF
    assert (document.name, document.media_type, document.size) == (
        "Contractfdp.pdf",
        "application/pdf",
        len(PDF),
    )
    path = documents.path_of(base, document.stored)
    assert path.is_relative_to(base.folder / "documents")
    assert path.suffix == ""
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(ValueError, match="no name of ours"):
        documents.path_of(base, "../holdfast.toml")


@pytest.mark.parametrize(
    ("name", "content", "code", "said"),
    [
        ("picture.pdf", b"\x89PNG\r\n\x1a\n", "lying_type", "a file of the kind png"),
        ("page.png", b"<!doctype html><script>alert(1)</script>", "lying_type", "a web page"),
        ("text.txt", b"<svg onload=alert(1)>", "lying_type", "a drawing that can hold programs"),
        ("nothing.pdf", b"", "lying_type", "nothing"),
        ("run.exe", b"MZ", "unknown_type", "no kind of file we take"),
        ("page.html", b"<html>", "unknown_type", "no kind of file we take"),
        ("picture.svg", b"<svg/>", "unknown_type", "no kind of file we take"),
        ("", PDF, "unknown_type", "no kind of file we take"),
        ("big.txt", b"a" * (MOST_BYTES + 1), "too_large", "larger than a document may be"),
    ],
)
def test_a3_an_upload_that_lies_is_refused(
    base: Settings, about: Who, name: str, content: bytes, code: str, said: str
) -> None:
    with pytest.raises(Refusal, match=said) as refused:
        documents.add_document(base, about, name, io.BytesIO(content), by=BY, now_us=NOW)
    assert refused.value.code == code
    assert not list(documents.folder_of(base).glob("*/*"))


def test_a3_what_was_taken_away_comes_back_for_a_month(base: Settings, about: Who) -> None:
    number, note = _add(base, about), notes.write_note(base, about, "x", by=BY, now_us=NOW)
    wall = int(time.time() * 1_000_000)
    documents.delete_document(base, about, number, by=BY, now_us=wall)
    notes.delete_note(base, about, note, by=BY, may_delete_all=False, now_us=wall)
    with pytest.raises(Refusal, match="not there any more"):
        documents.open_document(base, about, number)
    assert sweep.sweep(base, now_us=wall + 29 * DAY) == 0
    documents.restore_document(base, about, number)
    documents.open_document(base, about, number)[1].close()
    documents.delete_document(base, about, number, by=BY, now_us=wall)
    assert sweep.sweep(base, now_us=wall + 31 * DAY) == 2
    assert not list(documents.folder_of(base).glob("*/*"))
    with pytest.raises(Refusal, match="not there any more"):
        documents.restore_document(base, about, number)


def test_a3_bytes_of_a_killed_upload_go(base: Settings, about: Who) -> None:
    _add(base, about)
    stray = documents.path_of(base, "a" * 32)
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.write_bytes(b"half")
    assert sweep.sweep(base, now_us=int(time.time() * 1_000_000)) == 0  # it may be being noted
    os.utime(stray, (1, 1))
    assert sweep.sweep(base, now_us=int(time.time() * 1_000_000)) == 1
    assert len(list(documents.folder_of(base).glob("*/*"))) == 1


def test_a3_an_owner_has_a_history(base: Settings, about: Who) -> None:
    niamh, radu = person(BY), person(OTHER)
    owners.set_owner(base, about, niamh, by=BY, now_us=NOW)
    owners.set_owner(base, about, niamh, by=BY, now_us=NOW + 1)
    owners.set_owner(base, about, radu, by=BY, now_us=NOW + 2)
    own, _ = kept_owners.owners_of(base, about.subjects)
    assert own is not None
    assert own.person is not None
    assert own.person.email == OTHER
    owners.set_owner(base, about, None, by=OTHER, now_us=NOW + 3)
    own, _ = kept_owners.owners_of(base, about.subjects)
    assert own is not None
    assert own.person is None
    assert [(each.what, each.name) for each in moments(base, about)] == [
        ("owner", ""), ("owner", "Radu"), ("owner", "Niamh"),
    ]  # fmt: skip
    with pytest.raises(Refusal, match="Nobody signs in"):
        owners.set_owner(base, about, 999, by=BY, now_us=NOW)


def test_a3_an_account_s_owner_looks_after_its_people(base: Settings, about: Who) -> None:
    from holdfast.store.identity import assign_subjects
    from holdfast.store.models import AccountContact

    (account,) = assign_subjects(base, "account", ["lumen"])
    AccountContact.objects.create(subject_id=about.unit_id, account_id=account)
    owners.set_owner(base, Who(account, (account,)), person(BY), by=BY, now_us=NOW)
    own, through = kept_owners.owners_of(base, about.subjects)
    assert own is None
    assert through is not None
    assert through.person is not None
    assert (through.person.email, through.account) == (BY, account)


def test_a3_an_edit_is_a_new_row_and_undo_another(base: Settings, about: Who) -> None:
    assert traits.edit_trait(base, about, "city", " Iași ", by=BY, now_us=NOW)
    assert not traits.edit_trait(base, about, "city", "Iași", by=BY, now_us=NOW)
    rows = [row for row in told.said_of(base, about.subjects) if row.trait == "city"]
    assert [(row.value, row.source, row.made_by) for row in rows] == [
        ("Iași", "staff", BY),
        ("Cluj", "shop", ""),
    ]
    from holdfast.store.profile import profile
    from holdfast.store.readers import traits_as_of

    known = profile(base, about.unit_id)
    assert known is not None
    assert known.traits["city"] == "Iași"
    assert traits_as_of(base, "city", as_of_us=NOW) == {about.unit_id: "Cluj"}
    assert traits_as_of(base, "city", as_of_us=NOW + 1) == {about.unit_id: "Iași"}
    traits.undo_edit(base, about, rows[0].id, by=OTHER, now_us=NOW)
    now = next(row for row in told.said_of(base, about.subjects) if row.trait == "city")
    assert (now.value, now.made_by) == ("Cluj", OTHER)
    with pytest.raises(Refusal, match="Something else was said"):
        traits.undo_edit(base, about, rows[0].id, by=BY, now_us=NOW)
    with pytest.raises(Refusal, match="not there any more"):
        traits.undo_edit(base, about, rows[1].id, by=BY, now_us=NOW)
    shown = [(each.name, each.was, each.text) for each in moments(base, about)]
    assert shown == [("city", "Iași", "Cluj"), ("city", "Cluj", "Iași")]


def test_a3_a_trait_can_be_taken_away(base: Settings, about: Who) -> None:
    from holdfast.store.profile import profile

    traits.edit_trait(base, about, "city", "", by=BY, now_us=NOW)
    known = profile(base, about.unit_id)
    assert known is not None
    assert "city" not in known.traits
    assert not traits.edit_trait(base, about, "never said", " ", by=BY, now_us=NOW)


@pytest.mark.parametrize(
    ("trait", "value", "code"),
    [
        ("", "x", "bad_trait"),
        ("1st", "x", "bad_trait"),
        ("x" * 61, "x", "bad_trait"),
        ("a<b>", "x", "bad_trait"),
        ("parent", "Kelp Ltd", "elsewhere"),
        ("city", "x" * 2_001, "bad_value"),
        ("country", "Ireland", "bad_value"),
        ("birth_date", "1990-02-30", "bad_value"),
    ],
)
def test_a3_what_cannot_be_said_is_refused(
    base: Settings, about: Who, trait: str, value: str, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        traits.edit_trait(base, about, trait, value, by=BY, now_us=NOW)
    assert refused.value.code == code


def test_a3_every_edit_has_the_customer_looked_at_again(base: Settings, about: Who) -> None:
    from holdfast.store.models import DueUnit

    traits.edit_trait(base, about, "plan", "gold", by=BY, now_us=NOW)
    assert DueUnit.objects.filter(unit_id=about.unit_id, due_us=NOW).count() == 1


def test_a3_a_call_becomes_an_event_with_its_text(base: Settings, about: Who) -> None:
    from holdfast.services.collect.look_up import customer_of_unit
    from holdfast.services.collect.taking_in import take_in_arrived

    now_us = int(time.time() * 1_000_000)
    written = contacts.Written("call_made", "reached", "Wants <b>decaf</b>", now_us - DAY)
    contacts.log_contact(base, about, written, by=BY, now_us=now_us)
    assert take_in_arrived(base, now_us=now_us).events == 1
    view = customer_of_unit(base, about.unit_id, now=datetime.now(UTC))
    event = view.timeline.events[0]
    assert (event.name, event.code, event.source) == ("Call Made", "reached", "staff")
    assert view.texts[event.event_key] == "Wants <b>decaf</b>"


@pytest.mark.parametrize(
    ("contact", "outcome", "at_us", "code"),
    [
        ("letter", "", NOW, "bad_contact"),
        ("call_made", "shouted", NOW, "bad_contact"),
        ("call_made", "", NOW + DAY, "bad_moment"),
        ("visit_made", "", -1, "bad_moment"),
    ],
)
def test_a3_a_call_that_cannot_have_been_is_refused(
    base: Settings, about: Who, contact: str, outcome: str, at_us: int, code: str
) -> None:
    written = contacts.Written(contact, outcome, "", at_us)
    with pytest.raises(Refusal) as refused:
        contacts.log_contact(base, about, written, by=BY, now_us=NOW)
    assert refused.value.code == code


def test_a3_ours_go_on_by_whole_moments_even_when_all_are_one(base: Settings, about: Who) -> None:
    for number in range(30):
        notes.write_note(base, about, f"then {number}", by=BY, now_us=NOW - 10)
    for number in range(7):
        notes.write_note(base, about, f"before {number}", by=BY, now_us=NOW - 100 - number)
    seen: list[int] = []
    before, more = None, True
    while more:
        found, matching = own_moments.moments_of(
            base, about.subjects, about.unit_id, before_us=before, limit=3, thresholds=(0.25, 0.5)
        )
        assert matching == 37 - len(seen)
        more = matching > len(found)
        seen += [each.id for each in found]
        before = found[-1].at_us
    assert len(seen) == len(set(seen)) == 37
    assert own_moments.count_of(base, about.subjects, about.unit_id, thresholds=(0.25, 0.5)) == 37


def test_a3_a_risk_that_moved_is_a_moment(base: Settings, about: Who) -> None:
    from holdfast.store.models import RiskHistory

    for day, risk in ((19_800, 0.1), (19_810, 0.12), (19_820, 0.26), (19_830, 0.28), (19_840, 0.21)):
        RiskHistory.objects.create(unit_id=about.unit_id, day=day, risk=risk)
    assert [(each.former, each.figure) for each in moments(base, about)] == [(0.28, 0.21), (0.12, 0.26)]


def test_a1_merged_customers_show_both_notes_and_part_again(base: Settings, about: Who) -> None:
    from holdfast.store.identity import merge, separate

    other = who(base, unit_of("c-18"))
    notes.write_note(base, about, "first", by=BY, now_us=NOW)
    notes.write_note(base, other, "second", by=BY, now_us=NOW)
    links = merge(base, [about.unit_id, other.unit_id], by=BY, now_us=NOW)
    both = who(base, min(about.unit_id, other.unit_id))
    assert {each.text for each in kept_notes.of(base, both.subjects)} == {"first", "second"}
    separate(base, links, now_us=NOW)
    assert [each.text for each in kept_notes.of(base, who(base, other.unit_id).subjects)] == ["second"]
