"""Series: plain numbers by day that stand beside churn, such as review ratings or staff mood (B12)."""

from __future__ import annotations

from holdfast.connectors.columns import names
from holdfast.domain.imports import Column, ImportKind
from holdfast.domain.texts import Text

KIND = ImportKind(
    name="series",
    title=Text("Series"),
    meaning=Text("Plain numbers by day, such as a public review rating or the staff's mood."),
    columns=(
        Column("date", "day", Text("The day."), names("day, month, on, at, data, تاریخ, дата, 日期, 月份")),
        Column(
            "name",
            "text",
            Text("Name of the series."),
            names(
                """
            series, metric, measure, indicator, nume, serie, نام, شاخص, име, показател, имя,
            показатель, 名称, 指标
            """
            ),
        ),
        Column(
            "value",
            "number",
            Text("The number."),
            names(
                """
            number, score, rating, amount, valoare, مقدار, عدد, стойност, значение, 值, 数值
            """
            ),
        ),
    ),
    required=(("date",), ("name",), ("value",)),
    subject="",
    rest="dropped",
)
