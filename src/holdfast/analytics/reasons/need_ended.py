"""The need is over, or the customer's life has changed."""

from __future__ import annotations

from datetime import date

from holdfast.analytics.reason import Example, Quoted, Reason
from holdfast.analytics.reason_parts import in_texts
from holdfast.domain.texts import Text

_CAUSES = ("no_longer_needed", "personal_circumstances")

REASON = Reason(
    name="need_ended",
    title=Text("No longer needed"),
    meaning=Text("The project is done, the customer has moved or changed interests: a loss without a fault."),
    origin="own_life",
    sources=(
        Quoted("ru", "Покупателю больше не нужен ваш продукт"),
        Quoted("ru", "переехал, сменил интересы"),
    ),
    causes=_CAUSES,
    measures=(in_texts(_CAUSES),),
    first=Text(
        "Part well: thank them, ask for a recommendation, and ask whether something else you have would "
        "help now. "
        "Do not spend on winning them back before the need returns."
    ),
    examples=(
        Example(
            "ann has moved, bob has not",
            """
            ann  2024-06-01  Text_Read code=personal_circumstances
            bob  2024-06-01  Text_Read code=negative
            cid  2024-06-01  visit
            """,
            date(2024, 7, 1),
            {"ann/texts": True, "bob/texts": False, "cid/texts": None},
        ),
    ),
)
