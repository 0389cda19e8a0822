"""Messages are found where they are said: in Python and in templates."""

from __future__ import annotations

from pathlib import Path

from holdfast.language.extraction import computed, extract

PYTHON = """
from holdfast.domain.texts import Text
from holdfast.language import gettext, ngettext, pgettext

A = Text("One sentence, "
         "in two pieces.")
B = Text("{n} customer", "{n} customers", n=3)
C = reader.ngettext("{n} day", "{n} days", 2)
D = gettext("plain", "fa")
E = pgettext("verb", "open", "fa")
F = Text(f"not {computed}")
H = Text(counted.msgid, counted.plural, n=3)
I = Text(message, plural)
J = Text("{a} ÷ {b}", a=1, b=2)
G = print("not a message")
"""
TEMPLATE = """
{% extends "document.html" %}
<h1>{{ t("Heading") }}</h1>
<p title="{{ t('A "quoted" title') }}">{{ t("{n} order", "{n} orders", n=orders) }}</p>
{% if x %}{{ card(_("Inner")) }}{% endif %}
{{ t(chosen) }}
"""


def test_messages_are_found_in_python_and_templates(tmp_path: Path) -> None:
    (tmp_path / "said.py").write_text(PYTHON)
    (tmp_path / "page.html").write_text(TEMPLATE)
    found = extract(tmp_path)
    assert set(found) == {
        "Heading",
        'A "quoted" title',
        "{n} order",
        "Inner",
        "One sentence, in two pieces.",
        "{n} customer",
        "{n} day",
        "plain",
        ("verb", "open"),
    }
    assert found["{n} customer"].plural == "{n} customers"
    assert found["{n} order"].plural == "{n} orders"
    assert found["Heading"].files == {"page.html"}


def test_computed_messages_are_named(tmp_path: Path) -> None:
    (tmp_path / "said.py").write_text(PYTHON)
    (tmp_path / "page.html").write_text(TEMPLATE)
    assert computed(tmp_path) == [
        "page.html: t() of something computed",
        "said.py: Text() of something computed",
    ]
