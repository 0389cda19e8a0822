"""Competitors offer more, and customers look at them."""

from __future__ import annotations

from datetime import date

from holdfast.analytics.feature_parts import named
from holdfast.analytics.reason import Example, Measure, Quoted, Reason
from holdfast.analytics.reason_parts import happened, in_texts
from holdfast.analytics.signal_parts import read
from holdfast.domain.readings import NAMES_COMPETITOR, TEXT_READ
from holdfast.domain.texts import Text

_CAUSES = ("competitor_better_offer",)

REASON = Reason(
    name="competitors",
    title=Text("Competitors have a better offer"),
    meaning=Text("Customers compare us with others, and others give more for the money."),
    origin="market",
    sources=(
        Quoted("fa", "رقبای شما محصولات بهتری", 5),
        Quoted("ro", "Fii cu ochii pe Concurența"),
        Quoted("ru", "Более выгодное предложение конкурентов"),
        Quoted("zh", "转向竞争对手"),
    ),
    causes=_CAUSES,
    measures=(
        Measure(
            "named",
            Text("Named a competitor"),
            Text("Customers who named a competitor ÷ customers of whom we read any text"),
            happened(named(TEXT_READ)),
            happened(read(NAMES_COMPETITOR)),
            weak_from=0.05,
            bad_from=0.15,
            watch=(TEXT_READ,),
        ),
        in_texts(_CAUSES),
    ),
    first=Text(
        "Read what those who named one wrote, and put both offers side by side on one sheet. Where we are "
        "better, "
        "say so; where not, decide what to match for the customers who matter."
    ),
    examples=(
        Example(
            "ann named one, bob wrote of other things, cid never wrote",
            """
            ann  2024-06-01  Text_Read code=names_competitor
            ann  2024-06-01  Text_Read code=competitor_better_offer
            bob  2024-06-01  Text_Read code=positive
            cid  2024-06-01  visit
            """,
            date(2024, 7, 1),
            {"ann/named": True, "bob/named": False, "cid/named": None, "ann/texts": True, "bob/texts": False},
        ),
    ),
    signals=("looks_at_competitor",),
)
