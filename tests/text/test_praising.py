"""Praise that only sounds like a complaint is not coded; a complaint beside praise is."""

from __future__ import annotations

import pytest

from holdfast.text import read

PRAISE = [
    "This app has tons of options and I love it.",
    "It is so cheap and works great.",
    "Boxa e super la banii astia, recomand!",
    "Много забавен филм, препоръчвам!",
    "Страхотна комедия, истински се забавлявахме!",
    "زودتر از موعد رسید، عالی بود",
    "Банк повысил ставки по вкладам, я доволен.",
    "性价比很高，做工精细，非常满意。",
    "京东物流就是快，好评！",
    "发货很快 包装完整 水果没坏的 比较新鲜 好评",
]

COMPLAINT = [
    ("Great app, but it crashes all the time.", "bugs_outages"),
    ("They do not care about their customers.", "neglected_relationship"),
    ("Încărcătorul s-a stricat după o săptămână.", "poor_quality"),
    ("刚买来还没用就坏了。", "poor_quality"),
    ("质量差价格贵。", "poor_quality"),
    ("Lovely people. Delivery was three weeks late.", "late_delivery"),
    ("Доставката се забави с две седмици.", "late_delivery"),
    ("Хубав магазин, но доставката закъсня.", "late_delivery"),
    ("Produs bun, dar prea scump.", "price_too_high"),
    ("غذا خوب بود فقط سرد شده بود", "poor_quality"),
    ("味道不错，就是太贵了。", "price_too_high"),
    ("味道不错，可惜菜凉了。", "poor_quality"),
]


@pytest.mark.parametrize("text", PRAISE)
def test_praise_is_not_coded(text: str) -> None:
    reading = read(text)
    assert reading.causes == ()
    assert reading.sentiment == "positive"


@pytest.mark.parametrize(("text", "cause"), COMPLAINT)
def test_a_complaint_beside_praise_is_coded(text: str, cause: str) -> None:
    assert cause in read(text).causes


def test_two_phrases_of_one_cause_stand_against_praise() -> None:
    assert read("Отлично, жду две недели, доставка опоздала на неделю").causes == ("late_delivery",)
