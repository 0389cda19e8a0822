from __future__ import annotations

import pytest

from holdfast.connectors.mails.quoting import folded_from

OWN = "Please cancel my order.\n\nAnn"
ENDINGS = {
    "en": "On Mon, 18 May 2026 at 09:30, Shop <help@shop.example> wrote:\n> How are you?\n> Fine?",
    "en, two lines": "On Mon, 18 May 2026 at 09:30, The Kettle Shop\n<help@shop.example> wrote:\n\n> How?",
    "ro": "În data de lun., 18 mai 2026 la 09:30, Magazin <help@shop.example> a scris:\n> Bună",
    "bg": "На пн, 18.05.2026 г. в 9:30 Магазин <help@shop.example> написа:\n> Здравейте",
    "ru": "пн, 18 мая 2026 г. в 09:30, Магазин <help@shop.example>:\n> Здравствуйте",
    "ru, gmail": "18.05.2026, 09:30, Магазин <help@shop.example> пишет:\n> Здравствуйте",
    "fa": "در دوشنبه ۱۸ مه ۲۰۲۶، فروشگاه <help@shop.example> نوشت:\n> سلام",
    "zh": "在 2026年5月18日 09:30，商店 <help@shop.example> 写道：\n> 您好",
    "only marked": "> How are you?\n>> Fine",
    "outlook": "________________________________\nFrom: Shop <help@shop.example>\nSent: Monday, 18 May 2026\n"
    "To: Ann\nSubject: Your order\n\nHow are you?",
    "outlook ru": "От: Магазин\nОтправлено: 18 мая 2026 г.\nКому: Анна\nТема: Заказ\n\nЗдравствуйте",
    "outlook fa": "از: فروشگاه\nتاریخ: ۱۸ مه\nبه: زهرا\nموضوع: سفارش\n\nسلام",
    "outlook zh": "发件人: 商店\n发送时间: 2026年5月18日\n收件人: 陈\n主题: 订单\n\n您好",
    "original": "-----Original Message-----\nFrom: Shop\n\nHow are you?",
    "original ru": "-------- Исходное сообщение --------\nЗдравствуйте",
    "signature": "-- \nAnn Kelly\n12 Quay Street",
    "signature and quote": "--\nAnn Kelly\n\nOn Mon, 18 May 2026, Shop <help@shop.example> wrote:\n> How?",
    "mobile": "Sent from my iPhone",
    "mobile ru": "Отправлено с iPhone\n\n> 18 мая 2026 г., в 9:30, Магазин написал(а):\n> \n> Да",
}


@pytest.mark.parametrize("ending", ENDINGS.values(), ids=ENDINGS.keys())
def test_what_is_quoted_or_signed_is_folded(ending: str) -> None:
    text = f"{OWN}\n\n{ending}"
    cut = folded_from(text)
    assert cut == len(OWN)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Just words.",
        "On Monday I wrote:\nnothing came.\n> quoted\nand my answer",
        "> How are you?\nFine, thanks.\n> And the kettle?\nBroken.",
        "On 18 May 2026, Shop <help@shop.example> wrote:\n> How are you?\nFine.\n> And the kettle?\nBroken.",
        "> only\n> quoted",
        "Subject: this is how I begin\nand go on",
        "Dash\n--\n" + "\n".join(f"line {n}" for n in range(30)),
        "From: the beginning\nI liked it.",
    ],
)
def test_own_words_are_never_folded(text: str) -> None:
    assert folded_from(text) is None


def test_answers_between_the_quoted_lines_stay_though_the_end_is_folded() -> None:
    text = "> How are you?\nFine.\n> And the kettle?\n> Is it whole?"
    assert folded_from(text) == len("> How are you?\nFine.")
