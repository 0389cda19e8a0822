"""The pseudo-language finds words that reached the reader without a catalogue."""

from __future__ import annotations

import pytest

from holdfast.domain.texts import Text
from holdfast.language import gettext, languages, say
from holdfast.language.pseudo import marked, unmarked


def test_values_tags_and_code_stay_whole() -> None:
    said = marked('In {month}, <b class="x">{n} customers</b> of %(who)s left: run `holdfast run`.')
    for kept in ("{month}", '<b class="x">', "{n}", "%(who)s", "`holdfast run`"):
        assert kept in said
    assert "customers" not in said


def test_it_speaks_through_the_same_functions() -> None:
    assert gettext("Customers", "xx").startswith("⟦")
    assert say(Text("{n} day", "{n} days", n=3), "xx") == "⟦3 dàýš⟧"
    assert "xx" not in languages()


def test_marked_words_are_longer() -> None:
    sentence = "Customers who have been quieter than usual for some time"
    assert len(marked(sentence)) > 1.1 * len(sentence)


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>⟦Çûšţ⟧ 412 €</p>", []),
        ("<p>Customers</p>", ["Customers"]),
        ("<p>⟦a⟧ of <b>them</b> ⟦b⟧</p>", ["of them"]),
        ("<p>⟦a <b>b</b> c⟧</p>", []),
        ('<img alt="A picture">', ["A picture"]),
        ('<input type="submit" value="Send">', ["Send"]),
        ('<input type="text" value="Ann">', []),
        ('<button aria-label="Find">⟦x⟧</button>', ["Find"]),
        ("<p>⟦by ⟦nested⟧ and more⟧</p>", []),
        ("<p><bdi>Ann</bdi> ⟦x⟧</p>", []),
        ('<p translate="no">EUR <b>more</b></p><p>after</p>', ["after"]),
        ('<span lang="fa">فارسی</span>', []),
        ("<kbd>Ctrl K</kbd><code>holdfast</code><script>let a</script>", []),
        ("<p>Holdfast</p>", []),
        ('<html lang="en"><p>word</p></html>', ["word"]),
        ("<svg><title>Churn</title><text>⟦ok⟧</text></svg>", ["Churn"]),
        ("<p>B2</p>", []),
    ],
)
def test_n3_unmarked_words_are_found(html: str, found: list[str]) -> None:
    assert unmarked(html) == found
