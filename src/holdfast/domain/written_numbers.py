"""Numbers, amounts and flags as people and systems write them.

"1.234,56 €", "1,234.56", "(12)", "۱۲۳٫۴", "5 %": one reader for guessing a map and for importing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


MISSING = _words("- -- n/a N/A NA #N/A #NULL! null NULL Null none None NaN nan NaT \\N (null) <NA>") | {""}
"""What stands in cells that mean nothing, in columns of numbers, dates and flags."""

MISSING_TEXT = _words("null NULL None nan NaN NaT \\N #N/A (null) <NA>") | {""}
"""The same in columns of text and ids; "NA" is Namibia there."""

YES = _words("true t yes y 1 1.0 on x da بله آری да д истина 是 真 对")
NO = _words("false f no n 0 0.0 off nu خیر نه не нет н ложь 否 假 不")

_SIGNS = """
    EUR €; GBP £; USD $ US$; CNY ¥ ￥ 元 RMB; RUB ₽ руб руб. р.; BGN лв лв.; RON lei Lei LEI leu; IRR ریال ﷼;
    TRY ₺; UAH ₴; INR ₹; PLN zł; CZK Kč; HUF Ft; BRL R$; ILS ₪; KRW ₩; MKD ден; CHF Fr.; KZT ₸; JPY 円;
    CAD CA$; AUD A$
"""
CURRENCY_SIGNS: dict[str, str] = {
    sign: line.split()[0] for line in _SIGNS.split(";") for sign in line.split()[1:]
}
"""Signs and short names of currencies, and the ISO code meant; "kr" and "din" could be several."""

CURRENCIES = _words(
    """
    ADP AED AFA AFN ALL AMD ANG AOA AON AOR ARS ATS AUD AWG AZM AZN BAM BBD BDT BEF BGL BGN BHD BIF
    BMD BND BOB BRL BSD BTN BWP BYB BYN BYR BZD CAD CDF CHF CLF CLP CNY COP CRC CSD CUC CUP CVE CYP
    CZK DEM DJF DKK DOP DZD ECS EEK EGP ERN ESP ETB EUR FIM FJD FKP FRF GBP GEL GHC GHS GIP GMD GNF
    GRD GTQ GYD HKD HNL HRK HTG HUF IDR IEP ILS INR IQD IRR ISK ITL JMD JOD JPY KES KGS KHR KMF KPW
    KRW KWD KYD KZT LAK LBP LKR LRD LSL LTL LUF LVL LYD MAD MCF MDL MGA MGF MKD MMK MNT MOP MRO MRU
    MTL MUR MVR MWK MXN MYR MZM MZN NAD NGN NIO NLG NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PTE PYG
    QAR ROL RON RSD RUB RWF SAR SBD SCR SDD SDG SEK SGD SHP SIT SKK SLE SLL SOS SRD SRG SSP STD STN
    SVC SYP SZL THB TJR TJS TMM TMT TND TOP TPE TRL TRY TTD TWD TZS UAH UGX USD UYI UYU UYW UZS VEB
    VED VEF VES VND VUV WST XAF XCD XCG XOF XPF YER YUM ZAR ZMK ZMW ZWD ZWG ZWL ZWR
    """
)
"""Codes of ISO 4217 in use since 1999."""

_LATIN = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩０１２３４５６７８９−–٪", "012345678901234567890123456789--%")
_BLANKS = re.compile("[\\s\u00a0\u202f\u2009\u200e\u200f’'٬]+")
_SIGN = "|".join(re.escape(sign) for sign in sorted(CURRENCY_SIGNS, key=len, reverse=True))
_SIGN = rf"(?:{_SIGN}|تومان|kr\.?|din\.?|[$€£¥₽₺₴₹₪₩₸₫฿₦₱₡₲₵₭₮]|[A-Z]{{3}})"
_NUMBER = re.compile(
    rf"^(?P<open>\()?(?P<minus>[-+])?(?P<sign>{_SIGN})?(?P<minus2>[-+])?(?P<digits>\d[\d.,٫]*|[.,٫]\d+)"
    rf"(?P<power>[eE][-+]?\d{{1,2}})?(?P<sign2>{_SIGN})?(?P<minus3>-)?(?P<close>\))?(?P<percent>%)?$"
)
_GROUPS = {
    ",": re.compile(r"^[1-9]\d{0,2}(,\d{2,3})*,\d{3}$"),
    ".": re.compile(r"^[1-9]\d{0,2}(\.\d{2,3})*\.\d{3}$"),
}


def latin_digits(text: str) -> str:
    """The same text with Persian, Arabic and full-width digits as 0-9."""
    return text.translate(_LATIN)


def read_number(text: str, decimal: str = ".") -> Decimal | None:
    """The number that ``text`` says, ``None`` when it is none.

    ``decimal`` is the decimal sign of the column, for values such as "1.234" that can be read in
    two ways; every other value says it itself. Currency signs and codes beside the digits are
    passed over, parentheses and a minus at either end are negative, "5 %" is 0.05.
    """
    found = _NUMBER.match(_BLANKS.sub("", latin_digits(text)))
    if found is None or bool(found["open"]) != bool(found["close"]) or (found["minus"] and found["minus2"]):
        return None
    plain = _plain(found["digits"], decimal)
    if plain is None:
        return None
    try:
        number = Decimal(plain + (found["power"] or ""))
    except InvalidOperation:
        return None
    if found["open"] or "-" in (found["minus"], found["minus2"], found["minus3"]):
        number = -number
    return number / 100 if found["percent"] else number


def _plain(digits: str, decimal: str) -> str | None:
    """``digits`` with a point as the decimal sign and nothing between thousands."""
    if "٫" in digits:
        return digits.replace(",", "").replace(".", "").replace("٫", ".")
    if "," in digits and "." in digits:
        point = max(",.", key=digits.rfind)
        whole, _, rest = digits.rpartition(point)
        comma = "," if point == "." else "."
        return f"{whole.replace(comma, '')}.{rest}" if _GROUPS[comma].match(whole) else None
    for sign in (decimal, "," if decimal == "." else "."):
        if sign in digits:
            return _one_separator(digits, sign, decimal)
    return digits


def _one_separator(digits: str, sign: str, decimal: str) -> str | None:
    """The only separator: the column's decimal sign, or between thousands, or a stray decimal sign."""
    once = digits.count(sign) == 1
    if once and (sign == decimal or not _GROUPS[sign].match(digits)):
        return digits.replace(sign, ".")
    return digits.replace(sign, "") if _GROUPS[sign].match(digits) else None


def decimal_evidence(text: str) -> str:
    """Which decimal sign ``text`` shows beyond doubt: "." or ",", "" when it could be either."""
    digits = "".join(character for character in latin_digits(text) if character in "0123456789.,")
    last = max(",.", key=digits.rfind)
    if last not in digits:
        return ""
    other = "," if last == "." else "."
    if other in digits:
        return last
    if digits.count(last) > 1:
        return other
    return "" if _GROUPS[last].match(digits) else last


def decimal_sign(texts: Iterable[str]) -> tuple[str, bool]:
    """The decimal sign of a column, and whether its values decided it.

    Where every value could be read in two ways ("1.234"), a point is a decimal sign and a comma
    stands between thousands.
    """
    points = commas = 0
    for text in texts:
        shown = decimal_evidence(text)
        points += shown == "."
        commas += shown == ","
    return ("," if commas > points else "."), bool(points or commas)


def read_flag(text: str) -> bool | None:
    """Yes or no in six languages, ``None`` for neither."""
    said = text.strip().casefold()
    return True if said in YES else False if said in NO else None


def read_currency(text: str) -> str | None:
    """The ISO code that a code, a sign or a short name means; ``None`` when it is none or several."""
    said = text.strip()
    return said.upper() if said.upper() in CURRENCIES else CURRENCY_SIGNS.get(said)


def currency_beside(text: str) -> str | None:
    """The currency whose sign or code stands beside the digits of an amount; ``None`` for none."""
    found = _NUMBER.match(_BLANKS.sub("", latin_digits(text)))
    sign = (found["sign"] or found["sign2"]) if found else None
    return read_currency(sign) if sign else None
