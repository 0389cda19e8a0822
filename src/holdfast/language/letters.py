"""Letters to our own people: the same words as plain text and as simple HTML, in the reader's language.

The HTML is what every mail program shows: tables for layout, styles on the elements, no script, no font
and no picture from elsewhere; a picture comes along with the mail and is shown by its Content-ID.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from holdfast.domain.texts import Text
from holdfast.language.reader import Reader

_INK, _SOFT, _LINE, _ACCENT, _SHEET = "#1c2421", "#5a655f", "#dfe4e0", "#1d5c4c", "#f5f6f4"
_FONT = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',Arial,sans-serif"


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph; ``theirs`` is what somebody wrote, set apart as a quotation."""

    words: str
    theirs: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside the letter."""

    words: str


@dataclass(frozen=True, slots=True)
class Way:
    """A link that stands as a button; without an address it is left out."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under a head; the first cell of a row names it."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that comes along under ``cid``; ``alt`` says what it shows. ``width`` in pixels."""

    cid: str
    alt: str
    width: int = 560


Part = Line | Heading | Way | Table | Picture


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as a mail carries it."""

    text: str
    html: str


def letter(
    reader: Reader,
    title: str,
    parts: Sequence[Part],
    *,
    company: str,
    off_url: str = "",
    why: Text | None = None,
) -> Letter:
    """The letter; ``why`` says why somebody gets it, ``off_url`` is where they switch such mails off."""
    foot = [reader.say(why)] if why is not None else []
    off = reader.gettext("Switch these mails off")
    text = "\n\n".join(
        [
            title,
            *(each for each in map(_plain, parts) if each),
            "-- \n" + _foot_text(company, foot, off, off_url),
        ]
    )
    html = _PAGE.format(
        lang=escape(reader.language.tag),
        dir=escape(reader.language.direction),
        font=_FONT,
        ink=_INK,
        soft=_SOFT,
        line=_LINE,
        sheet=_SHEET,
        company=escape(company),
        title=escape(title),
        body=Markup("").join(_marked(part) for part in parts),
        foot=_foot_html(foot, off, off_url),
    )
    return Letter(text + "\n", str(html))


def _foot_text(company: str, foot: Sequence[str], off: str, off_url: str) -> str:
    lines = [company, *foot]
    if off_url:
        lines.append(f"{off}: {off_url}")
    return "\n".join(lines)


def _foot_html(foot: Sequence[str], off: str, off_url: str) -> Markup:
    said = Markup(" ").join(escape(each) for each in foot)
    if not off_url:
        return said
    link = Markup('<a href="{url}" style="color:{soft}">{words}</a>').format(
        url=off_url, soft=_SOFT, words=off
    )
    return Markup("{} {}").format(said, link)


def _plain(part: Part) -> str:
    if isinstance(part, Line):
        return "\n".join(f"> {line}" for line in part.words.split("\n")) if part.theirs else part.words
    if isinstance(part, Heading):
        return f"{part.words}\n{'-' * min(len(part.words), 60)}"
    if isinstance(part, Way):
        return f"{part.words}: {part.url}" if part.url else ""
    if isinstance(part, Table):
        return "\n".join("\t".join(row) for row in (part.head, *part.rows))
    return ""


def _marked(part: Part) -> Markup:
    if isinstance(part, Line):
        return (_QUOTE if part.theirs else _LINE_OF_WORDS).format(
            words=Markup("<br>").join(escape(each) for each in part.words.split("\n")), soft=_SOFT, line=_LINE
        )
    if isinstance(part, Heading):
        return _HEADING.format(words=part.words, ink=_INK)
    if isinstance(part, Way):
        return _BUTTON.format(words=part.words, url=part.url, accent=_ACCENT) if part.url else Markup("")
    if isinstance(part, Table):
        return _table(part)
    return _IMAGE.format(cid=part.cid, alt=part.alt, width=part.width)


def _table(table: Table) -> Markup:
    rows = [_row(table.head, _HEAD_CELL), *(_row(each, _CELL) for each in table.rows)]
    return _ROWS.format(Markup("").join(rows))


def _row(cells: Sequence[str], cell: Markup) -> Markup:
    shown = (
        cell.format(words=words, side="end" if place else "start", line=_LINE)
        for place, words in enumerate(cells)
    )
    return Markup("<tr>{}</tr>").format(Markup("").join(shown))


_ROWS = Markup(
    '<table role="table" width="100%" cellpadding="0" cellspacing="0" '
    'style="border-collapse:collapse;margin:0 0 18px">{}</table>'
)
_CELL = Markup(
    '<td style="padding:6px 8px;border-bottom:1px solid {line};font-size:14px;'
    'text-align:{side}"><bdi>{words}</bdi></td>'
)
_HEAD_CELL = Markup(
    '<th scope="col" style="padding:6px 8px;border-bottom:1px solid {line};font-size:14px;'
    'font-weight:600;text-align:{side}">{words}</th>'
)
_LINE_OF_WORDS = Markup('<p style="margin:0 0 14px;line-height:1.5">{words}</p>')
_QUOTE = Markup(
    '<blockquote dir="auto" style="margin:0 0 14px;padding:0 12px;border-inline-start:3px solid {line};'
    'color:{soft};line-height:1.5">{words}</blockquote>'
)
_HEADING = Markup('<h2 style="margin:22px 0 8px;font-size:16px;color:{ink}">{words}</h2>')
_BUTTON = Markup(
    '<p style="margin:18px 0"><a href="{url}" style="display:inline-block;padding:10px 18px;'
    'border-radius:8px;background:{accent};color:#ffffff;text-decoration:none;font-weight:600">{words}</a></p>'
)
_IMAGE = Markup(
    '<p style="margin:0 0 18px"><img src="cid:{cid}" alt="{alt}" width="{width}" '
    'style="display:block;width:100%;max-width:{width}px;height:auto;border:0"></p>'
)
_PAGE = Markup(
    """<!doctype html>
<html lang="{lang}" dir="{dir}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light"><title>{title}</title></head>
<body style="margin:0;padding:0;background:{sheet};color:{ink};{font};font-size:15px">
<table role="presentation" cellpadding="0" cellspacing="0" width="100%"><tr>
<td align="center" style="padding:24px 12px">
<table role="presentation" cellpadding="0" cellspacing="0" width="600"
 style="width:100%;max-width:600px;background:#ffffff;border:1px solid {line};border-radius:12px"><tr>
<td style="padding:26px 20px">
<p style="margin:0 0 6px;font-size:13px;color:{soft}"><bdi>{company}</bdi></p>
<h1 style="margin:0 0 18px;font-size:20px;line-height:1.3">{title}</h1>
{body}</td></tr></table>
<p style="margin:14px 0 0;font-size:12px;color:{soft};max-width:600px">{foot}</p>
</td></tr></table></body></html>
"""
)
