"""Blocks as HTML that every mail program shows: tables for layout, styles on the elements, 600 wide.

No script, no font, nothing from elsewhere but the pictures of the message. Programs that know them are
given colours for the dark and columns that stand below each other on a phone; others lose nothing. The
direction is that of the language.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from holdfast.domain.blocks import Block
from holdfast.domain.marks import marked
from holdfast.domain.merge_fields import as_html, as_link, field_as_html
from holdfast.domain.written_fields import Field, Part, Parts
from holdfast.services.act.messages.look import Look, when

WIDTH = 600
_INK, _SOFT, _LINE, _ACCENT, _GROUND, _SHEET = (
    "#1c2421",
    "#5a655f",
    "#dfe4e0",
    "#1d5c4c",
    "#f5f6f4",
    "#ffffff",
)
_FONT = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',Vazirmatn,Tahoma,Arial,sans-serif"


def page(blocks: Parts, subject: Parts, preheader: Parts, look: Look) -> Parts:
    """The whole of a message around its blocks."""
    head = _HEAD.format(lang=escape(look.language.tag), dir=escape(look.language.direction), style=_STYLE)
    hidden: Parts = ()
    if preheader:
        hidden = (
            '<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">',
            *as_html(preheader),
            "</div>",
        )
    body = _BODY.format(font=_FONT, dir=escape(look.language.direction))
    return (head, *as_html(subject), body, *hidden, _OPEN, *blocks, _END)


def blocks_as_html(blocks: tuple[Block, ...], look: Look) -> Iterator[Part]:
    """The blocks, one below the other."""
    for block in blocks:
        inside = tuple(_block(block, look))
        if inside:
            yield from when(block, inside)


def _block(block: Block, look: Look) -> Iterator[Part]:
    match block.kind:
        case "heading":
            yield from _heading(block, look)
        case "text" | "footer" | "quote":
            yield from _paragraphs(block, look)
        case "button":
            yield from (
                _BUTTON,
                *look.tracked(block.link, html=True),
                _IN_BUTTON,
                *_inline(block.words, look),
                _END_BUTTON,
            )
        case "image":
            yield from _image(block, look)
        case "columns":
            yield from _columns(block, look)
        case "divider":
            yield _DIVIDER
        case "partial":
            yield from blocks_as_html(look.partial(block.key), look)


def _heading(block: Block, look: Look) -> Iterator[Part]:
    size, tag = ("24px", "h1") if block.level == 1 else ("18px", "h2")
    style = f"margin:0 0 14px;font-size:{size};line-height:1.3;font-weight:600;color:{_INK}"
    yield f'<{tag} class="hf-ink" style="{style}">'
    yield from _inline(block.words, look)
    yield f"</{tag}>"


_STYLES = {
    "text": (f"color:{_INK}", "hf-ink", "16px"),
    "quote": (f"color:{_SOFT}", "hf-soft", "16px"),
    "footer": (f"color:{_SOFT}", "hf-soft", "13px"),
}


def _paragraphs(block: Block, look: Look) -> Iterator[Part]:
    colour, name, size = _STYLES[block.kind]
    quoted = block.kind == "quote"
    if quoted:
        yield _QUOTE
    for paragraph in look.paragraphs(block.words):
        yield f'<p class="{name}" style="margin:0 0 14px;font-size:{size};line-height:1.55;{colour}">'
        yield from marked(paragraph, _Html(look))
        yield "</p>"
    if quoted and block.by:
        yield f'<p class="hf-soft" style="margin:0;font-size:14px;color:{_SOFT}">'
        yield from as_html(look.template(block.by))
        yield "</p>"
    if quoted:
        yield "</blockquote>"


def _image(block: Block, look: Look) -> Iterator[Part]:
    """Where nobody can fetch it, its words stand in its place."""
    address = look.image_url(block.image)
    alt = as_html(look.template(block.alt))
    if not address:
        yield from (f'<p class="hf-soft" style="margin:0 0 14px;color:{_SOFT}">', *alt, "</p>")
        return
    shown: Parts = (
        f'<img src="{escape(address)}" width="{look.image_width(block.image, WIDTH - 48)}" alt="',
        *alt,
        _IMAGE,
    )
    if block.link:
        shown = ('<a href="', *look.tracked(block.link, html=True), '">', *shown, "</a>")
    yield from ('<p style="margin:0 0 16px">', *shown, "</p>")


def _columns(block: Block, look: Look) -> Iterator[Part]:
    share = 100 // len(block.columns)
    yield _ROW
    for column in block.columns:
        yield f'<td class="hf-column" width="{share}%" valign="top" style="width:{share}%;padding:0 8px">'
        yield from blocks_as_html(column, look)
        yield "</td>"
    yield "</tr></table>"


def _inline(template: str, look: Look) -> Parts:
    return marked(look.template(template), _Html(look))


class _Html:
    """Marks as elements."""

    def __init__(self, look: Look) -> None:
        self._look = look

    def words(self, words: str) -> str:
        return escape(words).replace("\n", "<br>")

    def field(self, field: Field) -> Field:
        return field_as_html(field)

    def strong(self, inside: Parts) -> Parts:
        return ("<strong>", *inside, "</strong>")

    def emphasis(self, inside: Parts) -> Parts:
        return ("<em>", *inside, "</em>")

    def link(self, inside: Parts, link: Parts) -> Parts:
        to = as_link(self._look.with_campaign(link), html=True)
        return ('<a class="hf-link" href="', *to, f'" style="color:{_ACCENT}">', *inside, "</a>")


_STYLE = """
@media (prefers-color-scheme:dark){
.hf-ground{background:#14191a!important}.hf-sheet{background:#1d2426!important}
.hf-ink,.hf-ink *{color:#eef2ef!important}.hf-soft{color:#b4beb9!important}
.hf-line{border-color:#39433f!important}.hf-link{color:#7fd0b6!important}
.hf-button,.hf-button a{background:#7fd0b6!important;color:#10201b!important}}
[data-ogsc] .hf-ink{color:#eef2ef!important}[data-ogsc] .hf-soft{color:#b4beb9!important}
@media (max-width:480px){.hf-column{display:block!important;width:auto!important}}
"""
_HEAD = (
    '<!doctype html>\n<html lang="{lang}" dir="{dir}"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
    '<meta name="supported-color-schemes" content="light dark"><style>{style}</style><title>'
)
_BODY = (
    f'</title></head><body class="hf-ground" dir="{{dir}}" '
    f'style="margin:0;padding:0;background:{_GROUND};color:{_INK};{{font}};font-size:16px">'
)
_OPEN = (
    '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr>'
    '<td align="center" style="padding:24px 12px">'
    f'<!--[if mso]><table role="presentation" width="{WIDTH}"><tr><td><![endif]-->'
    '<table class="hf-sheet hf-line" role="presentation" width="100%" cellpadding="0" cellspacing="0" '
    f'border="0" style="max-width:{WIDTH}px;background:{_SHEET};border:1px solid {_LINE};border-radius:12px">'
    '<tr><td style="padding:28px 24px 16px;text-align:start">'
)
_END = "</td></tr></table><!--[if mso]></td></tr></table><![endif]--></td></tr></table></body></html>\n"
_BUTTON = (
    '<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:4px 0 20px"><tr>'
    f'<td class="hf-button" bgcolor="{_ACCENT}" style="border-radius:8px;background:{_ACCENT}"><a href="'
)
_IN_BUTTON = (
    '" style="display:inline-block;padding:12px 22px;border-radius:8px;color:#ffffff;text-decoration:none;'
    'font-size:16px;font-weight:600">'
)
_END_BUTTON = "</a></td></tr></table>"
_IMAGE = '" style="display:block;max-width:100%;height:auto;border:0;border-radius:8px">'
_DIVIDER = f'<hr class="hf-line" style="margin:20px 0;border:0;border-top:1px solid {_LINE}">'
_QUOTE = (
    '<blockquote class="hf-line" '
    f'style="margin:0 0 16px;padding:0 14px;border-inline-start:3px solid {_LINE}">'
)
_ROW = (
    '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" '
    'style="margin:0 0 16px"><tr>'
)
