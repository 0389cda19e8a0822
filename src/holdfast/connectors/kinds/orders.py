"""Orders: a row is a whole order, or one line of it when several rows share the order's number."""

from __future__ import annotations

from holdfast.connectors.columns import (
    AMOUNT,
    AT,
    CHANNEL,
    COUNTRY,
    CURRENCY,
    EVENT_ID,
    KNOWN_AT,
    PRODUCT,
    QUANTITY,
    SOMEONE,
    STATUS,
    UNIT_PRICE,
    WHO,
    named,
    names,
    said,
)
from holdfast.domain.imports import Check, Column, EventRule, ImportKind
from holdfast.domain.texts import Text

_TAKEN_BACK = said(
    "status",
    """
    cancelled, canceled, cancel, returned, return, refunded, refund, void, voided,
    anulat, anulata, returnat, rambursat, لغو, لغو شده, لغوشده, مرجوع, مرجوعی,
    отказан, отказана, анулиран, анулирана, върнат, върната, отменен, отменён, отменена,
    возврат, возвращен, возвращён, 已取消, 取消, 已退货, 退货, 已退款, 退款
    """,
)
_VALUE = 'COALESCE("amount", "quantity" * "unit_price")'
_COLUMNS = {
    "object_id": '"order_id"',
    "currency": '"currency"',
    "quantity": '"quantity"',
    "product_id": '"product"',
    "promised_us": '"promised_at"',
}

KIND = ImportKind(
    name="orders",
    title=Text("Orders"),
    meaning=Text("Orders or order lines, with returns and cancellations as negative rows or by status."),
    columns=(
        *WHO,
        named(
            AT,
            """
            order date, ordered at, order time, purchase date, purchased at,
            order purchase timestamp, transaction date, transaction timestamp,
            transaction time, invoice date, invoicedate, sale date, order timestamp,
            order datetime, processed at, paid at, placed at, data comenzii, data comanda,
            data tranzactiei, تاریخ سفارش, تاریخ خرید, تاریخ فاکتور, дата на поръчка,
            дата на поръчката, дата на покупка, дата заказа, дата покупки, дата продажи,
            下单时间, 订单日期, 订单时间, 购买日期, 购买时间, 交易时间, 交易日期
            """,
        ),
        Column(
            "order_id",
            "id",
            Text("The order's number; rows that share it are lines of one order."),
            names(
                """
            order, order no, order number, order name, invoice, invoice no, invoiceno,
            invoice number, basket id, basket, receipt, receipt no, transaction id,
            transaction, bill no, cart id, sale id, purchase id, comanda, numar comanda,
            nr comanda, id comanda, factura, bon, سفارش, شماره سفارش, کد سفارش, شناسه سفارش,
            فاکتور, شماره فاکتور, поръчка, номер на поръчка, фактура, касов бон, заказ,
            номер заказа, id заказа, чек, номер чека, 订单, 订单号, 订单编号, 订单id, 单号,
            发票号
            """
            ),
        ),
        PRODUCT,
        QUANTITY,
        UNIT_PRICE,
        named(
            AMOUNT,
            """
            line total, order total, order value, order amount, item total, linetotal
            """,
        ),
        CURRENCY,
        STATUS,
        Column(
            "returned",
            "flag",
            Text("Yes when the row takes an earlier order back, whatever the sign of its amount."),
            names(
                """
            is return, is returned, is refund, is cancellation, cancelled, retur, مرجوعی,
            возврат, 退货
            """
            ),
        ),
        Column(
            "promised_at",
            "moment",
            Text("Until when delivery was promised."),
            names(
                """
            promised delivery, estimated delivery, order estimated delivery date,
            estimated delivery date, delivery promised, expected delivery, termen de livrare,
            预计送达
            """
            ),
        ),
        named(COUNTRY),
        CHANNEL,
        KNOWN_AT,
        EVENT_ID,
    ),
    required=(SOMEONE, ("at",)),
    events=(
        EventRule(
            name=f'CASE WHEN {_VALUE} < 0 OR "quantity" < 0 OR "returned" '
            "THEN 'Order Refunded' ELSE 'Order Completed' END",
            at='"at"',
            object_kind="order",
            revenue=True,
            columns={**_COLUMNS, "amount": f'CASE WHEN "returned" THEN -ABS({_VALUE}) ELSE {_VALUE} END'},
        ),
        # A status tells of an order that was made and then taken back: it counts, and is subtracted.
        EventRule(
            name="'Order Refunded'",
            at='"at"',
            when=f"{_TAKEN_BACK} AND COALESCE({_VALUE}, 0) >= 0 "
            'AND COALESCE("quantity", 0) >= 0 AND NOT COALESCE("returned", FALSE)',
            object_kind="order",
            revenue=True,
            columns={
                **_COLUMNS,
                "amount": f"-{_VALUE}",
                "quantity": '-"quantity"',
                "code": 'LOWER(TRIM("status"))',
            },
        ),
    ),
    checks=(
        Check(
            "zero_prices",
            'COALESCE("unit_price", "amount") = 0',
            Text("{n} row has a price of zero.", "{n} rows have a price of zero."),
        ),
        Check(
            "negative_prices",
            '"unit_price" < 0',
            Text("{n} row has a negative price.", "{n} rows have a negative price."),
        ),
        Check(
            "returns",
            f'{_VALUE} < 0 OR "quantity" < 0 OR "returned" OR {_TAKEN_BACK}',
            Text(
                "{n} row takes something back: a return or a cancellation.",
                "{n} rows take something back: returns and cancellations.",
            ),
        ),
    ),
)
