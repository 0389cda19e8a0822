"""Letters to our own people: as text and as HTML, nothing of theirs becomes mark-up."""

from __future__ import annotations

from holdfast.domain.texts import Text
from holdfast.language import Reader
from holdfast.language.letters import Heading, Line, Picture, Table, Way, letter

PARTS = (
    Heading("Churn & more"),
    Line("2.3%"),
    Line("<b>They</b> wrote\nthis", theirs=True),
    Table(("Customer", "Risk"), [("<i>Ann</i>", "4%")]),
    Picture("tile1@holdfast", 'Churn "rises"'),
    Way("Open it", "https://x.example/tasks/1"),
)


def test_a_letter_says_the_same_as_text_and_as_html() -> None:
    written = letter(
        Reader("en"),
        "A <task>",
        PARTS,
        company="Cornflower & Co",
        off_url="https://x.example/mails/off/t",
        why=Text("You chose it."),
    )
    assert written.text.splitlines()[0] == "A <task>"
    assert "> <b>They</b> wrote\n> this" in written.text
    assert "Customer\tRisk\n<i>Ann</i>\t4%" in written.text
    assert "Open it: https://x.example/tasks/1" in written.text
    assert "Switch these mails off: https://x.example/mails/off/t" in written.text
    for raw in ("<task>", "<b>They", "<i>Ann", 'alt="Churn "'):
        assert raw not in written.html
    assert "&lt;b&gt;They&lt;/b&gt; wrote<br>this" in written.html
    assert 'src="cid:tile1@holdfast"' in written.html
    assert "Cornflower &amp; Co" in written.html
    assert "http://" not in written.html.replace("http-equiv", "")


def test_without_an_address_there_is_no_way_and_persian_reads_from_the_right() -> None:
    written = letter(Reader("fa"), "x", (Way("Open it", ""), Line("y")), company="c")
    assert "Open it" not in written.text + written.html
    assert '<html lang="fa" dir="rtl">' in written.html
    assert "mails/off" not in written.html
