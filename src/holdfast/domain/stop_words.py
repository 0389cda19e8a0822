"""Words by which people end messages to their phone, or ask for them again: the whole message is one of them.

A sentence that has such a word in it ("please stop by tomorrow") ends nothing.
"""

from __future__ import annotations

from typing import Literal

_STOP = frozenset(
    {
        *(
            "stop",
            "stopall",
            "stop_all",
            "unsubscribe",
            "cancel",
            "end",
            "quit",
            "revoke",
            "optout",
            "opt_out",
        ),
        *("لغو", "لغو11", "توقف", "انصراف"),
        *("стоп", "отписаться", "отписка", "отказаться", "отказ", "отпишете_ме", "спри"),
        *("dezabonare", "dezabonează-mă", "dezaboneaza-ma", "opreste", "oprește"),
        *("退订", "取消订阅", "td"),
        *("remove", "arret", "arrêt", "stopp", "baja"),
    }
)
_START = frozenset(
    {"start", "unstop", "subscribe", "شروع", "старт", "подписаться", "абонирай", "pornire", "订阅"}
)
_AROUND = ".,;:!?…\"'“”«»()[]*-–—،؛؟。！？\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2069\u200c"

Wish = Literal["stop", "start", ""]


def wish(text: str) -> Wish:
    """What a message asks for: *stop*, *start*, or nothing of the kind."""
    word = "_".join(text.split()).strip(_AROUND + "_").casefold().translate(_DIGITS)
    if word in _STOP:
        return "stop"
    return "start" if word in _START else ""


_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
