"""The catalogues: nothing missing in Persian, everything fits, and written as a native writes (N3)."""

from __future__ import annotations

import re
import time

import pytest

from holdfast.language import languages
from holdfast.language.extraction import computed, extract
from holdfast.language.languages import CATALOGUES, ENGLISH
from holdfast.language.messages import COMPLETE, broken, missing, updated
from holdfast.language.po import parse_po, read_po
from holdfast.language.translations import catalogue

TRANSLATED = [code for code in languages() if code != ENGLISH]


@pytest.mark.parametrize("code", COMPLETE)
def test_n3_nothing_is_missing(code: str) -> None:
    assert missing(code) == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_n3_every_translation_can_be_filled_in(code: str) -> None:
    assert broken(code) == []


def test_n3_every_message_is_a_literal_that_can_be_found() -> None:
    assert computed() == []


def test_english_needs_no_catalogue() -> None:
    assert missing(ENGLISH) == []
    assert not (CATALOGUES / "en.po").exists()


@pytest.mark.parametrize("code", TRANSLATED)
def test_n3_updating_keeps_every_translation(code: str) -> None:
    said = {key: forms for key, forms in catalogue(code).messages.items() if key in extract()}
    assert parse_po(updated(code))[1] == said


def test_n3_1500_messages_are_read_in_time(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("po") / "many.po"
    entry = '#: a.py b.py\nmsgid "Message {n} of a page, of the usual length"\nmsgstr "پیام {n} یک صفحه"\n'
    path.write_text("\n".join(entry.replace("{n}", str(n)) for n in range(1500)), encoding="utf-8")
    started = time.process_time()
    _, messages = read_po(path)
    assert time.process_time() - started < 0.15
    assert len(messages) == 1500


PERSIAN = (
    [(key, form) for key, forms in catalogue("fa").messages.items() for form in forms]
    if "fa" in TRANSLATED
    else []
)


def without_code(form: str) -> str:
    return re.sub(r"`[^`]*`|\"[^\"]*\"|\{\w+\}|<[^>]*>", " ", form)


def test_n3_persian_has_no_arabic_letters() -> None:
    assert [form for _, form in PERSIAN if re.search("[يكى٠-٩]", form)] == []


def test_n3_persian_has_persian_digits() -> None:
    words = (
        (form, re.sub(r"[A-Za-z_./:@-]+(?: = | ?)\d[\w.-]*|\d+[a-z]", " ", without_code(form)))
        for _, form in PERSIAN
    )
    assert [form for form, rest in words if re.search("[0-9]", rest)] == []


def test_n3_persian_keeps_the_half_space() -> None:
    torn = re.compile(r"(?<!\w)(?:ن?می) (?=\w)|\w (?:ها|های|هایی|هایش)(?!\w)|(?:^|\s)(?:تر|ترین)(?!\w)")
    assert [form for _, form in PERSIAN if torn.search(without_code(form))] == []


def test_n3_persian_has_persian_punctuation() -> None:
    assert [form for _, form in PERSIAN if re.search(r"[آ-ی][,;?]", without_code(form))] == []


def test_n3_romanian_has_commas_below_not_cedillas() -> None:
    forms = (form for each in catalogue("ro").messages.values() for form in each)
    assert [form for form in forms if re.search("[şţŞŢ]", form)] == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_n3_no_exclamation_marks(code: str) -> None:
    forms = (form for each in catalogue(code).messages.values() for form in each)
    assert [form for form in forms if "!" in form or "！" in form] == []
