"""Plain questions are no complaints; reproaches in the form of a question are."""

from __future__ import annotations

import pytest

from holdfast.text import read


@pytest.mark.parametrize(
    "text",
    [
        "How much does the premium plan cost per month?",
        "What happens if my card is declined?",
        "hi, how do i change my password",
        "Is there a fee for changing the plan?",
        "Bună ziua, cât costă livrarea?",
        "Cum anulez o factură greșită?",
        "هزینه ارسال چقدر است؟",
        "Колко струва доставката?",
        "Как да си сменя паролата?",
        "Сколько стоит доставка?",
        "Как поменять пароль?",
        "请问运费多少钱？",
        "可以货到付款吗？",
    ],
)
def test_e2_a_plain_question_is_no_complaint(text: str) -> None:
    reading = read(text)
    assert (reading.causes, reading.sentiment) == ((), "neutral")


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("How long do I still have to wait for an answer?", "slow_response"),
        ("Why is it so expensive?", "price_too_high"),
        ("How much does it cost? My delivery was late.", "late_delivery"),
        ("De ce e atât de scump?", "price_too_high"),
        ("چرا اینقدر گران است؟", "price_too_high"),
        ("Защо е толкова скъпо?", "price_too_high"),
        ("Почему так дорого?", "price_too_high"),
        ("为什么这么贵？", "price_too_high"),
    ],
)
def test_a_reproach_stays_one(text: str, cause: str) -> None:
    assert cause in read(text).causes


def test_who_asks_how_to_leave_asks_that() -> None:
    reading = read("How do I cancel my subscription?")
    assert reading.causes == ()
    assert reading.churn_intent


@pytest.mark.parametrize(
    "text",
    [
        "I was worried about hidden fees but there weren't any.",
        "Mi-era teamă de taxe ascunse, dar n-a fost cazul.",
        "Страхувах се от скрити такси, но нямаше нищо подобно.",
        "Боялась скрытых комиссий, но ничего подобного.",
    ],
)
def test_e2_a_fear_that_did_not_come_true_is_no_complaint(text: str) -> None:
    assert read(text).causes == ()
