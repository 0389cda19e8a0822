"""What happens outside: the economy, budgets, seasons."""

from __future__ import annotations

from datetime import date

from holdfast.analytics.reason import Example, Quoted, Reason
from holdfast.analytics.reason_parts import in_texts
from holdfast.domain.texts import Text

_CAUSES = ("external_economy",)

REASON = Reason(
    name="outside_factors",
    title=Text("Outside factors"),
    meaning=Text("Recession, inflation, cut budgets, a bad season: not our doing, but ours to prepare for."),
    origin="own_life",
    sources=(
        Quoted("fa", "عوامل خارجی: رکود اقتصادی … کرونا", 9),
        Quoted("ru", "сезонный спад"),
    ),
    causes=_CAUSES,
    measures=(in_texts(_CAUSES),),
    first=Text(
        "Keep the log of outside events up to date, so that their effect is told apart from your own. Offer "
        "those "
        "who must save a pause or a smaller plan instead of goodbye."
    ),
    examples=(
        Example(
            "ann has to save, bob does not say so",
            """
            ann  2024-06-01  Text_Read code=external_economy
            bob  2024-06-01  Text_Read code=positive
            cid  2024-01-01  Text_Read code=external_economy
            """,
            date(2024, 7, 1),
            {"ann/texts": True, "bob/texts": False, "cid/texts": None},
        ),
    ),
)
