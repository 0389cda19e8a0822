"""Newcomers are left alone: no first steps, no first purchase."""

from __future__ import annotations

from datetime import date

from holdfast.analytics.feature import PURCHASE
from holdfast.analytics.feature_parts import count, named
from holdfast.analytics.reason import WINDOW_DAYS, Example, Measure, Quoted, Reason
from holdfast.analytics.reason_parts import CAME, answer, happened, in_texts, without
from holdfast.analytics.spec import Some
from holdfast.domain.texts import Text

_CAUSES = ("weak_onboarding",)
_GIVEN_DAYS = 30
"""So long has a newcomer before we say that the start is late."""

_NEW = count(CAME, WINDOW_DAYS + _GIVEN_DAYS, _GIVEN_DAYS)
_FIRST_VALUE = Some((PURCHASE, named("Subscription Started", "Payment Completed")))

REASON = Reason(
    name="weak_onboarding",
    title=Text("Weak onboarding"),
    meaning=Text("Whoever is left alone at the start never comes to need us."),
    origin="ours",
    sources=(
        Quoted("bg", "Слабо въвеждане/внедряване", 2),
        Quoted("fa", "منحنی یادگیری طولانی و آنبوردینگ ضعیف", 2),
        Quoted("ro", "proces de integrare"),
    ),
    causes=_CAUSES,
    measures=(
        Measure(
            "not_bought",
            Text("Has not bought a month after coming"),
            Text("Newcomers without any purchase or subscription ÷ those who came 30 to 114 days ago"),
            happened(CAME, days=WINDOW_DAYS + _GIVEN_DAYS, until_days=_GIVEN_DAYS),
            answer({"new": _NEW, "bought": count(_FIRST_VALUE)}, without("new", "bought")),
            weak_from=0.20,
            bad_from=0.50,
            watch=("Signed Up", "Account Created", "Trial Started"),
        ),
        Measure(
            "no_step",
            Text("Has not taken a first step a month after coming"),
            Text("Newcomers without one of the first steps ÷ those who came 30 to 114 days ago"),
            happened(CAME, days=WINDOW_DAYS + _GIVEN_DAYS, until_days=_GIVEN_DAYS),
            answer(
                {"new": _NEW, "steps": count(named("Onboarding Step Completed"))}, without("new", "steps")
            ),
            weak_from=0.20,
            bad_from=0.50,
            watch=("Onboarding Step Completed",),
        ),
        in_texts(_CAUSES),
    ),
    first=Text(
        "Call ten newcomers who stopped and ask where; take that step away or take it with them. "
        "Then give everybody a short list of first steps and look who is stuck each morning."
    ),
    examples=(
        Example(
            "ann never bought, bob did and took a step, cid came yesterday",
            """
            ann  2024-05-01  sign_up
            bob  2024-05-01  sign_up
            bob  2024-05-02  Onboarding_Step_Completed code=profile
            bob  2024-05-05  order 20
            cid  2024-06-30  sign_up
            dan  2024-06-01  Text_Read code=weak_onboarding
            """,
            date(2024, 7, 1),
            {
                "ann/not_bought": True,
                "bob/not_bought": False,
                "cid/not_bought": None,
                "ann/no_step": True,
                "bob/no_step": False,
                "dan/texts": True,
            },
        ),
    ),
    signals=("stuck_at_start",),
)
