"""Encodings are told apart by what their letters look like (A1)."""

from __future__ import annotations

import pytest

from holdfast.connectors.encodings import detect_encoding

TEXTS = {
    "cp1251": [
        "Иван Петров,Москва,отзыв о товаре",
        "Клиент;Сума\nПетър Иванов;12,5",
        'ООО "РОМАШКА"',
        "Анна",
    ],
    "cp1252": ["José García,São Paulo,café", "Müller;Straße", "François", "naïve – résumé “x”"],
    "cp1250": ["Ştefan Ionescu,Braşov,plată întârziată"],
    "gbk": ["张三,北京,很好的产品", "订单号,客户,金额", "王小明"],
    "cp1256": ["مشتری,سفارش,مبلغ", "علي محمد,طهران", "گزارش پرداخت چک"],
}


@pytest.mark.parametrize(
    ("encoding", "text"), [(name, text) for name, texts in TEXTS.items() for text in texts]
)
def test_legacy_encodings(encoding: str, text: str) -> None:
    assert detect_encoding(text.encode(encoding, errors="replace")) == encoding


@pytest.mark.parametrize("text", [text for texts in TEXTS.values() for text in texts])
def test_utf8_is_utf8_wherever_it_is_cut(text: str) -> None:
    encoded = text.encode()
    assert detect_encoding(encoded) == "utf-8"
    assert detect_encoding((text * 20).encode()[:-1]) == "utf-8"


def test_single_broken_lines_do_not_make_it_another_encoding() -> None:
    assert detect_encoding("é è ê ë ç ü\n".encode() * 3 + b"caf\xe9\n") == "utf-8"


def test_marks_and_zero_bytes() -> None:
    assert detect_encoding("a,b\n".encode("utf-16")) == "utf-16"
    assert detect_encoding("a,b\n".encode("utf-16-le")) == "utf-16-le"
    assert detect_encoding("a,b\n".encode("utf-16-be")) == "utf-16-be"
    assert detect_encoding(b"\xef\xbb\xbfa") == "utf-8-sig"
    assert detect_encoding(b"a,b") == "utf-8"
