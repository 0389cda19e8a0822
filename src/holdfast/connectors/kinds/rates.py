"""Rates: what one unit of a currency was worth in another, by day."""

from __future__ import annotations

from holdfast.connectors.columns import names
from holdfast.domain.imports import Column, ImportKind
from holdfast.domain.texts import Text

KIND = ImportKind(
    name="rates",
    title=Text("Exchange rates"),
    meaning=Text("What one unit of a currency was worth in another, valid from the day on."),
    columns=(
        Column(
            "date",
            "day",
            Text("From this day on."),
            names("day, on, at, valid from, data, تاریخ, дата, 日期"),
        ),
        Column(
            "from",
            "text",
            Text("Currency converted from."),
            names(
                """
            from currency, base, base currency, source currency, currency, din, از, от, из,
            原币种, 基准货币
            """
            ),
        ),
        Column(
            "to",
            "text",
            Text("Currency converted to."),
            names(
                """
            to currency, quote, quote currency, target, target currency, in, به, към, в,
            目标币种, 目标货币
            """
            ),
        ),
        Column(
            "rate",
            "number",
            Text("How many units of the second one unit of the first is worth."),
            names(
                """
            exchange rate, fx rate, value, price, curs, curs valutar, نرخ, نرخ ارز, курс, 汇率
            """
            ),
        ),
    ),
    required=(("date",), ("from",), ("to",), ("rate",)),
    subject="",
    rest="dropped",
)
