"""Costs: what was spent on acquiring (or keeping) customers, per day and source."""

from __future__ import annotations

from holdfast.connectors.columns import AMOUNT, CURRENCY, named, names
from holdfast.domain.imports import Column, ImportKind
from holdfast.domain.texts import Text

KIND = ImportKind(
    name="costs",
    title=Text("Costs"),
    meaning=Text("What was spent per day and acquisition source."),
    columns=(
        Column(
            "date",
            "day",
            Text("The day, or the first day of the month, of the spending."),
            names(
                """
            day, month, on, at, period, data, luna, تاریخ, дата, месец, месяц, 日期, 月份
            """
            ),
        ),
        Column(
            "source",
            "text",
            Text("The source it was spent on, spelled as in the customers' source."),
            names(
                """
            channel, campaign, acquisition source, medium, platform, sursa, canal, منبع, کانال,
            източник, канал, источник, 来源, 渠道
            """
            ),
        ),
        named(
            AMOUNT,
            """
            cost, spend, spent, budget, expense, cheltuieli, cost total, هزینه, разход,
            разходи, расход, расходы, затраты, 费用, 花费, 成本
            """,
        ),
        CURRENCY,
    ),
    required=(("date",), ("amount",)),
    subject="",
    rest="dropped",
)
