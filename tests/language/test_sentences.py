"""Sentences with values in them, said in the reader's language (N3)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.domain.money import Money
from holdfast.domain.period import Period
from holdfast.domain.texts import Days, Share, Text
from holdfast.language import Reader, fallbacks, languages, list_of, say, say_html
from holdfast.language.languages import ENGLISH

FSI, LRI, PDI = "\u2068", "\u2066", "\u2069"
NB, RLM, LRM = "\N{NO-BREAK SPACE}", "\N{RIGHT-TO-LEFT MARK}", "\N{LEFT-TO-RIGHT MARK}"


@pytest.mark.parametrize(
    ("value", "english", "persian"),
    [
        (18_206, "18,206", "۱۸٬۲۰۶"),
        (2.5, "2.5", "۲٫۵"),
        (Decimal("12.50"), "12.5", "۱۲٫۵"),
        (Money(2_399, "EUR"), "€23.99", f"۲۳٫۹۹{NB}یورو"),
        (Share(0.0226), "2.3%", f"۲٫۳{RLM}٪"),
        (Share(0.38, 0), "38%", f"۳۸{RLM}٪"),
        (date(2024, 3, 9), "9 March 2024", "۱۹ اسفند ۱۴۰۲"),
        (Period(date(2026, 9, 23), date(2026, 10, 23), "month"), None, "مهر ۱۴۰۵"),
        (datetime(2024, 3, 9, 8, 12, tzinfo=UTC), "9 March 2024, 08:12", "۱۹ اسفند ۱۴۰۲، ۰۸:۱۲"),
        (np.int64(1200), "1,200", "۱٬۲۰۰"),
        (np.float32(0.5), "0.5", "۰٫۵"),
        ("Ann", "Ann", f"{FSI}Ann{PDI}"),
        ("", "", ""),
        (Path("a/b"), "a/b", f"{FSI}a/b{PDI}"),
        (["Ann", "Bea"], "Ann and Bea", f"{FSI}Ann{PDI} و {FSI}Bea{PDI}"),
        (Days(23), "23 days", "۲۳ روز"),
        (timedelta(hours=2), "2 hours", "۲ ساعت"),
        (Text("just now"), "just now", "همین حالا"),
        (True, "yes", "بله"),
        (False, "no", "خیر"),
        (None, "unknown", "نامعلوم"),
    ],
    ids=lambda value: str(value)[:20] if not isinstance(value, str) else "",
)
def test_n3_each_value_is_written_in_the_readers_way(
    value: object, english: str | None, persian: str
) -> None:
    if english is not None:
        assert say(Text("{value}", value=value), "en") == english
    assert say(Text("{value}", value=value), "fa") == persian


def test_n3_names_are_isolated_only_where_the_page_runs_to_the_left() -> None:
    for code in languages():
        said = say(Text("{name}", name="Ann"), code)
        assert (FSI in said) == (code == "fa")


def test_n3_a_formula_of_numbers_reads_left_to_right() -> None:
    said = say(Text("{lost} ÷ {start} = {rate}", lost=412, start=18_206, rate=Share(0.0226)), "fa")
    assert said == f"{LRI}۴۱۲ ÷ ۱۸٬۲۰۶ = ۲٫۳٪{PDI}"


def test_n3_a_formula_within_a_sentence_is_isolated_alone() -> None:
    said = say(Text("{a} × ({b} − {c}) years", a=34.2, b=8, c=-3), "fa")
    assert said == f"{LRI}۳۴٫۲ × (۸ − −۳){PDI} years"


def test_n3_a_formula_with_words_flows_with_the_page() -> None:
    said = say(Text("{money} × {n}", money=Money(2_000_00, "EUR"), n=1_000), "fa")
    assert said == f"۲٬۰۰۰{NB}یورو × ۱٬۰۰۰"


def test_n3_a_command_reads_left_to_right_with_its_values() -> None:
    said = say(Text("Run `holdfast init --workspace {folder}`.", folder="/srv/shop"), "fa")
    assert said == f"Run {LRI}`holdfast init --workspace /srv/shop`{PDI}."
    assert say(Text("Run `a` or `b`."), "fa") == f"Run {LRI}`a`{PDI} or {LRI}`b`{PDI}."
    assert say(Text("Run `a`."), "en") == "Run `a`."


def test_n3_english_formulas_are_left_alone() -> None:
    assert say(Text("{a} ÷ {b}", a=1, b=2), "en") == "1 ÷ 2"


def test_n3_plural_is_chosen_by_n() -> None:
    text = Text("{n} day", "{n} days", n=1)
    assert say(text, "en") == "1 day"
    assert say(Text("{n} day", "{n} days", n=20), "ro") == "20 de zile"
    assert say(Text("{n} day", "{n} days", n=np.int64(21)), "ru") == "21 день"


def test_n3_calendar_and_zone_of_the_reader() -> None:
    text = Text("{at}", at=datetime(2024, 3, 9, 22, 30, tzinfo=UTC))
    assert say(text, "fa", calendar="gregorian", zone=ZoneInfo("Asia/Tehran")) == "۱۰ مارس ۲۰۲۴، ۰۲:۰۰"


def test_n3_what_is_not_translated_is_english_and_counted() -> None:
    text = Text("No catalogue has this sentence about {n}.", n=7)
    before = fallbacks["ro", text.msgid]
    assert say(text, "ro") == "No catalogue has this sentence about 7."
    assert fallbacks["ro", text.msgid] == before + 1


def test_n3_mark_up_is_ours_and_values_are_escaped() -> None:
    said = say_html(Text("<b>{name}</b> left", name="<script>"), "en")
    assert said == "<b>&lt;script&gt;</b> left"
    assert hasattr(said, "__html__")
    nested = say_html(Text("{inner}", inner=Text("<i>{name}</i>", name="a & b")), "en")
    assert nested == "<i>a &amp; b</i>"


def test_n3_lists() -> None:
    assert list_of([], "en") == ""
    assert list_of(["a"], "en") == "a"
    assert list_of(["a", "b", "c"], "en") == "a, b and c"
    assert list_of(["a", "b", "c"], "fa") == "a، b و c"


@given(st.text(), st.integers(), st.sampled_from([*languages(), "xx"]))
def test_n3_any_name_can_be_said(name: str, n: int, code: str) -> None:
    said = say(Text("{name}: {n} {{}}", name=name, n=n), code)
    assert name in said
    assert "{}" in said


def test_n3_a_sentence_without_values_is_itself() -> None:
    assert say(Text("100% of {{braces}}"), ENGLISH) == "100% of {braces}"


def test_n3_a_reader_knows_language_calendar_and_zone() -> None:
    reader = Reader("fa", ZoneInfo("Asia/Tehran"))
    assert reader.language.direction == "rtl"
    assert reader.moment(datetime(2024, 3, 9, 22, 30, tzinfo=UTC)) == "۲۰ اسفند ۱۴۰۲، ۰۲:۰۰"
    assert reader.say(Text("{n} day", "{n} days", n=3)) == "۳ روز"
    assert reader.share(0.023) == f"۲٫۳{RLM}٪"
    assert reader.money(Money(100, "EUR"), exact=True) == f"۱٫۰۰{NB}یورو"
    assert reader.signed(-3) == f"{LRM}−۳"
