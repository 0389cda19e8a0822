"""Words of headers and bodies, whatever charset they claim to be in.

The name of a charset is the sender's: only charsets of mails are looked up, since Python's codecs
include some that are none ("idna" and "zip") or take long.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Iterator

from holdfast.connectors.encodings import detect_encoding

_CHARSETS = re.compile(
    r"utf-?(8|16|16-?be|16-?le|32|7)|us-ascii|ascii|iso-?8859-?\d{1,2}|latin-?\d|windows-?\d{3,4}|cp-?\d{3,4}"
    r"|koi8-?[rut]|gb-?2312|gbk|gb-?18030|hz-gb-2312|big5(-?hkscs)?|euc-?(jp|kr|cn)|shift-?jis|iso-2022-(jp|kr).{0,4}"
    r"|ks_c_5601-1987|tis-620|mac-?(cyrillic|roman)|viscii"
)
_WIDER = {
    # What is written in the wider one under the name of the narrower.
    "gb2312": "gb18030",
    "gb-2312": "gb18030",
    "gbk": "gb18030",
    "euc-cn": "gb18030",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "windows-874": "cp874",
}
_ENCODED = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_CONTROL = re.compile("[\x00-\x1f\x7f\x80-\x9f\u2028\u2029\u202d\u202e]+")
"""What would break a line, or turn the direction of what stands beside it."""

_HEADER = 4_000
"""Characters of a header that are read."""


def decoded(raw: bytes, charset: str) -> str:
    """``raw`` as text: in the charset it names, else in the one that it looks like. Never raises."""
    name = charset.strip().strip("\"'").lower()
    for tried in (_WIDER.get(name, name), "utf-8"):
        if _CHARSETS.fullmatch(tried) or tried in _WIDER.values():
            try:
                return raw.decode(tried)
            except (UnicodeError, LookupError):
                continue
    return raw.decode(detect_encoding(raw[:100_000]), "replace")


def header_words(raw: str) -> str:
    """The words of a header on one line, its encoded words (RFC 2047) decoded; what is broken stays."""
    raw = raw[:_HEADER]
    if not raw.isascii():  # bytes beyond ASCII, which the parser hides among the surrogates
        raw = decoded(raw.encode("utf-8", "surrogateescape"), "")
    words = "".join(_runs(raw)) if "=?" in raw else raw
    return " ".join(_CONTROL.sub(" ", words).split())


def _runs(raw: str) -> Iterator[str]:
    """Plain stretches, and encoded ones: neighbours in one charset are decoded together.

    Some mailers cut a word between the bytes of one letter.
    """
    at, charset, gathered = 0, "", b""
    for found in _ENCODED.finditer(raw):
        between = raw[at : found.start()]
        at = found.end()
        name = found[1].partition("*")[0].lower()
        if gathered and (between.strip() or name != charset):
            yield decoded(gathered, charset)
            gathered = b""
        if between.strip() or found.start() == len(between):
            yield between if between.strip() else ""
        charset, gathered = name, gathered + _unpacked(found[2], found[3])
    if gathered:
        yield decoded(gathered, charset)
    yield raw[at:]


def _unpacked(coding: str, word: str) -> bytes:
    written = word.encode("ascii", "replace")
    if coding in "qQ":
        return binascii.a2b_qp(written.replace(b"_", b" "), header=True)
    try:
        return b64decode(written + b"=" * (-len(written) % 4))
    except binascii.Error:
        return written
